//! How a visitor begins a session: by offering it, or by a code that they read out. Both end in the agent's question;
//! whoever offered has their answer ready.

use std::sync::Arc;
use std::time::Duration;

use protocol::cobrowse::{CobrowseCode, CobrowseEnd, CobrowseSession, OfferStands};
use protocol::conversation::{Author, ConversationStatus};
use protocol::id::{AgentId, ConversationId};
use protocol::people::AgentRef;
use protocol::problem::ProblemCode;
use protocol::rest::Assign;
use protocol::time::UnixMillis;
use store::{Conversation, StoreError};

use super::codes::{Codes, Given};
use super::flow;
use super::offers::{Offers, Said, Standing};
use crate::announcer::Concerns;
use crate::app::App;
use crate::auth::attempts::Attempts;
use crate::problem::Problem;
use crate::usecase::assignment;
use crate::{clock, random};

/// Wrong codes are counted over this time.
const GUESS_WINDOW_MS: i64 = 10 * 60 * 1_000;
/// Wrong codes of one agent in that time.
const GUESSES_PER_AGENT: u32 = 10;
/// Wrong codes of everybody in that time: with a thousand good codes among a million, a handful of hits in a day of
/// guessing by many, each of which the visitor is still asked about.
const GUESSES_IN_ALL: u32 = 100;

/// Who guesses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Guesser {
    Agent(AgentId),
    Anybody,
}

/// What visitors have begun.
#[derive(Debug)]
pub(crate) struct Starts {
    offers: Offers,
    codes: Codes,
    guesses: Attempts<Guesser>,
}

impl Default for Starts {
    fn default() -> Self {
        Self {
            offers: Offers::default(),
            codes: Codes::default(),
            guesses: Attempts::within(GUESS_WINDOW_MS),
        }
    }
}

impl Starts {
    /// Whether the visitor of a conversation offers to show their page.
    pub(crate) fn is_offered(&self, conversation_id: &ConversationId) -> bool {
        self.offers.stands(conversation_id, clock::now())
    }

    /// Forgets the offer of a conversation; whether it stood.
    pub(crate) fn take_offer(&self, conversation_id: &ConversationId) -> bool {
        let is_offered = self.is_offered(conversation_id);
        self.offers.forget(conversation_id);
        is_offered
    }

    /// Forgets everything about a conversation that is over.
    pub(crate) fn forget(&self, conversation_id: &ConversationId) {
        self.offers.forget(conversation_id);
        self.codes.forget(conversation_id);
    }
}

/// Takes a visitor's offer to show their page, or hears that they still stand by it.
///
/// # Errors
/// `conflict` for a conversation that is closed, or has a session already; `too_many`.
pub(crate) fn offer(app: &Arc<App>, conversation: &Conversation) -> Result<OfferStands, Problem> {
    require_open(conversation)?;
    let conversation_id = &conversation.head.conversation_id;
    if app.cobrowse.of_conversation(conversation_id).is_some() {
        return Err(Problem::new(ProblemCode::Conflict, "the visitor was asked already"));
    }
    let standing = Standing {
        silence_ms: millis(app.config.timing.cobrowse_offer_silence),
        longest_ms: millis(app.config.timing.cobrowse_offer),
    };
    let now = clock::now();
    match app.starts.offers.say(conversation_id, standing, now) {
        Said::New { ends_at } => {
            app.announcer.conversation(conversation_id, Concerns::Everybody);
            follow(app, conversation_id.clone());
            Ok(stands(ends_at, now))
        }
        Said::Again { ends_at } => Ok(stands(ends_at, now)),
        Said::TooMany => {
            Err(Problem::new(ProblemCode::TooMany, "too many visitors offer to show their page"))
        }
    }
}

