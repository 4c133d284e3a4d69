//! Requests over HTTP: made by shells, carried out by the server, their answers lost at times.

use chat_core::{AgentInput, OutboxFile, VisitorInput};
use protocol::conversation::{ConversationEvent, Side};
use protocol::id::{AttachmentId, ConversationId, CustomerId};
use protocol::rest::{CustomerToken, EventsPage};

use super::parties::agent_ref;
use super::{Happening, World};
use crate::actor::{Client, Tab};
use crate::fault::Fault;
use crate::server::store::{Write, Writer};
use crate::server::{Job, Presence, Waiting};

/// Events of one page: few, so that there are several pages.
const PAGE_EVENTS: usize = 5;

/// A request.
pub(super) enum Request {
    /// A visitor becomes a customer.
    Customer { client: Client },
    /// Events of a conversation.
    Events { client: Client, token: Option<String>, conversation_id: ConversationId, after_seq: u64 },
    /// A file goes up, from where an earlier try of this browser came to.
    Upload { client: Client, token: Option<String>, file: OutboxFile, attachment_id: Option<AttachmentId> },
    /// An agent does something.
    Rest { agent: usize, write: Write },
}

impl World {
    pub(super) fn request(&mut self, request: Request) {
        let is_offline = match &request {
            Request::Customer { client }
            | Request::Events { client, .. }
            | Request::Upload { client, .. } => self.is_offline(*client),
            Request::Rest { .. } => false,
        };
        let after_ms = 1 + self.chance.pause(150);
        if is_offline {
            self.fail(request, after_ms);
        } else {
            self.plan(after_ms, Happening::Http(request));
        }
    }

    fn is_offline(&self, client: Client) -> bool {
        match client {
            Client::Tab { tab: Tab { browser, .. }, .. } => self.browsers[browser].offline_until > self.now,
            Client::Console { .. } => false,
        }
    }

    /// The answer to a request does not come.
    fn fail(&mut self, request: Request, after_ms: i64) {
        match request {
            Request::Customer { client } => {
                self.answer_tab(client, after_ms, VisitorInput::CustomerRefused { is_final: false });
            }
            Request::Events { client, conversation_id, .. } => {
                let for_console = AgentInput::FetchFailed { conversation_id: conversation_id.clone() };
                self.answer_tab(client, after_ms, VisitorInput::FetchFailed { conversation_id });
                self.answer_console(client, after_ms, for_console);
            }
            Request::Upload { client, file, .. } => {
                let (file_id, is_final) = (file.file_id, false);
                let for_console = AgentInput::UploadFailed { file_id: file_id.clone(), is_final };
                self.answer_tab(client, after_ms, VisitorInput::UploadFailed { file_id, is_final });
                self.answer_console(client, after_ms, for_console);
            }
            Request::Rest { .. } => {}
        }
    }

    fn is_answer_lost(&mut self) -> bool {
        let is_lost = self.now < self.troubles.lost_answers_until && self.chance.one_in(2);
        if is_lost {
            self.truth.met.insert("an answer that is lost");
        }
        is_lost
    }

    /// The server carries a request out.
    pub(super) fn serve_request(&mut self, request: Request) {
        if self.server.presence == Presence::Down {
            return self.fail(request, 20);
        }
        let after_ms = 1 + self.chance.pause(150);
        let is_lost = self.is_answer_lost();
        match request {
            Request::Customer { client } => {
                let entropy = self.chance.entropy();
                let customer_id = CustomerId::new(self.server_time(), entropy);
                let token = format!("token of {customer_id}");
                self.server.store.tokens.insert(token.clone(), customer_id.clone());
                if is_lost {
                    return self.fail(Request::Customer { client }, after_ms + 2_000);
                }
                let created = VisitorInput::CustomerCreated(CustomerToken { customer_id, token });
                self.answer_tab(client, after_ms, created);
            }
            Request::Events { client, token, conversation_id, after_seq } => {
                match self.events_page(client, token.as_deref(), &conversation_id, after_seq) {
                    Some(page) if !is_lost => {
                        let for_console = AgentInput::EventsFetched {
                            conversation_id: conversation_id.clone(),
                            page: page.clone(),
                        };
                        self.answer_tab(
                            client,
                            after_ms,
                            VisitorInput::EventsFetched { conversation_id, page },
                        );
                        self.answer_console(client, after_ms, for_console);
                    }
                    Some(_) | None => {
                        let request = Request::Events { client, token, conversation_id, after_seq };
                        self.fail(request, after_ms + if is_lost { 2_000 } else { 0 });
                    }
                }
            }
            Request::Upload { client, token, file, attachment_id } => {
                self.take_file(client, token, file, attachment_id);
            }
            Request::Rest { agent, write } => {
                let job =
                    Job { waiting: Waiting::Rest(agent), writer: Writer::Agent(agent_ref(agent)), write };
                self.plan(0, Happening::Write { run: self.server.run, job });
            }
        }
    }

