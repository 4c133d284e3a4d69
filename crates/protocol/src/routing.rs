//! Who gets a new conversation by itself.

use serde::{Deserialize, Serialize};

use crate::id::TeamId;

/// How a touchpoint's conversations find their agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoutingSettings {
    /// Who of those that may get a conversation gets it.
    pub strategy: RoutingStrategy,
    /// Customers with a label belong to a team; the first that matches counts. At most 50.
    #[serde(default)]
    pub by_label: Vec<LabelRoute>,
    /// The team of everybody else; none means that every agent may answer.
    #[serde(default)]
    pub team_id: Option<TeamId>,
    /// What happens when nobody of the team could take it for a while; none means that it waits.
    #[serde(default)]
    pub fallback: Option<RoutingFallback>,
    /// Seconds after which the open conversations of an agent who is not connected wait for somebody else, 0..=86400.
    pub give_back_after_s: u32,
}

impl Default for RoutingSettings {
    fn default() -> Self {
        Self {
            strategy: RoutingStrategy::Manual,
            by_label: Vec::new(),
            team_id: None,
            fallback: None,
            give_back_after_s: 60,
        }
    }
}

/// Who of those that may get a conversation gets it. Only agents who are available do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutingStrategy {
    /// Nobody: it waits until an agent takes it.
    Manual,
    /// Each in turn: who was given one longest ago.
    RoundRobin,
    /// Who has the fewest open conversations for their maximum; of several, who was given one longest ago.
    LeastBusy,
}

/// Customers with this label belong to this team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelRoute {
    /// The customer's label, compared in lower case.
    pub label: String,
    /// The team.
    pub team_id: TeamId,
}

/// What happens to a conversation that nobody of its team could take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoutingFallback {
    /// Seconds it waits first, 0..=86400.
    pub after_s: u32,
    /// The team that gets it then; none means that every agent may answer.
    #[serde(default)]
    pub team_id: Option<TeamId>,
}
