//! What the server says, taken in.

use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, EventKind, Receipts, Revision,
};
use protocol::id::{ConversationId, MessageId};
use protocol::limit::CURSORS_MAX;
use protocol::problem::ProblemCode;
use protocol::rest::EventsPage;
use protocol::time::UnixMillis;
use protocol::visitor::{VisitorCommand, VisitorEvent};

use super::{Current, VisitorChat, VisitorOutput};
use crate::fetching::Fetching;

impl VisitorChat {
    pub(super) fn receive(&mut self, event: VisitorEvent, now: UnixMillis) {
        self.link.heard(now);
        match event {
            VisitorEvent::Welcome { server_time, conversations, cobrowse, .. } => {
                self.link.greeted(now);
                self.clock_offset_ms = server_time.since_ms(now);
                self.cobrowse_welcomed(cobrowse);
                self.welcome(conversations);
                let until = self.adopted_until(now);
                self.outbox.connected(until);
            }
            VisitorEvent::Events { conversation_id, events } => self.take_events(&conversation_id, events),
            VisitorEvent::Reset { conversation_id, after_seq } => {
                self.thread_mut(&conversation_id).timeline.note_head(after_seq + 1);
            }
            VisitorEvent::Ack { conversation_id, message_id, seq, at } => {
                self.acknowledged(&conversation_id, &message_id, seq, at);
            }
            VisitorEvent::Refused { message_id, code: ProblemCode::Conflict, .. } => {
                self.stored_before(&message_id);
            }
            VisitorEvent::Refused { message_id, code: ProblemCode::NotFound, .. } => {
                self.move_out(&message_id, now);
            }
            VisitorEvent::Refused { message_id, retry_after_ms, .. } => {
                if let Some(message) = self.outbox.refused(&message_id, retry_after_ms, now) {
                    self.save_message(message);
                }
            }
            VisitorEvent::Receipts { conversation_id, receipts } => {
                self.thread_mut(&conversation_id).merge_receipts(&receipts);
            }
            VisitorEvent::Typing { conversation_id, name, is_typing } => {
                self.thread_mut(&conversation_id).typing.set(&name, is_typing, now);
            }
            VisitorEvent::SurveyStored { conversation_id } => self.survey_done(&conversation_id),
            VisitorEvent::Cobrowse { session } => self.take_cobrowse(session),
            VisitorEvent::CobrowseEnded { cobrowse_id, .. } => self.cobrowse_ended(&cobrowse_id),
            VisitorEvent::Ping { server_time, heads } => {
                self.clock_offset_ms = server_time.since_ms(now);
                self.pending.identity.take_if(|pending| pending.is_sent);
                for cursor in heads {
                    self.thread_mut(&cursor.conversation_id).timeline.note_head(cursor.seq);
                }
                self.send_if_online(VisitorCommand::Pong { is_probe: false });
            }
            VisitorEvent::Moving { reconnect_after_ms } => {
                self.link.moving(reconnect_after_ms, now);
            }
            VisitorEvent::Error { code, .. } => self.command_failed(code),
        }
    }

    /// What the server will never take is not sent again: the form, or the question, is there as before. Anything else
    /// is sent again on the next connection.
    fn command_failed(&mut self, code: ProblemCode) {
        if matches!(
            code,
            ProblemCode::Invalid | ProblemCode::NotFound | ProblemCode::Conflict | ProblemCode::TooLong
        ) {
            self.pending.survey = None;
            self.pending.consent = None;
            self.pending.end.take_if(|end| end.is_sent);
        }
    }

    fn welcome(&mut self, conversations: Vec<ConversationHead>) {
        for head in &conversations {
            let thread = self.thread_mut(&head.conversation_id);
            thread.merge_receipts(&head.receipts);
            // What was missed comes as frames; what does not come shows at the next heartbeat.
            if thread.fetching != Fetching::Running {
                thread.fetching = Fetching::Idle;
            }
        }
        self.heads = conversations;
        self.note_newer_events();
    }

    /// A welcome can be older than what is here: events were read over HTTP meanwhile, or another tab that greets is
    /// behind. Its heads are brought up to the events.
    fn note_newer_events(&mut self) {
        for index in 0..self.threads.len() {
            let conversation_id = self.threads[index].conversation_id.clone();
            let head_seq = match self.head(&conversation_id) {
                Some(head) => head.head_seq,
                None if self.heads.len() < CURSORS_MAX => 0,
                None => continue,
            };
            let events = self.threads[index].timeline.events();
            let newer: Vec<ConversationEvent> =
                events.iter().filter(|event| event.seq > head_seq).cloned().collect();
            for event in &newer {
                self.note_event(&conversation_id, event);
            }
        }
    }

