//! What the server's shell does for each side: it makes machines, answers what they ask, and hands frames over.

use std::collections::BTreeMap;

use chat_core::{AgentInput, TabInput, VisitorInput};
use chat_host::{
    Admission, AgentAnswer, AgentBeat, AgentGreeting, AgentHost, AgentRead, AgentWrite, HostTiming,
    OpenedConversation, VisitorAnswer, VisitorBeat, VisitorGreeting, VisitorHost, VisitorRead, VisitorWrite,
};
use protocol::agent::AgentEvent;
use protocol::close::CloseCode;
use protocol::id::{AgentId, ConversationId, MessageId};
use protocol::people::{AgentProfile, AgentRef, Page, Role};
use protocol::visitor::{Cursor, VisitorEvent};

use super::traffic::{Net, News, Party};
use super::{Happening, World};
use crate::actor::Client;
use crate::browser::Arrival;
use crate::fault::Fault;
use crate::server::conn::{Conn, ConnId};
use crate::server::store::{Store, Write, Writer};
use crate::server::{Job, Server, Waiting};

/// An agent of the simulation.
pub(crate) fn agent_ref(agent: usize) -> AgentRef {
    AgentRef { agent_id: AgentId(format!("agt_{agent:032x}")), name: ["Ana", "Ben"][agent % 2].to_owned() }
}

fn cursors(store: &Store, conversation_ids: &[ConversationId]) -> Vec<Cursor> {
    conversation_ids.iter().filter_map(|conversation_id| store.cursor(conversation_id)).collect()
}

impl Party for VisitorHost {
    fn host(world: &World, _: Client, seed: u64) -> Self {
        Self::new(HostTiming::default(), seed, world.steady())
    }

    fn conns(server: &Server) -> &BTreeMap<ConnId, Conn<Self>> {
        &server.visitors
    }

    fn conns_mut(server: &mut Server) -> &mut BTreeMap<ConnId, Conn<Self>> {
        &mut server.visitors
    }

    fn happening(net: Net<Self>) -> Happening {
        Happening::Visitor(net)
    }

    fn find_out(world: &World, _: &Conn<Self>, read: VisitorRead) -> VisitorAnswer {
        let store = &world.server.store;
        match read {
            VisitorRead::Admit { token, .. } => {
                let customer_id = store.tokens.get(&token).cloned().ok_or(CloseCode::Unauthorised);
                let page = Page::default();
                VisitorAnswer::Admitted(customer_id.map(|customer_id| Admission { customer_id, page }))
            }
            VisitorRead::Greet { customer_id, .. } => VisitorAnswer::Greeted(Ok(VisitorGreeting {
                server_time: world.server_time(),
                conversations: store.heads_of(&customer_id),
                cobrowse: None,
            })),
            VisitorRead::Events { conversation_id, after_seq, limit } => {
                VisitorAnswer::Events(Ok(store.events(&conversation_id, after_seq, limit)))
            }
            VisitorRead::Beat { customer_id } => {
                let mut heads = store.heads_of(&customer_id);
                if world.fault == Fault::HeartbeatsTellNothing {
                    heads.clear();
                }
                let head = |head: protocol::conversation::ConversationHead| Cursor {
                    conversation_id: head.conversation_id,
                    seq: head.head_seq,
                };
                let heads = heads.into_iter().map(head).collect();
                VisitorAnswer::Beat(Ok(VisitorBeat { server_time: world.server_time(), heads }))
            }
            VisitorRead::Ticket { .. } => VisitorAnswer::Ticket(None),
        }
    }

    fn job(id: ConnId, conn: &Conn<Self>, write: VisitorWrite) -> Job {
        let who = conn.who.as_ref().expect("somebody arrived before they wrote");
        let write = match write {
            VisitorWrite::Send(text) => Write::Message(text),
            VisitorWrite::Receipt { conversation_id, delivered_seq, read_seq } => {
                Write::Receipt { conversation_id, delivered_seq, read_seq }
            }
            VisitorWrite::End(conversation_id) => Write::Close(conversation_id),
            VisitorWrite::Page(_)
            | VisitorWrite::Identify(_)
            | VisitorWrite::Survey { .. }
            | VisitorWrite::Consent { .. }
            | VisitorWrite::StopSharing(_) => Write::Other,
        };
        Job { waiting: Waiting::Visitor(id), writer: Writer::Customer(who.customer_id.clone()), write }
    }

    /// Nobody is shown what is another customer's, or for agents only.
    fn inspect(world: &mut World, id: ConnId, event: &VisitorEvent) {
        if matches!(event, VisitorEvent::Reset { .. }) {
            world.truth.met.insert("more missed than a resume brings");
        }
        let VisitorEvent::Events { conversation_id, events } = event else { return };
        let who = world.server.visitors.get(&id).and_then(|conn| conn.who.clone());
        let owner = world.server.store.rows.get(conversation_id).map(|row| row.customer_id.clone());
        if owner != who.map(|who| who.customer_id) {
            world.truth.break_promise(format!("connection {id} got events of another customer"));
        }
        world.look_for_notes(events);
    }

