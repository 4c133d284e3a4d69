//! What a tab that leads tells one that joins.

use chat_core::{
    SavedSession, SavedVisitor, TabChat, TabConfig, TabHeard, TabInput, TabOutput, TabPost, VisitorConfig,
    VisitorInput,
};
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, EventKind, Receipts,
};
use protocol::id::{CustomerId, TouchpointId};
use protocol::people::Page;
use protocol::visitor::{Cursor, VisitorEvent};

use crate::browser::{START, cnv};

fn head(status: ConversationStatus, head_seq: u64) -> ConversationHead {
    ConversationHead {
        conversation_id: cnv(),
        status,
        head_seq,
        assignee: None,
        team: None,
        receipts: Receipts::default(),
        is_survey_done: false,
    }
}

fn leader() -> TabChat {
    let config = TabConfig { tab_id: "a".to_owned(), is_shown: true, is_sharing: false };
    let visitor = VisitorConfig {
        touchpoint_id: TouchpointId("tp_test".to_owned()),
        jitter_seed: 1,
        page: Page::default(),
        page_key: String::new(),
    };
    let customer_id = CustomerId("cus_1".to_owned());
    let session = SavedSession { customer_id, token: "secret".to_owned(), conversation_id: None };
    let saved = SavedVisitor { session: Some(session), ..SavedVisitor::default() };
    let mut leader = TabChat::new(config, visitor, saved);
    leader.handle(TabInput::Chat(VisitorInput::Start), START);
    leader.handle(TabInput::Leads, START);
    leader.handle(TabInput::Chat(VisitorInput::SocketOpened), START);
    leader
}

fn frame(event: VisitorEvent) -> TabInput {
    TabInput::Frame { event, text: String::new() }
}

#[test]
fn a_tab_that_leads_and_has_a_gap_does_not_call_an_old_status_the_newest() {
    let mut leader = leader();
    let customer_id = CustomerId("cus_1".to_owned());
    let conversations = vec![head(ConversationStatus::Unresolved, 1)];
    let welcome = VisitorEvent::Welcome { customer_id, server_time: START, conversations, cobrowse: None };
    leader.handle(frame(welcome), START);
    let what = EventKind::Status { status: ConversationStatus::Unread };
    let beyond = ConversationEvent { seq: 3, at: START, author: Author::Customer, what };
    leader.handle(frame(VisitorEvent::Events { conversation_id: cnv(), events: vec![beyond] }), START);
    while leader.poll_output().is_some() {}
    let tell = |leader: &mut TabChat, seq| {
        let cursors = vec![Cursor { conversation_id: cnv(), seq }];
        leader.handle(TabInput::Heard(TabHeard::Join { from: "b".to_owned(), cursors }), START);
        let outputs = std::iter::from_fn(|| leader.poll_output());
        let mut told = Vec::new();
        for output in outputs {
            if let TabOutput::Post(TabPost::Tell { event, .. }) = output {
                told.push(event);
            }
        }
        told
    };
    let told = tell(&mut leader, 3);
    let [VisitorEvent::Welcome { conversations, .. }] = &told[..] else { panic!("{told:?}") };
    assert_eq!(conversations, &[head(ConversationStatus::Unresolved, 1)]);
    let told = tell(&mut leader, 2);
    assert_eq!(told[1..], [VisitorEvent::Reset { conversation_id: cnv(), after_seq: 2 }]);
}
