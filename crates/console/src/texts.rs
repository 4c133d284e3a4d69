//! Every text of the console. One value of `Texts` is one language.

mod assign;
mod files;
mod given;
mod presence;
mod revise;
mod teams;
mod views;

use assign::AssignTexts;
use files::FilesTexts;
use given::GivenTexts;
use presence::PresenceTexts;
use revise::ReviseTexts;
use teams::TeamsTexts;
use views::ViewsTexts;

/// The texts of one language; names in braces are filled in by `fill`.
pub(crate) struct Texts {
    pub(crate) product: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) retry: &'static str,
    pub(crate) dismiss: &'static str,

    pub(crate) login_title: &'static str,
    pub(crate) login_lead: &'static str,
    pub(crate) login_email: &'static str,
    pub(crate) login_password: &'static str,
    pub(crate) login_submit: &'static str,
    pub(crate) login_running: &'static str,
    pub(crate) login_incomplete: &'static str,
    pub(crate) login_wrong: &'static str,
    pub(crate) login_too_many: &'static str,
    pub(crate) session_over: &'static str,
    pub(crate) log_out: &'static str,

    pub(crate) fault_network: &'static str,
    pub(crate) fault_unreadable: &'static str,
    pub(crate) fault_other: &'static str,
    pub(crate) fault_taken: &'static str,
    pub(crate) fault_moved_on: &'static str,
    pub(crate) fault_outbox_full: &'static str,

    pub(crate) connecting: &'static str,
    pub(crate) connection_lost: &'static str,
    pub(crate) connection_refused: &'static str,
    pub(crate) reload: &'static str,
    pub(crate) available: &'static str,
    pub(crate) away: &'static str,
    pub(crate) away_hint: &'static str,

    pub(crate) inbox: &'static str,
    pub(crate) group_nobody: &'static str,
    pub(crate) group_me: &'static str,
    pub(crate) group_colleague: &'static str,
    pub(crate) inbox_empty_title: &'static str,
    pub(crate) inbox_quiet_title: &'static str,
    pub(crate) inbox_empty_text: &'static str,
    pub(crate) inbox_empty_demo: &'static str,
    pub(crate) inbox_done_empty_title: &'static str,
    pub(crate) inbox_done_empty_text: &'static str,
    pub(crate) row_typing: &'static str,
    pub(crate) row_agent: &'static str,
    pub(crate) row_no_message: &'static str,
    pub(crate) unread: &'static str,
    pub(crate) sharing_mark: &'static str,
    pub(crate) answered_by: &'static str,
    pub(crate) waiting: &'static str,

    pub(crate) ago_now: &'static str,
    pub(crate) ago_minutes: &'static str,
    pub(crate) ago_hours: &'static str,
    pub(crate) ago_days: &'static str,

    pub(crate) thread_empty_title: &'static str,
    pub(crate) thread_empty_text: &'static str,
    pub(crate) thread_none_title: &'static str,
    pub(crate) thread_none_text: &'static str,
    pub(crate) log: &'static str,
    pub(crate) back: &'static str,
    pub(crate) details: &'static str,
    pub(crate) status_unread: &'static str,
    pub(crate) status_unresolved: &'static str,
    pub(crate) status_done: &'static str,
    pub(crate) nobody_answers: &'static str,
    pub(crate) you_answer: &'static str,
    pub(crate) take: &'static str,
    pub(crate) close: &'static str,
    pub(crate) closed: &'static str,
    pub(crate) customer_typing: &'static str,
    pub(crate) latest: &'static str,

    pub(crate) composer: &'static str,
    pub(crate) composer_hint: &'static str,
    pub(crate) too_long: &'static str,
    pub(crate) send: &'static str,
    pub(crate) state_sending: &'static str,
    pub(crate) state_sent: &'static str,
    pub(crate) state_delivered: &'static str,
    pub(crate) state_read: &'static str,
    pub(crate) state_failed: &'static str,

    pub(crate) notice_joined: &'static str,
    pub(crate) notice_handed_over: &'static str,
    pub(crate) notice_routed: &'static str,
    pub(crate) notice_unassigned: &'static str,
    pub(crate) notice_unassigned_by: &'static str,
    pub(crate) notice_team: &'static str,
    pub(crate) notice_team_by: &'static str,
    pub(crate) note_from: &'static str,
    pub(crate) note_private: &'static str,
    pub(crate) notice_closed_by: &'static str,
    pub(crate) notice_closed_by_customer: &'static str,
    pub(crate) notice_closed: &'static str,
    pub(crate) notice_survey: &'static str,

    pub(crate) customer: &'static str,
    pub(crate) customer_online: &'static str,
    pub(crate) customer_offline: &'static str,
    pub(crate) firstname: &'static str,
    pub(crate) lastname: &'static str,
    pub(crate) email: &'static str,
    pub(crate) labels: &'static str,
    pub(crate) label_new: &'static str,
    pub(crate) label_remove: &'static str,
    pub(crate) labels_full: &'static str,
    pub(crate) notes: &'static str,
    pub(crate) notes_hint: &'static str,
    pub(crate) saving: &'static str,
    pub(crate) saved: &'static str,
    pub(crate) not_saved: &'static str,
    pub(crate) survey: &'static str,
    pub(crate) facts: &'static str,
    pub(crate) fact_page: &'static str,
    pub(crate) fact_referrer: &'static str,
    pub(crate) fact_touchpoint: &'static str,
    pub(crate) fact_began: &'static str,
    pub(crate) fact_first_seen: &'static str,
    pub(crate) fact_external_id: &'static str,

    pub(crate) share_ask: &'static str,
    pub(crate) share_asked: &'static str,
    pub(crate) share_asked_by: &'static str,
    pub(crate) share_withdraw: &'static str,
    pub(crate) share_live_by: &'static str,
    pub(crate) share_end: &'static str,
    pub(crate) share_view: &'static str,
    pub(crate) share_connecting: &'static str,
    pub(crate) share_live: &'static str,
    pub(crate) share_live_ms: &'static str,
    pub(crate) share_paused: &'static str,
    pub(crate) share_over: &'static str,
    pub(crate) share_pointer: &'static str,
    pub(crate) share_fit: &'static str,
    pub(crate) share_actual: &'static str,
    pub(crate) end_refused: &'static str,
    pub(crate) end_withdrawn: &'static str,
    pub(crate) end_visitor: &'static str,
    pub(crate) end_away: &'static str,
    pub(crate) end_server: &'static str,

    pub(crate) keys: &'static str,
    pub(crate) keys_move: &'static str,
    pub(crate) keys_open: &'static str,
    pub(crate) keys_reply: &'static str,
    pub(crate) keys_back: &'static str,
    pub(crate) keys_send: &'static str,
    pub(crate) keys_line: &'static str,
    pub(crate) keys_take: &'static str,
    pub(crate) keys_assign: &'static str,
    pub(crate) keys_views: &'static str,
    pub(crate) keys_edit_last: &'static str,
    pub(crate) keys_log: &'static str,
    pub(crate) keys_change: &'static str,
    pub(crate) keys_help: &'static str,

    pub(crate) assign: AssignTexts,
    pub(crate) files: FilesTexts,
    pub(crate) given: GivenTexts,
    pub(crate) presence: PresenceTexts,
    pub(crate) revise: ReviseTexts,
    pub(crate) teams: TeamsTexts,
    pub(crate) views: ViewsTexts,
}

