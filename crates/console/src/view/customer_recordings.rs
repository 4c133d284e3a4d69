//! The recordings of a conversation beside it, for those who may watch them; nothing where there are none.

use protocol::cobrowse::CobrowseSession;
use protocol::id::ConversationId;
use protocol::recording::Recording;
use yew::{Callback, Html, function_component, html, use_effect_with, use_state};

use super::recordings::short_row;
use crate::state::action::Action;
use crate::state::recordings::RecordingsPlace;
use crate::tasks;
use crate::texts::TEXTS;

/// Recordings that are shown here; the screen has them all.
const SHOWN_MAX: usize = 3;

/// What the section needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// The conversation.
    pub(crate) conversation_id: ConversationId,
    /// Its session; when one begins or ends, the recordings are looked for again.
    pub(crate) cobrowse: Option<CobrowseSession>,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The section.
#[function_component]
pub(crate) fn CustomerRecordings(props: &Props) -> Html {
    let found = use_state(Vec::<Recording>::new);
    {
        let found = found.clone();
        use_effect_with(
            (props.conversation_id.clone(), props.cobrowse.clone()),
            move |(conversation_id, _)| {
                let conversation_id = conversation_id.clone();
                browser::spawn(async move {
                    // A list that cannot be had is not worth a word here: the screen of recordings says why.
                    if let Ok(page) = tasks::recording::list(Some(&conversation_id), None).await {
                        found.set(page.recordings);
                    }
                });
            },
        );
    }
    if found.is_empty() {
        return Html::default();
    }
    let place = RecordingsPlace::Of(props.conversation_id.clone());
    let on_all = props.on_action.reform(move |_| Action::ShowRecordings(Some(place.clone())));
    html! {
        <section class="panel" data-testid="customer-recordings">
            <h3 class="panel__title">{ TEXTS.recordings.title }</h3>
            <ul class="recordings__short">
                { for found.iter().take(SHOWN_MAX).map(|one| short_row(one, &props.on_action)) }
            </ul>
            if found.len() > SHOWN_MAX {
                <button class="button" onclick={on_all}>{ TEXTS.recordings.all }</button>
            }
        </section>
    }
}
