//! The question whether the page may be shared: who asks, what they will see, what they never see.

use browser::page;
use protocol::cobrowse::{CobrowseScope, CobrowseSession};
use ui::Texts;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::prelude::{Callback, Event, Html, html};

use super::button::button;
use super::icon::{Icon, icon};

const DIALOG_ID: &str = "consent";

/// Draws the dialog. `on_answer` is called with whether the visitor agrees.
pub(super) fn consent(texts: &Texts, session: &CobrowseSession, on_answer: &Callback<bool>) -> Html {
    let name = &session.agent.name;
    let cancel = on_answer.reform(|event: Event| {
        event.prevent_default();
        false
    });
    html! {
        <dialog id={DIALOG_ID} data-testid="cobrowse-consent" oncancel={cancel} aria-labelledby="consent-title">
            <div class="medal">{ icon(Icon::Eye) }</div>
            <h2 id="consent-title">{ texts.with_name("consent_title", name) }</h2>
            <dl>
                <dt>{ texts.with_name("consent_seen_title", name) }</dt>
                <dd>{ texts.text("consent_seen") }</dd>
                <dt>{ texts.with_name("consent_hidden_title", name) }</dt>
                <dd>{ texts.text("consent_hidden") }</dd>
            </dl>
            if session.scopes.contains(&CobrowseScope::Record) {
                <p><strong>{ texts.text("consent_recorded") }</strong></p>
            }
            <p>{ texts.text("consent_stop") }</p>
            <div class="choices">
                { button("quiet", "cobrowse-deny", texts.text("deny"), on_answer.reform(|_| false)) }
                { button("strong", "cobrowse-allow", texts.text("allow"), on_answer.reform(|_| true)) }
            </div>
        </dialog>
    }
}

/// Makes a dialog that was drawn modal: the browser keeps the focus in it, and Esc means no.
pub(super) fn present() {
    let dialog = page::document().get_element_by_id(DIALOG_ID);
    if let Some(dialog) = dialog.and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok())
        && !dialog.open()
    {
        let _ = dialog.show_modal();
    }
}
