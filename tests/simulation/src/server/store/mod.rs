//! The model of the store: what is committed outlives a crash, what waits to be committed does not.

mod reading;
mod revising;

use std::collections::BTreeMap;

use chat_host::{NewText, Refusal};
use protocol::attachment::Attachment;
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, EventKind, Receipts, Revision, Side,
};
use protocol::id::{AttachmentId, ConversationId, CustomerId, MessageId};
use protocol::people::AgentRef;
use protocol::problem::ProblemCode;
use protocol::time::UnixMillis;
use revising::{edit, take_back};

/// Who wants something to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Writer {
    /// A customer.
    Customer(CustomerId),
    /// An agent.
    Agent(AgentRef),
}

impl Writer {
    pub(crate) fn author(&self) -> Author {
        match self {
            Self::Customer(_) => Author::Customer,
            Self::Agent(agent) => {
                Author::Agent { agent_id: agent.agent_id.clone(), name: agent.name.clone() }
            }
        }
    }

    pub(crate) fn side(&self) -> Side {
        match self {
            Self::Customer(_) => Side::Customer,
            Self::Agent(_) => Side::Agent,
        }
    }
}

/// Something to be stored.
#[derive(Debug, Clone)]
pub(crate) enum Write {
    Message(NewText),
    Receipt {
        conversation_id: ConversationId,
        delivered_seq: u64,
        read_seq: u64,
    },
    Close(ConversationId),
    /// Gives a message another text, so many times.
    Edit {
        conversation_id: ConversationId,
        message_id: MessageId,
        text: String,
        times: usize,
    },

    TakeBack {
        conversation_id: ConversationId,
        message_id: MessageId,
    },
    /// Takes a conversation that nobody has, with a note.
    Take {
        conversation_id: ConversationId,
        note: String,
    },
    /// Puts it back into the queue, with a note.
    GiveBack {
        conversation_id: ConversationId,
        note: String,
    },
    /// What is kept beside the chat and does not matter here.
    Other,
}

/// What a write did.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) seq: u64,
    pub(crate) at: UnixMillis,
    pub(crate) events: Vec<ConversationEvent>,
    /// Receipts that moved.
    pub(crate) receipts: Option<Receipts>,
    /// Whose conversation it is, and which; none for what is kept beside the chat.
    pub(crate) place: Option<(ConversationId, CustomerId)>,
}

pub(crate) type Outcome = Result<Stored, Refusal>;

/// A file on the server.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) writer: Writer,
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) received: u64,
    message_id: Option<MessageId>,
}

/// A conversation.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) customer_id: CustomerId,
    pub(crate) events: Vec<ConversationEvent>,
    status: ConversationStatus,
    assignee: Option<AgentRef>,
    receipts: Receipts,
    created_at: UnixMillis,
    updated_at: UnixMillis,
    /// Counts changes over all conversations, so that the newest change is known whatever the clocks say.
    change: u64,
}

/// Everything that is committed.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) tokens: BTreeMap<String, CustomerId>,
    pub(crate) rows: BTreeMap<ConversationId, Row>,
    pub(crate) uploads: BTreeMap<AttachmentId, Upload>,
    /// Messages that came in again although they were stored.
    pub(crate) copies: usize,
    /// Planted faults: takings look at nobody, and places are left out.
    pub(crate) takes_are_blind: bool,
    pub(crate) places_have_holes: bool,
    changes: u64,
}

pub(crate) fn refused(code: ProblemCode) -> Refusal {
    Refusal { code, detail: format!("{code:?}"), retry_after_ms: None }
}

impl Row {
    pub(crate) fn head_seq(&self) -> u64 {
        self.events.last().map_or(0, |event| event.seq)
    }

    fn push(&mut self, at: UnixMillis, author: Author, what: EventKind) -> ConversationEvent {
        let event = ConversationEvent { seq: self.head_seq() + 1, at, author, what };
        self.events.push(event.clone());
        self.updated_at = at;
        event
    }

    fn message_mut(&mut self, wanted: &MessageId) -> Option<&mut ConversationEvent> {
        let is_it = |event: &&mut ConversationEvent| matches!(&event.what, EventKind::Message { message_id, .. } if message_id == wanted);
        self.events.iter_mut().find(is_it)
    }

    pub(crate) fn message(&self, wanted: &MessageId) -> Option<&ConversationEvent> {
        let is_it = |event: &&ConversationEvent| matches!(&event.what, EventKind::Message { message_id, .. } if message_id == wanted);
        self.events.iter().find(is_it)
    }

