//! The views of the inbox, as tabs with what stands in each.

use std::rc::Rc;

use web_sys::{HtmlElement, KeyboardEvent};
use yew::{Callback, Html, TargetCast, classes, function_component, html};

use super::steps::{Step, focus_neighbour};
use crate::state::action::Action;
use crate::state::inbox::{Row, View, count};
use crate::texts::TEXTS;

/// What the tabs need.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// Every conversation; none until the server has answered.
    pub(crate) rows: Option<Rc<Vec<Row>>>,
    /// The view that is shown.
    pub(crate) view: View,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The tabs. The arrows go from one to the next, and Enter shows it.
#[function_component]
pub(crate) fn InboxTabs(props: &Props) -> Html {
    html! {
        <div class="inbox__tabs" role="tablist" aria-label={TEXTS.views.views} onkeydown={Callback::from(step)}>
            { for View::ALL.into_iter().map(|view| tab(props, view)) }
        </div>
    }
}

fn tab(props: &Props, view: View) -> Html {
    let is_shown = props.view == view;
    let on_click = props.on_action.reform(move |_| Action::ShowView(view));
    let rows: &[Row] = props.rows.as_deref().map_or(&[], Vec::as_slice);
    let count = count(rows, view);
    let stands_out = match view {
        View::Waiting => count > 0,
        View::Mine => {
            rows.iter().any(|row| row.is_in(view) && (row.summary.unread_count > 0 || row.is_given))
        }
        View::All | View::Teams | View::Closed => false,
    };
    html! {
        <button class="tab" role="tab" aria-selected={is_shown.to_string()} aria-controls="inbox-list"
            tabindex={if is_shown { "0" } else { "-1" }} onclick={on_click}
            data-testid={format!("view-{}", view.name())}>
            <span>{ name(view) }</span>
            if view != View::Closed {
                { " " }
                <span class={classes!("tab__count", stands_out.then_some("tab__count--now"))}>{ count }</span>
            }
        </button>
    }
}

fn name(view: View) -> &'static str {
    match view {
        View::All => TEXTS.views.all,
        View::Mine => TEXTS.views.mine,
        View::Waiting => TEXTS.views.waiting,
        View::Teams => TEXTS.views.teams,
        View::Closed => TEXTS.views.closed,
    }
}

fn step(event: KeyboardEvent) {
    let is_rtl = browser::page::document().dir() == "rtl";
    let step = match event.key().as_str() {
        "ArrowLeft" => {
            if is_rtl {
                Step::On
            } else {
                Step::Back
            }
        }
        "ArrowRight" => {
            if is_rtl {
                Step::Back
            } else {
                Step::On
            }
        }
        _ => return,
    };
    if focus_neighbour(".inbox__tabs .tab", step) {
        event.prevent_default();
    } else if let Some(tab) = event.target_dyn_into::<HtmlElement>() {
        let _ = tab.focus();
    }
}
