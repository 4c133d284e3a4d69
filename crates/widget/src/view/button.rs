//! Buttons. They are drawn in one place, because the code that draws one takes half a kilobyte; so does what yew makes
//! of a class that is no literal, which `~className` goes around.

use yew::prelude::{Callback, Html, MouseEvent, html};

use super::icon::{Icon, icon};

/// A button with words on it. `weight` is its class: `strong` for what is suggested, `quiet` for what is not.
pub(super) fn button(
    weight: &'static str,
    test_id: &'static str,
    text: String,
    on_press: Callback<MouseEvent>,
) -> Html {
    html! {
        <button type="button" ~className={weight} data-testid={test_id} onclick={on_press}>{ text }</button>
    }
}

/// A button with a picture on it.
pub(super) fn icon_button(
    test_id: &'static str,
    picture: Icon,
    label: String,
    on_press: Callback<MouseEvent>,
) -> Html {
    html! {
        <button type="button" class="plain" data-testid={test_id} onclick={on_press}
            aria-label={label.clone()} title={label}>
            { icon(picture) }
        </button>
    }
}
