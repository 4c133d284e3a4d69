//! The code that a visitor reads out, as an agent types it: six digits in two groups.

/// Digits of a code.
const DIGITS: usize = 6;

/// Returns what of a text belongs to a code, grouped as it is read out.
pub(crate) fn digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).take(DIGITS).collect();
    match digits.split_at_checked(DIGITS / 2) {
        Some((first, second)) if !second.is_empty() => format!("{first} {second}"),
        Some(_) | None => digits,
    }
}

/// Whether it is all there.
pub(crate) fn is_whole(code: &str) -> bool {
    code.chars().filter(char::is_ascii_digit).count() == DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_however_they_were_typed() {
        for (typed, shown) in
            [("", ""), ("12", "12"), ("123", "123"), ("1234", "123 4"), ("12-34 56", "123 456")]
        {
            assert_eq!(digits(typed), shown, "{typed}");
        }
        assert_eq!(digits("123 4567"), "123 456");
        assert_eq!(digits("abc"), "");
    }

    #[test]
    fn a_code_has_six_digits() {
        assert!(is_whole("123 456"));
        assert!(!is_whole("123 45") && !is_whole(""));
    }
}
