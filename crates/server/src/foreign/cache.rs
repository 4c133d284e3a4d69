//! What was fetched a moment ago, so that many viewers, and a page that is built anew, ask its site once. In memory only,
//! and never much of it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use protocol::time::UnixMillis;

use super::File;

/// Bytes of all files that are kept.
const BYTES_MAX: usize = 32 * 1024 * 1024;
/// Addresses that are kept, those without a file too.
const ENTRIES_MAX: usize = 2_000;
/// A file is passed on again for this time.
const FILE_AGE_MS_MAX: i64 = 5 * 60 * 1_000;
/// What could not be had is asked for again after this time.
const NOTHING_AGE_MS_MAX: i64 = 20 * 1_000;

/// The outcome of asking for one address: a file, or that there is none to be had.
pub(super) type Outcome = Option<Arc<File>>;

/// Outcomes by address.
#[derive(Debug, Default)]
pub(super) struct Cache {
    by_url: BTreeMap<String, (UnixMillis, Outcome)>,
    /// The addresses, the oldest first.
    order: VecDeque<String>,
    bytes: usize,
}

impl Cache {
    /// Returns what is known of an address; `None` when it has to be asked for.
    pub(super) fn get(&self, url: &str, now: UnixMillis) -> Option<Outcome> {
        let (at, outcome) = self.by_url.get(url)?;
        let age_ms_max = if outcome.is_some() { FILE_AGE_MS_MAX } else { NOTHING_AGE_MS_MAX };
        (now < at.plus_ms(age_ms_max)).then(|| outcome.clone())
    }

    /// Keeps an outcome; the oldest make room.
    pub(super) fn put(&mut self, url: String, outcome: Outcome, now: UnixMillis) {
        self.remove(&url);
        self.bytes += size(&outcome);
        self.order.push_back(url.clone());
        self.by_url.insert(url, (now, outcome));
        while self.bytes > BYTES_MAX || self.order.len() > ENTRIES_MAX {
            let Some(oldest) = self.order.front().cloned() else { return };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, url: &str) {
        if let Some((_, outcome)) = self.by_url.remove(url) {
            self.bytes -= size(&outcome);
            self.order.retain(|other| other != url);
        }
    }
}

fn size(outcome: &Outcome) -> usize {
    outcome.as_ref().map_or(0, |file| file.bytes.len())
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    fn file(bytes: usize) -> Outcome {
        let bytes = vec![0; bytes].into();
        let (kind, media_type, url) =
            (Kind::Image, "image/png".to_owned(), "https://x.test/".parse().unwrap());
        Some(Arc::new(File { kind, media_type, bytes, url }))
    }

    #[test]
    fn what_was_fetched_is_passed_on_for_a_while_and_a_failure_for_less() {
        let (mut cache, now) = (Cache::default(), UnixMillis(1_000));
        cache.put("a".to_owned(), file(3), now);
        cache.put("b".to_owned(), None, now);
        let later = now.plus_ms(NOTHING_AGE_MS_MAX);
        assert!(cache.get("a", later).unwrap().is_some() && cache.get("b", now).unwrap().is_none());
        assert!(cache.get("b", later).is_none() && cache.get("c", now).is_none());
        assert!(cache.get("a", now.plus_ms(FILE_AGE_MS_MAX)).is_none());
    }

    #[test]
    fn the_oldest_make_room_by_bytes_and_by_number() {
        let (mut cache, now) = (Cache::default(), UnixMillis(1_000));
        for name in ["a", "b", "c", "a"] {
            cache.put(name.to_owned(), file(BYTES_MAX / 3), now);
        }
        assert_eq!(cache.order.len(), 3);
        cache.put("d".to_owned(), file(BYTES_MAX / 3), now);
        assert!(cache.get("b", now).is_none() && cache.get("a", now).is_some());
        for number in 0..ENTRIES_MAX {
            cache.put(number.to_string(), None, now);
        }
        assert_eq!((cache.order.len(), cache.bytes, cache.by_url.len()), (ENTRIES_MAX, 0, ENTRIES_MAX));
    }
}
