//! What people do and what goes wrong, step by step.

use std::fmt;

use crate::actor::{AGENTS, BROWSERS, Sender, TABS, Tab};
use crate::chance::Chance;

/// One step of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// Time that passes before it.
    pub(crate) pause_ms: i64,
    pub(crate) act: Act,
}

/// What happens in a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Act {
    /// Somebody writes; the number names the text.
    Write { sender: Sender, number: usize, files: usize },
    /// The visitor takes a file out of a message that waits, if there is one.
    TakeOut(Tab),
    /// The end of the log is on the screen.
    See(Sender),
    /// The visitor ends the chat.
    End(Tab),
    /// An agent gives the last message of their own another text.
    Edit { agent: usize, number: usize },
    /// A program of an agent edits their last message again and again.
    EditOften { agent: usize, number: usize },
    /// An agent takes the last message of their own back.
    TakeBack { agent: usize },
    /// Both agents take the newest conversation at once.
    TakeBoth,
    /// An agent puts the newest conversation back, with a note.
    GiveBack { agent: usize },
    /// An agent closes the newest conversation.
    Close { agent: usize },
    /// The page is loaded again: only what storage kept survives.
    Reload(Sender),
    /// The tab is gone from one moment to the next.
    Kill(Tab),
    /// The page is put away, as the back/forward cache does, and comes back.
    Sleep { tab: Tab, for_ms: i64 },
    /// The tab stands still; nobody is told.
    Freeze { tab: Tab, for_ms: i64 },
    /// The lid is shut and opened: everything of the browser stands still.
    Lid { browser: usize, for_ms: i64 },
    /// The clock of a browser is set.
    Clock { browser: usize, by_ms: i64 },
    /// A connection breaks; one side, both or nobody is told.
    Cut { sender: Sender, tells_client: bool, tells_server: bool },
    /// A browser has no network.
    Offline { browser: usize, for_ms: i64 },
    /// The network of a browser lets no sockets through.
    NoSockets { browser: usize, for_ms: i64 },
    /// The server dies and comes back.
    Crash { down_ms: i64, tells_clients: bool },
    /// The server goes down in order and comes back.
    Drain { down_ms: i64 },
    /// The store refuses some writes.
    Busy { for_ms: i64 },
    /// The broker loses some notices.
    Deaf { for_ms: i64 },
    /// Answers of HTTP requests get lost.
    LostAnswers { for_ms: i64 },
    /// The disk is slow.
    SlowDisk { for_ms: i64 },
    /// A listener of the broker lagged behind.
    Lag(Sender),
}

/// Makes the history that a seed names.
pub(crate) fn plan(seed: u64) -> Vec<Step> {
    let mut chance = Chance::of(&[seed, 1]);
    let count = 40 + chance.below(80);
    let mut numbers = 0;
    (0..count)
        .map(|_| {
            let act = act(&mut chance, &mut numbers);
            let longest_ms = if chance.one_in(8) { 25_000 } else { 600 };
            Step { pause_ms: chance.pause(longest_ms), act }
        })
        .collect()
}

fn act(chance: &mut Chance, numbers: &mut usize) -> Act {
    if chance.below(100) < 55 {
        *numbers += 1;
        let files = if chance.one_in(8) { 1 + usize::from(chance.one_in(3)) } else { 0 };
        return Act::Write { sender: sender(chance), number: *numbers, files };
    }
    if chance.one_in(6) {
        return Act::TakeOut(tab(chance));
    }
    match chance.below(4) {
        0 => work(chance, numbers),
        1 => client_trouble(chance),
        2 => link_trouble(chance),
        _ => server_trouble(chance),
    }
}

fn work(chance: &mut Chance, numbers: &mut usize) -> Act {
    let agent = agent(chance);
    match chance.below(8) {
        0 | 1 => Act::See(sender(chance)),
        2 if chance.one_in(6) => {
            *numbers += 1;
            Act::EditOften { agent, number: *numbers }
        }
        2 => Act::End(tab(chance)),
        3 => {
            *numbers += 1;
            Act::Edit { agent, number: *numbers }
        }
        4 => Act::TakeBack { agent },
        5 => Act::TakeBoth,
        6 => Act::GiveBack { agent },
        _ => Act::Close { agent },
    }
}

fn client_trouble(chance: &mut Chance) -> Act {
    let browser = browser(chance);
    let for_ms = span(chance);
    match chance.below(8) {
        0..=2 => Act::Reload(sender(chance)),
        3 => Act::Kill(tab(chance)),
        4 => Act::Sleep { tab: tab(chance), for_ms },
        5 => Act::Freeze { tab: tab(chance), for_ms },
        6 => Act::Lid { browser, for_ms },
        _ => {
            let hour_ms = 3_600_000;
            let by_ms = match chance.below(4) {
                0 => -chance.pause(3_000),
                1 => chance.pause(3_000),
                2 => -chance.pause(240 * hour_ms),
                _ => chance.pause(240 * hour_ms),
            };
            Act::Clock { browser, by_ms }
        }
    }
}

