//! What a server may rely on about conversations.

use protocol::conversation::{Author, ConversationStatus, EventKind, Receipts, Side};
use protocol::limit::OPEN_CONVERSATIONS_MAX;
use protocol::survey::{Answer, AnswerValue};

use super::samples::{
    NOW, agent_id, agent_ref, conversation_id, customer_id, from_agent, from_customer, people,
};
use crate::{ConversationFilter, NewMessage, PageStart, Store, StoreError, SurveyToStore};

/// The same again gives the original answer; another text or sender under the same id is a conflict.
pub async fn a_message_is_kept_once_per_id(store: &dyn Store) {
    people(store).await;
    let first = store.append_message(from_customer(1, 1, "hello")).await.unwrap();
    let again = store.append_message(from_customer(1, 1, "hello")).await.unwrap();
    assert_eq!((again.seq, again.at, again.events.len()), (first.seq, first.at, 0));
    let other_text = store.append_message(from_customer(1, 1, "hullo")).await;
    assert_eq!(other_text, Err(StoreError::Conflict));
    let other_sender = store.append_message(from_agent(1, 1, 1, "hello")).await;
    assert_eq!(other_sender, Err(StoreError::Conflict));
    assert_eq!(store.events(&conversation_id(1), 0, 10).await.unwrap().len(), 1);
}

/// Places count 1, 2, 3 whatever kind of event takes them, and are read back in that order.
pub async fn every_event_has_its_place_without_gaps(store: &dyn Store) {
    people(store).await;
    for message in 1..=5 {
        store.append_message(from_customer(1, message, "text")).await.unwrap();
        store.append_message(from_agent(1, 1, 100 + message, "text")).await.unwrap();
    }
    let _ = store.append_message(from_customer(1, 1, "conflict")).await;
    let events = store.events(&conversation_id(1), 0, 100).await.unwrap();
    let seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=events.len() as u64).collect::<Vec<_>>());
    let head = store.conversation(&conversation_id(1)).await.unwrap().unwrap().head;
    assert_eq!(head.head_seq, events.len() as u64);
    assert_eq!(store.events(&conversation_id(1), 3, 2).await.unwrap(), events[3..5]);
}

/// Heads are told for the conversations that are named, for those of a customer, and for those that changed last.
pub async fn heads_say_how_far_conversations_go(store: &dyn Store) {
    people(store).await;
    for (customer, message, at) in [(1, 1, 1), (2, 2, 2), (1, 3, 3)] {
        let mut written = from_customer(customer, message, "text");
        written.at = NOW.plus_ms(at);
        store.append_message(written).await.unwrap();
    }
    let (one, two) = ((conversation_id(1), 2), (conversation_id(2), 1));
    let asked = [conversation_id(2), conversation_id(9)];
    assert_eq!(store.heads(&asked).await.unwrap(), std::slice::from_ref(&two));
    assert_eq!(store.heads_of(&customer_id(1), 10).await.unwrap(), std::slice::from_ref(&one));
    assert_eq!(store.heads_of(&customer_id(9), 10).await.unwrap(), []);
    assert_eq!(store.newest_heads(10).await.unwrap(), [one.clone(), two]);
    assert_eq!(store.newest_heads(1).await.unwrap(), [one]);
    let with_customers = store.conversations_with_customers(&asked).await.unwrap();
    let alone = store.conversation(&conversation_id(2)).await.unwrap().unwrap();
    let customer = store.customer(&alone.customer_id).await.unwrap().unwrap();
    assert_eq!(with_customers, [(alone, customer)]);
}

/// Writing into somebody else's conversation is refused as if there were none.
pub async fn a_conversation_of_another_customer_is_not_there(store: &dyn Store) {
    people(store).await;
    store.append_message(from_customer(1, 1, "mine")).await.unwrap();
    let mut foreign = from_customer(2, 2, "yours");
    foreign.conversation_id = conversation_id(1);
    assert_eq!(store.append_message(foreign).await, Err(StoreError::NoConversation));
    assert_eq!(store.append_message(from_agent(9, 1, 3, "?")).await, Err(StoreError::NoConversation));
    let (theirs, other) = (conversation_id(1), customer_id(2));
    let done = ConversationStatus::Done;
    let closed = store.set_status(&theirs, Some(&other), done, Author::Customer, NOW).await;
    assert_eq!(closed, Err(StoreError::NoConversation));
    let read = store.save_receipt(&theirs, Some(&other), Side::Customer, 1, 1).await;
    assert_eq!(read, Err(StoreError::NoConversation));
    let owner = customer_id(1);
    assert!(store.save_receipt(&theirs, Some(&owner), Side::Customer, 1, 1).await.is_ok());
    assert_eq!(store.conversations_of(&customer_id(2), 10).await.unwrap(), []);
}

/// Status and assignment are events before the message, and a second agent takes nothing away.
pub async fn an_agents_message_takes_a_free_conversation(store: &dyn Store) {
    people(store).await;
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    let answer = store.append_message(from_agent(1, 1, 2, "sure")).await.unwrap();
    let kinds: Vec<&EventKind> = answer.events.iter().map(|event| &event.what).collect();
    assert_eq!(kinds[0], &EventKind::Status { status: ConversationStatus::Unresolved });
    assert_eq!(kinds[1], &EventKind::Assigned { agent: Some(agent_ref(1)), team: None, note: None });
    assert_eq!((kinds.len(), answer.seq), (3, 4));
    store.append_message(from_agent(1, 2, 3, "me too")).await.unwrap();
    let found = store.conversation(&conversation_id(1)).await.unwrap().unwrap();
    assert_eq!(found.head.assignee, Some(agent_ref(1)));
    assert_eq!(found.last_message.unwrap().text, "me too");
    assert_eq!(store.open_chats().await.unwrap(), [(agent_id(1), 1)].into());
}