    fn events_page(
        &mut self,
        client: Client,
        token: Option<&str>,
        conversation_id: &ConversationId,
        after_seq: u64,
    ) -> Option<EventsPage> {
        let store = &self.server.store;
        let row = store.rows.get(conversation_id)?;
        let head_seq = row.head_seq();
        let events = store.events(conversation_id, after_seq, PAGE_EVENTS);
        let Client::Tab { .. } = client else { return Some(EventsPage { events, head_seq }) };
        if store.tokens.get(token?) != Some(&row.customer_id) {
            return None;
        }
        let is_leaking = self.fault == Fault::NotesLeak;
        let shown = |event: ConversationEvent| if is_leaking { event } else { event.seen_by(Side::Customer) };
        let events: Vec<ConversationEvent> = events.into_iter().map(shown).collect();
        self.look_for_notes(&events);
        Some(EventsPage { events, head_seq })
    }

    /// Takes a file in, unless the request is cut on the way: then it keeps what it has.
    fn take_file(
        &mut self,
        client: Client,
        token: Option<String>,
        file: OutboxFile,
        attachment_id: Option<AttachmentId>,
    ) {
        let after_ms = 1 + self.chance.pause(400);
        let writer = match client {
            Client::Tab { .. } => {
                let customer_id = token.as_ref().and_then(|token| self.server.store.tokens.get(token));
                customer_id.cloned().map(Writer::Customer)
            }
            Client::Console { agent, .. } => Some(Writer::Agent(agent_ref(agent))),
        };
        let Some(writer) = writer else {
            return self.fail(Request::Upload { client, token, file, attachment_id }, after_ms);
        };
        let known = attachment_id
            .filter(|id| self.server.store.uploads.get(id).is_some_and(|upload| upload.writer == writer));
        let is_new = known.is_none();
        if known
            .as_ref()
            .is_some_and(|id| self.server.store.uploads.get(id).is_some_and(|own| own.received > 0))
        {
            self.truth.met.insert("an upload that goes on where it was cut");
        }
        let attachment_id = known.unwrap_or_else(|| {
            let entropy = self.chance.entropy();
            AttachmentId::new(self.server_time(), entropy)
        });
        self.server.store.begin_upload(&attachment_id, writer, &file.name, file.bytes);
        if is_new && self.is_answer_lost() {
            return self.fail(Request::Upload { client, token, file, attachment_id: None }, after_ms + 2_000);
        }
        match client {
            Client::Tab { tab, .. } => {
                self.browsers[tab.browser].uploads.insert(file.file_id.clone(), attachment_id.clone());
            }
            Client::Console { agent, .. } => {
                self.consoles[agent].uploads.insert(file.file_id.clone(), attachment_id.clone());
            }
        }
        let is_cut = self.is_answer_lost();
        let Some(upload) = self.server.store.uploads.get_mut(&attachment_id) else { return };
        let piece = if is_cut { (upload.bytes - upload.received) / 2 } else { upload.bytes };
        upload.received = upload.bytes.min(upload.received + piece);
        let (file_id, sent_bytes) = (file.file_id.clone(), upload.received);
        let for_console = AgentInput::UploadProgressed { file_id: file_id.clone(), sent_bytes };
        self.answer_tab(
            client,
            after_ms,
            VisitorInput::UploadProgressed { file_id: file_id.clone(), sent_bytes },
        );
        self.answer_console(client, after_ms, for_console);
        if is_cut || self.is_answer_lost() {
            return self.fail(Request::Upload { client, token, file, attachment_id: None }, after_ms + 1_000);
        }
        let for_console =
            AgentInput::Uploaded { file_id: file_id.clone(), attachment_id: attachment_id.clone() };
        self.answer_tab(client, after_ms + 1, VisitorInput::Uploaded { file_id, attachment_id });
        self.answer_console(client, after_ms + 1, for_console);
    }
}
