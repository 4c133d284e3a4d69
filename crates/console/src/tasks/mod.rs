//! Requests to `/api/v1`, one function per route that the console uses.

pub(crate) mod cobrowse;
pub(crate) mod conversation;
pub(crate) mod customer;
pub(crate) mod recording;
pub(crate) mod session;
pub(crate) mod team;

use browser::FetchError;

use crate::texts::TEXTS;

/// Whether the server no longer knows the session.
pub(crate) fn is_session_over(error: &FetchError) -> bool {
    matches!(error, FetchError::Refused { status: 401, .. })
}

/// Returns what to tell the agent.
pub(crate) fn explain(error: &FetchError) -> String {
    match error {
        FetchError::Network => TEXTS.fault_network.to_owned(),
        FetchError::Unreadable => TEXTS.fault_unreadable.to_owned(),
        FetchError::Refused { detail, .. } if detail.is_empty() => TEXTS.fault_other.to_owned(),
        FetchError::Refused { detail, .. } => sentence(detail),
    }
}

/// Turns a problem's detail, lower case and without a full stop, into a sentence.
fn sentence(detail: &str) -> String {
    let mut letters = detail.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let mut text: String = first.chain(letters).collect();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problems_detail_becomes_a_sentence() {
        let refused = |detail: &str| FetchError::Refused {
            status: 422,
            code: "invalid".to_owned(),
            detail: detail.to_owned(),
        };
        assert_eq!(explain(&refused("label 3: too long")), "Label 3: too long.");
        assert_eq!(explain(&refused("")), TEXTS.fault_other);
    }
}
