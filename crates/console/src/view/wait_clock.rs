//! How long a customer has been waiting, told every second.

use browser::Timer;
use protocol::time::UnixMillis;
use yew::{Component, Context, Html, Properties, classes, html};

use super::dates;
use super::icon::{Icon, icon};
use crate::shell::now;
use crate::state::wait::{Urgency, clock_text, urgency};
use crate::texts::{TEXTS, fill};

/// What the clock needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Since when the customer waits, by the server's clock.
    pub(crate) since: UnixMillis,
    /// The server's clock minus this browser's, in milliseconds.
    pub(crate) clock_offset_ms: i64,
}

/// The clock; only it is drawn anew each second.
pub(crate) struct WaitClock {
    _timer: Timer,
}

/// A second went by.
pub(crate) struct Tick;

impl Component for WaitClock {
    type Message = Tick;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        Self { _timer: timer(ctx) }
    }

    fn update(&mut self, ctx: &Context<Self>, _: Tick) -> bool {
        self._timer = timer(ctx);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { since, clock_offset_ms } = ctx.props();
        let now = now().plus_ms(*clock_offset_ms);
        let class = match urgency(now.since_ms(*since)) {
            Urgency::Fresh => None,
            Urgency::Long => Some("wait--long"),
            Urgency::Late => Some("wait--late"),
        };
        let title = fill(TEXTS.views.waits, &[("time", &dates::time(*since))]);
        html! {
            <span class={classes!("wait", class)} {title} data-testid="wait">
                { icon(Icon::Clock, "") }<span>{ clock_text(*since, now) }</span>
            </span>
        }
    }
}

/// Rings when the clock shows another second.
fn timer(ctx: &Context<WaitClock>) -> Timer {
    let wait_ms = now().plus_ms(ctx.props().clock_offset_ms).since_ms(ctx.props().since);
    let on_time = ctx.link().callback(|()| Tick);
    Timer::after_ms(1_000 - wait_ms.rem_euclid(1_000), move || on_time.emit(()))
}
