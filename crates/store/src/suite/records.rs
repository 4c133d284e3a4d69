//! What a server may rely on about settings and records.

use protocol::cobrowse::CobrowseEnd;
use protocol::id::CobrowseId;

use super::samples::{NOW, agent_ref, conversation_id, from_customer, people, touchpoint, touchpoint_id};
use crate::{CobrowseStep, Purpose, Store, StoreError};

/// The first purpose stays.
pub async fn a_store_keeps_the_purpose_it_was_claimed_for(store: &dyn Store) {
    assert_eq!(store.claim(Purpose::Demo).await, Ok(Purpose::Demo));
    assert_eq!(store.claim(Purpose::Real).await, Ok(Purpose::Demo));
    assert_eq!(store.claim(Purpose::Demo).await, Ok(Purpose::Demo));
}

/// A change is taken on top of the version it was made from, and of no other.
pub async fn a_touchpoint_changed_meanwhile_is_not_overwritten(store: &dyn Store) {
    let first = store.put_touchpoint(touchpoint()).await.unwrap();
    assert_eq!(first.config_version, 1);
    assert_eq!(store.put_touchpoint(touchpoint()).await, Err(StoreError::Conflict));
    let mut renamed = first.clone();
    renamed.name = "Renamed".to_owned();
    let second = store.put_touchpoint(renamed.clone()).await.unwrap();
    assert_eq!((second.config_version, second.name.as_str()), (2, "Renamed"));
    assert_eq!(store.put_touchpoint(first).await, Err(StoreError::Conflict));
    assert_eq!(store.touchpoint(&touchpoint_id()).await.unwrap(), Some(second.clone()));
    assert_eq!(store.touchpoints().await.unwrap(), [second]);
}

/// Who asked, when it was allowed, and the first end.
pub async fn the_end_of_a_co_browse_session_is_recorded_once(store: &dyn Store) {
    people(store).await;
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    let cobrowse_id = CobrowseId::new(NOW, [1; 10]);
    let nowhere = store.cobrowse_asked(&cobrowse_id, &conversation_id(9), agent_ref(1), NOW).await;
    assert_eq!(nowhere, Err(StoreError::NoConversation));
    store.cobrowse_asked(&cobrowse_id, &conversation_id(1), agent_ref(1), NOW).await.unwrap();
    store.cobrowse_granted(&cobrowse_id, NOW.plus_ms(1)).await.unwrap();
    store.cobrowse_ended(&cobrowse_id, CobrowseEnd::Visitor, NOW.plus_ms(2)).await.unwrap();
    store.cobrowse_ended(&cobrowse_id, CobrowseEnd::Away, NOW.plus_ms(3)).await.unwrap();
    let step = |what: &str, times| CobrowseStep {
        agent: agent_ref(1),
        at: NOW.plus_ms(1),
        what: what.to_owned(),
        outcome: "done".to_owned(),
        times,
    };
    store.cobrowse_step(&cobrowse_id, step("click", 1)).await.unwrap();
    store.cobrowse_step(&cobrowse_id, step("insert", 12)).await.unwrap();
    let steps = store.cobrowse_steps(&cobrowse_id).await.unwrap();
    assert_eq!(steps, [step("click", 1), step("insert", 12)]);
    let audits = store.cobrowse_audits(&conversation_id(1)).await.unwrap();
    assert_eq!(audits.len(), 1);
    assert_eq!((&audits[0].agent, audits[0].granted_at), (&agent_ref(1), Some(NOW.plus_ms(1))));
    assert_eq!(audits[0].ended, Some((NOW.plus_ms(2), CobrowseEnd::Visitor)));
}
