//! Which role may use which route of `/api/v1`. What does not stand here is refused to everybody.

use axum::http::Method;
use protocol::people::Role;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody; the route looks after itself.
    Open,
    /// This role and those above it.
    From(Role),
}

/// Every route with its method and who may use it, in the order of the router.
pub(crate) const TABLE: [(Method, &str, Access); 41] = [
    (Method::POST, "/api/v1/session", Access::Open),
    (Method::GET, "/api/v1/session", Access::From(Role::Agent)),
    (Method::DELETE, "/api/v1/session", Access::Open),
    (Method::PUT, "/api/v1/session/away", Access::From(Role::Agent)),
    (Method::GET, "/api/v1/socket", Access::From(Role::Agent)),
    (Method::GET, "/api/v1/cobrowse/socket", Access::Open),
    (Method::DELETE, "/api/v1/cobrowse/{cobrowse_id}", Access::From(Role::Agent)),
    (Method::POST, "/api/v1/cobrowse/redeem", Access::From(Role::Agent)),
    (Method::POST, "/api/v1/cobrowse/{cobrowse_id}/watch", Access::From(Role::Agent)),
    (Method::GET, "/api/v1/agents", Access::From(Role::Agent)),
    (Method::OPTIONS, "/api/v1/attachments", Access::Open),
    (Method::POST, "/api/v1/attachments", Access::From(Role::Agent)),
    (Method::GET, "/api/v1/attachments/{attachment_id}", Access::From(Role::Agent)),
    (Method::PATCH, "/api/v1/attachments/{attachment_id}", Access::From(Role::Agent)),
    (Method::DELETE, "/api/v1/attachments/{attachment_id}", Access::From(Role::Agent)),
    (Method::GET, "/api/v1/conversations", Access::From(Role::Agent)),
    (Method::GET, "/api/v1/conversations/{conversation_id}", Access::From(Role::Agent)),
    (Method::GET, "/api/v1/conversations/{conversation_id}/events", Access::From(Role::Agent)),
    (Method::POST, "/api/v1/conversations/{conversation_id}/messages", Access::From(Role::Agent)),
    (
        Method::PATCH,
        "/api/v1/conversations/{conversation_id}/messages/{message_id}",
        Access::From(Role::Agent),
    ),
    (
        Method::DELETE,
        "/api/v1/conversations/{conversation_id}/messages/{message_id}",
        Access::From(Role::Agent),
    ),
    (Method::PUT, "/api/v1/conversations/{conversation_id}/assignee", Access::From(Role::Agent)),
    (Method::POST, "/api/v1/conversations/{conversation_id}/close", Access::From(Role::Agent)),
    (Method::GET, "/api/v1/conversations/{conversation_id}/cobrowse", Access::From(Role::Supervisor)),
    (Method::POST, "/api/v1/conversations/{conversation_id}/cobrowse", Access::From(Role::Agent)),
    (Method::GET, "/api/v1/customers/{customer_id}", Access::From(Role::Agent)),
    (Method::PATCH, "/api/v1/customers/{customer_id}", Access::From(Role::Agent)),
    (Method::DELETE, "/api/v1/customers/{customer_id}", Access::From(Role::Admin)),
    (Method::GET, "/api/v1/customers/{customer_id}/export", Access::From(Role::Supervisor)),
    (Method::GET, "/api/v1/recordings", Access::From(Role::Supervisor)),
    (Method::GET, "/api/v1/recordings/{recording_id}", Access::From(Role::Supervisor)),
    (Method::DELETE, "/api/v1/recordings/{recording_id}", Access::From(Role::Admin)),
    (Method::GET, "/api/v1/recordings/{recording_id}/frames", Access::From(Role::Supervisor)),
    (Method::GET, "/api/v1/teams", Access::From(Role::Agent)),
    (Method::POST, "/api/v1/teams", Access::From(Role::Admin)),
    (Method::PUT, "/api/v1/teams/{team_id}", Access::From(Role::Admin)),
    (Method::DELETE, "/api/v1/teams/{team_id}", Access::From(Role::Admin)),
    (Method::GET, "/api/v1/touchpoints", Access::From(Role::Agent)),
    (Method::POST, "/api/v1/touchpoints", Access::From(Role::Admin)),
    (Method::GET, "/api/v1/touchpoints/{touchpoint_id}", Access::From(Role::Agent)),
    (Method::PUT, "/api/v1/touchpoints/{touchpoint_id}", Access::From(Role::Admin)),
];

/// Returns who may use a route, or `None` for nobody.
pub(crate) fn of(method: &Method, route: &str) -> Option<Access> {
    // A HEAD shows less than the GET it stands for.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    TABLE.iter().find(|(entry, path, _)| entry == method && *path == route).map(|(_, _, access)| *access)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_in_the_table_is_for_nobody() {
        assert_eq!(of(&Method::DELETE, "/api/v1/agents"), None);
        assert_eq!(of(&Method::GET, "/api/v1/secrets"), None);
        assert_eq!(of(&Method::HEAD, "/api/v1/agents"), Some(Access::From(Role::Agent)));
    }

    #[test]
    fn only_admins_change_settings() {
        for (method, path, access) in TABLE {
            let is_setting = path.starts_with("/api/v1/touchpoints") || path.starts_with("/api/v1/teams");
            if is_setting && method != Method::GET {
                assert_eq!(access, Access::From(Role::Admin), "{method} {path}");
            }
        }
    }
}
