//! How a person is drawn when there is no picture.

/// Returns the first letters of the first and the last word of a name; `?` for an empty name. The style sheet draws
/// them in upper case: the tables for that would weigh more than all texts of the widget.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    let letters: String = first.into_iter().chain(last).collect();
    if letters.is_empty() { "?".to_owned() } else { letters }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_come_from_the_first_and_the_last_word() {
        assert_eq!(initials("Ana"), "A");
        assert_eq!(initials("Ana María Ruiz"), "AR");
        assert_eq!(initials("élodie  martin"), "ém");
        assert_eq!(initials("  "), "?");
    }
}