/// English.
pub(crate) const TEXTS: Texts = Texts {
    product: "Tandem",
    loading: "Loading",
    retry: "Try again",
    dismiss: "Dismiss",

    login_title: "Log in to Tandem",
    login_lead: "Answer chats and see what your visitors see.",
    login_email: "E-mail",
    login_password: "Password",
    login_submit: "Log in",
    login_running: "Logging in …",
    login_incomplete: "Enter your e-mail address and your password.",
    login_wrong: "That e-mail address and password do not go together.",
    login_too_many: "Too many attempts. Wait a minute, then try again.",
    session_over: "Your session has ended. Log in again; what you were writing is kept.",
    log_out: "Log out",

    fault_network: "The server cannot be reached. Nothing was changed.",
    fault_unreadable: "The server's answer could not be read. Load the page again.",
    fault_other: "That did not work. Try again.",
    fault_taken: "{agent} was faster and answers this conversation.",
    fault_moved_on: "The conversation has changed in the meantime. Look again.",
    fault_outbox_full: "Too many messages wait to be sent. Your text is kept; try again in a moment.",

    connecting: "Connecting …",
    connection_lost: "Connection lost. Trying again; what you write will be sent.",
    connection_refused: "This page is out of date.",
    reload: "Load again",
    available: "Available",
    away: "Away",
    away_hint: "Whether new chats come to you",

    inbox: "Conversations",
    group_nobody: "Unassigned",
    group_me: "Yours",
    group_colleague: "Colleagues",
    inbox_empty_title: "No conversations yet",
    inbox_quiet_title: "Nothing is waiting",
    inbox_empty_text: "What a visitor writes appears here at once.",
    inbox_empty_demo: "Open the demo shop to try it",
    inbox_done_empty_title: "Nothing closed yet",
    inbox_done_empty_text: "Conversations you close can be read here.",
    row_typing: "is writing …",
    row_agent: "Agent:",
    row_no_message: "No message yet",
    unread: "{count} unread",
    sharing_mark: "Sharing the page",
    answered_by: "Answered by {agent}",
    waiting: "Unread messages: {count}",

    ago_now: "now",
    ago_minutes: "{count} min",
    ago_hours: "{count} h",
    ago_days: "{count} d",

    thread_empty_title: "Choose a conversation",
    thread_empty_text: "Pick one on the left, or press j and Enter.",
    thread_none_title: "All quiet",
    thread_none_text: "The conversation you choose opens here.",
    log: "Messages",
    back: "Back to the conversations",
    details: "Customer",
    status_unread: "Waiting for an answer",
    status_unresolved: "In progress",
    status_done: "Done",
    nobody_answers: "unassigned",
    you_answer: "yours",
    take: "Take",
    close: "Close",
    closed: "This conversation is done. When the customer writes again, it appears under All.",
    customer_typing: "{customer} is writing …",
    latest: "Latest messages",

    composer: "Your message",
    composer_hint: "Write a message",
    too_long: "{count} characters too many",
    send: "Send",
    state_sending: "Sending",
    state_sent: "Sent",
    state_delivered: "Delivered",
    state_read: "Read",
    state_failed: "Not sent",

    notice_joined: "{agent} joined",
    notice_handed_over: "{agent} handed over to {colleague}",
    notice_routed: "{agent} was given the conversation",
    notice_unassigned: "Back in the queue",
    notice_unassigned_by: "{agent} put it back into the queue",
    notice_team: "In the queue of {team}",
    notice_team_by: "{agent} handed over to the team {team}",
    note_from: "Note from {agent}",
    note_private: "Only agents see this",
    notice_closed_by: "{agent} closed the conversation",
    notice_closed_by_customer: "The customer closed the conversation",
    notice_closed: "The conversation was closed",
    notice_survey: "The customer answered the survey",

    customer: "Customer",
    customer_online: "On the site",
    customer_offline: "Not on the site",
    firstname: "First name",
    lastname: "Last name",
    email: "E-mail",
    labels: "Labels",
    label_new: "Add a label",
    label_remove: "Remove the label {label}",
    labels_full: "A customer has at most {count} labels.",
    notes: "Notes",
    notes_hint: "Only your team sees this",
    saving: "Saving …",
    saved: "Saved",
    not_saved: "Not saved",
    survey: "Survey",
    facts: "About",
    fact_page: "Page",
    fact_referrer: "Came from",
    fact_touchpoint: "Touchpoint",
    fact_began: "Began",
    fact_first_seen: "First seen",
    fact_external_id: "Your id",

    share_ask: "Co-browse",
    share_asked: "Waiting for {customer} to share the page …",
    share_asked_by: "{agent} asked {customer} to share the page.",
    share_withdraw: "Withdraw",
    share_live_by: "{agent} sees the page of {customer}.",
    share_end: "End",
    share_view: "The page of {customer}",
    share_connecting: "Connecting",
    share_live: "Live",
    share_live_ms: "Live, {ms} ms",
    share_paused: "Paused",
    share_over: "Over",
    share_pointer: "Point",
    share_fit: "Fit",
    share_actual: "100 %",
    end_refused: "{customer} declined to share the page.",
    end_withdrawn: "The question was not answered, or was taken back.",
    end_visitor: "{customer} stopped sharing the page.",
    end_away: "{customer} left the site, so sharing ended.",
    end_server: "Sharing ended with the connection.",

    keys: "Keys",
    keys_move: "Next and previous conversation",
    keys_open: "Open it",
    keys_reply: "Write a reply",
    keys_back: "Back to the list",
    keys_send: "Send",
    keys_line: "New line",
    keys_take: "Take the conversation",
    keys_assign: "Assign it",
    keys_views: "Views of the inbox",
    keys_edit_last: "Edit your last message (from the empty composer)",
    keys_log: "From message to message (in the log)",
    keys_change: "Edit or delete that message",
    keys_help: "This list",

    assign: assign::ENGLISH,
    files: files::ENGLISH,
    given: given::ENGLISH,
    presence: presence::ENGLISH,
    revise: revise::ENGLISH,
    teams: teams::ENGLISH,
    views: views::ENGLISH,
};

/// Returns the text with each `{name}` replaced by its value. Values are not looked at again, so what a visitor
/// calls themselves cannot pull in another value.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        let value = values.iter().find(|(candidate, _)| *candidate == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_are_replaced_once() {
        let text = fill("{a} and {b}", &[("a", "{b}"), ("b", "two")]);
        assert_eq!(text, "{b} and two");
        assert_eq!(fill("no names", &[]), "no names");
        assert_eq!(fill("open { brace", &[]), "open { brace");
    }
}