    fn take_events(&mut self, conversation_id: &ConversationId, events: Vec<ConversationEvent>) {
        let thread = self.thread_mut(conversation_id);
        let delivered_before = thread.receipts.customer_delivered_seq;
        let new: Vec<ConversationEvent> = thread.insert(events).to_vec();
        for message_id in self.outbox.settle_events(&new) {
            self.outputs.push_back(VisitorOutput::ForgetMessage(message_id));
        }
        for event in &new {
            self.note_event(conversation_id, event);
            if let EventKind::Message { text, revision, .. } = &event.what
                && *revision != Revision::Deleted
                && event.seq > delivered_before
                && event.author != Author::Customer
            {
                self.outputs.push_back(VisitorOutput::MessageArrived {
                    conversation_id: conversation_id.clone(),
                    seq: event.seq,
                    author: event.author.clone(),
                    text: text.clone(),
                });
            }
        }
    }

    /// Keeps the head of a conversation in step with its events.
    fn note_event(&mut self, conversation_id: &ConversationId, event: &ConversationEvent) {
        let head = match self.heads.iter_mut().find(|head| head.conversation_id == *conversation_id) {
            Some(head) => head,
            None => {
                self.heads.insert(0, fresh_head(conversation_id.clone()));
                &mut self.heads[0]
            }
        };
        // What is read from the past, behind a head that the server told, changes nothing of it.
        let is_news = event.seq > head.head_seq;
        head.head_seq = head.head_seq.max(event.seq);
        match &event.what {
            EventKind::Status { status } if is_news => head.status = *status,
            EventKind::Assigned { agent, team, .. } if is_news => {
                head.assignee.clone_from(agent);
                head.team.clone_from(team);
            }
            EventKind::SurveyAnswered => {
                head.is_survey_done = true;
                self.pending.survey = None;
            }
            EventKind::Status { .. }
            | EventKind::Assigned { .. }
            | EventKind::Message { .. }
            | EventKind::Edited { .. }
            | EventKind::Deleted { .. }
            | EventKind::Unknown => {}
        }
    }

    fn acknowledged(
        &mut self,
        conversation_id: &ConversationId,
        message_id: &MessageId,
        seq: u64,
        at: UnixMillis,
    ) {
        if self.outbox.stored(message_id, seq, at) {
            self.outputs.push_back(VisitorOutput::ForgetMessage(message_id.clone()));
        }
        if self.thread_mut(conversation_id).timeline.has_message(message_id) {
            self.outbox.settle(message_id);
        }
    }

    fn stored_before(&mut self, message_id: &MessageId) {
        let Some(conversation_id) = self.outbox.stored_before(message_id) else { return };
        self.outputs.push_back(VisitorOutput::ForgetMessage(message_id.clone()));
        if self.thread_mut(&conversation_id).timeline.has_message(message_id) {
            self.outbox.settle(message_id);
        }
    }

    /// The conversation is somebody else's by now. The tab that has the message under way acts, and tells the others.
    fn move_out(&mut self, message_id: &MessageId, now: UnixMillis) {
        let Some((from, moved)) = self.outbox.move_out(message_id, now) else { return };
        let is_shown = self.is_current(&from);
        let to = moved.first().map(|message| message.conversation_id.clone());
        self.save_messages(moved);
        if let Some(to) = to.filter(|_| is_shown) {
            self.choose(Current::Chosen(to));
        }
    }

    fn survey_done(&mut self, conversation_id: &ConversationId) {
        self.pending.survey = None;
        if let Some(head) = self.heads.iter_mut().find(|head| head.conversation_id == *conversation_id) {
            head.is_survey_done = true;
        }
    }

    pub(super) fn fetched(&mut self, conversation_id: &ConversationId, page: EventsPage, now: UnixMillis) {
        // The answer may be to somebody who is forgotten by now.
        if self.thread(conversation_id).is_none() {
            return;
        }
        let before = self.thread_mut(conversation_id).timeline.contiguous_seq();
        self.thread_mut(conversation_id).timeline.note_head(page.head_seq);
        self.take_events(conversation_id, page.events);
        self.thread_mut(conversation_id).fetch_answered(before, now);
    }

    pub(super) fn fetch_failed(&mut self, conversation_id: &ConversationId, now: UnixMillis) {
        self.thread_mut(conversation_id).fetching = Fetching::failed(now);
    }
}

fn fresh_head(conversation_id: ConversationId) -> ConversationHead {
    ConversationHead {
        conversation_id,
        status: ConversationStatus::Unread,
        head_seq: 0,
        assignee: None,
        team: None,
        receipts: Receipts::default(),
        is_survey_done: false,
    }
}

impl VisitorChat {
    /// Whether `conversation_id` is what the window shows.
    pub(super) fn is_current(&self, conversation_id: &ConversationId) -> bool {
        match &self.current {
            Current::Chosen(chosen) => chosen == conversation_id,
            Current::Newest => {
                self.heads.first().is_some_and(|head| head.conversation_id == *conversation_id)
            }
            Current::Fresh => false,
        }
    }
}
