//! The visitor's side of a co-browse session: the question, the answer, the end. An answer and an end are sent on
//! every connection until the server has acted on them; a session that was stopped here is never shown again.

use protocol::cobrowse::{CobrowseSession, CobrowseStage};
use protocol::id::CobrowseId;
use protocol::visitor::VisitorCommand;

use super::{PendingConsent, PendingStop, VisitorChat, VisitorOutput};

impl VisitorChat {
    pub(super) fn consent(&mut self, cobrowse_id: CobrowseId, is_allowed: bool) {
        if !is_allowed {
            self.cobrowse = None;
        }
        self.pending.consent = Some(PendingConsent { cobrowse_id, is_allowed, is_sent: false });
    }

    pub(super) fn stop_cobrowse(&mut self) {
        if let Some(session) = self.cobrowse.take() {
            let cobrowse_id = session.cobrowse_id;
            self.outputs.push_back(VisitorOutput::SaveCobrowseStop(cobrowse_id.clone()));
            self.pending.cobrowse_stop = Some(PendingStop { cobrowse_id, is_sent: false });
        }
    }

    /// What the welcome says of the session: it settles whatever is about another one.
    pub(super) fn cobrowse_welcomed(&mut self, session: Option<CobrowseSession>) {
        let is_about = |cobrowse_id: &CobrowseId| {
            session.as_ref().is_some_and(|session| session.cobrowse_id == *cobrowse_id)
        };
        if self.pending.cobrowse_stop.as_ref().is_some_and(|stop| !is_about(&stop.cobrowse_id)) {
            self.forget_stop();
        }
        if self.pending.consent.as_ref().is_some_and(|consent| !is_about(&consent.cobrowse_id)) {
            self.pending.consent = None;
        }
        self.cobrowse = None;
        if let Some(session) = session {
            self.take_cobrowse(session);
        }
    }

    pub(super) fn take_cobrowse(&mut self, session: CobrowseSession) {
        let id = &session.cobrowse_id;
        if session.stage == CobrowseStage::Live {
            self.pending.consent.take_if(|consent| consent.cobrowse_id == *id);
        }
        let is_refused = self
            .pending
            .consent
            .as_ref()
            .is_some_and(|consent| consent.cobrowse_id == *id && !consent.is_allowed);
        let is_stopped = self.pending.cobrowse_stop.as_ref().is_some_and(|stop| stop.cobrowse_id == *id);
        if !is_refused && !is_stopped {
            self.cobrowse = Some(session);
        }
    }

    pub(super) fn cobrowse_ended(&mut self, cobrowse_id: &CobrowseId) {
        self.cobrowse.take_if(|session| session.cobrowse_id == *cobrowse_id);
        self.pending.consent.take_if(|consent| consent.cobrowse_id == *cobrowse_id);
        if self.pending.cobrowse_stop.as_ref().is_some_and(|stop| stop.cobrowse_id == *cobrowse_id) {
            self.forget_stop();
        }
    }

    pub(super) fn send_pending_cobrowse(&mut self) {
        if let Some(consent) = self.pending.consent.as_mut().filter(|consent| !consent.is_sent) {
            consent.is_sent = true;
            let (cobrowse_id, is_allowed) = (consent.cobrowse_id.clone(), consent.is_allowed);
            self.send_if_online(VisitorCommand::CobrowseConsent { cobrowse_id, is_allowed });
        }
        if let Some(stop) = self.pending.cobrowse_stop.as_mut().filter(|stop| !stop.is_sent) {
            stop.is_sent = true;
            let cobrowse_id = stop.cobrowse_id.clone();
            self.send_if_online(VisitorCommand::CobrowseStop { cobrowse_id });
        }
    }

    fn forget_stop(&mut self) {
        self.pending.cobrowse_stop = None;
        self.outputs.push_back(VisitorOutput::ForgetCobrowseStop);
    }
}
