//! Writes on their way into the store: gathered, committed together, and lost when the server dies before that.

use chat_host::{AgentHost, Refusal, VisitorHost, Written};
use protocol::id::ConversationId;
use protocol::notice::{Notice, Topic, conversation_frames};
use protocol::problem::ProblemCode;

use super::{Happening, World};
use crate::fault::Fault;
use crate::server::store::{Outcome, Stored, Write};
use crate::server::{Job, Waiting};

impl World {
    /// A write reaches the store, which takes it with others or refuses it.
    pub(super) fn write(&mut self, run: u32, job: Job) {
        if run != self.server.run {
            return;
        }
        if self.now < self.troubles.busy_until && self.chance.one_in(2) {
            self.truth.met.insert("a store that is busy");
            let refusal =
                Refusal { code: ProblemCode::Busy, detail: "busy".to_owned(), retry_after_ms: Some(500) };
            return self.plan(0, Happening::Stored { run, job, outcome: Box::new(Err(refusal)) });
        }
        if self.fault == Fault::AckBeforeCommit && matches!(job.write, Write::Message(_)) {
            self.acknowledge_early(run, &job);
        }
        self.server.queue.push(job);
        if self.server.queue.len() == 1 {
            let slow_ms = if self.now < self.troubles.slow_disk_until { 3_000 } else { 6 };
            let commit_ms = 1 + self.chance.pause(slow_ms);
            self.plan(commit_ms, Happening::Commit { run });
        }
    }

    /// Everything that waits is committed at once; the answers follow in no particular order.
    pub(super) fn commit(&mut self, run: u32) {
        if run != self.server.run {
            return;
        }
        let at = self.server_time();
        if self.server.queue.len() > 1 {
            self.truth.met.insert("several writes in one commit");
        }
        for mut job in std::mem::take(&mut self.server.queue) {
            let mut write = job.write.clone();
            if self.fault == Fault::DoublesAreStored
                && let Write::Message(text) = &mut write
                && self
                    .server
                    .store
                    .rows
                    .get(&text.conversation_id)
                    .is_some_and(|row| row.has(&text.message_id))
            {
                text.message_id.0.push('x');
            }
            let outcome = Box::new(self.server.store.apply(&job.writer, write, at));
            let moment_ms = self.chance.pause(3);
            if self.fault == Fault::AckBeforeCommit && matches!(job.write, Write::Message(_)) {
                job.waiting = Waiting::Rest(0);
            }
            self.plan(moment_ms, Happening::Stored { run, job, outcome });
        }
    }

    fn acknowledge_early(&mut self, run: u32, job: &Job) {
        let Write::Message(text) = &job.write else { return };
        let head_seq = self.server.store.rows.get(&text.conversation_id).map_or(0, |row| row.head_seq());
        let seq = head_seq + 1;
        let stored = Stored { seq, at: self.server_time(), events: Vec::new(), receipts: None, place: None };
        self.plan(0, Happening::Stored { run, job: job.clone(), outcome: Box::new(Ok(stored)) });
    }

    /// Whoever asked sees the answer, and tells those who listen.
    pub(super) fn stored(&mut self, run: u32, job: &Job, outcome: Outcome) {
        if run != self.server.run {
            return;
        }
        if let Ok(stored) = &outcome {
            self.announce(stored);
        }
        if let Err(refusal) = &outcome
            && refusal.code == ProblemCode::Conflict
        {
            self.truth.met.insert(match &job.write {
                Write::Take { .. } => "two agents who take one conversation",
                Write::Message(_) => "two tabs that send one message with different uploads",
                Write::Receipt { .. }
                | Write::Close(_)
                | Write::Edit { .. }
                | Write::TakeBack { .. }
                | Write::GiveBack { .. }
                | Write::Other => "another conflict",
            });
        }
        let written = match (outcome, &job.write) {
            (Ok(Stored { seq, at, events, .. }), Write::Message(_)) => Written::Stored { seq, at, events },
            (Ok(_), _) => Written::Done,
            (Err(refusal), _) => Written::Refused(refusal),
        };
        match job.waiting {
            Waiting::Visitor(id) => self.written::<VisitorHost>(id, written),
            Waiting::Agent(id) => self.written::<AgentHost>(id, written),
            Waiting::Rest(_) => {}
        }
    }

    fn announce(&mut self, stored: &Stored) {
        let Some((conversation_id, customer_id)) = &stored.place else { return };
        let topics = [Topic::Customer(customer_id.clone()), Topic::Conversation(conversation_id.clone())];
        for topic in &topics {
            if !stored.events.is_empty() {
                let (conversation_id, events) = (conversation_id.clone(), stored.events.clone());
                self.publish(topic, Notice::Events { conversation_id, events });
            }
            if let Some(receipts) = stored.receipts {
                let conversation_id = conversation_id.clone();
                self.publish(topic, Notice::Receipts { conversation_id, receipts });
            }
        }
        self.show_summary(conversation_id);
    }

    fn show_summary(&mut self, conversation_id: &ConversationId) {
        if let Some(summary) = self.server.store.summary(conversation_id) {
            for frame in conversation_frames(vec![summary]) {
                self.publish(&Topic::Agents, Notice::Conversations { frame });
            }
        }
    }
}