fn link_trouble(chance: &mut Chance) -> Act {
    let browser = browser(chance);
    let for_ms = span(chance);
    match chance.below(8) {
        0..=4 => {
            let (tells_client, tells_server) = (chance.one_in(2), chance.one_in(2));
            Act::Cut { sender: sender(chance), tells_client, tells_server }
        }
        5 => Act::Offline { browser, for_ms },
        6 => Act::NoSockets { browser, for_ms },
        _ => Act::LostAnswers { for_ms },
    }
}

fn server_trouble(chance: &mut Chance) -> Act {
    let for_ms = span(chance);
    match chance.below(8) {
        0 | 1 => Act::Crash { down_ms: chance.pause(8_000), tells_clients: chance.one_in(2) },
        2 => Act::Drain { down_ms: chance.pause(4_000) },
        3 => Act::Busy { for_ms },
        4 | 5 => Act::Deaf { for_ms },
        6 => Act::SlowDisk { for_ms },
        _ => Act::Lag(sender(chance)),
    }
}

/// How long a trouble lasts: mostly short, sometimes long.
fn span(chance: &mut Chance) -> i64 {
    let longest_ms = [500, 5_000, 5_000, 100_000][usize::try_from(chance.below(4)).unwrap_or(0)];
    chance.pause(longest_ms)
}

fn sender(chance: &mut Chance) -> Sender {
    if chance.below(10) < 6 { Sender::Tab(tab(chance)) } else { Sender::Agent(agent(chance)) }
}

/// The second browser has one tab, and is the one less often.
fn tab(chance: &mut Chance) -> Tab {
    match chance.below(8) {
        0 => Tab { browser: 1, tab: 0 },
        number => Tab { browser: 0, tab: usize::try_from(number).unwrap_or(0) % TABS },
    }
}

fn agent(chance: &mut Chance) -> usize {
    usize::try_from(chance.below(AGENTS as u64)).unwrap_or(0)
}

fn browser(chance: &mut Chance) -> usize {
    usize::from(chance.one_in(4)) % BROWSERS
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "after {} ms: {}", self.pause_ms, self.act)
    }
}

impl fmt::Display for Act {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write { sender, number, files: 0 } => write!(formatter, "{sender} writes text {number}"),
            Self::Write { sender, number, files } => {
                write!(formatter, "{sender} writes text {number} with {files} files")
            }
            Self::TakeOut(tab) => write!(formatter, "{tab} takes a file out of what waits"),
            Self::See(sender) => write!(formatter, "{sender} looks at the log"),
            Self::End(tab) => write!(formatter, "{tab} ends the chat"),
            Self::Edit { agent, number } => {
                write!(formatter, "agent {} edits their last message to text {number}", agent + 1)
            }
            Self::EditOften { agent, number } => {
                write!(
                    formatter,
                    "a program of agent {} edits their last message to text {number}, 600 times",
                    agent + 1
                )
            }
            Self::TakeBack { agent } => {
                write!(formatter, "agent {} takes their last message back", agent + 1)
            }
            Self::TakeBoth => write!(formatter, "both agents take the newest conversation"),
            Self::GiveBack { agent } => {
                write!(formatter, "agent {} gives the newest conversation back", agent + 1)
            }
            Self::Close { agent } => write!(formatter, "agent {} closes the newest conversation", agent + 1),
            Self::Reload(sender) => write!(formatter, "{sender} loads the page again"),
            Self::Kill(tab) => write!(formatter, "{tab} is killed"),
            Self::Sleep { tab, for_ms } => write!(formatter, "{tab} is put away for {for_ms} ms"),
            Self::Freeze { tab, for_ms } => write!(formatter, "{tab} stands still for {for_ms} ms"),
            Self::Lid { browser, for_ms } => {
                write!(formatter, "browser {} stands still for {for_ms} ms", ['A', 'B'][*browser])
            }
            Self::Clock { browser, by_ms } => {
                write!(formatter, "the clock of browser {} is set by {by_ms} ms", ['A', 'B'][*browser])
            }
            Self::Cut { sender, tells_client, tells_server } => write!(
                formatter,
                "the connection of {sender} breaks; client told: {tells_client}, server told: {tells_server}"
            ),
            Self::Offline { browser, for_ms } => {
                write!(formatter, "browser {} is offline for {for_ms} ms", ['A', 'B'][*browser])
            }
            Self::NoSockets { browser, for_ms } => {
                write!(formatter, "browser {} gets no sockets for {for_ms} ms", ['A', 'B'][*browser])
            }
            Self::Crash { down_ms, tells_clients } => {
                write!(formatter, "the server crashes for {down_ms} ms; clients told: {tells_clients}")
            }
            Self::Drain { down_ms } => write!(formatter, "the server is restarted and away for {down_ms} ms"),
            Self::Busy { for_ms } => write!(formatter, "the store is busy for {for_ms} ms"),
            Self::Deaf { for_ms } => write!(formatter, "the broker loses notices for {for_ms} ms"),
            Self::LostAnswers { for_ms } => write!(formatter, "answers get lost for {for_ms} ms"),
            Self::SlowDisk { for_ms } => write!(formatter, "the disk is slow for {for_ms} ms"),
            Self::Lag(sender) => write!(formatter, "the server's listener for {sender} lags"),
        }
    }
}
