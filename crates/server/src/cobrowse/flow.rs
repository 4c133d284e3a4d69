//! How a session begins and ends. Every step is recorded, and told to both sides.

use std::sync::Arc;

use broker::{Notice, Topic};
use protocol::cobrowse::{CobrowseEnd, CobrowseScope, CobrowseSession, CobrowseStage};
use protocol::conversation::ConversationStatus;
use protocol::id::{AgentId, CobrowseId, ConversationId, CustomerId};
use protocol::people::AgentRef;
use protocol::problem::ProblemCode;
use protocol::touchpoint::Touchpoint;
use store::{CobrowseStep, Conversation, StoreError};

use super::sessions::Entry;
use crate::announcer::Concerns;
use crate::app::App;
use crate::problem::Problem;
use crate::{clock, random, recordings};

/// What made an agent ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// They pressed the button; the visitor may have offered it.
    Button,
    /// The visitor read out a code.
    Code,
}

/// Asks the visitor of a conversation to share their page. An offer of theirs is taken up by this.
///
/// # Errors
/// `not_found`; `forbidden` where co-browsing is switched off; `conflict` when the visitor is not there or has a
/// session already, or the conversation is closed; `busy` or `internal`.
pub(crate) async fn ask(
    app: &Arc<App>,
    conversation_id: &ConversationId,
    agent: AgentRef,
    way: Way,
) -> Result<CobrowseSession, Problem> {
    let conversation = app.store.conversation(conversation_id).await?.ok_or(StoreError::NoConversation)?;
    let touchpoint =
        app.store.touchpoint(&conversation.touchpoint_id).await?.ok_or(StoreError::NoTouchpoint)?;
    require_enabled(&touchpoint)?;
    require_open(&conversation)?;
    if !app.visitors.is_online(&conversation.customer_id) {
        return Err(Problem::new(ProblemCode::Conflict, "the visitor is not on the page"));
    }
    let mut scopes = vec![CobrowseScope::View, CobrowseScope::Point];
    if touchpoint.cobrowse.recording {
        scopes.push(CobrowseScope::Record);
    }
    let session = CobrowseSession {
        cobrowse_id: CobrowseId::new(clock::now(), random::entropy()),
        conversation_id: conversation_id.clone(),
        agent: agent.clone(),
        scopes,
        stage: CobrowseStage::Asked,
        ticket: None,
        // Whoever reads out a code is asked in any case.
        offer_id: Some(way)
            .filter(|way| *way == Way::Button)
            .and_then(|_| app.starts.offer_of(conversation_id)),
    };
    let entry = Entry::new(session.clone(), conversation.customer_id.clone(), conversation.touchpoint_id);
    if !app.cobrowse.add(entry) {
        return Err(Problem::new(ProblemCode::Conflict, "the visitor was asked already"));
    }
    let recorded = app.store.cobrowse_asked(&session.cobrowse_id, conversation_id, agent, clock::now()).await;
    if let Err(error) = recorded {
        app.cobrowse.remove(&session.cobrowse_id);
        return Err(error.into());
    }
    app.starts.take_offer(conversation_id);
    if session.offer_id.is_some() {
        record_beginning(app, &session, "offer").await;
    }
    if way == Way::Code {
        record_beginning(app, &session, "code").await;
    }
    let notice = Notice::Cobrowse { session: session.clone() };
    app.broker.publish(&Topic::Customer(conversation.customer_id), notice.into());
    app.announcer.conversation(conversation_id, Concerns::Everybody);
    withdraw_unanswered(app, session.cobrowse_id.clone());
    Ok(session)
}

/// Refuses what a touchpoint without co-browsing does not have.
///
/// # Errors
/// `forbidden`.
pub(crate) fn require_enabled(touchpoint: &Touchpoint) -> Result<(), Problem> {
    if touchpoint.cobrowse.is_enabled {
        return Ok(());
    }
    Err(Problem::new(ProblemCode::Forbidden, "co-browsing is switched off for this touchpoint"))
}

/// Refuses what a conversation that is closed does not have.
///
/// # Errors
/// `conflict`.
pub(crate) fn require_open(conversation: &Conversation) -> Result<(), Problem> {
    if conversation.head.status == ConversationStatus::Done {
        return Err(Problem::new(ProblemCode::Conflict, "the conversation is closed"));
    }
    Ok(())
}

/// Records what the visitor did that made the agent ask.
async fn record_beginning(app: &App, session: &CobrowseSession, what: &str) {
    let scopes: Vec<&str> = session.scopes.iter().map(|scope| scope.word()).collect();
    let step = CobrowseStep {
        agent: session.agent.clone(),
        at: clock::now(),
        what: what.to_owned(),
        outcome: scopes.join(" "),
        times: 1,
    };
    record_step(app, &session.cobrowse_id, step).await;
}

fn withdraw_unanswered(app: &Arc<App>, cobrowse_id: CobrowseId) {
    let app = Arc::clone(app);
    tokio::spawn(async move {
        tokio::time::sleep(app.config.timing.cobrowse_ask).await;
        let is_asked =
            app.cobrowse.get(&cobrowse_id).is_some_and(|entry| entry.session.stage == CobrowseStage::Asked);
        if is_asked {
            end(&app, &cobrowse_id, CobrowseEnd::Withdrawn).await;
        }
    });
}

/// A visitor's answer to the question.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Consent<'a> {
    pub(crate) cobrowse_id: &'a CobrowseId,
    pub(crate) customer_id: &'a CustomerId,
    /// The tab that answers, which gets the ticket again after a reload.
    pub(crate) page_key: &'a str,
    pub(crate) is_allowed: bool,
}