    fn arrival(client: Client, id: ConnId, news: News<VisitorEvent>) -> Option<Happening> {
        let Client::Tab { tab, life } = client else { return None };
        let input = match news {
            News::Opened => TabInput::Chat(VisitorInput::SocketOpened),
            News::Closed(code) => TabInput::Chat(VisitorInput::SocketClosed { code }),
            News::Event(event) => {
                let text = serde_json::to_string(&event).unwrap_or_default();
                TabInput::Frame { event, text }
            }
        };
        Some(Happening::Tab { tab, life, arrival: Arrival::Over(id, input) })
    }

    fn acknowledged(event: &VisitorEvent) -> Option<(&ConversationId, &MessageId, u64)> {
        let VisitorEvent::Ack { conversation_id, message_id, seq, .. } = event else { return None };
        Some((conversation_id, message_id, *seq))
    }
}

impl Party for AgentHost {
    fn host(world: &World, client: Client, seed: u64) -> Self {
        let agent = match client {
            Client::Console { agent, .. } => agent,
            Client::Tab { .. } => 0,
        };
        let AgentRef { agent_id, name } = agent_ref(agent);
        Self::new((agent_id, name), None, HostTiming::default(), seed, world.steady())
    }

    fn conns(server: &Server) -> &BTreeMap<ConnId, Conn<Self>> {
        &server.agents
    }

    fn conns_mut(server: &mut Server) -> &mut BTreeMap<ConnId, Conn<Self>> {
        &mut server.agents
    }

    fn happening(net: Net<Self>) -> Happening {
        Happening::Agent(net)
    }

    fn find_out(world: &World, conn: &Conn<Self>, read: AgentRead) -> AgentAnswer {
        let store = &world.server.store;
        match read {
            AgentRead::Greet => AgentAnswer::Greeted(Ok(Box::new(AgentGreeting {
                server_time: world.server_time(),
                agent: profile(conn.client),
                agents: Vec::new(),
                teams: Vec::new(),
                conversations: store.newest().into_iter().filter_map(|id| store.summary(id)).collect(),
                sessions: Vec::new(),
            }))),
            AgentRead::Open { conversation_id } => {
                let row = store.rows.get(&conversation_id);
                AgentAnswer::Opened(Ok(row.map(|row| OpenedConversation {
                    customer_id: row.customer_id.clone(),
                    head_seq: row.head_seq(),
                })))
            }
            AgentRead::Events { conversation_id, after_seq, limit } => {
                AgentAnswer::Events(Ok(store.events(&conversation_id, after_seq, limit)))
            }
            AgentRead::Beat { conversation_ids } => {
                let newest: Vec<ConversationId> = store.newest().into_iter().take(50).cloned().collect();
                let is_silent = world.fault == Fault::HeartbeatsTellNothing;
                let tell = |ids: &[ConversationId]| if is_silent { Vec::new() } else { cursors(store, ids) };
                AgentAnswer::Beat(Ok(AgentBeat {
                    server_time: world.server_time(),
                    heads: tell(&conversation_ids),
                    newest: tell(&newest),
                    is_logged_in: true,
                }))
            }
            AgentRead::Summaries { conversation_ids } => {
                let found = conversation_ids.iter().filter_map(|id| store.summary(id));
                AgentAnswer::Summaries(Ok(found.collect()))
            }
            AgentRead::Ticket { .. } => AgentAnswer::Ticket(None),
        }
    }

    fn job(id: ConnId, conn: &Conn<Self>, write: AgentWrite) -> Job {
        let write = match write {
            AgentWrite::Send(text) => Write::Message(text),
            AgentWrite::Receipt { conversation_id, delivered_seq, read_seq } => {
                Write::Receipt { conversation_id, delivered_seq, read_seq }
            }
        };
        let AgentProfile { agent_id, name, .. } = profile(conn.client);
        Job { waiting: Waiting::Agent(id), writer: Writer::Agent(AgentRef { agent_id, name }), write }
    }

    fn inspect(_: &mut World, _: ConnId, _: &AgentEvent) {}

    fn arrival(client: Client, id: ConnId, news: News<AgentEvent>) -> Option<Happening> {
        let Client::Console { agent, life } = client else { return None };
        let input = match news {
            News::Opened => AgentInput::SocketOpened,
            News::Closed(code) => AgentInput::SocketClosed { code },
            News::Event(event) => AgentInput::Received(event),
        };
        Some(Happening::Console { agent, life, arrival: Arrival::Over(id, input) })
    }

    fn acknowledged(event: &AgentEvent) -> Option<(&ConversationId, &MessageId, u64)> {
        let AgentEvent::Ack { conversation_id, message_id, seq, .. } = event else { return None };
        Some((conversation_id, message_id, *seq))
    }
}

fn profile(client: Client) -> AgentProfile {
    let agent = match client {
        Client::Console { agent, .. } => agent,
        Client::Tab { .. } => 0,
    };
    let AgentRef { agent_id, name } = agent_ref(agent);
    AgentProfile { agent_id, email: format!("{name}@test"), name, role: Role::Agent, max_concurrent: 5 }
}
