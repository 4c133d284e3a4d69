//! What a shared page names, fetched by the server: for viewers of the session only, from where it may ask only, and
//! nothing that could act.

use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::cobrowse::{Chat, Shared, open};
use crate::support::{Reply, Server};

/// A site that answers as it is told, and remembers what it was asked.
struct Site {
    host: String,
    asked: Arc<Mutex<Vec<String>>>,
}

/// What is answered to a path: the head's lines and the body.
type Answer = fn(&str) -> (&'static str, Vec<u8>);

impl Site {
    async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&heard), answer));
            }
        });
        Self { host, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }
}

async fn serve(mut stream: TcpStream, heard: Arc<Mutex<Vec<String>>>, answer: Answer) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    heard.lock().unwrap().push(head);
    let (lines, body) = answer(&path);
    let mut reply = Vec::new();
    write!(reply, "HTTP/1.1 {lines}\r\nconnection: close\r\n\r\n").unwrap();
    reply.extend_from_slice(&body);
    // Whoever refuses a file does not read it to its end.
    let _ = stream.write_all(&reply).await;
    if path == "/slow" {
        std::future::pending::<()>().await;
    }
}

/// A shared page whose touchpoint has the server fetch files, from this site.
struct Page {
    chat: Chat,
    shared: Shared,
    route: String,
}

impl Page {
    async fn share(site: &Site) -> Self {
        let hosts = vec![site.host.clone()];
        let server = Server::start_with(|config| {
            config.asset_hosts = hosts;
            config.timing.asset = Duration::from_millis(600);
        });
        let server = server.await;
        server.configure(|touchpoint| touchpoint["cobrowse"]["assets"] = json!("server")).await;
        let mut chat = Chat::begin(server).await;
        let shared = chat.share().await;
        let mut viewer = open(&chat.server, "/api/v1/cobrowse/socket", &shared.of_agent).await;
        let route = viewer.expect("welcome").await["assets"].as_str().unwrap().to_owned();
        Self { chat, shared, route }
    }

