//! The sessions of this node: who asked whom, where it stands, and whose tickets open its sockets.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::cobrowse::{CobrowseSession, CobrowseStage};
use protocol::id::{AgentId, CobrowseId, ConversationId, CustomerId, TouchpointId};
use protocol::people::AgentRef;
use store::SecretHash;

use super::channel::Channel;
use super::control::Control;
use crate::auth::secret;
use crate::random;

/// Tickets of one side that are good at once; an older one is forgotten.
const TICKETS_MAX: usize = 8;

/// Which side of a session somebody is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Party {
    /// The visitor, whose page is shared.
    Visitor,
    /// The agent, who sees it.
    Agent,
}

/// One session.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// As both sides see it, without a ticket.
    pub(crate) session: CobrowseSession,
    pub(crate) customer_id: CustomerId,
    pub(crate) touchpoint_id: TouchpointId,
    /// Where its frames pass through.
    pub(crate) channel: Arc<Channel>,
    /// Who looks on, and who may act.
    pub(crate) control: Arc<Control>,
    /// The tab that agreed; empty as long as nobody has, and for a tab without a name.
    page_key: String,
    tickets: BTreeMap<Party, VecDeque<Ticket>>,
}

/// What opens the socket of one side.
#[derive(Debug, Clone)]
struct Ticket {
    hash: SecretHash,
    /// The agent it was made for; of no meaning on the visitor's side.
    agent: AgentRef,
}

impl Entry {
    pub(crate) fn new(
        session: CobrowseSession,
        customer_id: CustomerId,
        touchpoint_id: TouchpointId,
    ) -> Self {
        Self {
            session,
            customer_id,
            touchpoint_id,
            channel: Arc::default(),
            control: Arc::default(),
            page_key: String::new(),
            tickets: BTreeMap::new(),
        }
    }
}

/// What a ticket opened.
#[derive(Debug, Clone)]
pub(crate) struct Admission {
    pub(crate) channel: Arc<Channel>,
    pub(crate) control: Arc<Control>,
    /// The agent who looks on; on the visitor's side the one who asked.
    pub(crate) agent: AgentRef,
}

/// The sessions of this node.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_id: Mutex<BTreeMap<CobrowseId, Entry>>,
}

impl Sessions {
    fn by_id(&self) -> MutexGuard<'_, BTreeMap<CobrowseId, Entry>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a session, unless the customer has one already.
    pub(crate) fn add(&self, entry: Entry) -> bool {
        let mut by_id = self.by_id();
        if by_id.values().any(|other| other.customer_id == entry.customer_id) {
            return false;
        }
        by_id.insert(entry.session.cobrowse_id.clone(), entry);
        true
    }

    /// Makes an asked session live and keeps which tab agreed; `None` when it is not this customer's or was
    /// answered already.
    pub(crate) fn grant(
        &self,
        cobrowse_id: &CobrowseId,
        customer_id: &CustomerId,
        page_key: &str,
    ) -> Option<Entry> {
        let mut by_id = self.by_id();
        let entry = by_id.get_mut(cobrowse_id).filter(|entry| entry.customer_id == *customer_id)?;
        if entry.session.stage == CobrowseStage::Live {
            return None;
        }
        entry.session.stage = CobrowseStage::Live;
        entry.page_key = page_key.to_owned();
        Some(entry.clone())
    }

    /// Forgets a session and gives it back; `None` when it is over already.
    pub(crate) fn remove(&self, cobrowse_id: &CobrowseId) -> Option<Entry> {
        self.by_id().remove(cobrowse_id)
    }

    /// Returns one session.
    pub(crate) fn get(&self, cobrowse_id: &CobrowseId) -> Option<Entry> {
        self.by_id().get(cobrowse_id).cloned()
    }

    /// Returns the ids of all sessions.
    pub(crate) fn ids(&self) -> Vec<CobrowseId> {
        self.by_id().keys().cloned().collect()
    }

