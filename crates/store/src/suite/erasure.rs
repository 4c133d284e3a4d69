//! What a server may rely on about forgetting.

use protocol::cobrowse::CobrowseEnd;
use protocol::conversation::{Author, ConversationStatus};
use protocol::id::CobrowseId;
use protocol::people::Page;
use protocol::time::UnixMillis;

use super::samples::{
    NOW, agent_id, agent_ref, attachment_id, conversation_id, customer_id, from_agent, from_customer, people,
    touchpoint_id, upload,
};
use crate::{CobrowseStep, ConversationFilter, NewMessage, SecretHash, Store, StoreError, Uploader};

/// Conversations 1 and 3 of customer 1, with files of both sides, and 2 of customer 2.
async fn some_history(store: &dyn Store) {
    people(store).await;
    for (number, uploader) in [
        (1, Uploader::Customer(customer_id(1))),
        (2, Uploader::Agent(agent_id(1))),
        (3, Uploader::Customer(customer_id(1))),
        (4, Uploader::Customer(customer_id(2))),
    ] {
        upload(store, number, uploader).await;
    }
    let with = |file: u8, message| NewMessage { attachments: vec![attachment_id(file)], ..message };
    store.append_message(with(1, from_customer(1, 1, "help"))).await.unwrap();
    store.append_message(with(2, from_agent(1, 1, 2, "sure"))).await.unwrap();
    store.append_message(with(4, from_customer(2, 3, "hello"))).await.unwrap();
    let third = NewMessage { conversation_id: conversation_id(3), ..from_customer(1, 4, "again") };
    store.append_message(third).await.unwrap();
    let cobrowse_id = CobrowseId::new(NOW, [1; 10]);
    store.cobrowse_asked(&cobrowse_id, &conversation_id(1), agent_ref(1), NOW).await.unwrap();
    store.cobrowse_ended(&cobrowse_id, CobrowseEnd::Agent, NOW).await.unwrap();
    let (what, outcome) = ("click".to_owned(), "done".to_owned());
    let step = CobrowseStep { agent: agent_ref(1), at: NOW, what, outcome, times: 1 };
    store.cobrowse_step(&cobrowse_id, step).await.unwrap();
}

/// Everything of theirs is gone, what others have stays.
pub async fn an_erased_customer_is_gone_with_all_that_is_theirs(store: &dyn Store) {
    some_history(store).await;
    let mut erased = store.erase_customer(&customer_id(1)).await.unwrap();
    erased.conversation_ids.sort();
    erased.attachment_ids.sort();
    assert_eq!(erased.conversation_ids, [conversation_id(1), conversation_id(3)]);
    assert_eq!(erased.attachment_ids, [1, 2, 3].map(attachment_id));
    assert_eq!(store.customer(&customer_id(1)).await.unwrap(), None);
    assert_eq!(store.customer_by_secret(&SecretHash([1; 32])).await.unwrap(), None);
    assert_eq!(store.customer_record(&customer_id(1)).await.unwrap(), None);
    assert_eq!(store.events(&conversation_id(1), 0, 10).await.unwrap(), []);
    assert_eq!(store.cobrowse_audits(&conversation_id(1)).await.unwrap(), []);
    assert_eq!(store.cobrowse_steps(&CobrowseId::new(NOW, [1; 10])).await.unwrap(), []);
    assert_eq!(store.attachment(&attachment_id(2)).await.unwrap(), None);
    assert_eq!(store.open_of(&agent_id(1), 10).await.unwrap(), []);
    let left = store.conversations(ConversationFilter::Any, None, 10).await.unwrap();
    assert_eq!(left.iter().map(|one| &one.customer_id).collect::<Vec<_>>(), [&customer_id(2)]);
    assert!(store.attachment(&attachment_id(4)).await.unwrap().is_some());
    assert_eq!(store.erase_customer(&customer_id(1)).await, Err(StoreError::NoCustomer));
    store.finish_erasure().await.unwrap();
}

/// A browser that still holds the token of somebody who was erased writes nothing.
pub async fn nobody_who_was_erased_writes_again(store: &dyn Store) {
    some_history(store).await;
    store.erase_customer(&customer_id(1)).await.unwrap();
    assert_eq!(store.append_message(from_customer(1, 9, "hello?")).await, Err(StoreError::NoCustomer));
    let page = store.save_page(&customer_id(1), Page::default(), NOW).await;
    assert_eq!(page, Err(StoreError::NoCustomer));
    assert_eq!(store.conversation(&conversation_id(1)).await.unwrap(), None);
}

/// The record has the customer and every conversation, oldest first.
pub async fn a_customers_record_is_complete(store: &dyn Store) {
    some_history(store).await;
    let record = store.customer_record(&customer_id(1)).await.unwrap().unwrap();
    assert_eq!(record.customer, store.customer(&customer_id(1)).await.unwrap().unwrap());
    let ids: Vec<_> = record.conversations.iter().map(|one| one.head.conversation_id.clone()).collect();
    assert_eq!(ids, [conversation_id(1), conversation_id(3)]);
    let stored = store.conversation(&conversation_id(3)).await.unwrap().unwrap();
    assert_eq!(record.conversations[1], stored);
}

/// What is open or was changed since stays; a customer goes with their last conversation unless seen since.
pub async fn closed_conversations_are_erased_when_their_time_is_over(store: &dyn Store) {
    some_history(store).await;
    let erase = |before: UnixMillis, limit| async move {
        let mut erased = store.erase_closed_before(&touchpoint_id(), before, limit).await.unwrap();
        erased.conversation_ids.sort();
        erased.attachment_ids.sort();
        erased
    };
    let (early, late) = (NOW.plus_ms(1_000), NOW.plus_ms(2_000));
    assert_eq!(erase(late, 10).await.conversation_ids, []);
    for number in [1, 2, 3] {
        let at = if number == 3 { late } else { NOW.plus_ms(500) };
        let conversation = conversation_id(number);
        store.set_status(&conversation, None, ConversationStatus::Done, Author::System, at).await.unwrap();
    }
    store.save_page(&customer_id(2), Page::default(), late).await.unwrap();
    let first = erase(early, 1).await;
    assert_eq!(first.conversation_ids.len(), 1);
    let second = erase(early, 10).await;
    let mut gone = [first.conversation_ids, second.conversation_ids].concat();
    gone.sort();
    assert_eq!(gone, [conversation_id(1), conversation_id(2)]);
    let mut files = [first.attachment_ids, second.attachment_ids].concat();
    files.sort();
    assert_eq!(files, [1, 2, 4].map(attachment_id));
    assert!(store.customer(&customer_id(1)).await.unwrap().is_some(), "has a conversation left");
    assert!(store.customer(&customer_id(2)).await.unwrap().is_some(), "was seen since");
    let rest = erase(late.plus_ms(1), 10).await;
    assert_eq!(
        (rest.conversation_ids, rest.attachment_ids),
        (vec![conversation_id(3)], vec![attachment_id(3)])
    );
    assert_eq!(store.customer(&customer_id(1)).await.unwrap(), None);
    assert_eq!(store.customer(&customer_id(2)).await.unwrap(), None);
}
