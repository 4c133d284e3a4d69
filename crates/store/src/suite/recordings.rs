//! What a server may rely on about recordings.

use protocol::id::{CobrowseId, RecordingId};
use protocol::recording::{RecordingEnd, RecordingEnded};
use protocol::time::UnixMillis;

use super::samples::{
    NOW, agent_ref, conversation_id, customer_id, from_customer, people, recording_id, touchpoint_id,
};
use crate::{RecordingDeed, RecordingSize, RecordingsStart, Store, StoreError};

const SIZE: RecordingSize = RecordingSize { bytes: 700, duration_ms: 9_000 };

fn cobrowse_id(number: u8) -> CobrowseId {
    CobrowseId::new(NOW, [number; 10])
}

fn at(number: u8) -> UnixMillis {
    NOW.plus_ms(i64::from(number) * 1_000)
}

fn ended(number: u8) -> RecordingEnded {
    RecordingEnded { at: at(number).plus_ms(500), by: RecordingEnd::Session }
}

/// A session of this conversation, recorded; both have this number.
async fn record(store: &dyn Store, number: u8, conversation: u8) {
    let conversation_id = conversation_id(conversation);
    store.cobrowse_asked(&cobrowse_id(number), &conversation_id, agent_ref(1), at(number)).await.unwrap();
    store.begin_recording(&recording_id(number), &cobrowse_id(number), at(number)).await.unwrap();
}

/// Recordings 1 and 2 of customer 1, 3 of customer 2; the last one goes on.
async fn some_recordings(store: &dyn Store) {
    people(store).await;
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    store.append_message(from_customer(2, 2, "me too")).await.unwrap();
    for (number, conversation) in [(1, 1), (2, 1), (3, 2)] {
        record(store, number, conversation).await;
    }
    for number in [1, 2] {
        store.end_recording(&recording_id(number), ended(number), SIZE).await.unwrap();
    }
}

/// Of what session, of whom, by whom, how long; the first end stays, and the session knows that it was recorded.
pub async fn a_recording_knows_its_session_and_its_first_end(store: &dyn Store) {
    some_recordings(store).await;
    let late = RecordingEnded { at: at(9), by: RecordingEnd::Disk };
    let none = RecordingSize { bytes: 0, duration_ms: 0 };
    store.end_recording(&recording_id(1), late, none).await.unwrap();
    let first = store.recording(&recording_id(1)).await.unwrap().unwrap();
    assert_eq!((&first.cobrowse_id, &first.conversation_id), (&cobrowse_id(1), &conversation_id(1)));
    assert_eq!((&first.customer_id, &first.agent), (&customer_id(1), &agent_ref(1)));
    assert!(first.customer_name.starts_with("Visitor "), "{}", first.customer_name);
    assert_eq!((first.begun_at, first.ended), (at(1), Some(ended(1))));
    assert_eq!((first.bytes, first.duration_ms), (700, 9_000));
    let audits = store.cobrowse_audits(&conversation_id(1)).await.unwrap();
    assert!(audits.iter().all(|audit| audit.is_recorded));
    let again = store.begin_recording(&recording_id(7), &cobrowse_id(1), at(7)).await;
    assert_eq!(again, Err(StoreError::Conflict), "a session has one recording");
    let nowhere = store.begin_recording(&recording_id(7), &cobrowse_id(7), at(7)).await;
    assert_eq!(nowhere, Err(StoreError::Conflict));
    assert_eq!(store.unended_recordings().await.unwrap(), [recording_id(3)]);
    let unknown = store.unknown_recordings(vec![recording_id(1), recording_id(7)]).await.unwrap();
    assert_eq!(unknown, [recording_id(7)]);
}

/// Newest first, page by page, of one conversation or of all.
pub async fn recordings_come_in_pages_newest_first(store: &dyn Store) {
    some_recordings(store).await;
    let ids = |found: Vec<protocol::recording::Recording>| -> Vec<RecordingId> {
        found.into_iter().map(|one| one.recording_id).collect()
    };
    let first = store.recordings(None, None, 2).await.unwrap();
    assert_eq!(ids(first.clone()), [recording_id(3), recording_id(2)]);
    let start = RecordingsStart { begun_at: first[1].begun_at, recording_id: first[1].recording_id.clone() };
    assert_eq!(ids(store.recordings(None, Some(start), 2).await.unwrap()), [recording_id(1)]);
    let own = store.recordings(Some(conversation_id(1)), None, 10).await.unwrap();
    assert_eq!(ids(own), [recording_id(2), recording_id(1)]);
}

/// Who watched and who deleted stays on record when the recording is gone, and goes with the conversation.
pub async fn what_was_done_with_a_recording_outlives_it(store: &dyn Store) {
    some_recordings(store).await;
    let (first, by) = (recording_id(1), agent_ref(1));
    for (when, since) in [(at(4), at(3)), (at(5), at(3)), (at(6), at(5))] {
        store.note_recording_view(&first, by.clone(), when, since).await.unwrap();
    }
    store.delete_recording(&first, Some(by.clone()), at(7)).await.unwrap();
    assert_eq!(store.delete_recording(&first, Some(by.clone()), at(8)).await, Err(StoreError::NoRecording));
    let view = store.note_recording_view(&first, by.clone(), at(9), at(9)).await;
    assert_eq!(view, Err(StoreError::NoRecording));
    assert_eq!(store.recording(&first).await.unwrap(), None);
    let acts = store.recording_acts(&first, 10).await.unwrap();
    let deeds: Vec<_> = acts.iter().map(|act| (act.deed, act.at)).collect();
    use RecordingDeed::{Deleted, Viewed};
    assert_eq!(deeds, [(Deleted, at(7)), (Viewed, at(6)), (Viewed, at(4))]);
    assert!(acts.iter().all(|act| act.agent == by));
    store.erase_customer(&customer_id(1)).await.unwrap();
    assert_eq!(store.recording_acts(&first, 10).await.unwrap(), []);
}

/// Erasing names the recordings whose bytes are to be removed; retention finds those that began before, once ended.
pub async fn recordings_go_with_their_customer_and_with_time(store: &dyn Store) {
    some_recordings(store).await;
    let due = store.recordings_before(&touchpoint_id(), at(2), 10).await.unwrap();
    assert_eq!(due, [recording_id(1)]);
    let all = store.recordings_before(&touchpoint_id(), at(9), 1).await.unwrap();
    assert_eq!(all, [recording_id(1)]);
    store.delete_recording(&recording_id(1), None, at(9)).await.unwrap();
    assert_eq!(store.recording_acts(&recording_id(1), 10).await.unwrap(), []);
    let erased = store.erase_customer(&customer_id(1)).await.unwrap();
    assert_eq!(erased.recording_ids, [recording_id(2)]);
    assert_eq!(store.recording(&recording_id(2)).await.unwrap(), None);
    let late = store.end_recording(&recording_id(2), ended(2), SIZE).await;
    assert_eq!(late, Err(StoreError::NoRecording), "its bytes are to be removed");
    assert_eq!(store.recordings(None, None, 10).await.unwrap().len(), 1);
}
