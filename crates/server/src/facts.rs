//! The facts the server adds for rules: who is there, when it is open, which settings hold.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use protocol::id::TouchpointId;
use protocol::rule::ServerFacts;
use protocol::time::UnixMillis;
use protocol::touchpoint::Touchpoint;

use crate::app::App;
use crate::{clock, hours};

/// A stream that says nothing is taken for dead by what lies between.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// Returns what the server knows for a touchpoint's rules.
pub(crate) fn of(app: &App, touchpoint: &Touchpoint) -> ServerFacts {
    let now = clock::now();
    let presence = app.presence.watch();
    let agents = presence.borrow();
    let count = |is_counted: fn(&protocol::people::AgentPresence) -> bool| {
        u32::try_from(agents.iter().filter(|agent| is_counted(agent)).count()).unwrap_or(u32::MAX)
    };
    ServerFacts {
        server_time: now,
        agents_online: count(|agent| agent.is_online),
        agents_available: count(protocol::people::AgentPresence::is_available),
        open_intervals: touchpoint.hours.as_ref().map(|hours| hours::intervals(hours, now)),
        config_version: touchpoint.config_version,
    }
}

/// Returns the facts, and again each time they change, until the server goes down or the touchpoint is gone.
pub(crate) fn stream(
    app: Arc<App>,
    touchpoint_id: TouchpointId,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let presence = app.presence.watch();
    let settings = app.settings_changes.subscribe();
    let start = (app, touchpoint_id, presence, settings, None::<ServerFacts>);
    let events =
        futures_util::stream::unfold(start, |(app, id, mut presence, mut settings, shown)| async move {
            loop {
                presence.mark_unchanged();
                settings.mark_unchanged();
                let touchpoint = app.store.touchpoint(&id).await.ok().flatten()?;
                let facts = of(&app, &touchpoint);
                if shown.as_ref().is_none_or(|shown| timeless(shown) != timeless(&facts)) {
                    let event = Event::default().json_data(&facts).ok()?;
                    return Some((Ok(event), (app, id, presence, settings, Some(facts))));
                }
                tokio::select! {
                    changed = presence.changed() => changed.ok()?,
                    changed = settings.changed() => changed.ok()?,
                    () = app.drain.begun() => return None,
                }
            }
        });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// The facts without what changes by the passing of time alone, which browsers follow by themselves.
fn timeless(facts: &ServerFacts) -> ServerFacts {
    ServerFacts { server_time: UnixMillis(0), open_intervals: None, ..facts.clone() }
}
