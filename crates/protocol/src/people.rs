//! Agents and customers as the wire shows them.

use serde::{Deserialize, Serialize};

use crate::id::{AgentId, CustomerId, TeamId};
use crate::time::UnixMillis;

/// What an agent may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers chats.
    Agent,
    /// Answers chats, sees reports and recordings.
    Supervisor,
    /// Also changes settings.
    Admin,
}

/// An agent as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentRef {
    /// The agent.
    pub agent_id: AgentId,
    /// The name shown to visitors and colleagues.
    pub name: String,
}

/// A team as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamRef {
    /// The team.
    pub team_id: TeamId,
    /// What it is called.
    pub name: String,
}

/// Agents who answer together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// The team.
    pub team_id: TeamId,
    /// What it is called; unique.
    pub name: String,
    /// Who is in it, unique, in the order they were given.
    pub agent_ids: Vec<AgentId>,
}

/// An agent's account, as the agent and admins see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentProfile {
    /// The agent.
    pub agent_id: AgentId,
    /// The name shown to visitors and colleagues.
    pub name: String,
    /// The log-in.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// How many open chats they can have and still count as available.
    pub max_concurrent: u32,
}

/// An agent's presence, as colleagues see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentPresence {
    /// The agent.
    pub agent_id: AgentId,
    /// The name.
    pub name: String,
    /// Switched on and connected.
    pub is_online: bool,
    /// Online, but asked for no new chats.
    pub is_away: bool,
    /// Open chats assigned to them.
    pub open_chats: u32,
    /// Open chats they take before they count as busy.
    pub max_concurrent: u32,
}

impl AgentPresence {
    /// Online, not away, and below `max_concurrent` open chats.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.is_online && !self.is_away && self.open_chats < self.max_concurrent
    }
}

/// The page a visitor is on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Page {
    /// Its address, without fragments that carry secrets: the loader sends origin, path and query.
    #[serde(default)]
    pub url: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Where the visitor came from.
    #[serde(default)]
    pub referrer: String,
}

/// What a site or an agent knows about a customer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Identity {
    /// The id in the site owner's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// First name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firstname: Option<String>,
    /// Last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lastname: Option<String>,
    /// Labels, unique, in the order they were given.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// A customer as agents see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerProfile {
    /// The customer.
    pub customer_id: CustomerId,
    /// Name, address, labels.
    pub identity: Identity,
    /// What agents wrote down about them.
    pub notes: String,
    /// The page they are on, or were on last.
    pub page: Page,
    /// Whether a browser of theirs is connected.
    pub is_online: bool,
    /// First seen.
    pub created_at: UnixMillis,
}

impl CustomerProfile {
    /// What to call them: first and last name, else the e-mail address, else `Visitor` and four digits of the id.
    #[must_use]
    pub fn display_name(&self) -> String {
        display_name(&self.identity, &self.customer_id)
    }
}

/// What to call a customer, as [`CustomerProfile::display_name`] says.
#[must_use]
pub fn display_name(identity: &Identity, customer_id: &CustomerId) -> String {
    let names: Vec<&str> = [&identity.firstname, &identity.lastname]
        .into_iter()
        .filter_map(|name| name.as_deref().filter(|name| !name.trim().is_empty()))
        .collect();
    if !names.is_empty() {
        return names.join(" ");
    }
    if let Some(email) = identity.email.as_deref().filter(|email| !email.is_empty()) {
        return email.to_owned();
    }
    let id = &customer_id.0;
    let tail: String = id.chars().skip(id.chars().count().saturating_sub(4)).collect();
    format!("Visitor {}", tail.to_uppercase())
}
