//! What stands in which view, in which order, and what counts as waiting.

use super::*;
use crate::state::sample::{agent, row, summary, team, team_of};
use protocol::conversation::ConversationStatus;
use protocol::time::UnixMillis;

fn answered(name: &str, status: ConversationStatus, by: Option<&str>, unread_count: u32) -> Row {
    let mut summary = summary(name);
    summary.head.status = status;
    summary.head.assignee = by.map(agent);
    summary.unread_count = unread_count;
    row(summary)
}

fn waiting(name: &str, since_ms: i64, team_name: Option<&str>) -> Row {
    let mut summary = summary(name);
    summary.waiting_since = Some(UnixMillis(since_ms));
    summary.head.team = team_name.map(team);
    summary.unread_count = 1;
    row(summary)
}

fn rows() -> Vec<Row> {
    vec![
        answered("theirs", ConversationStatus::Unread, Some("ben"), 4),
        answered("mine new", ConversationStatus::Unread, Some("me"), 1),
        answered("free", ConversationStatus::Unread, None, 2),
        answered("closed", ConversationStatus::Done, Some("me"), 8),
        answered("mine old", ConversationStatus::Unresolved, Some("me"), 0),
    ]
}

fn names(rows: &[Row], view: View, filter: &Filter) -> Vec<String> {
    let sections = arrange(rows, view, filter).into_iter();
    sections.flat_map(|section| section.rows).map(|row| row.conversation_id().0.clone()).collect()
}

fn check(rows: &[Row], view: View, expected: &[&str]) {
    assert_eq!(names(rows, view, &Filter::default()), expected, "{view:?}");
}

#[test]
fn open_conversations_nobody_answers_come_first_and_colleagues_last() {
    check(&rows(), View::All, &["free", "mine new", "mine old", "theirs"]);
    let headings: Vec<Heading> =
        arrange(&rows(), View::All, &Filter::default()).into_iter().map(|it| it.heading).collect();
    let owner = Heading::Owner;
    assert_eq!(headings, [owner(Owner::Nobody), owner(Owner::Me), owner(Owner::Colleague)]);
}

#[test]
fn each_view_shows_its_own_part() {
    check(&rows(), View::Mine, &["mine new", "mine old"]);
    check(&rows(), View::Waiting, &["free"]);
    check(&rows(), View::Closed, &["closed"]);
    assert_eq!(count(&rows(), View::Mine), 2);
}

#[test]
fn who_waits_longest_comes_first() {
    let rows =
        [waiting("late", 300, None), waiting("early", 100, Some("sales")), waiting("middle", 200, None)];
    check(&rows, View::Waiting, &["early", "middle", "late"]);
    check(&rows, View::All, &["early", "middle", "late"]);
}

#[test]
fn the_view_of_teams_has_a_part_for_each_with_what_waits_first() {
    let mut rows = vec![
        waiting("support waits", 100, Some("support")),
        answered("sales answered", ConversationStatus::Unresolved, Some("ben"), 0),
        waiting("sales waits", 200, Some("sales")),
        waiting("no team", 50, None),
    ];
    rows[1].summary.head.team = Some(team("sales"));
    for row in &mut rows {
        row.is_my_team = row.summary.head.team.is_some();
    }
    check(&rows, View::Teams, &["sales waits", "sales answered", "support waits"]);
}

#[test]
fn filters_by_team_and_agent_narrow_a_view() {
    let mut rows = rows();
    rows[0].summary.head.team = Some(team("sales"));
    let by_team = Filter { team_id: Some(TeamId("sales".to_owned())), agent_id: None };
    assert_eq!(names(&rows, View::All, &by_team), ["theirs"]);
    let by_agent = Filter { team_id: None, agent_id: Some(AgentId("me".to_owned())) };
    assert_eq!(names(&rows, View::All, &by_agent), ["mine new", "mine old"]);
    let by_both = Filter { agent_id: by_agent.agent_id, ..by_team };
    assert_eq!(names(&rows, View::All, &by_both), [""; 0]);
}

#[test]
fn the_title_counts_what_waits_for_this_agent_only() {
    let mut rows = rows();
    assert_eq!(waiting_count(&rows), 3);
    rows[4].is_given = true;
    assert_eq!(waiting_count(&rows), 4, "a chat that was given counts although nothing in it is unread");
    rows.push(waiting("another team's", 0, Some("sales")));
    assert_eq!(waiting_count(&rows), 4);
    rows.last_mut().unwrap().is_my_team = true;
    assert_eq!(waiting_count(&rows), 5);
    assert_eq!(page_title("Tandem", 3), "(3) Tandem");
    assert_eq!(page_title("Tandem", 0), "Tandem");
}

#[test]
fn membership_is_read_from_the_teams() {
    let teams = [team_of("sales", &["me", "ben"]), team_of("support", &["ben"])];
    let me = AgentId("me".to_owned());
    assert!(is_in_team(Some(&team("sales")), &teams, &me));
    assert!(!is_in_team(Some(&team("support")), &teams, &me));
    assert!(!is_in_team(Some(&team("gone")), &teams, &me));
    assert!(!is_in_team(None, &teams, &me));
}

#[test]
fn views_are_found_by_their_names() {
    for view in View::ALL {
        assert_eq!(View::named(view.name()), Some(view));
    }
    assert_eq!(View::named("spam"), None);
}
