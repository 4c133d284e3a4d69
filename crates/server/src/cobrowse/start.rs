//! How a visitor begins a session: by offering it, or by a code that they read out. Both end in the agent's question;
//! whoever offered has their answer ready.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use protocol::cobrowse::{CobrowseCode, CobrowseEnd, CobrowseSession, OfferStands};
use protocol::conversation::Author;
use protocol::id::{AgentId, ConversationId, CustomerId};
use protocol::people::AgentRef;
use protocol::problem::ProblemCode;
use protocol::rest::Assign;
use protocol::time::UnixMillis;
use store::{Conversation, StoreError};

use super::codes::{Codes, Given};
use super::flow;
use super::offers::{Offers, Standing};
use crate::announcer::Concerns;
use crate::app::App;
use crate::auth::attempts::Attempts;
use crate::forwarded::household;
use crate::problem::Problem;
use crate::usecase::assignment;
use crate::{clock, random};

/// Offers, codes and wrong codes are counted over this time.
const WINDOW_MS: i64 = 10 * 60 * 1_000;
/// Wrong codes of one agent in that time.
const GUESSES_PER_AGENT: u32 = 10;
/// Wrong codes of everybody in that time. With all thousand codes given out, a day and night of guessing hits about seven,
/// each of which the visitor is still asked about; an office has a few codes at a time.
const GUESSES_IN_ALL: u32 = 50;
/// Offers and codes of one customer in that time.
const STARTS_PER_CUSTOMER: u32 = 20;
/// Offers and codes of one address in that time: an office behind one address.
const STARTS_PER_ADDRESS: u32 = 100;
/// After how many seconds to try again when everybody together has too many.
const ROOM_AGAIN_S: u32 = 60;

/// Whose doings are counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Agent(AgentId),
    AnyAgent,
    Customer(CustomerId),
    Address(IpAddr),
}

/// What visitors have begun.
#[derive(Debug)]
pub(crate) struct Starts {
    offers: Offers,
    codes: Codes,
    attempts: Attempts<Who>,
}

impl Default for Starts {
    fn default() -> Self {
        Self { offers: Offers::default(), codes: Codes::default(), attempts: Attempts::within(WINDOW_MS) }
    }
}

impl Starts {
    /// The visitor's offer to show their page that stands in a conversation.
    pub(crate) fn offer_of(&self, conversation_id: &ConversationId) -> Option<String> {
        self.offers.standing(conversation_id, clock::now())
    }

    /// Forgets the offer of a conversation; whether there was one.
    pub(crate) fn take_offer(&self, conversation_id: &ConversationId) -> bool {
        self.offers.forget(conversation_id)
    }

    /// Forgets everything about a conversation that is over.
    pub(crate) fn forget(&self, conversation_id: &ConversationId) {
        self.offers.forget(conversation_id);
        self.codes.forget(conversation_id);
    }

    /// Counts one more offer or code.
    fn count(&self, conversation: &Conversation, address: IpAddr) -> Result<(), Problem> {
        let own = (Who::Customer(conversation.customer_id.clone()), STARTS_PER_CUSTOMER);
        let house = (Who::Address(household(address)), STARTS_PER_ADDRESS);
        let counted = self.attempts.attempt(&[own, house], clock::now());
        counted.map_err(|wait_s| too_many("too many offers and codes", wait_s))
    }
}

fn too_many(why: &str, wait_s: u32) -> Problem {
    Problem { retry_after_s: Some(wait_s), ..Problem::new(ProblemCode::TooMany, why) }
}

/// Takes a visitor's offer to show their page.
///
/// # Errors
/// `conflict` for a conversation that is closed, or has a session already; `too_many`.
pub(crate) fn offer(
    app: &Arc<App>,
    conversation: &Conversation,
    address: IpAddr,
) -> Result<OfferStands, Problem> {
    require_startable(app, conversation)?;
    app.starts.count(conversation, address)?;
    let conversation_id = &conversation.head.conversation_id;
    let standing = Standing {
        silence_ms: millis(app.config.timing.cobrowse_offer_silence),
        longest_ms: millis(app.config.timing.cobrowse_offer),
    };
    let (offer_id, _) = random::token();
    let now = clock::now();
    let made = app.starts.offers.make(conversation_id, &conversation.customer_id, &offer_id, standing, now);
    let ends_at = made.ok_or_else(|| too_many("too many visitors offer to show their page", ROOM_AGAIN_S))?;
    app.announcer.conversation(conversation_id, Concerns::Everybody);
    follow(app, conversation_id.clone());
    Ok(OfferStands { offer_id, for_ms: left_ms(ends_at, now) })
}