    async fn get(&self, url: &str) -> Reply {
        let encoded: String = url.bytes().map(|byte| format!("%{byte:02X}")).collect();
        self.chat.server.get(&format!("{}{encoded}", self.route)).await
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";
const MIB: usize = 1024 * 1024;

fn ordinary(path: &str) -> (&'static str, Vec<u8>) {
    match path {
        "/a.png" => ("200 OK\r\ncontent-type: image/png\r\nset-cookie: a=b", PNG.to_vec()),
        "/a.svg" => ("200 OK\r\ncontent-type: image/svg+xml", b"<svg><script>1</script></svg>".to_vec()),
        "/nameless" => ("200 OK", PNG.to_vec()),
        "/css/a.css" => {
            ("200 OK\r\ncontent-type: text/css", b"@import 'b.css';a:hover{background:url(/a.png)}".to_vec())
        }
        "/moved" => ("302 Found\r\nlocation: /css/a.css", Vec::new()),
        "/around" => ("302 Found\r\nlocation: /around", Vec::new()),
        "/inside" => ("302 Found\r\nlocation: http://127.0.0.1/secret.png", Vec::new()),
        "/cloud" => ("302 Found\r\nlocation: http://169.254.169.254/latest/meta-data", Vec::new()),
        "/page" => ("200 OK\r\ncontent-type: text/html", b"<script>1</script>".to_vec()),
        "/code" => ("200 OK\r\ncontent-type: text/javascript", b"1".to_vec()),
        "/nameless-page" => ("200 OK", b"<html><script>1</script>".to_vec()),
        "/large" => ("200 OK\r\ncontent-type: image/png", vec![0; 7 * MIB]),
        "/said-large" => ("200 OK\r\ncontent-type: image/png\r\ncontent-length: 99999999", PNG.to_vec()),
        "/slow" => ("200 OK\r\ncontent-type: image/png\r\ncontent-length: 9999", PNG.to_vec()),
        "/none" => ("404 Not Found\r\ncontent-type: image/png", PNG.to_vec()),
        _ => ("500 Broken", Vec::new()),
    }
}

#[tokio::test]
async fn viewers_get_pictures_that_are_asked_for_as_nobody_and_once() {
    let site = Site::start(ordinary).await;
    let page = Page::share(&site).await;
    for _ in 0..2 {
        let picture = page.get(&site.url("/a.png#part")).await;
        assert_eq!((picture.status.as_u16(), picture.body.as_ref()), (200, PNG));
        assert_eq!(picture.header("content-type"), "image/png");
        assert_eq!(picture.header("x-content-type-options"), "nosniff");
        assert_eq!(picture.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(picture.header("set-cookie"), "");
    }
    let asked = site.asked();
    assert_eq!(asked.len(), 1);
    let head = asked[0].to_ascii_lowercase();
    for told in ["cookie", "referer", "origin", "authorization", "x-forwarded", "#part"] {
        assert!(!head.contains(told), "{head}");
    }
    assert_eq!(page.get(&site.url("/nameless")).await.header("content-type"), "image/png");
}

#[tokio::test]
async fn drawing_with_a_script_is_passed_on_where_nothing_runs() {
    let site = Site::start(ordinary).await;
    let page = Page::share(&site).await;
    let drawing = page.get(&site.url("/a.svg")).await;
    assert_eq!(drawing.header("content-type"), "image/svg+xml");
    let policy = drawing.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.ends_with("sandbox"), "{policy}");
}

#[tokio::test]
async fn addresses_in_a_style_sheet_lead_through_the_server_from_where_it_was_found() {
    let site = Site::start(ordinary).await;
    let page = Page::share(&site).await;
    let sheet = page.get(&site.url("/moved")).await;
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    let through = |path: &str| {
        let host = site.host.replace(':', "%3A");
        format!("\"{}http%3A%2F%2F{host}{}\"", page.route, path.replace('/', "%2F"))
    };
    let expected = format!(
        "@import {};a[data-tandem-hover]{{background:url({})}}",
        through("/css/b.css"),
        through("/a.png")
    );
    assert_eq!(sheet.text(), expected);
}

#[tokio::test]
async fn what_may_not_be_asked_or_passed_on_is_not_and_all_of_it_looks_the_same() {
    let site = Site::start(ordinary).await;
    let other = Site::start(ordinary).await;
    let mut page = Page::share(&site).await;
    let mut urls: Vec<String> = vec![
        other.url("/a.png"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://[::1]/a.png".to_owned(),
        "http://localhost/a.png".to_owned(),
        format!("ftp://{}/a.png", site.host),
        format!("http://me:secret@{}/a.png", site.host),
        "data:image/png;base64,AAAA".to_owned(),
        "nonsense".to_owned(),
    ];
    let paths = [
        "/around",
        "/inside",
        "/cloud",
        "/page",
        "/code",
        "/nameless-page",
        "/large",
        "/said-large",
        "/slow",
        "/none",
    ];
    urls.extend(paths.map(|path| site.url(path)));
    for url in urls {
        let refused = page.get(&url).await;
        assert_eq!(refused.problem(), "not_found", "{url}");
        assert!(refused.text().contains("there is no such file"), "{url}");
    }
    assert!(other.asked().is_empty());
    // The visitor's page, which may have it, is told, and only of these.
    let told = page.shared.recorder.expect("missing").await;
    assert_eq!(told["address"], other.url("/a.png"));
    assert_eq!(site.asked().iter().filter(|head| head.starts_with("GET /around ")).count(), 4);
}

#[tokio::test]
async fn only_viewers_of_a_session_that_lasts_get_anything() {
    let site = Site::start(ordinary).await;
    let mut page = Page::share(&site).await;
    let url = site.url("/a.png");
    let key = page.route.rsplit('/').next().unwrap().to_owned();
    let wrong = format!("/viewer/asset/{}/{}?url={url}", page.shared.id, "0".repeat(32));
    for path in [wrong, format!("/viewer/asset/cob_1/{key}{url}")] {
        assert_eq!(page.chat.server.get(&path).await.problem(), "not_found");
    }
    page.chat.server.configure(|touchpoint| touchpoint["cobrowse"]["assets"] = json!("none")).await;
    assert_eq!(page.get(&url).await.problem(), "not_found");
    page.chat.server.configure(|touchpoint| touchpoint["cobrowse"]["assets"] = json!("server")).await;
    assert_eq!(page.get(&url).await.status, 200);
    let path = format!("/api/v1/cobrowse/{}", page.shared.id);
    page.chat.ana.request(&page.chat.server, "DELETE", &path).send().await;
    page.shared.viewer.expect("ended").await;
    assert_eq!(page.get(&url).await.problem(), "not_found");
}

#[tokio::test]
async fn stage_lets_the_browser_ask_this_route_and_nobody_else() {
    let site = Site::start(ordinary).await;
    let page = Page::share(&site).await;
    let stage = page.chat.server.get(&format!("/viewer/stage/{}", page.shared.id)).await;
    let policy = stage.header("content-security-policy");
    let source = format!("{}/viewer/asset/{}/", page.chat.server.host(), page.shared.id);
    for directive in ["img-src", "font-src", "style-src 'unsafe-inline'"] {
        assert!(policy.contains(&format!("{directive} {source} data: blob:;")), "{policy}");
    }
    assert!(
        !policy.contains("http:") && !policy.contains("'self' ") && !policy.contains("script"),
        "{policy}"
    );
}

#[tokio::test]
async fn settings_that_say_it_the_old_way_are_understood() {
    let server = Server::start().await;
    for (written, meant) in [(json!(false), "none"), (json!(true), "direct")] {
        server
            .configure(|touchpoint| {
                let cobrowse = touchpoint["cobrowse"].as_object_mut().unwrap();
                cobrowse.remove("assets");
                cobrowse.insert("may_load_assets".to_owned(), written);
            })
            .await;
        let read =
            server.request("GET", "/api/v1/touchpoints/tp_demo").bearer("demo-token").send().await.json();
        assert_eq!(read["cobrowse"]["assets"], meant);
        assert_eq!(read["cobrowse"].get("may_load_assets"), None);
    }
}
