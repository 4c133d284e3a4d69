//! From a visitor to a customer and back: the one HTTP request that makes a session, and a token that is refused.

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

    pub(super) fn customer_created(&mut self, token: CustomerToken, now: UnixMillis) {
        let conversation_id = self.current_id();
        self.session =
            Some(SavedSession { customer_id: token.customer_id, token: token.token, conversation_id });
        self.save_session();
        self.joining = Joining::Idle;
        self.link.want(now);
    }

    pub(super) fn customer_refused(&mut self, is_final: bool, now: UnixMillis) {
        let Joining::Running { refusals } = self.joining else { return };
        if is_final {
            self.joining = Joining::Idle;
            for message in self.outbox.fail_all() {
                self.outputs.push_back(VisitorOutput::SaveMessage(message));
            }
            return;
        }
        let refusals = refusals + 1;
        let pause = self.jitter.up_to(longest_pause_ms(refusals));
        self.joining = Joining::Waiting { refusals, retry_at: now.plus_ms(pause) };
    }

    /// The server knows the token no more: what was said is gone, what waits is sent as somebody new.
    pub(super) fn forget_session(&mut self, now: UnixMillis) {
        self.session = None;
        self.threads.clear();
        self.heads.clear();
        self.cobrowse = None;
        self.current = self.outbox.last_conversation().cloned().map_or(Current::Fresh, Current::Chosen);
        self.link.rest();
        self.outputs.push_back(VisitorOutput::ForgetSession);
        if !self.outbox.is_empty() {
            // A server that refuses every token it gives is not asked without a pause.
            let pause = self.jitter.up_to(longest_pause_ms(REJECTED_TOKEN_REFUSALS));
            self.joining =
                Joining::Waiting { refusals: REJECTED_TOKEN_REFUSALS, retry_at: now.plus_ms(pause) };
        }
    }

    /// Another tab became a customer: this one is the same, and goes on where that one is.
    pub(super) fn session_found(&mut self, session: SavedSession, now: UnixMillis) {
        if self.session.is_some() {
            return;
        }
        if self.outbox.is_empty() {
            self.current = session.conversation_id.clone().map_or(Current::Newest, Current::Chosen);
        }
        self.session = Some(session);
        self.joining = Joining::Idle;
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
