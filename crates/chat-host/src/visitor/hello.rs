//! The visitor's hello: who it is, from which page, and what they missed.

use std::sync::Arc;

use protocol::PROTOCOL_VERSION;
use protocol::close::CloseCode;
use protocol::id::TouchpointId;
use protocol::limit::{CURSORS_MAX, PAGE_KEY_CHARS_MAX, SOCKET_QUEUE_FRAMES_MAX};
use protocol::notice::{Notice, Topic};
use protocol::people::Page;
use protocol::visitor::{Cursor, VisitorCommand, VisitorEvent};

use super::{
    Admission, Reading, Stage, VisitorArrival, VisitorGreeting, VisitorHost, VisitorRead, VisitorWrite,
};
use crate::host::HostOutput;
use crate::steady::SteadyMs;
use crate::tracks::Beginning;

/// A hello that is being looked at.
#[derive(Debug)]
pub(super) struct Hello {
    touchpoint_id: TouchpointId,
    admission: Option<Admission>,
    cursors: Vec<Cursor>,
    page: Page,
    page_key: String,
    /// What happened while the welcome was put together.
    early: Vec<Arc<Notice>>,
}

impl Hello {
    /// Keeps a notice until the hello is answered; whether there is room for it.
    pub(super) fn keep(&mut self, notice: &Arc<Notice>) -> bool {
        let has_room = self.early.len() < SOCKET_QUEUE_FRAMES_MAX;
        if has_room {
            self.early.push(Arc::clone(notice));
        }
        has_room
    }
}

impl VisitorHost {
    /// Takes the first frame, which has to be a hello that can be read.
    pub(super) fn take_hello(&mut self, command: VisitorCommand) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "whatever is no hello breaks the protocol here")]
        match command {
            VisitorCommand::Hello { protocol, touchpoint_id, token, cursors, page, page_key } => {
                if protocol != PROTOCOL_VERSION {
                    self.line.close(CloseCode::Upgrade);
                } else if cursors.len() > CURSORS_MAX || page_key.chars().count() > PAGE_KEY_CHARS_MAX {
                    self.line.close(CloseCode::BadFrame);
                } else {
                    let hello = Hello {
                        touchpoint_id: touchpoint_id.clone(),
                        admission: None,
                        cursors,
                        page,
                        page_key,
                        early: Vec::new(),
                    };
                    self.stage = Stage::Greeting(Box::new(hello));
                    self.read(Reading::Admission, VisitorRead::Admit { touchpoint_id, token });
                }
            }
            _ => self.line.close(CloseCode::BadFrame),
        }
    }

    /// The token is good. Listens before anything is read, so that nothing falls between the two.
    pub(super) fn admitted(&mut self, admission: Admission) {
        let Stage::Greeting(hello) = &mut self.stage else { return };
        let (customer_id, page_key) = (admission.customer_id.clone(), hello.page_key.clone());
        hello.admission = Some(admission);
        let touchpoint_id = hello.touchpoint_id.clone();
        let arrival = VisitorArrival { customer_id: customer_id.clone(), touchpoint_id };
        self.outputs.push_back(HostOutput::Arrived(arrival));
        self.outputs.push_back(HostOutput::Listen(Topic::Customer(customer_id.clone())));
        self.read(Reading::Greeting, VisitorRead::Greet { customer_id, page_key });
    }

    /// Answers the hello. What was missed follows.
    pub(super) fn greeted(&mut self, greeting: VisitorGreeting, now: SteadyMs) {
        let Stage::Greeting(hello) = &mut self.stage else { return };
        let Some(admission) = hello.admission.take() else { return };
        let cursors = std::mem::take(&mut hello.cursors);
        let page = std::mem::take(&mut hello.page);
        let page_key = std::mem::take(&mut hello.page_key);
        let early = std::mem::take(&mut hello.early);
        self.stage = Stage::Live { customer_id: admission.customer_id.clone(), page_key };
        let VisitorGreeting { server_time, conversations, cobrowse } = greeting;
        let mut resets = Vec::new();
        for head in &conversations {
            let conversation_id = &head.conversation_id;
            let cursor = cursors.iter().find(|cursor| cursor.conversation_id == *conversation_id);
            let seq = cursor.map_or(0, |cursor| cursor.seq);
            if let Beginning::Reset { after_seq } = self.tracks.begin(conversation_id, seq, head.head_seq) {
                resets.push(VisitorEvent::Reset { conversation_id: conversation_id.clone(), after_seq });
            }
        }
        let customer_id = admission.customer_id;
        self.push(VisitorEvent::Welcome { customer_id, server_time, conversations, cobrowse }, now);
        for reset in resets {
            self.push(reset, now);
        }
        for notice in early {
            self.take_notice(&notice, now);
        }
        if page != admission.page {
            self.writes.push(VisitorWrite::Page(page));
        }
    }
}
