//! Faults that are planted to prove that the checker finds them.

/// What is wrong with the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// The server acknowledges a message before it is committed.
    AckBeforeCommit,
    /// A page that goes away takes the outbox with it.
    OutboxDiesWithThePage,
    /// Pages of events over HTTP show visitors what is for agents only.
    NotesLeak,
    /// The store forgets which ids it has seen.
    DoublesAreStored,
    /// Agents can take what somebody else has taken.
    TakesAreBlind,
    /// Some places are given to nobody.
    PlacesHaveHoles,
    /// Whoever listens to one customer hears of all of them.
    TopicsAreMixedUp,
    /// Pages believe a clock that was set back.
    ClocksGoBack,
    /// What lies beyond a gap is never read from the store: heartbeats tell no heads.
    HeartbeatsTellNothing,
}

impl Fault {
    /// Every fault that can be planted.
    pub const ALL: [Self; 9] = [
        Self::AckBeforeCommit,
        Self::OutboxDiesWithThePage,
        Self::NotesLeak,
        Self::DoublesAreStored,
        Self::TakesAreBlind,
        Self::PlacesHaveHoles,
        Self::TopicsAreMixedUp,
        Self::ClocksGoBack,
        Self::HeartbeatsTellNothing,
    ];
}