    /// Returns the session of a conversation, without a ticket.
    pub(crate) fn of_conversation(&self, conversation_id: &ConversationId) -> Option<CobrowseSession> {
        let by_id = self.by_id();
        let mut sessions = by_id.values().map(|entry| &entry.session);
        sessions.find(|session| session.conversation_id == *conversation_id).cloned()
    }

    /// Returns a customer's session; with a new ticket when it is live and this is the tab that agreed. Another
    /// tab learns of the session and cannot take its place.
    pub(crate) fn for_customer(&self, customer_id: &CustomerId, page_key: &str) -> Option<CobrowseSession> {
        let mut by_id = self.by_id();
        let entry = by_id.values_mut().find(|entry| entry.customer_id == *customer_id)?;
        let has_agreed = !page_key.is_empty() && entry.page_key == page_key;
        Some(if has_agreed { with_ticket(entry, Party::Visitor, None) } else { entry.session.clone() })
    }

    /// Returns the sessions an agent asked for, without tickets.
    pub(crate) fn asked_by(&self, agent_id: &AgentId) -> Vec<CobrowseSession> {
        let by_id = self.by_id();
        let sessions = by_id.values().map(|entry| &entry.session);
        sessions.filter(|session| session.agent.agent_id == *agent_id).cloned().collect()
    }

    /// Returns the live sessions an agent asked for, each with a new ticket for them.
    pub(crate) fn for_agent(&self, agent_id: &AgentId) -> Vec<CobrowseSession> {
        let mut by_id = self.by_id();
        let own = by_id.values_mut().filter(|entry| entry.session.agent.agent_id == *agent_id);
        own.filter(|entry| entry.session.stage == CobrowseStage::Live)
            .map(|entry| with_ticket(entry, Party::Agent, None))
            .collect()
    }

    /// Returns one session with a new ticket for a side, if it is live.
    pub(crate) fn with_ticket(&self, cobrowse_id: &CobrowseId, party: Party) -> Option<CobrowseSession> {
        self.by_id().get_mut(cobrowse_id).map(|entry| with_ticket(entry, party, None))
    }

    /// Returns a live session with a new ticket for an agent who looks on beside the one who asked.
    pub(crate) fn for_watcher(&self, cobrowse_id: &CobrowseId, agent: AgentRef) -> Option<CobrowseSession> {
        let mut by_id = self.by_id();
        let entry = by_id.get_mut(cobrowse_id).filter(|entry| entry.session.stage == CobrowseStage::Live)?;
        Some(with_ticket(entry, Party::Agent, Some(agent)))
    }

    /// Takes from an agent what lets them look on at sessions of colleagues.
    pub(crate) fn expel(&self, agent_id: &AgentId) {
        for entry in self.by_id().values_mut() {
            if let Some(tickets) = entry.tickets.get_mut(&Party::Agent) {
                tickets.retain(|ticket| ticket.agent.agent_id != *agent_id);
            }
            entry.control.expel(agent_id);
        }
    }

    /// Returns what a ticket opens, if it opens anything.
    pub(crate) fn admit(&self, cobrowse_id: &CobrowseId, ticket: &str, party: Party) -> Option<Admission> {
        let hash = secret::hash(ticket);
        let by_id = self.by_id();
        let entry = by_id.get(cobrowse_id)?;
        let is_live = entry.session.stage == CobrowseStage::Live;
        let mut tickets = entry.tickets.get(&party).filter(|_| is_live)?.iter();
        tickets.find(|ticket| ticket.hash == hash).map(|ticket| Admission {
            channel: Arc::clone(&entry.channel),
            control: Arc::clone(&entry.control),
            agent: ticket.agent.clone(),
        })
    }
}