fn stands(ends_at: UnixMillis, now: UnixMillis) -> OfferStands {
    OfferStands { for_ms: u32::try_from(ends_at.since_ms(now)).unwrap_or(0) }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// Tells the agents when an offer has lapsed.
fn follow(app: &Arc<App>, conversation_id: ConversationId) {
    let app = Arc::clone(app);
    tokio::spawn(async move {
        loop {
            let left_ms = app.starts.offers.left_ms(&conversation_id, clock::now());
            if left_ms == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(left_ms.unsigned_abs())).await;
        }
        app.announcer.conversation(&conversation_id, Concerns::Everybody);
    });
}

/// Takes an offer back.
pub(crate) fn withdraw_offer(app: &App, conversation_id: &ConversationId) {
    if app.starts.take_offer(conversation_id) {
        app.announcer.conversation(conversation_id, Concerns::Everybody);
    }
}

/// Makes a code the visitor can read out.
///
/// # Errors
/// `conflict` for a conversation that is closed; `too_many`.
pub(crate) fn give_code(app: &App, conversation: &Conversation) -> Result<CobrowseCode, Problem> {
    require_open(conversation)?;
    let now = clock::now();
    let given = app.starts.codes.give(&conversation.head.conversation_id, now, random::number);
    let Given { code, until, .. } =
        given.ok_or_else(|| Problem::new(ProblemCode::TooMany, "too many codes are good at the moment"))?;
    Ok(CobrowseCode { code, for_ms: stands(until, now).for_ms })
}

fn require_open(conversation: &Conversation) -> Result<(), Problem> {
    if conversation.head.status == ConversationStatus::Done {
        return Err(Problem::new(ProblemCode::Conflict, "the conversation is closed"));
    }
    Ok(())
}

/// Asks the visitor whose code this is, and gives their conversation to the agent.
///
/// # Errors
/// `not_found` for a code that is wrong, used or too old; `too_many` after too many of those; `conflict` when the
/// visitor is not there or has a session already, and then the code stays good; `busy` or `internal`.
pub(crate) async fn redeem(app: &Arc<App>, code: &str, agent: AgentRef) -> Result<CobrowseSession, Problem> {
    let guessers = [Guesser::Agent(agent.agent_id.clone()), Guesser::Anybody];
    let [own, all] = guessers.clone();
    let limits = [(own, GUESSES_PER_AGENT), (all, GUESSES_IN_ALL)];
    if let Err(wait_s) = app.starts.guesses.attempt(&limits, clock::now()) {
        let problem = Problem::new(ProblemCode::TooMany, "too many codes were wrong");
        return Err(Problem { retry_after_s: Some(wait_s), ..problem });
    }
    let given = app.starts.codes.take(code, clock::now());
    let given = given.ok_or_else(|| Problem::not_found("code, or it was used or is too old"))?;
    app.starts.guesses.take_back(&guessers);
    let session = connect(app, &given.conversation_id, agent).await;
    if session.is_err() {
        app.starts.codes.put_back(given);
    }
    session
}

async fn connect(
    app: &Arc<App>,
    conversation_id: &ConversationId,
    agent: AgentRef,
) -> Result<CobrowseSession, Problem> {
    let session = flow::ask(app, conversation_id, agent.clone(), flow::Way::Code).await?;
    let AgentRef { agent_id, name } = agent;
    let author = Author::Agent { agent_id: agent_id.clone(), name };
    let assign = Assign { agent_id: Some(agent_id), team_id: None, only_if: None, note: None };
    if let Err(problem) = assignment::assign(app, conversation_id, assign, author).await {
        flow::end(app, &session.cobrowse_id, CobrowseEnd::Withdrawn).await;
        return Err(problem);
    }
    Ok(session)
}

/// Whether a session in this conversation would be recorded.
///
/// # Errors
/// `forbidden` where co-browsing is switched off; `not_found`, `busy` or `internal`.
pub(crate) async fn is_recorded(app: &App, conversation: &Conversation) -> Result<bool, Problem> {
    let touchpoint =
        app.store.touchpoint(&conversation.touchpoint_id).await?.ok_or(StoreError::NoTouchpoint)?;
    flow::require_enabled(&touchpoint)?;
    Ok(touchpoint.cobrowse.recording)
}
