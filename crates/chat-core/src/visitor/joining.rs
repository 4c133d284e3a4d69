//! From a visitor to a customer and back: the one HTTP request that makes a session, and a token that is refused.

use protocol::limit::ACK_TIMEOUT_MS;
use protocol::rest::{CustomerToken, NewCustomer};
use protocol::time::UnixMillis;

use super::{Current, SavedSession, VisitorChat, VisitorOutput};
use crate::jitter::longest_pause_ms;

/// A token that is not accepted pauses the next try like this many refused ones.
const REJECTED_TOKEN_REFUSALS: u32 = 4;

/// The way from a visitor to a customer, which needs one HTTP request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joining {
    Idle,
    Running { refusals: u32 },
    Waiting { refusals: u32, retry_at: UnixMillis },
}

impl Joining {
    /// When the next try is due.
    pub(super) fn deadline(self) -> Option<UnixMillis> {
        match self {
            Self::Waiting { retry_at, .. } => Some(retry_at),
            Self::Idle | Self::Running { .. } => None,
        }
    }
}

impl VisitorChat {
    pub(super) fn join_if_needed(&mut self) {
        if self.session.is_none() && self.joining == Joining::Idle {
            self.joining = Joining::Running { refusals: 0 };
            self.outputs
                .push_back(VisitorOutput::CreateCustomer(NewCustomer { page: self.config.page.clone() }));
        }
    }

    /// What another tab wrote waits for a session; that tab is asking for one, unless it is gone by then.
    pub(super) fn join_later(&mut self, now: UnixMillis) {
        if self.session.is_none() && self.joining == Joining::Idle {
            self.joining = Joining::Waiting { refusals: 0, retry_at: now.plus_ms(ACK_TIMEOUT_MS) };
        }
    }

    /// The visitor is somebody, unless another tab was quicker.
    pub(super) fn customer_created(&mut self, token: CustomerToken) {
        if self.session.is_none() {
            self.forget_uploads();
            let CustomerToken { customer_id, token } = token;
            let conversation_id = self.current_id();
            let session = SavedSession { customer_id, token, conversation_id };
            self.outputs.push_back(VisitorOutput::ClaimSession(session));
        }
    }

    pub(super) fn customer_refused(&mut self, is_final: bool, now: UnixMillis) {
        let Joining::Running { refusals } = self.joining else {
            // Who is somebody already does not lose it to a storage that another hand has spoilt.
            if let Some(session) = self.session.clone() {
                self.outputs.push_back(VisitorOutput::ClaimSession(session));
            }
            return;
        };
        if is_final {
            self.joining = Joining::Idle;
            let failed = self.outbox.fail_all();
            self.save_messages(failed);
            return;
        }
        let refusals = refusals + 1;
        let pause = self.jitter.up_to(longest_pause_ms(refusals));
        self.joining = Joining::Waiting { refusals, retry_at: now.plus_ms(pause) };
    }

    /// The server knows the token no more: what was said is gone, what waits is sent as somebody new.
    pub(super) fn forget_session(&mut self, now: UnixMillis) {
        let refused = self.session.take();
        self.forget_conversations();
        self.link.rest();
        if let Some(refused) = refused {
            self.outputs.push_back(VisitorOutput::ForgetSession(refused.token));
        }
        if !self.outbox.is_empty() {
            // A server that refuses every token it gives is not asked without a pause.
            let pause = self.jitter.up_to(longest_pause_ms(REJECTED_TOKEN_REFUSALS));
            self.joining =
                Joining::Waiting { refusals: REJECTED_TOKEN_REFUSALS, retry_at: now.plus_ms(pause) };
        }
    }

    /// Everything that was somebody else's; messages that wait are kept.
    fn forget_conversations(&mut self) {
        self.threads.clear();
        self.heads.clear();
        self.cobrowse = None;
        self.outbox.forget_stored();
        self.current = self.outbox.last_conversation().cloned().map_or(Current::Fresh, Current::Chosen);
        self.forget_uploads();
    }

    /// What was uploaded belongs to who the visitor was.
    fn forget_uploads(&mut self) {
        let changed = self.outbox.forget_uploads();
        self.save_messages(changed);
    }

    /// Another tab has a session: this one is the same customer, and goes on where that one is.
    pub(super) fn session_found(&mut self, session: SavedSession, now: UnixMillis) {
        let is_same = self.session.as_ref().map(|own| own.customer_id == session.customer_id);
        if is_same == Some(false) {
            self.forget_conversations();
        }
        if !self.outbox.has_own_unsent() {
            match (&session.conversation_id, is_same) {
                (Some(conversation_id), _) => self.current = Current::Chosen(conversation_id.clone()),
                (None, Some(true)) => {}
                (None, Some(false) | None) => self.current = Current::Newest,
            }
        }
        self.session = Some(session);
        self.joining = Joining::Idle;
        if is_same == Some(false) {
            self.link.reconnect(now);
        }
        self.link.want(now);
    }

    pub(super) fn tick_joining(&mut self, now: UnixMillis) {
        if let Joining::Waiting { refusals, retry_at } = self.joining
            && retry_at <= now
        {
            self.joining = Joining::Running { refusals };
            self.ask_for_customer();
        }
    }

    fn ask_for_customer(&mut self) {
        self.outputs.push_back(VisitorOutput::CreateCustomer(NewCustomer { page: self.config.page.clone() }));
    }
}
