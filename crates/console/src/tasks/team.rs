//! Teams: making, changing and deleting them. The list itself comes over the socket.

use browser::fetch::request_empty;
use browser::{FetchError, Method, json};
use protocol::id::TeamId;
use protocol::rest::TeamDocument;

const TEAMS: &str = "/api/v1/teams";

/// Makes a team, or replaces the one with this id.
pub(crate) async fn save(team_id: Option<&TeamId>, document: &TeamDocument) -> Result<(), FetchError> {
    let body = json::to_string(document);
    match team_id {
        None => request_empty(Method::Post, TEAMS, None, Some(&body)).await,
        Some(team_id) => request_empty(Method::Put, &path(team_id), None, Some(&body)).await,
    }
}

/// Deletes a team.
pub(crate) async fn delete(team_id: &TeamId) -> Result<(), FetchError> {
    request_empty(Method::Delete, &path(team_id), None, None).await
}

/// The ids come from the server and hold nothing that needs escaping.
fn path(team_id: &TeamId) -> String {
    format!("{TEAMS}/{team_id}")
}
