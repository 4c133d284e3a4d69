//! Every route on one page.

mod api;
mod body;
mod client;
mod download;
mod foreign;
mod health;
mod idempotency;
mod pages;
mod scripts;
mod tus;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::Redirect;
use axum::routing::{delete, get, patch, post, put};

use protocol::limit::CHAT_FRAME_BYTES_MAX;

use crate::app::App;
use crate::auth::guard::guard;
use crate::connections::admit;
use crate::forwarded::find_client;
use crate::problem::Problem;
use crate::web::policy;

/// Bytes of a request's body; a whole touchpoint fits.
const BODY_BYTES_MAX: usize = 512 * 1024;

/// Bytes of one poll: a frame as large as a socket takes, and what is around it.
const POLL_BYTES_MAX: usize = CHAT_FRAME_BYTES_MAX + 1024;

/// Returns the routes of a server.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(health::lives))
        .route("/readyz", get(health::is_ready))
        .route("/", get(front))
        .merge(web())
        .merge(client_v1(&app))
        .merge(api_v1(&app))
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(Arc::clone(&app), admit))
        .layer(map_response(policy::secure))
        .layer(from_fn_with_state(Arc::clone(&app), find_client))
        .with_state(app)
}

fn web() -> Router<Arc<App>> {
    Router::new()
        .route("/w/{file}", get(scripts::touchpoint))
        .route("/w/config/{file}", get(scripts::config))
        .route("/w/sri.json", get(scripts::integrity))
        .route("/w/frame/{touchpoint_id}", get(pages::frame))
        .route("/w/{segment}/{*file}", get(scripts::module))
        .route("/sdk", get(async || Redirect::permanent("/sdk/")))
        .route("/sdk/", get(scripts::sdk_guide))
        .route("/sdk/{*file}", get(scripts::sdk))
        .route("/console", get(async || Redirect::permanent("/console/")))
        .route("/console/", get(pages::console))
        .route("/console/{*file}", get(pages::console_file))
        .route("/viewer", get(async || Redirect::permanent("/viewer/")))
        .route("/viewer/", get(pages::viewer))
        .route("/viewer/stage/{shown}", get(pages::stage))
        .route("/viewer/asset/{shown}/{key}", get(foreign::show))
        .route("/viewer/{*file}", get(pages::viewer_file))
        .route("/demo", get(async || Redirect::permanent("/demo/")))
        .route("/demo/", get(pages::demo_front))
        .route("/demo/{*file}", get(pages::demo))
        .method_not_allowed_fallback(nothing_here)
}

fn client_v1(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route("/client/v1/touchpoints/{touchpoint_id}/customers", post(client::customers::create))
        .route("/client/v1/touchpoints/{touchpoint_id}/facts", get(client::facts::show))
        .route("/client/v1/touchpoints/{touchpoint_id}/facts/stream", get(client::facts::stream))
        .route("/client/v1/customer", delete(client::customers::erase))
        .route("/client/v1/customer/export", get(client::customers::export))
        .route("/client/v1/conversations/{conversation_id}/events", get(client::events::list))
        .route("/client/v1/conversations/{conversation_id}/cobrowse", get(client::cobrowse::terms))
        .route("/client/v1/conversations/{conversation_id}/cobrowse/offers", post(client::cobrowse::offer))
        .route(
            "/client/v1/conversations/{conversation_id}/cobrowse/offers/{offer_id}",
            put(client::cobrowse::renew).delete(client::cobrowse::withdraw),
        )
        .route("/client/v1/conversations/{conversation_id}/cobrowse/code", post(client::cobrowse::give_code))
        .merge(client_attachments())
        .route("/client/v1/socket", get(client::sockets::chat))
        .route("/client/v1/poll", post(client::poll::poll).layer(DefaultBodyLimit::max(POLL_BYTES_MAX)))
        .route("/client/v1/cobrowse", get(client::sockets::cobrowse))
        .method_not_allowed_fallback(nothing_here)
        .layer(from_fn_with_state(Arc::clone(app), client::cors::cors))
}

fn client_attachments() -> Router<Arc<App>> {
    use client::attachments::{append, create, delete, read, show, speaks};
    Router::new()
        .route("/client/v1/attachments", post(create).options(speaks))
        .route("/client/v1/attachments/{attachment_id}", get(read).head(show).patch(append).delete(delete))
        .route_layer(from_fn(tus::speak))
}

fn api_attachments() -> Router<Arc<App>> {
    use api::attachments::{append, create, delete, read, show, speaks};
    Router::new()
        .route("/api/v1/attachments", post(create).options(speaks))
        .route("/api/v1/attachments/{attachment_id}", get(read).head(show).patch(append).delete(delete))
        .route_layer(from_fn(tus::speak))
}

fn api_v1(app: &Arc<App>) -> Router<Arc<App>> {
    use api::{agents, cobrowse, conversations, customers, messages, recordings};
    use api::{session, sockets, teams, touchpoints};
    Router::new()
        .route("/api/v1/session", post(session::log_in).get(session::show).delete(session::log_out))
        .route("/api/v1/session/away", put(session::set_away))
        .route("/api/v1/socket", get(sockets::chat))
        .route("/api/v1/cobrowse/socket", get(sockets::cobrowse))
        .route("/api/v1/cobrowse/redeem", post(cobrowse::redeem))
        .route("/api/v1/cobrowse/{cobrowse_id}", delete(cobrowse::end))
        .route("/api/v1/cobrowse/{cobrowse_id}/watch", post(cobrowse::watch))
        .route("/api/v1/agents", get(agents::list))
        .route("/api/v1/conversations", get(conversations::list))
        .route("/api/v1/conversations/{conversation_id}", get(conversations::show))
        .route("/api/v1/conversations/{conversation_id}/events", get(conversations::events))
        .route("/api/v1/conversations/{conversation_id}/messages", post(messages::send))
        .route(
            "/api/v1/conversations/{conversation_id}/messages/{message_id}",
            patch(messages::edit).delete(messages::take_back),
        )
        .route("/api/v1/conversations/{conversation_id}/assignee", put(conversations::assign))
        .route("/api/v1/conversations/{conversation_id}/close", post(conversations::close))
        .route("/api/v1/conversations/{conversation_id}/cobrowse", get(cobrowse::records).post(cobrowse::ask))
        .route(
            "/api/v1/customers/{customer_id}",
            patch(customers::change).get(customers::show).delete(customers::erase),
        )
        .route("/api/v1/customers/{customer_id}/export", get(customers::export))
        .merge(api_attachments())
        .route("/api/v1/recordings", get(recordings::list))
        .route("/api/v1/recordings/{recording_id}", get(recordings::show).delete(recordings::delete))
        .route("/api/v1/recordings/{recording_id}/frames", get(recordings::frames))
        .route("/api/v1/teams", get(teams::list).post(teams::create))
        .route("/api/v1/teams/{team_id}", put(teams::replace).delete(teams::remove))
        .route("/api/v1/touchpoints", get(touchpoints::list).post(touchpoints::create))
        .route("/api/v1/touchpoints/{touchpoint_id}", get(touchpoints::show).put(touchpoints::replace))
        .method_not_allowed_fallback(nothing_here)
        .route_layer(from_fn_with_state(Arc::clone(app), idempotency::once))
        .route_layer(from_fn_with_state(Arc::clone(app), guard))
}

async fn front(State(app): State<Arc<App>>) -> Redirect {
    Redirect::temporary(if app.config.is_demo { "/demo/" } else { "/console/" })
}

async fn nothing_here() -> Problem {
    Problem::not_found("page")
}