    pub(crate) fn has(&self, wanted: &MessageId) -> bool {
        self.message(wanted).is_some()
    }

    fn set_status(
        &mut self,
        status: ConversationStatus,
        author: &Author,
        at: UnixMillis,
    ) -> Option<ConversationEvent> {
        if self.status == status {
            return None;
        }
        self.status = status;
        Some(self.push(at, author.clone(), EventKind::Status { status }))
    }

    fn assign(
        &mut self,
        to: Option<AgentRef>,
        note: Option<String>,
        author: &Author,
        at: UnixMillis,
    ) -> ConversationEvent {
        self.assignee.clone_from(&to);
        self.push(at, author.clone(), EventKind::Assigned { agent: to, team: None, note })
    }

    pub(crate) fn head(&self, conversation_id: &ConversationId) -> ConversationHead {
        ConversationHead {
            conversation_id: conversation_id.clone(),
            status: self.status,
            head_seq: self.head_seq(),
            assignee: self.assignee.clone(),
            team: None,
            receipts: self.receipts,
            is_survey_done: false,
        }
    }
}

impl Store {
    /// Applies one write of a transaction.
    pub(crate) fn apply(&mut self, writer: &Writer, write: Write, at: UnixMillis) -> Outcome {
        match write {
            Write::Message(text) => self.append(writer, text, at),
            Write::Receipt { conversation_id, delivered_seq, read_seq } => {
                self.save_receipt(writer, &conversation_id, delivered_seq, read_seq, at)
            }
            Write::Other => Ok(Stored { seq: 0, at, events: Vec::new(), receipts: None, place: None }),
            Write::Close(conversation_id) => self.change(writer, &conversation_id, at, |row, author| {
                Ok(row.set_status(ConversationStatus::Done, author, at).into_iter().collect())
            }),
            Write::Edit { conversation_id, message_id, text, times } => {
                self.change(writer, &conversation_id, at, |row, author| {
                    let one = |_| edit(row, author, &message_id, text.clone(), at);
                    let edits: Result<Vec<_>, Refusal> = (0..times).map(one).collect();
                    Ok(edits?.into_iter().flatten().collect())
                })
            }
            Write::TakeBack { conversation_id, message_id } => {
                self.change(writer, &conversation_id, at, |row, author| {
                    take_back(row, author, &message_id, at)
                })
            }
            Write::Take { conversation_id, note } => {
                let Writer::Agent(agent) = writer.clone() else {
                    return Err(refused(ProblemCode::Forbidden));
                };
                let is_blind = self.takes_are_blind;
                self.change(writer, &conversation_id, at, |row, author| {
                    if row.assignee.is_some() && !is_blind {
                        return Err(refused(ProblemCode::Conflict));
                    }
                    Ok(vec![row.assign(Some(agent), Some(note), author, at)])
                })
            }
            Write::GiveBack { conversation_id, note } => {
                self.change(writer, &conversation_id, at, |row, author| {
                    Ok(row
                        .assignee
                        .is_some()
                        .then(|| row.assign(None, Some(note), author, at))
                        .into_iter()
                        .collect())
                })
            }
        }
    }

    fn change(
        &mut self,
        writer: &Writer,
        conversation_id: &ConversationId,
        at: UnixMillis,
        change: impl FnOnce(&mut Row, &Author) -> Result<Vec<ConversationEvent>, Refusal>,
    ) -> Outcome {
        let row = self.rows.get_mut(conversation_id).ok_or_else(|| refused(ProblemCode::NotFound))?;
        if let Writer::Customer(customer_id) = writer
            && *customer_id != row.customer_id
        {
            return Err(refused(ProblemCode::NotFound));
        }
        let events = change(row, &writer.author())?;
        self.changes += 1;
        row.change = self.changes;
        let place = Some((conversation_id.clone(), row.customer_id.clone()));
        Ok(Stored { seq: row.head_seq(), at, events, receipts: None, place })
    }

