//! Logging in, and who may do what.

use serde_json::json;

use crate::support::{Agent, Server, Socket};

fn login(email: &str, password: &str) -> serde_json::Value {
    json!({ "email": email, "password": password })
}

#[tokio::test]
async fn log_in_sets_a_cookie_out_of_reach_of_scripts() {
    let server = Server::start().await;
    let reply = server.request("POST", "/api/v1/session").json(login("ANA@demo.test", "demo")).send().await;
    assert_eq!(reply.status, 200);
    let cookie = reply.header("set-cookie");
    for part in ["tandem_session=", "Path=/", "HttpOnly", "SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let ana = Agent::log_in(&server, "ana").await;
    let shown = ana.request(&server, "GET", "/api/v1/session").send().await;
    assert_eq!(shown.json()["agent"]["email"], "ana@demo.test");
    assert_eq!(shown.header("cache-control"), "no-store");
}

#[tokio::test]
async fn behind_https_the_cookie_is_bound_to_the_host() {
    let server =
        Server::start_with(|config| config.public_url = Some("https://chat.example".parse().unwrap())).await;
    let reply = server.request("POST", "/api/v1/session").json(login("ana@demo.test", "demo")).send().await;
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("__Host-tandem=") && cookie.contains("; Secure"), "{cookie}");
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_address_look_the_same() {
    let server = Server::start().await;
    let wrong = server.request("POST", "/api/v1/session").json(login("ana@demo.test", "dem")).send().await;
    let nobody = server.request("POST", "/api/v1/session").json(login("eve@demo.test", "demo")).send().await;
    assert_eq!((wrong.problem().as_str(), wrong.status.as_u16()), ("unauthorised", 401));
    assert_eq!(wrong.body, nobody.body);
}

#[tokio::test]
async fn too_many_attempts_have_to_wait() {
    let server = Server::start().await;
    for _ in 0..10 {
        server.request("POST", "/api/v1/session").json(login("ana@demo.test", "wrong")).send().await;
    }
    let reply = server.request("POST", "/api/v1/session").json(login("ana@demo.test", "demo")).send().await;
    assert_eq!((reply.status.as_u16(), reply.problem().as_str()), (429, "too_many"));
    assert!(reply.header("retry-after").parse::<u32>().unwrap() > 0);
    Agent::log_in(&server, "ben").await;
}

#[tokio::test]
async fn an_address_is_the_same_however_it_is_written() {
    let server = Server::start().await;
    let spellings = ["ana@demo.test", " ana@demo.test", "ANA@demo.test ", "\tAna@Demo.Test"];
    for spelling in spellings {
        let reply = server.request("POST", "/api/v1/session").json(login(spelling, "demo")).send().await;
        assert_eq!(reply.status, 200, "{spelling:?}");
    }
    for attempt in 0..10 {
        let login = login(spellings[attempt % spellings.len()], "wrong");
        assert_eq!(server.request("POST", "/api/v1/session").json(login).send().await.status, 401);
    }
    for spelling in spellings {
        let reply = server.request("POST", "/api/v1/session").json(login(spelling, "demo")).send().await;
        assert_eq!(reply.status, 429, "{spelling:?}");
    }
}

#[tokio::test]
async fn attempts_that_come_at_once_do_not_pass_the_limit() {
    let server = Server::start().await;
    let attempt = || server.request("POST", "/api/v1/session").json(login("ana@demo.test", "wrong")).send();
    let replies = futures_util::future::join_all((0..30).map(|_| attempt())).await;
    let with = |status: u16| replies.iter().filter(|reply| reply.status == status).count();
    assert_eq!((with(401), with(429)), (10, 20));
}

#[tokio::test]
async fn logging_out_ends_the_session_and_its_sockets() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut socket, _) = ana.connect(&server).await;
    let reply = ana.request(&server, "DELETE", "/api/v1/session").send().await;
    assert_eq!(reply.status, 204);
    assert_eq!(socket.close_code().await, 4401);
    assert_eq!(ana.request(&server, "GET", "/api/v1/session").send().await.status, 401);
}

