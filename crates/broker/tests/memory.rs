//! What listeners of the memory broker may rely on.

use broker::{Broker, Lagged, MemoryBroker, Notice, Topic};
use protocol::conversation::{Author, ConversationEvent, EventKind, Side};
use protocol::id::{ConversationId, CustomerId, MessageId};
use protocol::limit::SOCKET_QUEUE_FRAMES_MAX;
use protocol::time::UnixMillis;

fn topic(name: &str) -> Topic {
    Topic::Customer(CustomerId(name.to_owned()))
}

fn typing(number: usize) -> Notice {
    let conversation_id = ConversationId(format!("cnv_{number}"));
    Notice::Typing { conversation_id, side: Side::Customer, name: String::new(), is_typing: true }
}

fn long_message() -> Notice {
    let what = EventKind::Message { message_id: MessageId("msg".to_owned()), text: "x".repeat(100 * 1024) };
    let event = ConversationEvent { seq: 1, at: UnixMillis(0), author: Author::Customer, what };
    Notice::Events { conversation_id: ConversationId("cnv".to_owned()), events: vec![event] }
}

#[tokio::test]
async fn notices_come_in_order_and_only_of_topics_listened_to() {
    let broker = MemoryBroker::default();
    let mut subscription = broker.subscribe();
    subscription.listen(topic("a"));
    broker.publish(&topic("a"), typing(1));
    broker.publish(&topic("b"), typing(2));
    broker.publish(&topic("a"), typing(3));
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
        broker.publish(&topic("a"), typing(number));
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
        broker.publish(&topic("a"), long_message());
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
    drop(subscription);
    assert_eq!(broker.topic_count(), 0);
}
