//! Pages, scripts and files: what they hold, how long they may be kept, and the policies they come with.

use serde_json::json;

use crate::support::{Reply, Server};

fn has_all(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

#[tokio::test]
async fn the_script_holds_the_loader_and_the_public_settings() {
    let server = Server::start().await;
    let script = server.get("/w/tp_demo.js").await;
    assert_eq!(script.status, 200);
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(script.header("cache-control"), "public, max-age=60, stale-while-revalidate=600");
    assert_eq!(script.header("access-control-allow-origin"), "*");
    assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
    let text = script.text();
    assert!(text.starts_with("(()=>{const settings={") && !text.contains("__TANDEM"), "{text}");
    has_all(text, &["\"touchpoint_id\":\"tp_demo\"", "\"hash\":\"abc123\"", "\"state\":\"ACTIVE\""]);
    assert!(!text.contains("allowed_domains"));
}

#[tokio::test]
async fn the_script_is_compressed_and_asked_for_again_with_its_tag() {
    let server = Server::start().await;
    for (accepted, sent) in [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", "")]
    {
        let reply = server.request("GET", "/w/tp_demo.js").header("accept-encoding", accepted).send().await;
        assert_eq!((reply.header("content-encoding"), reply.header("vary")), (sent, "Accept-Encoding"));
    }
    let etag = server.get("/w/tp_demo.js").await.header("etag").to_owned();
    let ask = || server.request("GET", "/w/tp_demo.js").header("if-none-match", &etag).send();
    let known = ask().await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    let path = "/api/v1/touchpoints/tp_demo";
    let mut document = server.request("GET", path).bearer("demo-token").send().await.json();
    document["settings"]["title"] = json!("</script><b>New");
    server.request("PUT", path).bearer("demo-token").json(document).send().await;
    let changed = ask().await;
    assert_eq!(changed.status, 200);
    has_all(changed.text(), &["\\u003c/script>\\u003cb>New"]);
}

#[tokio::test]
async fn a_wrong_or_inactive_touchpoint_is_one_clear_line() {
    let server = Server::start().await;
    let unknown = server.get("/w/tp_nope.js").await;
    assert_eq!(unknown.status, 200);
    assert_eq!(
        unknown.text(),
        "console.error(\"Tandem: there is no touchpoint tp_nope; check the script tag\");\n"
    );
    let path = "/api/v1/touchpoints/tp_demo";
    let mut document = server.request("GET", path).bearer("demo-token").send().await.json();
    document["state"] = json!("INACTIVE");
    server.request("PUT", path).bearer("demo-token").json(document).send().await;
    assert_eq!(
        server.get("/w/tp_demo.js").await.text(),
        "console.info(\"Tandem: touchpoint tp_demo is INACTIVE, nothing is shown\");\n"
    );
}

#[tokio::test]
async fn modules_under_their_hash_are_kept_for_ever_and_open_to_all_pages() {
    let server = Server::start().await;
    let module = server.request("GET", "/w/abc123/widget.js").header("accept-encoding", "br").send().await;
    assert_eq!((module.text(), module.header("content-encoding")), ("brotli", "br"));
    assert_eq!(module.header("cache-control"), "public, max-age=31536000, immutable");
    let reader = server.get("/w/abc123/reader.js").await;
    assert_eq!(reader.header("access-control-allow-origin"), "*");
    assert_eq!(reader.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(server.get("/w/abc123/gone.js").await.problem(), "not_found");
    for path in
        ["/w/abc123/../manifest.json", "/w/abc123/%2e%2e/%2e%2e/manifest.json", "/sdk/..%2fmanifest.json"]
    {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_published_integrity_is_that_of_the_pinned_loader() {
    use sha2::Digest as _;
    let server = Server::start().await;
    let published = server.get("/w/sri.json").await.json();
    let loader = server.get(published["src"].as_str().unwrap()).await;
    assert_eq!(loader.text(), "(()=>{const settings=null;})();\n");
    let digest = sha2::Sha384::digest(&loader.body);
    let integrity = published["integrity"].as_str().unwrap().strip_prefix("sha384-").unwrap();
    assert_eq!(integrity.len(), 64);
    assert_eq!(integrity, base64(&digest));
    let config = server.get("/w/config/tp_demo.js").await;
    has_all(config.text(), &["export default {", "tp_demo"]);
    assert_eq!(config.header("content-type"), "text/javascript; charset=utf-8");
    for (reply, what) in [(&loader, "loader"), (&config, "config")] {
        assert_eq!(reply.header("access-control-allow-origin"), "*", "{what}");
        assert_eq!(reply.header("cross-origin-resource-policy"), "cross-origin", "{what}");
    }
}

/// Base64 by the bits, written another way than the server does it.
fn base64(bytes: &[u8]) -> String {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let digit = |six: &[u8]| usize::from_str_radix(std::str::from_utf8(six).unwrap(), 2).unwrap();
    bits.as_bytes().chunks(6).map(|six| char::from(digits[digit(six)])).collect()
}

#[tokio::test]
async fn only_pages_of_the_touchpoints_domains_may_hold_the_frame() {
    let server = Server::start().await;
    let frame = server.get("/w/frame/tp_demo").await;
    let policy = frame.header("content-security-policy");
    has_all(
        policy,
        &[
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval';",
            "style-src 'self';",
            "frame-ancestors http://localhost:* https://localhost:* http://127.0.0.1:* https://127.0.0.1:*",
        ],
    );
    has_all(policy, &[&format!("connect-src 'self' ws://{0} wss://{0}", server.host())]);
    assert!(!policy.contains("unsafe-inline"));
    assert_eq!(frame.header("referrer-policy"), "no-referrer");
    assert_eq!(server.get("/w/frame/tp_gone").await.problem(), "not_found");
}

#[tokio::test]
async fn the_console_allows_the_least() {
    let server = Server::start().await;
    let console = server.get("/console/").await;
    has_all(
        console.header("content-security-policy"),
        &["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"],
    );
    let viewer = server.get("/viewer/").await;
    has_all(viewer.header("content-security-policy"), &["default-src 'none'", "frame-ancestors 'self'"]);
    let file = server.get("/console/abc123/console.js").await;
    assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(file.header("cross-origin-resource-policy"), "same-origin");
}

#[tokio::test]
async fn every_answer_says_what_it_is() {
    let server = Server::start().await;
    let check = |reply: &Reply, path: &str| {
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!reply.header("content-security-policy").is_empty(), "{path}");
        assert!(!reply.header("referrer-policy").is_empty(), "{path}");
    };
    for path in
        ["/", "/healthz", "/demo/", "/demo/cart", "/console/", "/api/v1/session", "/w/tp_demo.js", "/gone"]
    {
        check(&server.get(path).await, path);
    }
    assert_eq!(server.get("/").await.header("location"), "/demo/");
    assert_eq!(server.get("/demo/cart").await.text(), "<!doctype html><title>Cart</title>");
}

#[tokio::test]
async fn pages_of_a_touchpoints_domains_may_ask_across_origins() {
    let server = Server::start().await;
    let path = "/client/v1/touchpoints/tp_demo/customers";
    let preflight = |origin: &'static str| {
        let request = server.request("OPTIONS", path).header("origin", origin);
        request.header("access-control-request-method", "POST").send()
    };
    let allowed = preflight("http://localhost:3000").await;
    assert_eq!(allowed.status, 204);
    assert_eq!(allowed.header("access-control-allow-origin"), "http://localhost:3000");
    assert_eq!(preflight("https://evil.example").await.status, 403);
    let made =
        server.request("POST", path).header("origin", "http://127.0.0.1:9").json(json!({})).send().await;
    assert_eq!(
        (made.status.as_u16(), made.header("access-control-allow-origin")),
        (201, "http://127.0.0.1:9")
    );
    let foreign =
        server.request("POST", path).header("origin", "https://evil.example").json(json!({})).send();
    assert_eq!(foreign.await.problem(), "forbidden");
}
