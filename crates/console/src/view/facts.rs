//! What is known of the visit: page, referrer, touchpoint, times. Everything here was said by a visitor's browser.

use protocol::agent::ConversationSummary;
use yew::{Html, html};

use super::dates;
use crate::state::link;
use crate::texts::TEXTS;

/// Draws the facts that are known.
pub(crate) fn facts(summary: &ConversationSummary) -> Html {
    let customer = &summary.customer;
    let page = &customer.page;
    let title = if page.title.trim().is_empty() { link::readable(&page.url) } else { page.title.trim() };
    html! {
        <section class="panel" data-testid="facts">
            <div class="panel__head"><h3 class="panel__title">{ TEXTS.facts }</h3></div>
            <dl class="facts">
                if !page.url.is_empty() {
                    <dt>{ TEXTS.fact_page }</dt>
                    <dd class="facts__page" title={page.url.clone()} data-testid="page-url">
                        { address(&page.url, title) }
                    </dd>
                }
                if !page.referrer.is_empty() {
                    <dt>{ TEXTS.fact_referrer }</dt>
                    <dd class="facts__page">{ address(&page.referrer, link::readable(&page.referrer)) }</dd>
                }
                if let Some(external_id) = &customer.identity.external_id {
                    <dt>{ TEXTS.fact_external_id }</dt>
                    <dd>{ external_id }</dd>
                }
                <dt>{ TEXTS.fact_touchpoint }</dt>
                <dd>{ &summary.touchpoint_name }</dd>
                <dt>{ TEXTS.fact_began }</dt>
                <dd>{ dates::day_and_time(summary.created_at) }</dd>
                <dt>{ TEXTS.fact_first_seen }</dt>
                <dd>{ dates::day_and_time(customer.created_at) }</dd>
            </dl>
        </section>
    }
}

/// Only web addresses become links, and what they open learns nothing of the console.
fn address(url: &str, text: &str) -> Html {
    match link::openable(url) {
        Some(href) => html! {
            <a href={href.to_owned()} target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer"
                dir="auto">{ text }</a>
        },
        None => html! { <span dir="auto">{ text }</span> },
    }
}
