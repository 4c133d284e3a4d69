//! The line above the log that says where sharing stands.

use protocol::agent::{ConversationSummary, is_open};
use protocol::cobrowse::CobrowseEnd;
use protocol::id::{AgentId, CobrowseId};
use yew::{Callback, Html, classes, html};

use crate::state::action::Action;
use crate::state::cobrowse::{Asker, Sharing, sharing};
use crate::texts::{TEXTS, fill};

/// Draws the line; nothing when nobody asked, or when the page itself is on the screen.
pub(crate) fn cobrowse_ask(
    summary: &ConversationSummary,
    me: &AgentId,
    ending: Option<CobrowseEnd>,
    on_action: &Callback<Action>,
) -> Html {
    let customer = summary.customer.display_name();
    match sharing(summary, me) {
        Sharing::Asked { cobrowse_id, by: Asker::Me } => {
            let text = fill(TEXTS.share_asked, &[("customer", &customer)]);
            line("", text, withdraw(cobrowse_id, on_action))
        }
        Sharing::Asked { by: Asker::Colleague(agent), .. } => {
            let text = fill(TEXTS.share_asked_by, &[("agent", &agent), ("customer", &customer)]);
            line("", text, Html::default())
        }
        Sharing::Live { cobrowse_id, by: Asker::Colleague(agent) } => {
            let text = fill(TEXTS.share_live_by, &[("agent", &agent), ("customer", &customer)]);
            line("", text, watch(cobrowse_id, on_action))
        }
        Sharing::Live { by: Asker::Me, .. } => Html::default(),
        Sharing::None if summary.is_page_offered && is_open(summary.head.status) => {
            let text = fill(TEXTS.start.offered, &[("customer", &customer)]);
            line("", text, look(summary, on_action))
        }
        Sharing::None => match ending {
            Some(end) if is_open(summary.head.status) => over(end, summary, &customer, on_action),
            Some(_) | None => Html::default(),
        },
    }
}

fn withdraw(cobrowse_id: CobrowseId, on_action: &Callback<Action>) -> Html {
    let on_click = on_action.reform(move |_| Action::EndCobrowse(cobrowse_id.clone()));
    html! {
        <button class="button button--live" onclick={on_click} data-testid="cobrowse-withdraw">
            { TEXTS.share_withdraw }
        </button>
    }
}

fn look(summary: &ConversationSummary, on_action: &Callback<Action>) -> Html {
    let conversation_id = summary.head.conversation_id.clone();
    let on_click = on_action.reform(move |_| Action::AskCobrowse(conversation_id.clone()));
    html! {
        <button class="button button--main" onclick={on_click} data-testid="cobrowse-look">
            { TEXTS.start.look }
        </button>
    }
}

fn watch(cobrowse_id: CobrowseId, on_action: &Callback<Action>) -> Html {
    let on_click = on_action.reform(move |_| Action::WatchCobrowse(cobrowse_id.clone()));
    html! {
        <button class="button" onclick={on_click} data-testid="cobrowse-watch">{ TEXTS.share_watch }</button>
    }
}

fn over(
    end: CobrowseEnd,
    summary: &ConversationSummary,
    customer: &str,
    on_action: &Callback<Action>,
) -> Html {
    let text = match end {
        CobrowseEnd::Refused => TEXTS.end_refused,
        CobrowseEnd::Withdrawn => TEXTS.end_withdrawn,
        CobrowseEnd::Visitor => TEXTS.end_visitor,
        CobrowseEnd::Away => TEXTS.end_away,
        CobrowseEnd::Server => TEXTS.end_server,
        CobrowseEnd::Agent => return Html::default(),
    };
    let conversation_id = summary.head.conversation_id.clone();
    let on_dismiss = on_action.reform(move |_| Action::DropEnding(conversation_id.clone()));
    let dismiss = html! {
        <button class="button button--plain" onclick={on_dismiss}>{ TEXTS.dismiss }</button>
    };
    line("ask--over", fill(text, &[("customer", customer)]), dismiss)
}

fn line(class: &'static str, text: String, button: Html) -> Html {
    html! {
        <div class={classes!("ask", class)} role="status" data-testid="cobrowse-state">
            <span class="ask__text">{ text }</span>
            { button }
        </div>
    }
}
