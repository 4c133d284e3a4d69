//! A conversation is given to an agent, to a team, or back to the queue.

use protocol::conversation::Author;
use protocol::id::ConversationId;
use protocol::limit::NOTE_CHARS_MAX;
use protocol::problem::ProblemCode;
use protocol::rest::Assign;
use store::{Assignee, NewAssignment, StoreError};

use super::announce;
use crate::app::App;
use crate::clock;
use crate::problem::Problem;

/// Gives the conversation away.
///
/// # Errors
/// `invalid` when both an agent and a team are named, or one that is not there; `too_long` for the note; `conflict`
/// when somebody else was quicker; `not_found`, `busy` or `internal`.
pub(crate) async fn assign(
    app: &App,
    conversation_id: &ConversationId,
    assign: Assign,
    author: Author,
) -> Result<(), Problem> {
    let to = match (assign.agent_id, assign.team_id) {
        (Some(_), Some(_)) => {
            return Err(Problem::invalid(
                "team_id",
                "a conversation goes to an agent or to a team, not to both",
            ));
        }
        (Some(agent_id), None) => Assignee::Agent(agent_id),
        (None, Some(team_id)) => Assignee::Team(team_id),
        (None, None) => Assignee::Nobody,
    };
    let note = assign.note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.chars().count() > NOTE_CHARS_MAX) {
        let detail = format!("note: has more than {NOTE_CHARS_MAX} characters");
        return Err(Problem::new(ProblemCode::TooLong, detail));
    }
    let conversation_id = conversation_id.clone();
    let assignment =
        NewAssignment { conversation_id, to, only_if: assign.only_if, note, author, at: clock::now() };
    give(app, assignment).await
}

/// Carries out an assignment and tells everybody whom it concerns.
///
/// # Errors
/// As [`assign`].
pub(crate) async fn give(app: &App, assignment: NewAssignment) -> Result<(), Problem> {
    let conversation_id = assignment.conversation_id.clone();
    let changed = app.store.assign(assignment).await.map_err(refused)?;
    announce::events(app, &conversation_id, &changed.customer_id, changed.events);
    Ok(())
}

fn refused(error: StoreError) -> Problem {
    if error == StoreError::Conflict {
        return Problem::new(ProblemCode::Conflict, "somebody else has the conversation meanwhile");
    }
    if error == StoreError::NoAgent {
        return Problem::invalid("agent_id", "there is no such agent");
    }
    if error == StoreError::NoTeam {
        return Problem::invalid("team_id", "there is no such team");
    }
    Problem::from(error)
}
