//! What follows from the state and the time, whatever the input was: the link's wishes, gaps to fill, things to send.

use protocol::PROTOCOL_VERSION;
use protocol::conversation::ConversationStatus;
use protocol::limit::CURSORS_MAX;
use protocol::time::UnixMillis;
use protocol::visitor::{Cursor, VisitorCommand};

use super::{PendingEnd, VisitorChat, VisitorOutput};
use crate::link::LinkAction;
use crate::outbox::OutboxMessage;

impl VisitorChat {
    /// Everything that follows from the state and the time, whatever the input was.
    pub(super) fn advance(&mut self, now: UnixMillis) {
        self.tick_joining(now);
        while let Some(message_id) = self.outbox.forget_taken_back(now) {
            self.outputs.push_back(VisitorOutput::ForgetMessage(message_id));
        }
        // Without a session there is nobody to greet as; the link waits for it.
        if self.session.is_none() {
            self.link.rest();
        }
        if self.outbox.is_overdue(now) {
            self.link.doubt(now);
        }
        self.link.tick(now);
        while let Some(action) = self.link.poll_action() {
            self.act(action);
        }
        for index in 0..self.threads.len() {
            self.threads[index].typing.tick(now);
            if let Some(after_seq) = self.threads[index].take_fetch(now) {
                let conversation_id = self.threads[index].conversation_id.clone();
                self.outputs.push_back(VisitorOutput::FetchEvents { conversation_id, after_seq });
            }
        }
        // Only a customer may upload.
        if self.session.is_some()
            && let Some(file) = self.uploads.take_due(&self.outbox, now)
        {
            self.outputs.push_back(VisitorOutput::Upload(file));
        }
        if self.link.is_online() {
            self.send_pending(now);
        }
    }

    fn act(&mut self, action: LinkAction) {
        match action {
            LinkAction::Open(transport) => self.outputs.push_back(VisitorOutput::OpenSocket { transport }),
            LinkAction::Close => {
                self.connection_lost();
                self.outputs.push_back(VisitorOutput::CloseSocket);
            }
            LinkAction::Probe => {
                self.outputs.push_back(VisitorOutput::Send(VisitorCommand::Pong { is_probe: true }))
            }
            LinkAction::Greet => {
                if let Some(session) = &self.session {
                    let hello = VisitorCommand::Hello {
                        protocol: PROTOCOL_VERSION,
                        touchpoint_id: self.config.touchpoint_id.clone(),
                        token: session.token.clone(),
                        cursors: self.cursors(),
                        page: self.config.page.clone(),
                        page_key: self.config.page_key.clone(),
                    };
                    self.outputs.push_back(VisitorOutput::Send(hello));
                }
            }
        }
    }

    pub(crate) fn cursors(&self) -> Vec<Cursor> {
        let newest_first = self.threads.iter().rev().take(CURSORS_MAX);
        newest_first
            .filter(|thread| thread.timeline.contiguous_seq() > 0)
            .map(|thread| Cursor {
                conversation_id: thread.conversation_id.clone(),
                seq: thread.timeline.contiguous_seq(),
            })
            .collect()
    }

    /// What was said before the end goes before it.
    fn send_end(&mut self) {
        let is_closed = |end: &PendingEnd| {
            self.head(&end.conversation_id).is_some_and(|head| head.status == ConversationStatus::Done)
        };
        if self.pending.end.as_ref().is_some_and(is_closed) {
            self.pending.end = None;
        }
        if !self.outbox.has_unsent()
            && let Some(end) = self.pending.end.as_mut().filter(|end| !end.is_sent)
        {
            end.is_sent = true;
            let conversation_id = end.conversation_id.clone();
            self.send_if_online(VisitorCommand::End { conversation_id });
        }
    }

    fn send_pending(&mut self, now: UnixMillis) {
        if let Some(pending) = self.pending.identity.as_mut().filter(|pending| !pending.is_sent) {
            pending.is_sent = true;
            let identity = pending.identity.clone();
            self.send_if_online(VisitorCommand::Identify { identity });
        }
        self.send_pending_cobrowse();
        while let Some(message) = self.outbox.take_due(now) {
            let attachments = message.attachment_ids();
            let OutboxMessage { conversation_id, message_id, text, .. } = message;
            self.send_if_online(VisitorCommand::Send { conversation_id, message_id, text, attachments });
        }
        self.send_end();
        if let Some(survey) = self.pending.survey.as_mut().filter(|survey| !survey.is_sent) {
            survey.is_sent = true;
            let (conversation_id, answers) = (survey.conversation_id.clone(), survey.answers.clone());
            self.send_if_online(VisitorCommand::Survey { conversation_id, answers });
        }
        for index in 0..self.threads.len() {
            if let Some((delivered_seq, read_seq)) = self.threads[index].take_receipt() {
                let conversation_id = self.threads[index].conversation_id.clone();
                self.send_if_online(VisitorCommand::Receipt { conversation_id, delivered_seq, read_seq });
            }
        }
    }
}
