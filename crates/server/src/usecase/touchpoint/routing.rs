//! How a touchpoint's conversations find their agent, checked before it is kept.

use std::collections::BTreeSet;

use protocol::id::TeamId;
use protocol::limit::{LABEL_CHARS_MAX, LABEL_ROUTES_MAX};
use protocol::routing::RoutingSettings;

use crate::problem::Problem;

/// Seconds of a wait or a grace.
const SECONDS_MAX: u32 = 86_400;

/// Accepts settings that can be kept, as far as they can be told from themselves.
///
/// # Errors
/// `invalid` with the path to the first fault.
pub(super) fn check(routing: &RoutingSettings) -> Result<(), Problem> {
    if routing.by_label.len() > LABEL_ROUTES_MAX {
        return Err(Problem::invalid("routing.by_label", &format!("are more than {LABEL_ROUTES_MAX}")));
    }
    for (index, route) in routing.by_label.iter().enumerate() {
        let path = format!("routing.by_label[{index}].label");
        super::check_text(&path, &route.label, LABEL_CHARS_MAX)?;
    }
    let waits = routing.fallback.as_ref().map(|fallback| ("routing.fallback.after_s", fallback.after_s));
    for (path, seconds) in waits.into_iter().chain([("routing.give_back_after_s", routing.give_back_after_s)])
    {
        if seconds > SECONDS_MAX {
            return Err(Problem::invalid(path, &format!("is more than {SECONDS_MAX} seconds")));
        }
    }
    Ok(())
}

/// Refuses settings that name a team that is not there.
///
/// # Errors
/// `invalid` with the path to the first fault.
pub(super) fn check_teams(routing: &RoutingSettings, known: &BTreeSet<TeamId>) -> Result<(), Problem> {
    match teams(routing).find(|(_, team_id)| !known.contains(*team_id)) {
        Some((path, _)) => Err(Problem::invalid(&path, "there is no such team")),
        None => Ok(()),
    }
}

/// Whether the settings send conversations to this team.
pub(crate) fn names(routing: &RoutingSettings, team_id: &TeamId) -> bool {
    teams(routing).any(|(_, named)| named == team_id)
}

fn teams(routing: &RoutingSettings) -> impl Iterator<Item = (String, &TeamId)> {
    let by_label = routing.by_label.iter().enumerate();
    let by_label =
        by_label.map(|(index, route)| (format!("routing.by_label[{index}].team_id"), &route.team_id));
    let own = routing.team_id.iter().map(|team_id| ("routing.team_id".to_owned(), team_id));
    let fallback = routing.fallback.iter().filter_map(|fallback| fallback.team_id.as_ref());
    by_label.chain(own).chain(fallback.map(|team_id| ("routing.fallback.team_id".to_owned(), team_id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::routing::{LabelRoute, RoutingFallback};

    fn team(name: &str) -> TeamId {
        TeamId(format!("team_{name}"))
    }

    fn check_fault(routing: &RoutingSettings, path: &str) {
        let known = BTreeSet::from([team("a")]);
        let refusal = check(routing).and_then(|()| check_teams(routing, &known)).unwrap_err();
        assert!(refusal.detail.starts_with(path), "{}", refusal.detail);
    }

    #[test]
    fn a_fault_in_the_routing_is_named_with_its_path() {
        let plain = RoutingSettings::default();
        let route = |label: &str, name: &str| LabelRoute { label: label.to_owned(), team_id: team(name) };
        let fallback = |after_s, name: &str| Some(RoutingFallback { after_s, team_id: Some(team(name)) });
        let by_label = vec![route("vip", "a"), route(" ", "a")];
        check_fault(&RoutingSettings { by_label, ..plain.clone() }, "routing.by_label[1].label: ");
        let by_label = vec![route("vip", "a"), route("new", "gone")];
        check_fault(&RoutingSettings { by_label, ..plain.clone() }, "routing.by_label[1].team_id: ");
        let by_label = vec![route("vip", "a"); LABEL_ROUTES_MAX + 1];
        check_fault(&RoutingSettings { by_label, ..plain.clone() }, "routing.by_label: ");
        check_fault(&RoutingSettings { team_id: Some(team("gone")), ..plain.clone() }, "routing.team_id: ");
        let late = RoutingSettings { fallback: fallback(SECONDS_MAX + 1, "a"), ..plain.clone() };
        check_fault(&late, "routing.fallback.after_s: ");
        check_fault(
            &RoutingSettings { fallback: fallback(1, "gone"), ..plain.clone() },
            "routing.fallback.team_id: ",
        );
        let long = RoutingSettings { give_back_after_s: SECONDS_MAX + 1, ..plain };
        check_fault(&long, "routing.give_back_after_s: ");
    }

    #[test]
    fn the_teams_that_get_conversations_are_known() {
        let fallback = Some(RoutingFallback { after_s: 1, team_id: Some(team("b")) });
        let routing = RoutingSettings { team_id: Some(team("a")), fallback, ..RoutingSettings::default() };
        assert!(names(&routing, &team("a")) && names(&routing, &team("b")) && !names(&routing, &team("c")));
    }
}
