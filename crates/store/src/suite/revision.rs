//! What a server may rely on about messages that are edited or taken back.

use protocol::conversation::{Author, EventKind, Revision};

use super::samples::{
    NOW, agent_id, agent_ref, attachment_id, conversation_id, from_agent, from_customer, message_id, people,
    upload,
};
use crate::{NewMessage, Reach, Store, StoreError, TakenBack, Uploader};

fn by(number: u8) -> Author {
    let agent = agent_ref(number);
    Author::Agent { agent_id: agent.agent_id, name: agent.name }
}

async fn edit(
    store: &dyn Store,
    message: u16,
    text: &str,
    reach: Reach,
) -> Result<Vec<EventKind>, StoreError> {
    let (conversation, message) = (conversation_id(1), message_id(message));
    let at = NOW.plus_ms(500);
    let edited = store.edit_message(&conversation, &message, text.to_owned(), reach, by(1), at).await?;
    Ok(edited.events.into_iter().map(|event| event.what).collect())
}

async fn take_back(store: &dyn Store, message: u16, reach: Reach) -> Result<TakenBack, StoreError> {
    let at = NOW.plus_ms(900);
    store.take_back_message(&conversation_id(1), &message_id(message), reach, by(1), at).await
}

fn edited(message: u16, text: &str) -> EventKind {
    EventKind::Edited { message_id: message_id(message), text: text.to_owned() }
}

fn message(message: u16, text: &str, revision: Revision) -> EventKind {
    EventKind::Message {
        message_id: message_id(message),
        text: text.to_owned(),
        attachments: Vec::new(),
        revision,
    }
}

async fn kinds(store: &dyn Store) -> Vec<EventKind> {
    let events = store.events(&conversation_id(1), 0, 100).await.unwrap();
    let seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=events.len() as u64).collect::<Vec<_>>());
    events.into_iter().map(|event| event.what).collect()
}

/// The message has the new text at its old place; of several edits only the last says it.
pub async fn an_edit_is_an_event_and_the_message_has_the_new_text(store: &dyn Store) {
    people(store).await;
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    store.append_message(from_agent(1, 1, 2, "sur")).await.unwrap();
    let own = || Reach::Own(agent_id(1));
    assert_eq!(edit(store, 2, "sure", own()).await.unwrap(), [edited(2, "sure")]);
    assert_eq!(edit(store, 2, "sure", own()).await.unwrap(), []);
    assert_eq!(edit(store, 2, "sure!", own()).await.unwrap(), [edited(2, "sure!")]);
    let kinds = kinds(store).await;
    assert_eq!(kinds[3], message(2, "sure!", Revision::Edited));
    assert_eq!(kinds[4..], [edited(2, ""), edited(2, "sure!")]);
    let found = store.conversation(&conversation_id(1)).await.unwrap().unwrap();
    assert_eq!((found.head.head_seq, found.last_message.unwrap().text.as_str()), (6, "sure!"));
    assert_eq!(found.updated_at, NOW.plus_ms(500));
}

/// An agent changes what they wrote; whose reach is everything changes everything, and only what is there.
pub async fn a_message_out_of_reach_is_not_changed(store: &dyn Store) {
    people(store).await;
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    store.append_message(from_agent(1, 1, 2, "sure")).await.unwrap();
    for (number, reach) in [(1, Reach::Own(agent_id(1))), (2, Reach::Own(agent_id(2)))] {
        assert_eq!(edit(store, number, "other", reach.clone()).await, Err(StoreError::Forbidden));
        assert_eq!(take_back(store, number, reach).await, Err(StoreError::Forbidden));
    }
    assert_eq!(edit(store, 9, "other", Reach::All).await, Err(StoreError::NoMessage));
    assert_eq!(take_back(store, 9, Reach::All).await, Err(StoreError::NoMessage));
    let conversation = conversation_id(9);
    let nowhere = store.take_back_message(&conversation, &message_id(1), Reach::All, by(1), NOW).await;
    assert_eq!(nowhere, Err(StoreError::NoConversation));
    assert_eq!(kinds(store).await.len(), 4);
    assert_eq!(edit(store, 1, "other", Reach::All).await.unwrap(), [edited(1, "other")]);
}

/// Text and files are gone wherever they were, the place stays, and taking it back again changes nothing.
pub async fn a_message_taken_back_leaves_its_place_only(store: &dyn Store) {
    people(store).await;
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    for number in [1, 2] {
        upload(store, number, Uploader::Agent(agent_id(1))).await;
    }
    let files = vec![attachment_id(2), attachment_id(1)];
    store.append_message(NewMessage { attachments: files, ..from_agent(1, 1, 2, "secret") }).await.unwrap();
    edit(store, 2, "more secret", Reach::All).await.unwrap();
    let mut taken = take_back(store, 2, Reach::Own(agent_id(1))).await.unwrap();
    taken.attachment_ids.sort();
    assert_eq!(taken.attachment_ids, [attachment_id(1), attachment_id(2)]);
    assert_eq!(taken.changed.events[0].what, EventKind::Deleted { message_id: message_id(2) });
    let again = take_back(store, 2, Reach::All).await.unwrap();
    assert_eq!((again.changed.events, again.attachment_ids), (vec![], vec![]));
    let kinds = kinds(store).await;
    assert_eq!(kinds[3], message(2, "", Revision::Deleted));
    assert_eq!(kinds[4..], [edited(2, ""), EventKind::Deleted { message_id: message_id(2) }]);
    assert_eq!(store.attachment(&attachment_id(1)).await.unwrap(), None);
    assert_eq!(edit(store, 2, "again", Reach::All).await, Err(StoreError::NoMessage));
    let found = store.conversation(&conversation_id(1)).await.unwrap().unwrap();
    assert_eq!(found.last_message.unwrap().text, "");
}

/// Nobody has to read what is gone.
pub async fn a_message_taken_back_is_not_unread(store: &dyn Store) {
    people(store).await;
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    store.append_message(from_customer(1, 2, "my card is 4111")).await.unwrap();
    take_back(store, 2, Reach::All).await.unwrap();
    assert_eq!(store.conversation(&conversation_id(1)).await.unwrap().unwrap().unread_count, 1);
}

/// A sender whose answer was lost sends again, also when the message was changed meanwhile.
pub async fn a_message_changed_meanwhile_is_still_known_by_its_id(store: &dyn Store) {
    people(store).await;
    let first = store.append_message(from_customer(1, 1, "help")).await.unwrap();
    edit(store, 1, "help me", Reach::All).await.unwrap();
    let again = store.append_message(from_customer(1, 1, "help")).await.unwrap();
    assert_eq!((again.seq, again.at, again.events.len()), (first.seq, first.at, 0));
    take_back(store, 1, Reach::All).await.unwrap();
    let again = store.append_message(from_customer(1, 1, "help")).await.unwrap();
    assert_eq!((again.seq, again.events.len()), (first.seq, 0));
    let other_sender = store.append_message(from_agent(1, 1, 1, "help")).await;
    assert_eq!(other_sender, Err(StoreError::Conflict));
}
