//! One tab with the visitor's chat, fed by hand, and the things the server would say.

use chat_core::{
    Compose, EntryKind, MessageState, SavedSession, SavedVisitor, Transport, VisitorChat, VisitorConfig,
    VisitorInput, VisitorOutput,
};
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, EventKind, Receipts, Revision,
};
use protocol::id::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use protocol::people::Page;
use protocol::rest::CustomerToken;
use protocol::time::UnixMillis;
use protocol::visitor::{VisitorCommand, VisitorEvent};

pub(crate) const NOW: UnixMillis = UnixMillis(1_795_414_200_000);
pub(crate) const OPEN: VisitorOutput = VisitorOutput::OpenSocket { transport: Transport::Socket };

pub(crate) struct Tab {
    pub(crate) chat: VisitorChat,
    pub(crate) now: UnixMillis,
    typed: u8,
}

impl Tab {
    pub(crate) fn new(saved: SavedVisitor) -> Self {
        let touchpoint_id = TouchpointId("tp_test".to_owned());
        let config =
            VisitorConfig { touchpoint_id, jitter_seed: 1, page: Page::default(), page_key: String::new() };
        Self { chat: VisitorChat::new(config, saved), now: NOW, typed: 0 }
    }

    pub(crate) fn give(&mut self, input: VisitorInput) -> Vec<VisitorOutput> {
        self.chat.handle(input, self.now);
        std::iter::from_fn(|| self.chat.poll_output())
            .filter(|output| *output != VisitorOutput::Changed)
            .collect()
    }

    /// The server made a customer, and the browser keeps no other one.
    pub(crate) fn becomes(&mut self, customer_id: &str) -> Vec<VisitorOutput> {
        let token = CustomerToken {
            customer_id: CustomerId(customer_id.to_owned()),
            token: format!("the secret of {customer_id}"),
        };
        let outputs = self.give(VisitorInput::CustomerCreated(token));
        let [VisitorOutput::ClaimSession(kept)] = &outputs[..] else { panic!("{outputs:?}") };
        assert!(kept.conversation_id.is_some());
        self.give(VisitorInput::SessionFound(kept.clone()))
    }

    pub(crate) fn compose(&mut self, text: &str) -> Vec<VisitorOutput> {
        self.typed += 1;
        self.now = self.now.plus_ms(1);
        let entropy = [self.typed; 10];
        let text = text.to_owned();
        self.give(VisitorInput::Compose(Compose {
            text,
            files: Vec::new(),
            conversation_entropy: entropy,
            message_entropy: entropy,
        }))
    }

    pub(crate) fn receive(&mut self, event: VisitorEvent) -> Vec<VisitorOutput> {
        self.give(VisitorInput::Received(event))
    }

    pub(crate) fn welcome(&mut self, conversations: Vec<ConversationHead>) -> Vec<VisitorOutput> {
        self.give(VisitorInput::SocketOpened);
        let customer_id = CustomerId("cus_1".to_owned());
        self.receive(VisitorEvent::Welcome {
            customer_id,
            server_time: self.now,
            conversations,
            cobrowse: None,
        })
    }

    pub(crate) fn states(&self) -> Vec<(String, Option<MessageState>)> {
        let entries = self.chat.conversation().map(|view| view.entries).unwrap_or_default();
        let state = |kind: EntryKind| match kind {
            EntryKind::Message { text, state, .. } => Some((text, state)),
            EntryKind::Notice(_) => None,
        };
        entries.into_iter().filter_map(|entry| state(entry.kind)).collect()
    }
}

pub(crate) fn session() -> SavedSession {
    SavedSession {
        customer_id: CustomerId("cus_1".to_owned()),
        token: "secret".to_owned(),
        conversation_id: None,
    }
}

pub(crate) fn returning() -> Tab {
    let mut tab =
        Tab::new(SavedVisitor { session: Some(session()), outbox: Vec::new(), cobrowse_stop: None });
    assert_eq!(tab.give(VisitorInput::Start), [OPEN]);
    tab
}

pub(crate) fn cnv() -> ConversationId {
    ConversationId("cnv_1".to_owned())
}

pub(crate) fn head(status: ConversationStatus) -> ConversationHead {
    ConversationHead {
        conversation_id: cnv(),
        status,
        head_seq: 0,
        assignee: None,
        team: None,
        receipts: Receipts::default(),
        is_survey_done: false,
    }
}

pub(crate) fn event(seq: u64, what: EventKind) -> ConversationEvent {
    let author = Author::Agent { agent_id: AgentId("agt_1".to_owned()), name: "Ana".to_owned() };
    ConversationEvent { seq, at: NOW, author, what }
}

pub(crate) fn text_of(message_id: MessageId, text: &str) -> EventKind {
    EventKind::Message {
        message_id,
        text: text.to_owned(),
        attachments: Vec::new(),
        revision: Revision::Original,
    }
}

pub(crate) fn message(seq: u64) -> ConversationEvent {
    event(seq, text_of(MessageId(format!("msg_{seq}")), &format!("word {seq}")))
}

pub(crate) fn events(events: Vec<ConversationEvent>) -> VisitorEvent {
    VisitorEvent::Events { conversation_id: cnv(), events }
}

pub(crate) fn sent(outputs: &[VisitorOutput]) -> Vec<(MessageId, String)> {
    let mut messages = Vec::new();
    for output in outputs {
        if let VisitorOutput::Send(VisitorCommand::Send { message_id, text, .. }) = output {
            messages.push((message_id.clone(), text.clone()));
        }
    }
    messages
}
