//! Where an agent enters the code that a visitor reads out.

use browser::FetchError;
use web_sys::{HtmlElement, HtmlInputElement, InputEvent, SubmitEvent};
use yew::{Callback, Html, TargetCast, function_component, html, use_effect_with, use_node_ref, use_state};

use super::modal::Modal;
use crate::state::action::{Action, OnDone, Request};
use crate::state::code::{digits, is_whole};
use crate::tasks;
use crate::texts::TEXTS;

/// What the form needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The form. It stays, with the reason, when the code leads nowhere.
#[function_component]
pub(crate) fn CodeForm(props: &Props) -> Html {
    let code = use_state(String::new);
    let is_running = use_state(|| false);
    let fault = use_state(|| None::<String>);
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with((), move |()| {
            if let Some(field) = field.cast::<HtmlElement>() {
                let _ = field.focus();
            }
        });
    }
    let on_input = {
        let code = code.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                code.set(digits(&field.value()));
            }
        })
    };
    let on_submit = {
        let (code, is_running, fault) = (code.clone(), is_running.clone(), fault.clone());
        let on_action = props.on_action.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !is_whole(&code) {
                fault.set(Some(TEXTS.start.code_short.to_owned()));
                return;
            }
            is_running.set(true);
            fault.set(None);
            let on_done = on_done(is_running.setter(), fault.setter(), on_action.clone());
            on_action.emit(Action::Ask(Request::Redeem { code: (*code).clone(), on_done }));
        })
    };
    let on_close = props.on_action.reform(|()| Action::ShowCode(false));
    let on_cancel = props.on_action.reform(|_| Action::ShowCode(false));
    html! {
        <Modal class="confirm" label={TEXTS.start.code_title} testid="code-form" {on_close}>
            <form onsubmit={on_submit}>
                <h2 class="modal__title">{ TEXTS.start.code_title }</h2>
                <p class="confirm__text">{ TEXTS.start.code_text }</p>
                <input class="field code-field" ref={field} value={(*code).clone()} oninput={on_input}
                    inputmode="numeric" autocomplete="off" placeholder="000 000"
                    aria-label={TEXTS.start.code_label} data-testid="cobrowse-code" />
                <p class="fault" role="alert" data-testid="code-fault">{ (*fault).clone() }</p>
                <div class="modal__buttons">
                    <button class="button" type="button" onclick={on_cancel}>{ TEXTS.start.code_cancel }</button>
                    <button class="button button--main" type="submit" disabled={*is_running}
                        data-testid="code-connect">
                        { if *is_running { TEXTS.start.code_running } else { TEXTS.start.code_connect } }
                    </button>
                </div>
            </form>
        </Modal>
    }
}

fn on_done(
    is_running: yew::UseStateSetter<bool>,
    fault: yew::UseStateSetter<Option<String>>,
    on_action: Callback<Action>,
) -> OnDone {
    Callback::from(move |answer: Result<(), FetchError>| match answer {
        Ok(()) => on_action.emit(Action::ShowCode(false)),
        Err(error) => {
            is_running.set(false);
            fault.set(Some(explain(&error)));
        }
    })
}

fn explain(error: &FetchError) -> String {
    match error {
        FetchError::Refused { status: 404, .. } => TEXTS.start.code_wrong.to_owned(),
        FetchError::Refused { status: 429, .. } => TEXTS.start.code_many.to_owned(),
        FetchError::Refused { .. } | FetchError::Network | FetchError::Unreadable => tasks::explain(error),
    }
}
