//! The question before something that cannot be undone.

use browser::FetchError;
use web_sys::HtmlElement;
use yew::{Callback, Html, function_component, html, use_effect_with, use_node_ref, use_state};

use super::modal::Modal;
use crate::state::action::OnDone;
use crate::tasks;
use crate::texts::TEXTS;

/// What the question needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// The question.
    pub(crate) title: String,
    /// What it means.
    pub(crate) text: &'static str,
    /// The word of the button that does it.
    pub(crate) yes: &'static str,
    /// The same while it is being done.
    pub(crate) running: &'static str,
    /// Does it, and tells how it went.
    pub(crate) on_yes: Callback<OnDone>,
    /// Puts the question away.
    pub(crate) on_close: Callback<()>,
}

/// The question. It stays, with the reason, when it could not be done.
#[function_component]
pub(crate) fn Confirm(props: &Props) -> Html {
    let is_running = use_state(|| false);
    let fault = use_state(|| None::<String>);
    let no = use_node_ref();
    {
        // The harmless answer is the one that Enter gives.
        let no = no.clone();
        use_effect_with((), move |()| {
            if let Some(no) = no.cast::<HtmlElement>() {
                let _ = no.focus();
            }
        });
    }
    let on_yes = {
        let (is_running, fault) = (is_running.clone(), fault.clone());
        let (on_yes, on_close) = (props.on_yes.clone(), props.on_close.clone());
        Callback::from(move |_| {
            is_running.set(true);
            let (is_running, fault, on_close) = (is_running.clone(), fault.clone(), on_close.clone());
            on_yes.emit(Callback::from(move |answer: Result<(), FetchError>| match answer {
                Ok(()) => on_close.emit(()),
                Err(error) => {
                    is_running.set(false);
                    fault.set(Some(tasks::explain(&error)));
                }
            }));
        })
    };
    let on_no = props.on_close.reform(|_| ());
    html! {
        <Modal class="confirm" label={props.title.clone()} testid="confirm" on_close={props.on_close.clone()}>
            <h2 class="modal__title" dir="auto">{ &props.title }</h2>
            <p class="confirm__text">{ props.text }</p>
            <p class="fault" role="alert">{ (*fault).clone() }</p>
            <div class="modal__buttons">
                <button class="button" ref={no} onclick={on_no} data-testid="confirm-no">
                    { TEXTS.revise.cancel }
                </button>
                <button class="button button--danger" onclick={on_yes} disabled={*is_running}
                    data-testid="confirm-yes">
                    { if *is_running { props.running } else { props.yes } }
                </button>
            </div>
        </Modal>
    }
}