#[tokio::test]
async fn rest_and_sockets_refuse_the_same_log_ins() {
    let server = Server::start().await;
    for (name, value) in [
        ("x-nothing", ""),
        ("cookie", "tandem_session="),
        ("cookie", "tandem_session=0000"),
        ("authorization", "Bearer "),
        ("authorization", "Bearer wrong"),
        ("authorization", "Basic ZGVtbzpkZW1v"),
    ] {
        let reply = server.request("GET", "/api/v1/conversations").header(name, value).send().await;
        assert_eq!(reply.status, 401, "{name}: {value}");
        let refused = Socket::open(&server.host(), "/api/v1/socket", &[(name, value)]).await;
        assert_eq!(refused.err(), Some(401), "{name}: {value}");
    }
}

#[tokio::test]
async fn nobody_gets_anything_without_a_log_in() {
    let server = Server::start().await;
    for (method, path) in [
        ("GET", "session"),
        ("PUT", "session/away"),
        ("GET", "agents"),
        ("GET", "conversations"),
        ("GET", "conversations/cnv_1"),
        ("GET", "conversations/cnv_1/events"),
        ("POST", "conversations/cnv_1/messages"),
        ("PUT", "conversations/cnv_1/assignee"),
        ("POST", "conversations/cnv_1/close"),
        ("POST", "conversations/cnv_1/cobrowse"),
        ("DELETE", "cobrowse/cob_1"),
        ("GET", "customers/cus_1"),
        ("PATCH", "customers/cus_1"),
        ("GET", "touchpoints"),
        ("POST", "touchpoints"),
        ("GET", "touchpoints/tp_demo"),
        ("PUT", "touchpoints/tp_demo"),
    ] {
        let reply = server.request(method, &format!("/api/v1/{path}")).json(json!({})).send().await;
        assert_eq!(
            (reply.status.as_u16(), reply.problem().as_str()),
            (401, "unauthorised"),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn agents_may_not_change_settings_and_admins_may() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let admin = Agent::log_in(&server, "admin").await;
    let mut document = ana.request(&server, "GET", "/api/v1/touchpoints/tp_demo").send().await.json();
    document["name"] = json!("Renamed");
    let refused =
        ana.request(&server, "PUT", "/api/v1/touchpoints/tp_demo").json(document.clone()).send().await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (403, "forbidden"));
    let kept =
        admin.request(&server, "PUT", "/api/v1/touchpoints/tp_demo").json(document.clone()).send().await;
    assert_eq!((kept.status.as_u16(), &kept.json()["name"]), (200, &json!("Renamed")));
    let stale = admin.request(&server, "PUT", "/api/v1/touchpoints/tp_demo").json(document).send().await;
    assert_eq!(stale.problem(), "conflict");
}

#[tokio::test]
async fn a_foreign_page_is_refused_before_its_cookie_is_read() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let foreign = [("origin", "https://evil.example"), ("cookie", ana.cookie.as_str())];
    assert_eq!(Socket::open(&server.host(), "/api/v1/socket", &foreign).await.err(), Some(403));
    let post = |name: &'static str, value: &'static str| {
        let request = ana.request(&server, "PUT", "/api/v1/session/away").json(json!({ "is_away": true }));
        request.header(name, value).send()
    };
    assert_eq!(post("origin", "https://evil.example").await.status, 403);
    assert_eq!(post("origin", "null").await.status, 403);
    assert_eq!(post("sec-fetch-site", "cross-site").await.status, 403);
    assert_eq!(post("sec-fetch-site", "same-origin").await.status, 200);
    let own = format!("http://{}", server.host());
    let own = [("origin", own.as_str()), ("cookie", ana.cookie.as_str())];
    assert!(Socket::open(&server.host(), "/api/v1/socket", &own).await.is_ok());
}