/// Hears that a visitor still stands by their offer. One that is gone is not made again.
///
/// # Errors
/// `conflict` for a conversation that is closed, or has a session already; `not_found`.
pub(crate) fn renew_offer(
    app: &App,
    conversation: &Conversation,
    offer_id: String,
) -> Result<OfferStands, Problem> {
    require_startable(app, conversation)?;
    let now = clock::now();
    let ends_at = app.starts.offers.renew(&conversation.head.conversation_id, &offer_id, now);
    let ends_at = ends_at.ok_or_else(|| Problem::not_found("offer"))?;
    Ok(OfferStands { offer_id, for_ms: left_ms(ends_at, now) })
}

fn require_startable(app: &App, conversation: &Conversation) -> Result<(), Problem> {
    flow::require_open(conversation)?;
    if app.cobrowse.of_conversation(&conversation.head.conversation_id).is_some() {
        return Err(Problem::new(ProblemCode::Conflict, "the visitor was asked already"));
    }
    Ok(())
}

fn left_ms(until: UnixMillis, now: UnixMillis) -> u32 {
    u32::try_from(until.since_ms(now)).unwrap_or(0)
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// Tells the agents when an offer has lapsed. One task waits for all offers of a conversation.
fn follow(app: &Arc<App>, conversation_id: ConversationId) {
    if !app.starts.offers.begin_following(&conversation_id) {
        return;
    }
    let app = Arc::clone(app);
    tokio::spawn(async move {
        loop {
            let left_ms = app.starts.offers.left_ms(&conversation_id, clock::now());
            if left_ms == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(left_ms.unsigned_abs())).await;
        }
        app.starts.offers.end_following(&conversation_id);
        app.announcer.conversation(&conversation_id, Concerns::Everybody);
    });
}

/// Takes an offer back.
pub(crate) fn withdraw_offer(app: &App, conversation_id: &ConversationId, offer_id: &str) {
    if app.starts.offers.withdraw(conversation_id, offer_id) {
        app.announcer.conversation(conversation_id, Concerns::Everybody);
    }
}

/// Makes a code the visitor can read out. Whoever is to be asked in any case offers nothing any more.
///
/// # Errors
/// `conflict` for a conversation that is closed; `too_many`.
pub(crate) fn give_code(
    app: &App,
    conversation: &Conversation,
    address: IpAddr,
) -> Result<CobrowseCode, Problem> {
    flow::require_open(conversation)?;
    app.starts.count(conversation, address)?;
    let conversation_id = &conversation.head.conversation_id;
    let now = clock::now();
    let given = app.starts.codes.give(conversation_id, &conversation.customer_id, now, random::number);
    let Given { code, until, .. } =
        given.ok_or_else(|| too_many("too many codes are good at the moment", ROOM_AGAIN_S))?;
    if app.starts.take_offer(conversation_id) {
        app.announcer.conversation(conversation_id, Concerns::Everybody);
    }
    Ok(CobrowseCode { code, for_ms: left_ms(until, now) })
}

/// Asks the visitor whose code this is, and gives their conversation to the agent.
///
/// # Errors
/// `not_found` for a code that is wrong, used or too old; `too_many` after too many of those; `conflict` when the
/// visitor is not there or has a session already, and then the code stays good; `busy` or `internal`.
pub(crate) async fn redeem(app: &Arc<App>, code: &str, agent: AgentRef) -> Result<CobrowseSession, Problem> {
    let guessers = [Who::Agent(agent.agent_id.clone()), Who::AnyAgent];
    let [own, all] = guessers.clone();
    let limits = [(own, GUESSES_PER_AGENT), (all, GUESSES_IN_ALL)];
    let counted = app.starts.attempts.attempt(&limits, clock::now());
    counted.map_err(|wait_s| too_many("too many codes were wrong", wait_s))?;
    let given = app.starts.codes.take(code, clock::now());
    let given = given.ok_or_else(|| Problem::not_found("code, or it was used or is too old"))?;
    app.starts.attempts.take_back(&guessers);
    let session = connect(app, &given.conversation_id, agent).await;
    if session.is_err() && is_open(app, &given.conversation_id).await {
        app.starts.codes.put_back(given);
    }
    session
}

/// Whether a conversation is there and not closed.
async fn is_open(app: &App, conversation_id: &ConversationId) -> bool {
    let found = app.store.conversation(conversation_id).await;
    found.is_ok_and(|found| found.is_some_and(|conversation| flow::require_open(&conversation).is_ok()))
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
