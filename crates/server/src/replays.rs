//! What was answered to requests with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), so that asking
//! again gets the answer and does nothing. Pure: the time comes in. The answers live as long as the process, at most
//! a day; what has to be done once for ever has ids of its own.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use protocol::id::AgentId;
use protocol::time::UnixMillis;

/// How long an answer is remembered.
const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;
/// Answers that are remembered at once.
const ANSWERS_MAX: usize = 10_000;
/// Bytes of all answers together.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// Whose key it is: two callers may choose the same.
pub(crate) type Key = (AgentId, String);

/// The hash of what was asked.
pub(crate) type Fingerprint = [u8; 32];

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

#[derive(Debug)]
struct Asked {
    fingerprint: Fingerprint,
    at: UnixMillis,
    /// None while it is carried out.
    answer: Option<Answer>,
}

/// What is to be done with a request.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Carry it out, then say what came of it.
    New(Begun),
    /// It was carried out: this was the answer.
    Known(Answer),
    /// It is being carried out at this moment.
    Running,
    /// The key was used for something else.
    Other,
}

/// What was asked and answered.
#[derive(Debug, Default)]
pub(crate) struct Replays {
    asked: Mutex<BTreeMap<Key, Asked>>,
}

/// A request that is being carried out. One that ends without an answer, whatever the reason, may be carried out again.
#[derive(Debug)]
pub(crate) struct Begun {
    replays: Arc<Replays>,
    key: Key,
}

impl Begun {
    /// Remembers the answer.
    pub(crate) fn answered(self, answer: Answer, now: UnixMillis) {
        let mut asked = self.replays.asked();
        if let Some(known) = asked.get_mut(&self.key) {
            known.answer = Some(answer);
        }
        make_room(&mut asked, now);
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        let mut asked = self.replays.asked();
        if asked.get(&self.key).is_some_and(|known| known.answer.is_none()) {
            asked.remove(&self.key);
        }
    }
}

impl Replays {
    fn asked(&self) -> MutexGuard<'_, BTreeMap<Key, Asked>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks a request up, and takes note of it if it is new.
    pub(crate) fn begin(self: &Arc<Self>, key: &Key, fingerprint: Fingerprint, now: UnixMillis) -> Verdict {
        let mut asked = self.asked();
        if let Some(known) = asked.get(key).filter(|known| now.since_ms(known.at) < KEPT_MS) {
            return match &known.answer {
                _ if known.fingerprint != fingerprint => Verdict::Other,
                Some(answer) => Verdict::Known(answer.clone()),
                None => Verdict::Running,
            };
        }
        asked.insert(key.clone(), Asked { fingerprint, at: now, answer: None });
        make_room(&mut asked, now);
        Verdict::New(Begun { replays: Arc::clone(self), key: key.clone() })
    }
}

/// The oldest answers make room for newer ones; what is being carried out stays.
fn make_room(asked: &mut BTreeMap<Key, Asked>, now: UnixMillis) {
    let bytes = |asked: &BTreeMap<Key, Asked>| -> usize {
        asked.values().filter_map(|known| known.answer.as_ref()).map(|answer| answer.body.len()).sum()
    };
    if asked.len() <= ANSWERS_MAX && bytes(asked) <= BYTES_MAX {
        return;
    }
    asked.retain(|_, known| known.answer.is_none() || now.since_ms(known.at) < KEPT_MS);
    while asked.len() > ANSWERS_MAX || bytes(asked) > BYTES_MAX {
        let answered = asked.iter().filter(|(_, known)| known.answer.is_some());
        let Some(oldest) = answered.min_by_key(|(_, known)| known.at).map(|(key, _)| key.clone()) else {
            return;
        };
        asked.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000_000);

    fn key(agent: &str, text: &str) -> Key {
        (AgentId(agent.to_owned()), text.to_owned())
    }

    fn answer(bytes: usize) -> Answer {
        let body = Bytes::from(vec![b'x'; bytes]);
        Answer { status: StatusCode::CREATED, headers: HeaderMap::new(), body }
    }

    fn begin(replays: &Arc<Replays>, key: &Key, fingerprint: u8, now: UnixMillis) -> Option<Begun> {
        match replays.begin(key, [fingerprint; 32], now) {
            Verdict::New(begun) => Some(begun),
            Verdict::Known(_) | Verdict::Running | Verdict::Other => None,
        }
    }

    #[test]
    fn asking_again_gets_the_answer_for_a_day() {
        let replays = Arc::new(Replays::default());
        let own = key("a", "k");
        let begun = begin(&replays, &own, 1, NOW).unwrap();
        assert!(matches!(replays.begin(&own, [1; 32], NOW), Verdict::Running));
        begun.answered(answer(3), NOW);
        let later = replays.begin(&own, [1; 32], NOW.plus_ms(KEPT_MS - 1));
        assert!(matches!(later, Verdict::Known(known) if known == answer(3)));
        assert!(matches!(replays.begin(&own, [2; 32], NOW), Verdict::Other));
        assert!(begin(&replays, &key("b", "k"), 1, NOW).is_some());
        assert!(begin(&replays, &own, 1, NOW.plus_ms(KEPT_MS)).is_some());
    }

    #[test]
    fn what_failed_may_be_tried_again() {
        let replays = Arc::new(Replays::default());
        let own = key("a", "k");
        drop(begin(&replays, &own, 1, NOW).unwrap());
        assert!(begin(&replays, &own, 2, NOW).is_some());
        assert!(replays.asked().is_empty());
    }

    #[test]
    fn what_panicked_may_be_tried_again() {
        let replays = Arc::new(Replays::default());
        let own = key("a", "k");
        let begun = begin(&replays, &own, 1, NOW).unwrap();
        let carrying_out = std::thread::spawn(move || {
            let _begun = begun;
            panic!("a handler breaks");
        });
        assert!(carrying_out.join().is_err());
        assert!(begin(&replays, &own, 1, NOW).is_some());
    }

    #[test]
    fn memory_stays_bounded_by_count_and_by_bytes() {
        let replays = Arc::new(Replays::default());
        let carry_out =
            |own: &Key, bytes, now| begin(&replays, own, 1, now).unwrap().answered(answer(bytes), now);
        for number in 0..ANSWERS_MAX as i64 + 10 {
            carry_out(&key("a", &number.to_string()), 1, NOW.plus_ms(number));
        }
        assert_eq!(replays.asked().len(), ANSWERS_MAX);
        assert!(!replays.asked().contains_key(&key("a", "0")));
        for number in 0..3 {
            carry_out(&key("b", &number.to_string()), BYTES_MAX / 2, NOW);
        }
        let bytes: usize =
            replays.asked().values().map(|known| known.answer.as_ref().unwrap().body.len()).sum();
        assert!(bytes <= BYTES_MAX);
    }
}
