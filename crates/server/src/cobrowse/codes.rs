//! Codes that visitors read out to whoever helps them: six digits, good for ten minutes and once. They stand in memory
//! only, as sessions do: a start of the server ends both, and a hash of six digits would hide nothing. Pure: time and
//! randomness come in.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::id::{ConversationId, CustomerId};
use protocol::limit::COBROWSE_CODE_MS;
use protocol::time::UnixMillis;

/// How many codes there are.
const CODES: u64 = 1_000_000;
/// Codes that are good at once: few enough that guessing stays hopeless, and drawing a free one takes one try or two.
const CODES_MAX: usize = 1_000;

/// A code that is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    /// Six digits.
    pub(crate) code: String,
    /// The conversation it leads to.
    pub(crate) conversation_id: ConversationId,
    /// Who reads it out.
    pub(crate) customer_id: CustomerId,
    /// Until when it is good.
    pub(crate) until: UnixMillis,
}

/// The codes that are good; one of each customer.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    by_code: Mutex<BTreeMap<String, Given>>,
}

impl Codes {
    fn by_code(&self) -> MutexGuard<'_, BTreeMap<String, Given>> {
        self.by_code.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a code for a conversation, in place of the one its customer had; `draw` gives a random number below the one it is
    /// given. `None` when there are too many.
    pub(crate) fn give(
        &self,
        conversation_id: &ConversationId,
        customer_id: &CustomerId,
        now: UnixMillis,
        mut draw: impl FnMut(u64) -> u64,
    ) -> Option<Given> {
        let mut by_code = self.by_code();
        by_code.retain(|_, given| given.until > now && given.customer_id != *customer_id);
        if by_code.len() >= CODES_MAX {
            return None;
        }
        loop {
            let code = format!("{:06}", draw(CODES));
            if let Entry::Vacant(free) = by_code.entry(code.clone()) {
                let until = now.plus_ms(COBROWSE_CODE_MS);
                let (conversation_id, customer_id) = (conversation_id.clone(), customer_id.clone());
                let given = Given { code, conversation_id, customer_id, until };
                return Some(free.insert(given).clone());
            }
        }
    }

    /// Uses a code up; `None` when it is not good. Blanks, as people group digits, count for nothing.
    pub(crate) fn take(&self, code: &str, now: UnixMillis) -> Option<Given> {
        let digits: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        self.by_code().remove(&digits).filter(|given| given.until > now)
    }

    /// Makes a code good again that led nowhere, unless its customer has another by now.
    pub(crate) fn put_back(&self, given: Given) {
        let mut by_code = self.by_code();
        if !by_code.values().any(|other| other.customer_id == given.customer_id) {
            by_code.entry(given.code.clone()).or_insert(given);
        }
    }

    /// Forgets the code of a conversation.
    pub(crate) fn forget(&self, conversation_id: &ConversationId) {
        self.by_code().retain(|_, given| given.conversation_id != *conversation_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000_000);

    fn conversation(name: &str) -> ConversationId {
        ConversationId(name.to_owned())
    }

    fn give(codes: &Codes, name: &str, now: UnixMillis, numbers: &[u64]) -> Option<Given> {
        codes.give(&conversation(name), &CustomerId(name.to_owned()), now, drawing(numbers))
    }

    /// Draws these numbers one after the other.
    fn drawing(numbers: &[u64]) -> impl FnMut(u64) -> u64 {
        let mut numbers = numbers.iter().copied();
        move |_| numbers.next().unwrap()
    }

    #[test]
    fn a_code_is_good_once_however_its_digits_are_grouped() {
        let codes = Codes::default();
        let given = give(&codes, "cnv_1", NOW, &[4_711]).unwrap();
        assert_eq!(given.code, "004711");
        assert_eq!(codes.take(" 004 711 ", NOW), Some(given));
        assert_eq!(codes.take("004711", NOW), None);
    }

    #[test]
    fn a_code_is_good_for_ten_minutes() {
        let codes = Codes::default();
        give(&codes, "cnv_1", NOW, &[1]);
        assert_eq!(codes.take("000001", NOW.plus_ms(COBROWSE_CODE_MS)), None);
        give(&codes, "cnv_1", NOW, &[1]);
        assert!(codes.take("000001", NOW.plus_ms(COBROWSE_CODE_MS - 1)).is_some());
    }

    #[test]
    fn a_new_code_takes_the_place_of_the_one_before() {
        let codes = Codes::default();
        give(&codes, "cnv_1", NOW, &[1]);
        give(&codes, "cnv_1", NOW, &[2]);
        assert_eq!(codes.take("000001", NOW), None);
        assert!(codes.take("000002", NOW).is_some());
    }

    #[test]
    fn two_conversations_never_have_the_same_code() {
        let codes = Codes::default();
        give(&codes, "cnv_1", NOW, &[7]);
        let other = give(&codes, "cnv_2", NOW, &[7, 7, 8]).unwrap();
        assert_eq!(other.code, "000008");
        assert_eq!(codes.take("000007", NOW).unwrap().conversation_id, conversation("cnv_1"));
    }

    #[test]
    fn a_code_that_led_nowhere_is_good_again_unless_there_is_a_newer_one() {
        let codes = Codes::default();
        give(&codes, "cnv_1", NOW, &[1]);
        let first = codes.take("000001", NOW).unwrap();
        codes.put_back(first.clone());
        assert!(codes.take("000001", NOW).is_some());
        give(&codes, "cnv_1", NOW, &[2]);
        codes.put_back(first);
        assert_eq!(codes.take("000001", NOW), None);
        codes.forget(&conversation("cnv_1"));
        assert_eq!(codes.take("000002", NOW), None);
    }

    #[test]
    fn memory_stays_bounded_and_room_comes_back_with_time() {
        let codes = Codes::default();
        for number in 0..CODES_MAX as u64 {
            assert!(give(&codes, &number.to_string(), NOW, &[number]).is_some());
        }
        assert_eq!(give(&codes, "more", NOW, &[999_999]), None);
        let later = NOW.plus_ms(COBROWSE_CODE_MS);
        assert!(give(&codes, "more", later, &[999_999]).is_some());
    }
}
