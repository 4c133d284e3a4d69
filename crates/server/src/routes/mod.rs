//! Every route on one page.

mod api;
mod body;
mod client;
mod pages;
mod scripts;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{delete, get, patch, post, put};
use protocol::problem::ProblemCode;

use crate::app::App;
use crate::auth::guard::guard;
use crate::problem::Problem;
use crate::web::policy;

/// Bytes of a request's body; a whole touchpoint fits.
const BODY_BYTES_MAX: usize = 512 * 1024;

/// Returns the routes of a server.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(health))
        .route("/", get(front))
        .merge(web())
        .merge(client_v1(&app))
        .merge(api_v1(&app))
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(map_response(policy::secure))
        .with_state(app)
}

fn web() -> Router<Arc<App>> {
    Router::new()
        .route("/w/{file}", get(scripts::touchpoint))
        .route("/w/config/{file}", get(scripts::config))
        .route("/w/sri.json", get(scripts::integrity))
        .route("/w/frame/{touchpoint_id}", get(pages::frame))
        .route("/w/{segment}/{*file}", get(scripts::module))
        .route("/sdk/{*file}", get(scripts::sdk))
        .route("/console", get(async || Redirect::permanent("/console/")))
        .route("/console/", get(pages::console))
        .route("/console/{*file}", get(pages::console_file))
        .route("/viewer", get(async || Redirect::permanent("/viewer/")))
        .route("/viewer/", get(pages::viewer))
        .route("/viewer/stage/{cobrowse_id}", get(pages::stage))
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
        .route("/client/v1/conversations/{conversation_id}/events", get(client::events::list))
        .route("/client/v1/socket", get(client::sockets::chat))
        .route("/client/v1/cobrowse", get(client::sockets::cobrowse))
        .method_not_allowed_fallback(nothing_here)
        .layer(from_fn_with_state(Arc::clone(app), client::cors::cors))
}

fn api_v1(app: &Arc<App>) -> Router<Arc<App>> {
    use api::{agents, cobrowse, conversations, customers, session, sockets, touchpoints};
    Router::new()
        .route("/api/v1/session", post(session::log_in).get(session::show).delete(session::log_out))
        .route("/api/v1/session/away", put(session::set_away))
        .route("/api/v1/socket", get(sockets::chat))
        .route("/api/v1/cobrowse/socket", get(sockets::cobrowse))
        .route("/api/v1/cobrowse/{cobrowse_id}", delete(cobrowse::end))
        .route("/api/v1/agents", get(agents::list))
        .route("/api/v1/conversations", get(conversations::list))
        .route("/api/v1/conversations/{conversation_id}", get(conversations::show))
        .route("/api/v1/conversations/{conversation_id}/events", get(conversations::events))
        .route("/api/v1/conversations/{conversation_id}/messages", post(conversations::send))
        .route("/api/v1/conversations/{conversation_id}/assignee", put(conversations::assign))
        .route("/api/v1/conversations/{conversation_id}/close", post(conversations::close))
        .route("/api/v1/conversations/{conversation_id}/cobrowse", post(cobrowse::ask))
        .route("/api/v1/customers/{customer_id}", patch(customers::change).get(customers::show))
        .route("/api/v1/touchpoints", get(touchpoints::list).post(touchpoints::create))
        .route("/api/v1/touchpoints/{touchpoint_id}", get(touchpoints::show).put(touchpoints::replace))
        .method_not_allowed_fallback(nothing_here)
        .route_layer(from_fn_with_state(Arc::clone(app), guard))
}

async fn health(State(app): State<Arc<App>>) -> Response {
    if app.drain.has_begun() {
        return Problem::new(ProblemCode::Busy, "the server goes down").into_response();
    }
    "ready\n".into_response()
}

async fn front(State(app): State<Arc<App>>) -> Redirect {
    Redirect::temporary(if app.config.is_demo { "/demo/" } else { "/console/" })
}

async fn nothing_here() -> Problem {
    Problem::not_found("page")
}
