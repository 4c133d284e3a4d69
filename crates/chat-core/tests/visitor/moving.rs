//! Messages that wait for a conversation of somebody this browser is no more.

use chat_core::{MessageState, OutboxFile, OutboxMessage, SavedVisitor, VisitorInput, VisitorOutput};
use protocol::id::{AttachmentId, ConversationId, CustomerId, MessageId};
use protocol::problem::ProblemCode;
use protocol::rest::CustomerToken;
use protocol::visitor::{VisitorCommand, VisitorEvent};

use crate::tab::{NOW, OPEN, Tab, cnv, sent};

fn kept(name: &str, after_ms: i64) -> OutboxMessage {
    OutboxMessage {
        message_id: MessageId(format!("msg_{name}")),
        conversation_id: cnv(),
        text: name.to_owned(),
        files: Vec::new(),
        created_at: NOW.plus_ms(after_ms),
        is_failed: false,
    }
}

/// A tab that begins without a session it can read, and with what was typed before.
fn somebody_new() -> Tab {
    let outbox = vec![kept("one", 0), kept("two", 1)];
    let mut tab = Tab::new(SavedVisitor { outbox, ..SavedVisitor::default() });
    let outputs = tab.give(VisitorInput::Start);
    assert!(matches!(outputs[..], [VisitorOutput::CreateCustomer(_)]), "{outputs:?}");
    assert_eq!(tab.becomes("cus_2"), [OPEN]);
    tab
}

fn refused(tab: &mut Tab, name: &str) -> Vec<VisitorOutput> {
    let message_id = MessageId(format!("msg_{name}"));
    tab.receive(VisitorEvent::Refused { message_id, code: ProblemCode::NotFound, retry_after_ms: None })
}

fn conversations(outputs: &[VisitorOutput]) -> Vec<ConversationId> {
    let mut ids = Vec::new();
    for output in outputs {
        if let VisitorOutput::Send(VisitorCommand::Send { conversation_id, .. }) = output {
            ids.push(conversation_id.clone());
        }
    }
    ids
}

#[test]
fn what_waits_for_a_conversation_of_somebody_else_goes_to_a_new_one_in_its_order() {
    let mut tab = somebody_new();
    let outputs = tab.welcome(Vec::new());
    assert_eq!((sent(&outputs).remove(0).1, conversations(&outputs)), ("one".to_owned(), vec![cnv()]));
    let outputs = refused(&mut tab, "one");
    let new = ConversationId("cnv_2".to_owned());
    let moved = |name, after_ms| {
        VisitorOutput::SaveMessage(OutboxMessage { conversation_id: new.clone(), ..kept(name, after_ms) })
    };
    assert_eq!(outputs[..2], [moved("one", 0), moved("two", 1)]);
    assert!(
        matches!(&outputs[2], VisitorOutput::SaveSession(own) if own.conversation_id == Some(new.clone()))
    );
    tab.now = tab.chat.deadline().expect("a pause");
    assert!(tab.now > NOW, "a server that refuses everything is not asked without end");
    let outputs = tab.give(VisitorInput::Tick);
    assert_eq!((sent(&outputs).remove(0).1, conversations(&outputs)), ("one".to_owned(), vec![new.clone()]));
    let states = [("one", MessageState::Sending), ("two", MessageState::Sending)];
    assert_eq!(tab.states(), states.map(|(text, state)| (text.to_owned(), Some(state))));
    let message_id = MessageId("msg_one".to_owned());
    let ack = VisitorEvent::Ack { conversation_id: new.clone(), message_id, seq: 1, at: NOW };
    assert_eq!(conversations(&tab.receive(ack)), [new]);
}

#[test]
fn a_refusal_of_what_another_tab_sent_moves_nothing_here() {
    let mut tab = somebody_new();
    tab.welcome(Vec::new());
    assert_eq!(refused(&mut tab, "two"), []);
    assert_eq!(tab.states().len(), 2);
}

#[test]
fn what_somebody_else_has_uploaded_is_uploaded_again() {
    let file = OutboxFile {
        file_id: "f".to_owned(),
        name: "f.png".to_owned(),
        media_type: String::new(),
        bytes: 1,
        attachment_id: Some(AttachmentId("att_1".to_owned())),
    };
    let outbox = vec![OutboxMessage { files: vec![file.clone()], ..kept("one", 0) }];
    let mut tab = Tab::new(SavedVisitor { outbox, ..SavedVisitor::default() });
    tab.give(VisitorInput::Start);
    let (customer_id, token) = (CustomerId("cus_2".to_owned()), "secret".to_owned());
    let outputs = tab.give(VisitorInput::CustomerCreated(CustomerToken { customer_id, token }));
    let bare = OutboxMessage { files: vec![OutboxFile { attachment_id: None, ..file }], ..kept("one", 0) };
    assert_eq!(outputs[0], VisitorOutput::SaveMessage(bare));
    assert!(matches!(outputs[1], VisitorOutput::ClaimSession(_)), "{outputs:?}");
}