    fn append(&mut self, writer: &Writer, message: NewText, at: UnixMillis) -> Outcome {
        let files = self.files_of(writer, &message)?;
        let NewText { conversation_id, message_id, text, attachments } = message;
        if let Writer::Customer(customer_id) = writer {
            let customer_id = customer_id.clone();
            self.rows.entry(conversation_id.clone()).or_insert_with(|| Row::new(customer_id, at));
        }
        let (wanted, has_holes) = (message_id.clone(), self.places_have_holes);
        self.copies += usize::from(self.rows.get(&conversation_id).is_some_and(|row| row.has(&wanted)));
        let stored = self.change(writer, &conversation_id, at, |row, author| {
            if row.message_mut(&wanted).is_some() {
                return Ok(Vec::new());
            }
            let mut events = Vec::new();
            match writer {
                Writer::Customer(_) => events.extend(row.set_status(ConversationStatus::Unread, author, at)),
                Writer::Agent(agent) => {
                    events.extend(row.set_status(ConversationStatus::Unresolved, author, at));
                    if row.assignee.is_none() {
                        events.push(row.assign(Some(agent.clone()), None, author, at));
                    }
                }
            }
            let what = EventKind::Message {
                message_id: wanted.clone(),
                text: text.clone(),
                attachments: files.clone(),
                revision: Revision::Original,
            };
            events.push(row.push(at, author.clone(), what));
            if let Some(last) = row.events.last_mut().filter(|last| has_holes && last.seq % 7 == 0) {
                last.seq += 1;
            }
            Ok(events)
        })?;
        self.settle_message(stored, &message_id, &text, &files, &attachments)
    }

    /// The same message again gets the answer of the first time; another one under its id is refused.
    fn settle_message(
        &mut self,
        stored: Stored,
        message_id: &MessageId,
        text: &str,
        files: &[Attachment],
        attachments: &[AttachmentId],
    ) -> Outcome {
        let (conversation_id, _) = stored.place.as_ref().ok_or_else(|| refused(ProblemCode::NotFound))?;
        let row = self.rows.get_mut(conversation_id).ok_or_else(|| refused(ProblemCode::NotFound))?;
        let event = row.message_mut(message_id).ok_or_else(|| refused(ProblemCode::NotFound))?;
        let (seq, at) = (event.seq, event.at);
        if let EventKind::Message {
            text: kept, attachments: kept_files, revision: Revision::Original, ..
        } = &event.what
            && (kept != text || kept_files != files)
        {
            return Err(refused(ProblemCode::Conflict));
        }
        for attachment_id in attachments {
            if let Some(upload) = self.uploads.get_mut(attachment_id) {
                upload.message_id = Some(message_id.clone());
            }
        }
        Ok(Stored { seq, at, ..stored })
    }

    fn files_of(&self, writer: &Writer, message: &NewText) -> Result<Vec<Attachment>, Refusal> {
        let file = |attachment_id: &AttachmentId| {
            let upload = self.uploads.get(attachment_id).filter(|upload| {
                upload.writer == *writer
                    && upload.received == upload.bytes
                    && upload.message_id.as_ref().is_none_or(|of| *of == message.message_id)
            });
            let upload = upload.ok_or_else(|| refused(ProblemCode::Invalid))?;
            let (name, bytes) = (upload.name.clone(), upload.bytes);
            let media_type = "text/plain".to_owned();
            Ok(Attachment { attachment_id: attachment_id.clone(), name, media_type, bytes })
        };
        message.attachments.iter().map(file).collect()
    }

    fn save_receipt(
        &mut self,
        writer: &Writer,
        conversation_id: &ConversationId,
        delivered_seq: u64,
        read_seq: u64,
        at: UnixMillis,
    ) -> Outcome {
        let mut stored = self.change(writer, conversation_id, at, |_, _| Ok(Vec::new()))?;
        let row = self.rows.get_mut(conversation_id).ok_or_else(|| refused(ProblemCode::NotFound))?;
        let (before, head_seq) = (row.receipts, row.head_seq());
        let all = &mut row.receipts;
        let (delivered, read) = match writer.side() {
            Side::Customer => (&mut all.customer_delivered_seq, &mut all.customer_read_seq),
            Side::Agent => (&mut all.agent_delivered_seq, &mut all.agent_read_seq),
        };
        *delivered = (*delivered).max(delivered_seq.min(head_seq));
        *read = (*read).max(read_seq.min(*delivered));
        stored.receipts = (before != row.receipts).then_some(row.receipts);
        Ok(stored)
    }

    /// Begins an upload, or goes on with it.
    pub(crate) fn begin_upload(
        &mut self,
        attachment_id: &AttachmentId,
        writer: Writer,
        name: &str,
        bytes: u64,
    ) {
        let upload = Upload { writer, name: name.to_owned(), bytes, received: 0, message_id: None };
        self.uploads.entry(attachment_id.clone()).or_insert(upload);
    }
}

impl Row {
    fn new(customer_id: CustomerId, at: UnixMillis) -> Self {
        Self {
            customer_id,
            events: Vec::new(),
            status: ConversationStatus::Unread,
            assignee: None,
            receipts: Receipts::default(),
            created_at: at,
            updated_at: at,
            change: 0,
        }
    }
}
