//! Connections by long-polling: frames go down only while a request waits, all of them in one answer.

use chat_host::{HostInput, Outgoing};
use protocol::limit::{POLL_IDLE_MS, POLL_WAIT_MS};

use super::World;
use super::traffic::{ABNORMAL, Net, NetEvent, Party};
use crate::server::conn::ConnId;

impl World {
    /// Looks at the requests of a connection again, at the time that was given.
    pub(super) fn look_at_polls<H: Party>(&mut self, id: ConnId, due_at: Option<i64>) {
        if let Some(due_at) = due_at {
            self.plan_at(due_at, H::happening(Net { conn: id, event: NetEvent::PollDue }));
        }
    }

    /// A poll that has waited long is answered with nothing; a connection for which none came is over.
    pub(super) fn poll_due<H: Party>(&mut self, id: ConnId) {
        let (now, steady) = (self.now, self.steady());
        let Some(conn) = H::conns_mut(&mut self.server).get_mut(&id) else { return };
        let Some(polling) = &conn.poll else { return };
        match polling.waits_since {
            Some(since) if now - since >= POLL_WAIT_MS => {
                let due_at = conn.answered(now);
                let again_ms = 2 * conn.delay_ms();
                self.net::<H>(again_ms, id, NetEvent::Poll);
                self.look_at_polls::<H>(id, due_at);
            }
            None if now - polling.idle_since >= POLL_IDLE_MS => {
                conn.is_over = true;
                conn.host.handle(HostInput::Gone, steady);
            }
            Some(_) | None => {}
        }
        self.pump::<H>(id);
    }

    /// Brings frames on their way. Those that answer one poll arrive together, or not at all.
    pub(super) fn send_down_all<H: Party>(&mut self, id: ConnId, frames: Vec<Outgoing<H::Event>>) {
        let now = self.now;
        let is_loss = now < self.troubles.lost_answers_until;
        let Some(conn) = H::conns_mut(&mut self.server).get_mut(&id).filter(|_| !frames.is_empty()) else {
            return;
        };
        if conn.poll.is_some() {
            let due_at = conn.answered(now);
            let (is_lost, client) = (is_loss && conn.moment_ms() < 2, conn.client);
            self.look_at_polls::<H>(id, due_at);
            if is_lost {
                self.cut_conn::<H>(id, false, false);
                return self.plan_closed::<H>(1_000, client, id, ABNORMAL);
            }
        }
        for frame in frames {
            self.send_down::<H>(id, frame);
        }
    }
}
