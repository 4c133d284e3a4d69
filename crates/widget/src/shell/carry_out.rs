//! The chat's outputs, one by one.

use std::rc::Rc;

use browser::{FetchError, Method, Value, fetch, spawn};
use chat_core::{VisitorInput, VisitorOutput};
use protocol::conversation::Author;
use protocol::id::ConversationId;
use protocol::limit::PAGE_ROWS_MAX;
use protocol::rest::{CustomerToken, EventsPage, NewCustomer};

use super::Shell;
use crate::memory::{COBROWSE_STOP, LIVE, OUTBOX_PREFIX, SESSION};
use crate::wire::{Read, Write, object};

impl Shell {
    pub(super) fn carry_out(self: &Rc<Self>, output: VisitorOutput) {
        match output {
            VisitorOutput::CreateCustomer(body) => self.create_customer(&body),
            VisitorOutput::OpenSocket { transport } => self.connect(transport),
            VisitorOutput::CloseSocket => self.disconnect(),
            VisitorOutput::Send(command) => self.send(&command.write().stringify()),
            VisitorOutput::FetchEvents { conversation_id, after_seq } => {
                self.fetch_events(conversation_id, after_seq);
            }
            VisitorOutput::SaveSession(session) => self.memory.keep(SESSION, &session),
            VisitorOutput::ClaimSession(session) => self.memory.claim(&session),
            VisitorOutput::ForgetSession(token) => {
                self.memory.forget_session(&token);
                self.memory.forget(LIVE);
            }
            VisitorOutput::SaveMessage(message) => {
                self.memory.keep(&format!("{OUTBOX_PREFIX}{}", message.message_id), &message);
            }
            VisitorOutput::Upload(file) => self.upload(&file),
            VisitorOutput::ForgetMessage(message_id) => {
                self.forget_files(&message_id);
                self.memory.forget(&format!("{OUTBOX_PREFIX}{message_id}"));
            }
            VisitorOutput::SaveCobrowseStop(cobrowse_id) => self.memory.keep(COBROWSE_STOP, &cobrowse_id),
            VisitorOutput::ForgetCobrowseStop => self.memory.forget(COBROWSE_STOP),
            VisitorOutput::MessageArrived { conversation_id, seq, author, text } => {
                self.tell_of_message(&conversation_id, seq, &author, &text);
            }
            VisitorOutput::Changed => self.changed(),
        }
    }

    fn create_customer(self: &Rc<Self>, body: &NewCustomer) {
        // Another tab of this browser may have become a customer in the meantime: then it is the same one.
        if let Some(found) = self.memory.read(SESSION) {
            self.feed(VisitorInput::SessionFound(found));
            return;
        }
        let url = format!("/client/v1/touchpoints/{}/customers", self.settings.touchpoint_id);
        let body = body.write().stringify();
        self.request(Method::Post, url, None, Some(body), |answer| {
            match answer.and_then(|answer| CustomerToken::read(&answer).ok_or(FetchError::Unreadable)) {
                Ok(token) => VisitorInput::CustomerCreated(token),
                Err(error) => VisitorInput::CustomerRefused { is_final: is_final(&error) },
            }
        });
    }

    fn fetch_events(self: &Rc<Self>, conversation_id: ConversationId, after_seq: u64) {
        let url = format!(
            "/client/v1/conversations/{conversation_id}/events?after_seq={after_seq}&limit={PAGE_ROWS_MAX}"
        );
        let token = self.chat().session().map(|session| session.token.clone());
        self.request(Method::Get, url, token, None, |answer| {
            match answer.ok().as_ref().and_then(EventsPage::read) {
                Some(page) => VisitorInput::EventsFetched { conversation_id, page },
                None => VisitorInput::FetchFailed { conversation_id },
            }
        });
    }

    /// Sends a request and feeds what its answer means to the chat.
    fn request(
        self: &Rc<Self>,
        method: Method,
        url: String,
        bearer: Option<String>,
        body: Option<String>,
        meaning: impl FnOnce(Result<Value, FetchError>) -> VisitorInput + 'static,
    ) {
        // Boxed, so that the waiting is compiled once for all requests.
        let meaning: Box<dyn FnOnce(Result<Value, FetchError>) -> VisitorInput> = Box::new(meaning);
        let shell = Rc::downgrade(self);
        spawn(async move {
            let text = fetch::request_text(method, &url, bearer.as_deref(), body.as_deref()).await;
            let answer = text.and_then(|text| Value::parse(&text).ok_or(FetchError::Unreadable));
            if let Some(shell) = shell.upgrade() {
                shell.feed(meaning(answer));
            }
        });
    }

    fn tell_of_message(&self, conversation_id: &ConversationId, seq: u64, author: &Author, text: &str) {
        let detail = object(&mut [
            ("conversation_id", conversation_id.write()),
            ("seq", seq.write()),
            ("author", author.side().write()),
            ("text", text.write()),
        ]);
        self.tell_site("message", detail);
    }
}

/// Whether the same request would be refused again.
fn is_final(error: &FetchError) -> bool {
    match error {
        FetchError::Refused { status, .. } => (400..500).contains(status) && *status != 429,
        FetchError::Network | FetchError::Unreadable => false,
    }
}