/// DONE ends with the next message of the customer, and the status is an event before it.
pub async fn a_closed_conversation_comes_back_with_the_customers_next_message(store: &dyn Store) {
    people(store).await;
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    let closed =
        store.set_status(&conversation_id(1), None, ConversationStatus::Done, Author::System, NOW).await;
    assert_eq!(closed.unwrap().events.len(), 1);
    let again =
        store.set_status(&conversation_id(1), None, ConversationStatus::Done, Author::System, NOW).await;
    assert_eq!(again.unwrap().events, []);
    let reopened = store.append_message(from_customer(1, 2, "one more thing")).await.unwrap();
    assert_eq!(reopened.events[0].what, EventKind::Status { status: ConversationStatus::Unread });
    assert_eq!(reopened.seq, 4);
    let found = store.conversation(&conversation_id(1)).await.unwrap().unwrap();
    assert_eq!((found.head.status, found.unread_count), (ConversationStatus::Unread, 2));
}

/// Receipts move forward only, read is never above delivered, and nothing is above the head.
pub async fn receipts_move_forward_and_never_past_the_head(store: &dyn Store) {
    people(store).await;
    for message in 1..=3 {
        store.append_message(from_customer(1, message, "text")).await.unwrap();
    }
    let conversation = conversation_id(1);
    let save = |delivered, read| store.save_receipt(&conversation, None, Side::Agent, delivered, read);
    let moved = save(2, 1).await.unwrap().unwrap();
    let expected = Receipts { agent_delivered_seq: 2, agent_read_seq: 1, ..Receipts::default() };
    assert_eq!((moved.receipts, moved.customer_id), (expected, customer_id(1)));
    assert_eq!(save(1, 0).await.unwrap(), None);
    let moved = save(0, 99).await.unwrap().unwrap().receipts;
    assert_eq!((moved.agent_delivered_seq, moved.agent_read_seq), (3, 3));
    assert_eq!(store.conversation(&conversation_id(1)).await.unwrap().unwrap().unread_count, 0);
}

/// Later answers change nothing and are no error; nobody answers for somebody else.
pub async fn the_first_survey_answers_stay(store: &dyn Store) {
    people(store).await;
    store.append_message(from_customer(1, 1, "help")).await.unwrap();
    let survey = |score, number| SurveyToStore {
        conversation_id: conversation_id(1),
        customer_id: customer_id(number),
        answers: vec![Answer {
            question_id: "csat".to_owned(),
            label: "Happy?".to_owned(),
            value: AnswerValue::Score { score },
        }],
        at: NOW,
    };
    assert_eq!(store.save_survey(survey(1, 2)).await, Err(StoreError::NoConversation));
    let stored = store.save_survey(survey(5, 1)).await.unwrap();
    assert_eq!(stored.events[0].what, EventKind::SurveyAnswered);
    assert_eq!(store.save_survey(survey(1, 1)).await.unwrap().events, []);
    let found = store.conversation(&conversation_id(1)).await.unwrap().unwrap();
    assert!(found.head.is_survey_done);
    assert_eq!(found.survey.unwrap().answers, survey(5, 1).answers);
}

/// A page begins behind the last row of the one before, whatever the filter.
pub async fn lists_come_in_pages_newest_change_first(store: &dyn Store) {
    people(store).await;
    for number in 1..=5 {
        let mut message = from_customer(1, u16::from(number), "text");
        message.conversation_id = conversation_id(number);
        store.append_message(message).await.unwrap();
    }
    store.set_status(&conversation_id(2), None, ConversationStatus::Done, Author::System, NOW).await.unwrap();
    let first = store.conversations(ConversationFilter::Any, None, 2).await.unwrap();
    let last = first.last().unwrap();
    let start = PageStart { updated_at: last.updated_at, conversation_id: last.head.conversation_id.clone() };
    let second = store.conversations(ConversationFilter::Any, Some(start), 9).await.unwrap();
    let ids: Vec<_> = first.iter().chain(&second).map(|found| found.head.conversation_id.clone()).collect();
    assert_eq!(ids, [5, 4, 3, 2, 1].map(conversation_id));
    let open = store.conversations(ConversationFilter::Open, None, 9).await.unwrap();
    assert_eq!(open.len(), 4);
    let done = ConversationFilter::Status(ConversationStatus::Done);
    assert_eq!(store.conversations(done, None, 9).await.unwrap().len(), 1);
}

/// A customer begins so many conversations that are not DONE and no more; those that are there go on.
pub async fn a_customer_begins_only_so_many_conversations(store: &dyn Store) {
    people(store).await;
    let message = |conversation: u8, message: u16| NewMessage {
        conversation_id: conversation_id(conversation),
        ..from_customer(1, message, "hello")
    };
    let max = u8::try_from(OPEN_CONVERSATIONS_MAX).unwrap();
    for number in 0..max {
        store.append_message(message(number, 1)).await.unwrap();
    }
    assert_eq!(store.append_message(message(max, 1)).await, Err(StoreError::TooManyConversations));
    assert_eq!(store.conversation(&conversation_id(max)).await.unwrap(), None);
    store.append_message(message(0, 2)).await.unwrap();
    let other = from_customer(2, 1, "hello");
    store.append_message(NewMessage { conversation_id: conversation_id(max + 1), ..other }).await.unwrap();
    let done = ConversationStatus::Done;
    store.set_status(&conversation_id(0), None, done, Author::Customer, NOW).await.unwrap();
    store.append_message(message(max, 1)).await.unwrap();
}
