//! What listeners of the memory broker may rely on.

use std::sync::Arc;

use broker::{Broker, Lagged, MemoryBroker, Notice, Topic};
use protocol::agent::{AgentEvent, ConversationSummary};
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, EventKind, Receipts, Revision, Side,
};
use protocol::id::{ConversationId, CustomerId, MessageId, TouchpointId};
use protocol::limit::SOCKET_QUEUE_FRAMES_MAX;
use protocol::notice::{Shared, summary_weight_bytes};
use protocol::people::{CustomerProfile, Identity, Page};
use protocol::time::UnixMillis;

fn topic(name: &str) -> Topic {
    Topic::Customer(CustomerId(name.to_owned()))
}

fn typing(number: usize) -> Notice {
    let conversation_id = ConversationId(format!("cnv_{number}"));
    Notice::Typing { conversation_id, side: Side::Customer, name: String::new(), is_typing: true }
}

fn long_message() -> Notice {
    let what = EventKind::Message {
        message_id: MessageId("msg".to_owned()),
        text: "x".repeat(100 * 1024),
        attachments: Vec::new(),
        revision: Revision::Original,
    };
    let event = ConversationEvent { seq: 1, at: UnixMillis(0), author: Author::Customer, what };
    Notice::Events { conversation_id: ConversationId("cnv".to_owned()), events: vec![event] }
}

#[tokio::test]
async fn notices_come_in_order_and_only_of_topics_listened_to() {
    let broker = MemoryBroker::default();
    let mut subscription = broker.subscribe();
    subscription.listen(topic("a"));
    broker.publish(&topic("a"), typing(1).into());
    broker.publish(&topic("b"), typing(2).into());
    broker.publish(&topic("a"), typing(3).into());
    assert_eq!(*subscription.next().await.unwrap(), typing(1));
    assert_eq!(*subscription.next().await.unwrap(), typing(3));
}

#[tokio::test]
async fn a_listener_that_falls_behind_is_told_and_holds_nothing_back() {
    let broker = MemoryBroker::default();
    let (mut slow, mut quick) = (broker.subscribe(), broker.subscribe());
    slow.listen(topic("a"));
    quick.listen(topic("a"));
    for number in 0..=SOCKET_QUEUE_FRAMES_MAX {
        broker.publish(&topic("a"), typing(number).into());
        assert_eq!(*quick.next().await.unwrap(), typing(number));
    }
    slow.overflowed().await;
    assert_eq!(slow.next().await, Err(Lagged));
    assert_eq!(slow.next().await, Err(Lagged));
}

#[tokio::test]
async fn heavy_notices_fill_the_queue_by_their_bytes() {
    let broker = MemoryBroker::default();
    let mut subscription = broker.subscribe();
    subscription.listen(topic("a"));
    for _ in 0..3 {
        broker.publish(&topic("a"), long_message().into());
    }
    assert_eq!(subscription.next().await, Err(Lagged));
}

fn summary(number: usize, unread_count: u32) -> Notice {
    summary_with_notes(number, unread_count, String::new())
}

fn summary_with_notes(number: usize, unread_count: u32, notes: String) -> Notice {
    let head = ConversationHead {
        conversation_id: ConversationId(format!("cnv_{number}")),
        status: ConversationStatus::Unread,
        head_seq: 1,
        assignee: None,
        team: None,
        receipts: Receipts::default(),
        is_survey_done: false,
    };
    let customer = CustomerProfile {
        customer_id: CustomerId("cus".to_owned()),
        identity: Identity::default(),
        notes,
        page: Page::default(),
        is_online: true,
        created_at: UnixMillis(0),
    };
    let summary = ConversationSummary {
        head,
        touchpoint_id: TouchpointId("tp_a".to_owned()),
        touchpoint_name: String::new(),
        customer,
        last_message: None,
        unread_count,
        survey: None,
        cobrowse: None,
        may_cobrowse: false,
        is_page_offered: false,
        created_at: UnixMillis(0),
        waiting_since: None,
        updated_at: UnixMillis(0),
    };
    let weight_bytes = summary_weight_bytes(&summary);
    let frame = AgentEvent::Conversations { conversations: vec![summary] };
    Notice::Conversations { frame: Arc::new(Shared::new(frame, weight_bytes)) }
}

#[tokio::test]
async fn summaries_of_many_conversations_leave_the_frames_to_others() {
    let broker = MemoryBroker::default();
    let mut subscription = broker.subscribe();
    subscription.listen(topic("a"));
    for number in 0..2 * SOCKET_QUEUE_FRAMES_MAX {
        broker.publish(&topic("a"), summary(number, 0).into());
    }
    broker.publish(&topic("a"), typing(1).into());
    assert_eq!(*subscription.next().await.unwrap(), summary(0, 0));
}

#[tokio::test]
async fn summaries_have_a_bound_of_their_own() {
    let broker = MemoryBroker::default();
    let mut subscription = broker.subscribe();
    subscription.listen(topic("a"));
    let heavy = |number| summary_with_notes(number, 0, "x".repeat(1024 * 1024));
    for number in [1, 2, 3] {
        broker.publish(&topic("a"), heavy(number).into());
    }
    broker.publish(&topic("a"), typing(1).into());
    assert_eq!(*subscription.next().await.unwrap(), heavy(1));
    for number in 4..7 {
        broker.publish(&topic("a"), heavy(number).into());
    }
    assert_eq!(subscription.next().await, Err(Lagged));
}

#[tokio::test]
async fn listeners_that_are_gone_leave_nothing_behind() {
    let broker = MemoryBroker::default();
    let mut subscription = broker.subscribe();
    subscription.listen(topic("a"));
    subscription.listen(topic("b"));
    subscription.ignore(&topic("a"));
    assert_eq!(broker.topic_count(), 1);
    assert!(broker.is_heard(&topic("b")) && !broker.is_heard(&topic("a")));
    drop(subscription);
    assert_eq!(broker.topic_count(), 0);
}