/// Carries out the visitor's answer to the question.
///
/// # Errors
/// `not_found` when it is not theirs or was answered already; `busy` or `internal`.
pub(crate) async fn consent(app: &Arc<App>, consent: Consent<'_>) -> Result<(), Problem> {
    let Consent { cobrowse_id, customer_id, page_key, is_allowed } = consent;
    let asked = app
        .cobrowse
        .get(cobrowse_id)
        .filter(|entry| entry.customer_id == *customer_id && entry.session.stage == CobrowseStage::Asked);
    if asked.is_none() {
        return Err(Problem::not_found("question for consent"));
    }
    if !is_allowed {
        end(app, cobrowse_id, CobrowseEnd::Refused).await;
        return Ok(());
    }
    // Recorded first: a page is not shown unless the consent is on disk.
    app.store.cobrowse_granted(cobrowse_id, clock::now()).await?;
    let Some(entry) = app.cobrowse.grant(cobrowse_id, customer_id, page_key) else {
        return Err(Problem::not_found("question for consent"));
    };
    if entry.session.scopes.contains(&CobrowseScope::Record) {
        recordings::begin(app, cobrowse_id, &entry.channel).await;
    }
    let notice = Arc::new(Notice::Cobrowse { session: entry.session.clone() });
    app.broker.publish(&Topic::Customer(entry.customer_id.clone()), Arc::clone(&notice));
    app.broker.publish(&Topic::Agent(entry.session.agent.agent_id.clone()), notice);
    app.announcer.conversation(&entry.session.conversation_id, Concerns::Everybody);
    recorder_left(app, cobrowse_id);
    Ok(())
}

/// Ends a session that gets no recorder in time: a reload comes back, a closed page does not.
pub(crate) fn recorder_left(app: &Arc<App>, cobrowse_id: &CobrowseId) {
    let Some(entry) = app.cobrowse.get(cobrowse_id) else { return };
    let (app, cobrowse_id) = (Arc::clone(app), cobrowse_id.clone());
    let left_at = entry.channel.recorders_so_far();
    tokio::spawn(async move {
        tokio::select! {
            () = tokio::time::sleep(app.config.timing.cobrowse_away) => {}
            _ = entry.channel.ended() => return,
        }
        if entry.channel.recorders_so_far() == left_at {
            end(&app, &cobrowse_id, CobrowseEnd::Away).await;
        }
    });
}

/// Ends a session; ending it again does nothing.
pub(crate) async fn end(app: &App, cobrowse_id: &CobrowseId, end: CobrowseEnd) {
    let Some(entry) = app.cobrowse.remove(cobrowse_id) else { return };
    // The view goes first, then whatever takes time.
    entry.channel.end(end);
    let notice = Arc::new(Notice::CobrowseEnded {
        conversation_id: entry.session.conversation_id.clone(),
        cobrowse_id: cobrowse_id.clone(),
        end,
    });
    app.broker.publish(&Topic::Customer(entry.customer_id), Arc::clone(&notice));
    app.broker.publish(&Topic::Agent(entry.session.agent.agent_id), notice);
    if let Some(step) = entry.control.take_last() {
        record_step(app, cobrowse_id, step).await;
    }
    if let Err(error) = app.store.cobrowse_ended(cobrowse_id, end, clock::now()).await {
        tracing::error!(%error, %cobrowse_id, "the end of a co-browse session could not be recorded");
    }
    app.announcer.conversation(&entry.session.conversation_id, Concerns::Everybody);
}

/// Lets a colleague look on at a live session, which the visitor is told.
///
/// # Errors
/// `not_found` when it is not live; `busy` or `internal`.
pub(crate) async fn watch(
    app: &App,
    cobrowse_id: &CobrowseId,
    agent: AgentRef,
) -> Result<CobrowseSession, Problem> {
    let session = app.cobrowse.for_watcher(cobrowse_id, agent.clone());
    let session = session.ok_or_else(|| Problem::not_found("live co-browse session"))?;
    let step = CobrowseStep {
        agent,
        at: clock::now(),
        what: "watch".to_owned(),
        outcome: "view".to_owned(),
        times: 1,
    };
    app.store.cobrowse_step(cobrowse_id, step).await?;
    Ok(session)
}

/// Records what was asked, given or done.
pub(crate) async fn record_step(app: &App, cobrowse_id: &CobrowseId, step: CobrowseStep) {
    if let Err(error) = app.store.cobrowse_step(cobrowse_id, step).await {
        tracing::error!(%error, %cobrowse_id, "a step of a co-browse session could not be recorded");
    }
}

/// Ends a session in the name of the agent who asked for it; a question nobody has answered is taken back.
pub(crate) async fn end_by_agent(app: &App, session: &CobrowseSession) {
    let by = match session.stage {
        CobrowseStage::Asked => CobrowseEnd::Withdrawn,
        CobrowseStage::Live => CobrowseEnd::Agent,
    };
    end(app, &session.cobrowse_id, by).await;
}

/// Ends what an agent asked for, as their log-in is over: a viewer has a ticket instead of the log-in, and would
/// go on without it.
pub(crate) async fn end_asked_by(app: &App, agent_id: &AgentId) {
    for session in app.cobrowse.asked_by(agent_id) {
        end_by_agent(app, &session).await;
    }
    app.cobrowse.expel(agent_id);
}

/// Ends every session, as the server goes down.
pub(crate) async fn end_all(app: &App) {
    for cobrowse_id in app.cobrowse.ids() {
        end(app, &cobrowse_id, CobrowseEnd::Server).await;
    }
}
