//! Who takes part.

use std::fmt;

/// Browsers: the first has three tabs, the second is another customer's.
pub(crate) const BROWSERS: usize = 2;
/// Tabs of a browser.
pub(crate) const TABS: usize = 3;
/// Agents.
pub(crate) const AGENTS: usize = 2;

/// A tab of a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tab {
    pub(crate) browser: usize,
    pub(crate) tab: usize,
}

/// Whoever has a connection. The life counts loads of the page, so that what was meant for an earlier page does not
/// reach a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Client {
    Tab { tab: Tab, life: u32 },
    Console { agent: usize, life: u32 },
}

/// Whoever writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sender {
    Tab(Tab),
    Agent(usize),
}

impl fmt::Display for Tab {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "tab {}{}", ['A', 'B'][self.browser], self.tab + 1)
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tab(tab) => write!(formatter, "{tab}"),
            Self::Agent(agent) => write!(formatter, "agent {}", agent + 1),
        }
    }
}
