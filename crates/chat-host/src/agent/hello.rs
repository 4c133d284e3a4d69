//! The agent's hello: the inbox as it stands, and what was missed of the conversations they watch.

use protocol::PROTOCOL_VERSION;
use protocol::agent::{AgentCommand, AgentEvent};
use protocol::close::CloseCode;
use protocol::limit::CURSORS_MAX;
use protocol::notice::Topic;

use super::inbox::Early;
use super::{AgentGreeting, AgentHost, AgentRead, Reading, Stage};
use crate::host::HostOutput;
use crate::steady::SteadyMs;

impl AgentHost {
    /// Takes the first frame, which has to be a hello. Listens before anything is read, so that nothing falls between
    /// the two.
    pub(super) fn take_hello(&mut self, command: AgentCommand) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "whatever is no hello breaks the protocol here")]
        match command {
            AgentCommand::Hello { protocol, .. } if protocol != PROTOCOL_VERSION => {
                self.line.close(CloseCode::Upgrade);
            }
            AgentCommand::Hello { cursors, .. } if cursors.len() <= CURSORS_MAX => {
                // The welcome holds newer news than what came before it.
                self.presence = None;
                self.stage = Stage::Greeting { cursors, early: Early::default() };
                self.outputs.push_back(HostOutput::Arrived(()));
                self.outputs.push_back(HostOutput::Listen(Topic::Agents));
                self.outputs.push_back(HostOutput::Listen(Topic::Agent(self.agent_id.clone())));
                self.read(Reading::Greeting, AgentRead::Greet);
            }
            _ => self.line.close(CloseCode::BadFrame),
        }
    }

    /// Answers the hello. The rest of the inbox and what was missed follow.
    pub(super) fn greeted(&mut self, greeting: AgentGreeting, now: SteadyMs) {
        let Stage::Greeting { cursors, early } = &mut self.stage else { return };
        let (cursors, early) = (std::mem::take(cursors), std::mem::take(early));
        self.stage = Stage::Live;
        let AgentGreeting { server_time, agent, agents, teams, conversations, sessions } = greeting;
        self.name.clone_from(&agent.name);
        let conversations = self.inbox.begin(conversations);
        self.push(AgentEvent::Welcome { agent, server_time, agents, teams, conversations }, now);
        for session in sessions {
            self.push_session(session, now);
        }
        for cursor in cursors {
            self.watch(cursor, now);
        }
        for notice in early.notices {
            self.take_notice(&notice, now);
        }
        if !self.inbox.miss(early.changed) {
            self.line.close(CloseCode::TooSlow);
        }
    }
}