fn with_ticket(entry: &mut Entry, party: Party, watcher: Option<AgentRef>) -> CobrowseSession {
    let mut session = entry.session.clone();
    if session.stage == CobrowseStage::Live {
        let (ticket, hash) = random::token();
        let tickets = entry.tickets.entry(party).or_default();
        let agent = watcher.unwrap_or_else(|| session.agent.clone());
        tickets.push_back(Ticket { hash, agent });
        if tickets.len() > TICKETS_MAX {
            tickets.pop_front();
        }
        session.ticket = Some(ticket);
    }
    session
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::cobrowse::CobrowseScope;

    fn entry(customer: &str) -> Entry {
        let session = CobrowseSession {
            cobrowse_id: CobrowseId(format!("cob_{customer}")),
            conversation_id: ConversationId("cnv_1".to_owned()),
            agent: AgentRef { agent_id: AgentId("agt_1".to_owned()), name: "Ana".to_owned() },
            scopes: vec![CobrowseScope::View],
            stage: CobrowseStage::Asked,
            ticket: None,
            offer_id: None,
        };
        Entry::new(session, CustomerId(customer.to_owned()), TouchpointId("tp_a".to_owned()))
    }

    #[test]
    fn a_customer_has_one_session_at_a_time() {
        let sessions = Sessions::default();
        assert!(sessions.add(entry("a")));
        assert!(!sessions.add(Entry {
            session: CobrowseSession {
                cobrowse_id: CobrowseId("cob_other".to_owned()),
                ..entry("a").session
            },
            ..entry("a")
        }));
        assert!(sessions.add(entry("b")));
    }

    #[test]
    fn a_ticket_opens_one_side_of_one_live_session() {
        let sessions = Sessions::default();
        let (own, other) = (entry("a").session.cobrowse_id, entry("b").session.cobrowse_id);
        sessions.add(entry("a"));
        sessions.add(entry("b"));
        assert_eq!(sessions.with_ticket(&own, Party::Visitor).unwrap().ticket, None);
        assert!(sessions.grant(&own, &CustomerId("b".to_owned()), "").is_none());
        assert!(sessions.grant(&own, &CustomerId("a".to_owned()), "").is_some());
        assert!(sessions.grant(&own, &CustomerId("a".to_owned()), "").is_none());
        let ticket = sessions.with_ticket(&own, Party::Visitor).unwrap().ticket.unwrap();
        assert!(sessions.admit(&own, &ticket, Party::Visitor).is_some());
        assert!(sessions.admit(&own, &ticket, Party::Agent).is_none());
        assert!(sessions.admit(&other, &ticket, Party::Visitor).is_none());
        sessions.remove(&own);
        assert!(sessions.admit(&own, &ticket, Party::Visitor).is_none());
    }

    #[test]
    fn old_tickets_are_forgotten() {
        let sessions = Sessions::default();
        let cobrowse_id = entry("a").session.cobrowse_id;
        sessions.add(entry("a"));
        sessions.grant(&cobrowse_id, &CustomerId("a".to_owned()), "");
        let first = sessions.with_ticket(&cobrowse_id, Party::Agent).unwrap().ticket.unwrap();
        for _ in 0..TICKETS_MAX {
            sessions.for_agent(&AgentId("agt_1".to_owned()));
        }
        assert!(sessions.admit(&cobrowse_id, &first, Party::Agent).is_none());
    }

    #[test]
    fn only_the_tab_that_agreed_gets_a_ticket_again() {
        let sessions = Sessions::default();
        let customer = CustomerId("a".to_owned());
        let ticket = |page_key: &str| sessions.for_customer(&customer, page_key).unwrap().ticket;
        sessions.add(entry("a"));
        assert_eq!(ticket("tab"), None);
        sessions.grant(&entry("a").session.cobrowse_id, &customer, "tab");
        assert!(ticket("tab").is_some());
        assert_eq!((ticket("other"), ticket("")), (None, None));
    }

    #[test]
    fn a_tab_without_a_name_is_not_every_tab_without_a_name() {
        let sessions = Sessions::default();
        let customer = CustomerId("a".to_owned());
        sessions.add(entry("a"));
        sessions.grant(&entry("a").session.cobrowse_id, &customer, "");
        assert_eq!(sessions.for_customer(&customer, "").unwrap().ticket, None);
    }
}
