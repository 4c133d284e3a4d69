//! What lies over the workspace: toasts, the keys, the question before a deletion, a large picture.

use yew::{Callback, Html, html};

use super::Workspace;
use crate::state::action::{Action, OnDone, Request};
use crate::texts::TEXTS;
use crate::view::code_form::CodeForm;
use crate::view::confirm::Confirm;
use crate::view::keys_help::KeysHelp;
use crate::view::picture::LargePicture;
use crate::view::toasts::Toasts;

impl Workspace {
    pub(super) fn overlays(&self, on_action: &Callback<Action>) -> Html {
        html! {
            <>
                <p class="visually-hidden" role="status">{ &self.announcement }</p>
                <Toasts toasts={self.toasts.clone()} on_action={on_action.clone()} />
                if self.has_keys { <KeysHelp on_action={on_action.clone()} /> }
                if self.has_code { <CodeForm on_action={on_action.clone()} /> }
                if let Some(picture) = self.picture.clone() {
                    <LargePicture {picture} on_close={on_action.reform(|()| Action::ShowPicture(None))} />
                }
                { self.deletion(on_action) }
            </>
        }
    }

    fn deletion(&self, on_action: &Callback<Action>) -> Html {
        let Some(message_id) = self.deleting.clone() else { return Html::default() };
        let on_yes = on_action.reform(move |on_done: OnDone| {
            Action::Ask(Request::Delete { message_id: message_id.clone(), on_done })
        });
        let on_close = on_action.reform(|()| Action::AskDelete(None));
        html! {
            <Confirm title={TEXTS.revise.ask_title} text={TEXTS.revise.ask_text} yes={TEXTS.revise.ask_yes}
                running={TEXTS.revise.ask_running} {on_yes} {on_close} />
        }
    }
}
