//! Which page of a customer gets the ticket of a shared page: the one that agreed. Of two tabs that agree at once
//! that is the first; the others only learn of it.

use protocol::cobrowse::CobrowseSession;
use protocol::id::CobrowseId;

/// What this page has to do with its customer's session; a customer has one at a time.
#[derive(Debug, Default)]
pub(super) struct Sharing {
    /// The session this very page agreed to.
    consented: Option<CobrowseId>,
    /// It is live, and its ticket is still to be had.
    wanted: Option<CobrowseId>,
    /// A session that became live while this page's answer for it is under way.
    held: Option<CobrowseSession>,
}

impl Sharing {
    /// Takes the news of a session; returns it when it goes to the client as it is.
    pub(super) fn take(
        &mut self,
        session: CobrowseSession,
        is_answer_under_way: bool,
    ) -> Option<CobrowseSession> {
        if self.consented.as_ref() == Some(&session.cobrowse_id) {
            self.wanted = Some(session.cobrowse_id);
            return None;
        }
        if is_answer_under_way {
            self.held = Some(session);
            return None;
        }
        Some(session)
    }

    /// This page's answer was the one that counted.
    pub(super) fn consented(&mut self, cobrowse_id: CobrowseId) {
        self.consented = Some(cobrowse_id);
    }

    pub(super) fn take_held(&mut self) -> Option<CobrowseSession> {
        self.held.take()
    }

    pub(super) fn ended(&mut self, cobrowse_id: &CobrowseId) {
        self.held = self.held.take().filter(|session| session.cobrowse_id != *cobrowse_id);
        self.wanted = self.wanted.take().filter(|wanted| wanted != cobrowse_id);
    }

    /// The session whose ticket has to be read.
    pub(super) fn next_ticket(&self) -> Option<CobrowseId> {
        self.wanted.clone()
    }

    /// The ticket was read; returns the session unless it ended meanwhile.
    pub(super) fn ticketed(
        &mut self,
        cobrowse_id: &CobrowseId,
        session: Option<CobrowseSession>,
    ) -> Option<CobrowseSession> {
        let wanted = self.wanted.take_if(|wanted| wanted == cobrowse_id)?;
        session.filter(|session| session.cobrowse_id == wanted)
    }
}
