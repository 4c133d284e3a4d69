//! The panel beside the thread: name, labels, notes, survey, facts.

use protocol::agent::ConversationSummary;
use protocol::limit::{NAME_CHARS_MAX, NOTES_CHARS_MAX};
use protocol::rest::CustomerPatch;
use yew::{Callback, Html, function_component, html};

use super::avatar::{AvatarSize, avatar};
use super::customer_recordings::CustomerRecordings;
use super::facts::facts;
use super::icon::{Icon, icon};
use super::labels::Labels;
use super::saved_field::{FieldKind, Save, SavedField};
use super::survey::survey;
use crate::state::action::{Action, Request};
use crate::texts::TEXTS;

/// What the panel needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// The conversation and its customer.
    pub(crate) summary: ConversationSummary,
    /// Whether this agent may watch recordings.
    pub(crate) may_watch: bool,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The panel.
#[function_component]
pub(crate) fn CustomerPanel(props: &Props) -> Html {
    let summary = &props.summary;
    let customer = &summary.customer;
    let name = customer.display_name();
    let on_close = props.on_action.reform(|_| Action::ToggleDetails);
    let on_labels = patch(props, |labels| CustomerPatch { labels: Some(labels), ..CustomerPatch::default() });
    let presence = if customer.is_online { TEXTS.customer_online } else { TEXTS.customer_offline };
    html! {
        <aside class="customer workspace__customer" aria-label={TEXTS.customer} data-testid="customer">
            <div class="customer__head">
                { avatar(customer.customer_id.as_str(), &name, AvatarSize::Normal, customer.is_online) }
                <div class="customer__who">
                    <h2 class="customer__name" dir="auto" data-testid="customer-name">{ &name }</h2>
                    <p class="customer__presence">{ presence }</p>
                </div>
                <button class="button button--plain button--icon customer__close" aria-label={TEXTS.dismiss}
                    onclick={on_close}>{ icon(Icon::Close, "") }</button>
            </div>
            if let Some(result) = &summary.survey { { survey(result) } }
            { names(props) }
            <Labels labels={customer.identity.labels.clone()} on_save={on_labels} />
            { notes(props) }
            { facts(summary) }
            if props.may_watch {
                <CustomerRecordings conversation_id={summary.head.conversation_id.clone()}
                    cobrowse={summary.cobrowse.clone()} on_action={props.on_action.clone()} />
            }
        </aside>
    }
}

fn names(props: &Props) -> Html {
    let identity = &props.summary.customer.identity;
    let on_firstname =
        patch(props, |text| CustomerPatch { firstname: Some(text), ..CustomerPatch::default() });
    let on_lastname = patch(props, |text| CustomerPatch { lastname: Some(text), ..CustomerPatch::default() });
    let on_email = patch(props, |text| CustomerPatch { email: Some(text), ..CustomerPatch::default() });
    html! {
        <section class="panel">
            <div class="names">
                <SavedField kind={FieldKind::Line} label={TEXTS.firstname} chars_max={NAME_CHARS_MAX}
                    value={identity.firstname.clone().unwrap_or_default()} testid="customer-firstname"
                    on_save={on_firstname} />
                <SavedField kind={FieldKind::Line} label={TEXTS.lastname} chars_max={NAME_CHARS_MAX}
                    value={identity.lastname.clone().unwrap_or_default()} testid="customer-lastname"
                    on_save={on_lastname} />
                <SavedField kind={FieldKind::Email} label={TEXTS.email} chars_max={NAME_CHARS_MAX}
                    value={identity.email.clone().unwrap_or_default()} testid="customer-email"
                    on_save={on_email} />
            </div>
        </section>
    }
}

fn notes(props: &Props) -> Html {
    let on_save: Callback<Save> =
        patch(props, |text| CustomerPatch { notes: Some(text), ..CustomerPatch::default() });
    html! {
        <SavedField kind={FieldKind::Notes} label={TEXTS.notes} placeholder={TEXTS.notes_hint}
            chars_max={NOTES_CHARS_MAX} value={props.summary.customer.notes.clone()} testid="notes" {on_save} />
    }
}

/// Returns what saves a value of the customer as the patch made of it.
fn patch<T: 'static>(
    props: &Props,
    make: impl Fn(T) -> CustomerPatch + 'static,
) -> Callback<(T, Callback<bool>)> {
    let customer_id = props.summary.customer.customer_id.clone();
    props.on_action.reform(move |(value, on_done)| {
        Action::Ask(Request::Patch { customer_id: customer_id.clone(), patch: make(value), on_done })
    })
}
