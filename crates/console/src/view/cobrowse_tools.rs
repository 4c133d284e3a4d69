//! The agent's tools over a shared page: pointing out, looking around, and acting where the visitor allows it.

use std::collections::BTreeSet;

use protocol::cobrowse::CobrowseScope;
use yew::{Callback, Html, MouseEvent, classes, html};

use super::cobrowse_view::Message;
use super::icon::{Icon, icon};
use crate::texts::{TEXTS, fill};
use crate::viewer_link::{Standing, Tool, Way};

const ASKABLE: [CobrowseScope; 4] =
    [CobrowseScope::Scroll, CobrowseScope::Click, CobrowseScope::Type, CobrowseScope::Navigate];

/// What the tools need.
pub(super) struct Tools<'a> {
    /// The one in hand.
    pub(super) tool: Tool,
    /// Whether the view scrolls by itself.
    pub(super) is_alone: bool,
    /// What the agent will ask for.
    pub(super) wishes: &'a BTreeSet<CobrowseScope>,
    /// Where control stands.
    pub(super) standing: &'a Standing,
    /// Takes what is done with them.
    pub(super) on_message: Callback<Message>,
}

/// Draws them.
pub(super) fn tools(props: &Tools<'_>) -> Html {
    let is_alone = props.is_alone;
    let on_alone = props.on_message.reform(move |_: MouseEvent| Message::Alone(!is_alone));
    html! {
        <div class="share__hand" role="toolbar" aria-label={TEXTS.share_tools}>
            { tool(props, Tool::Pointer, Icon::Pointer, TEXTS.share_pointer, "cobrowse-pointer") }
            { tool(props, Tool::Mark, Icon::Frame, TEXTS.share_mark, "cobrowse-mark") }
            { tool(props, Tool::Draw, Icon::Edit, TEXTS.share_draw, "cobrowse-draw") }
            <button class="button" aria-pressed={is_alone.to_string()} onclick={on_alone}
                title={TEXTS.share_alone_hint} data-testid="cobrowse-alone">{ TEXTS.share_alone }</button>
            <span class="share__gap"></span>
            { control(props) }
        </div>
    }
}

fn tool(props: &Tools<'_>, own: Tool, picture: Icon, label: &'static str, testid: &'static str) -> Html {
    let is_taken = props.tool == own;
    let on_click =
        props.on_message.reform(move |_: MouseEvent| Message::Take(if is_taken { Tool::None } else { own }));
    html! {
        <button class="button" aria-pressed={is_taken.to_string()} onclick={on_click} data-testid={testid}>
            { icon(picture, "") }{ label }
        </button>
    }
}

fn control(props: &Tools<'_>) -> Html {
    let Standing { asked, given, is_mine, watchers } = props.standing;
    if *is_mine {
        return html! { <>
            { tool(props, Tool::Control, Icon::Hand, TEXTS.share_act, "cobrowse-control") }
            { given.as_ref().filter(|given| given.scopes.contains(&CobrowseScope::Navigate)).map(|_| ways(props)) }
            { button(props, "", TEXTS.share_release, "cobrowse-release", || Message::Release) }
        </> };
    }
    if asked.is_some() {
        return html! { <>
            <span class="share__word" role="status">{ TEXTS.share_asking }</span>
            { button(props, "", TEXTS.share_withdraw, "cobrowse-withdraw-control", || Message::Withdraw) }
        </> };
    }
    let word = match given {
        Some(given) => fill(TEXTS.share_acts_by, &[("agent", &given.agent)]),
        None if watchers.len() > 1 => fill(TEXTS.share_watchers, &[("agents", &watchers.join(", "))]),
        None => String::new(),
    };
    html! { <>
        <span class="share__word">{ word }</span>
        { wishes(props) }
    </> }
}

/// What to ask for, and the asking.
fn wishes(props: &Tools<'_>) -> Html {
    let boxes = ASKABLE.into_iter().map(|scope| {
        let on_change = props.on_message.reform(move |_| Message::Wish(scope));
        html! {
            <label class="share__wish">
                <input type="checkbox" checked={props.wishes.contains(&scope)} onchange={on_change}
                    data-testid={format!("wish-{}", scope.word())} />
                { label(scope) }
            </label>
        }
    });
    let on_ask = props.on_message.reform(|_: MouseEvent| Message::Ask);
    html! {
        <details class="share__ask">
            <summary class="button" data-testid="cobrowse-wishes">{ icon(Icon::Hand, "") }{ TEXTS.share_control }</summary>
            <div class="share__wishes">
                { for boxes }
                <button class="button button--primary" onclick={on_ask} disabled={props.wishes.is_empty()}
                    data-testid="cobrowse-ask-control">{ TEXTS.share_ask_control }</button>
            </div>
        </details>
    }
}

fn ways(props: &Tools<'_>) -> Html {
    html! { <>
        { button(props, "button--icon", "\u{2190}", "cobrowse-back", || Message::Go(Way::Back)) }
        { button(props, "button--icon", "\u{2192}", "cobrowse-forward", || Message::Go(Way::Forward)) }
        { button(props, "button--icon", "\u{21bb}", "cobrowse-reload", || Message::Go(Way::Reload)) }
    </> }
}

fn button(
    props: &Tools<'_>,
    class: &'static str,
    label: &'static str,
    testid: &'static str,
    message: fn() -> Message,
) -> Html {
    let on_click = props.on_message.reform(move |_: MouseEvent| message());
    let name = match testid {
        "cobrowse-back" => TEXTS.share_back,
        "cobrowse-forward" => TEXTS.share_forward,
        "cobrowse-reload" => TEXTS.share_reload,
        _ => label,
    };
    html! {
        <button class={classes!("button", class)} onclick={on_click} aria-label={name} title={name}
            data-testid={testid}>{ label }</button>
    }
}

fn label(scope: CobrowseScope) -> &'static str {
    match scope {
        CobrowseScope::View | CobrowseScope::Point | CobrowseScope::Record => TEXTS.share_pointer,
        CobrowseScope::Scroll => TEXTS.wish_scroll,
        CobrowseScope::Click => TEXTS.wish_click,
        CobrowseScope::Type => TEXTS.wish_type,
        CobrowseScope::Navigate => TEXTS.wish_navigate,
    }
}
