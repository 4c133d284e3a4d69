//! One message in the log.

use chat_core::MessageState;
use protocol::conversation::{Author, Revision};
use ui::{MessageRow, rich_text};
use web_sys::{HtmlElement, KeyboardEvent};
use yew::{Callback, Html, TargetCast, classes, function_component, html};

use super::dates;
use super::icon::{Icon, icon};
use super::message_edit::MessageEdit;
use super::message_files::message_files;
use crate::shell::Keep;
use crate::state::action::Action;
use crate::state::revise::Rights;
use crate::texts::{TEXTS, fill};

/// What a message needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// The message.
    pub(crate) row: MessageRow,
    /// What this agent may do to it.
    pub(crate) rights: Rights,
    /// Whether it is open for editing.
    pub(crate) is_editing: bool,
    /// Where drafts are kept.
    pub(crate) keep: Keep,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// A message with its author, files, time and how far it came. It can have the focus, and then takes keys.
#[function_component]
pub(crate) fn Message(props: &Props) -> Html {
    let row = &props.row;
    let side = row.author.side();
    let author = match &row.author {
        Author::Agent { name, .. } => Some(name.as_str()).filter(|_| row.is_first),
        Author::Customer | Author::System => None,
    };
    let classes = classes!(
        "message",
        format!("message--{side}"),
        (!row.is_first).then_some("message--follows"),
        props.is_editing.then_some("message--editing")
    );
    html! {
        <div class={classes} data-testid="message" data-seq={row.seq.map(|seq| seq.to_string())}
            data-author={side} tabindex="-1" onkeydown={on_key(props)}>
            if let Some(author) = author { <span class="message__author">{ author }</span> }
            if props.is_editing {
                <MessageEdit message_id={row.message_id.clone()} text={row.text.clone()} revision={row.revision}
                    keep={props.keep.clone()} on_action={props.on_action.clone()} />
            } else {
                <div class="message__body">
                    { tools(props) }
                    { text(row) }
                </div>
            }
            { message_files(&row.files, is_stored(row), &props.on_action) }
            { foot(props) }
        </div>
    }
}

fn is_stored(row: &MessageRow) -> bool {
    !matches!(row.state, Some(MessageState::Sending | MessageState::Failed)) && row.seq.is_some()
}

fn text(row: &MessageRow) -> Html {
    if row.revision == Revision::Deleted {
        return html! {
            <div class="message__text message__text--deleted" data-testid="message-deleted">
                { icon(Icon::Trash, "") }{ TEXTS.revise.deleted }
            </div>
        };
    }
    if row.text.is_empty() {
        return Html::default();
    }
    html! { <div class="message__text" dir="auto">{ rich_text(&row.text) }</div> }
}

/// The buttons beside a message, seen while the pointer or the focus is on it.
fn tools(props: &Props) -> Html {
    let Rights { may_edit, may_delete } = props.rights;
    if !may_edit && !may_delete {
        return Html::default();
    }
    let message_id = props.row.message_id.clone();
    let on_edit = {
        let message_id = message_id.clone();
        props.on_action.reform(move |_| Action::Edit(Some(message_id.clone())))
    };
    let on_delete = props.on_action.reform(move |_| Action::AskDelete(Some(message_id.clone())));
    let name = fill(TEXTS.revise.tools, &[("time", &dates::time(props.row.at))]);
    html! {
        <div class="message__tools" role="group" aria-label={name}>
            if may_edit {
                <button class="tool" onclick={on_edit} aria-label={TEXTS.revise.edit} title={TEXTS.revise.edit}
                    data-testid="message-edit">{ icon(Icon::Edit, "") }</button>
            }
            if may_delete {
                <button class="tool" onclick={on_delete} aria-label={TEXTS.revise.delete}
                    title={TEXTS.revise.delete} data-testid="message-delete">{ icon(Icon::Trash, "") }</button>
            }
        </div>
    }
}

/// Keys of a message that has the focus itself: `e` edits, Delete takes back.
fn on_key(props: &Props) -> Callback<KeyboardEvent> {
    let (rights, on_action) = (props.rights, props.on_action.clone());
    let message_id = props.row.message_id.clone();
    Callback::from(move |event: KeyboardEvent| {
        let is_own =
            event.target_dyn_into::<HtmlElement>().is_some_and(|it| it.class_list().contains("message"));
        if !is_own || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let action = match event.key().as_str() {
            "e" if rights.may_edit => Action::Edit(Some(message_id.clone())),
            "Delete" | "Backspace" if rights.may_delete => Action::AskDelete(Some(message_id.clone())),
            _ => return,
        };
        event.prevent_default();
        on_action.emit(action);
    })
}

/// A group of messages shows time and state once, below its last; a message that is not through, or was changed,
/// shows it always.
fn foot(props: &Props) -> Html {
    let row = &props.row;
    let is_edited = row.revision == Revision::Edited;
    let is_shown =
        row.is_last || is_edited || matches!(row.state, Some(MessageState::Sending | MessageState::Failed));
    html! {
        <div class={if is_shown { "message__foot" } else { "visually-hidden" }}>
            <time datetime={row.at.to_string()} title={dates::day_and_time(row.at)}>{ dates::time(row.at) }</time>
            if is_edited { <span data-testid="message-edited">{ TEXTS.revise.edited }</span> }
            if let Some(state) = row.state.filter(|_| row.revision != Revision::Deleted) {
                <span class={classes!("message__state", state_class(state))} data-testid="message-state"
                    data-state={state_name(state)}>
                    { state_text(state) }
                </span>
            }
            if row.state == Some(MessageState::Failed) { { failed(props) } }
        </div>
    }
}

fn failed(props: &Props) -> Html {
    let message_id = props.row.message_id.clone();
    let on_retry = {
        let message_id = message_id.clone();
        props.on_action.reform(move |_| Action::Retry(message_id.clone()))
    };
    let on_discard = props.on_action.reform(move |_| Action::Discard(message_id.clone()));
    html! {
        <>
            <button class="button message__retry" onclick={on_retry} data-testid="message-retry">
                { TEXTS.retry }
            </button>
            <button class="button button--plain message__retry" onclick={on_discard}
                data-testid="message-discard">{ TEXTS.revise.discard }</button>
        </>
    }
}

fn state_text(state: MessageState) -> &'static str {
    match state {
        MessageState::Failed => TEXTS.state_failed,
        MessageState::Sending => TEXTS.state_sending,
        MessageState::Sent => TEXTS.state_sent,
        MessageState::Delivered => TEXTS.state_delivered,
        MessageState::Read => TEXTS.state_read,
    }
}

/// The name of a state, for styles and tests.
fn state_name(state: MessageState) -> &'static str {
    match state {
        MessageState::Failed => "failed",
        MessageState::Sending => "sending",
        MessageState::Sent => "sent",
        MessageState::Delivered => "delivered",
        MessageState::Read => "read",
    }
}

fn state_class(state: MessageState) -> Option<&'static str> {
    match state {
        MessageState::Failed => Some("message__state--failed"),
        MessageState::Read => Some("message__state--read"),
        MessageState::Sending | MessageState::Sent | MessageState::Delivered => None,
    }
}
