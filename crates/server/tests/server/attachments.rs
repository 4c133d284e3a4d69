//! Files of messages: uploaded in pieces that can be resumed, kept whole or not at all, given out as nothing but files.

use std::time::Duration;

use serde_json::{Value, json};
use store::UploadQuota;

use crate::support::people::message_id;
use crate::support::upload::Upload;
use crate::support::{Agent, PATIENCE, Server, Visitor};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and then some pixels";

fn bytes(count: usize) -> Vec<u8> {
    [PNG, &(0..count - PNG.len()).map(|place| (place % 251) as u8).collect::<Vec<u8>>()].concat()
}

async fn send_with(visitor: &mut Visitor, attachments: Value) -> Value {
    let id = message_id();
    let command = json!({
        "type": "send", "conversation_id": visitor.conversation_id, "message_id": id, "text": "",
        "attachments": attachments,
    });
    visitor.socket.say(command).await;
    loop {
        let event = visitor.socket.event().await;
        if event["message_id"] == id.as_str() {
            return event;
        }
    }
}

#[tokio::test]
async fn a_file_goes_up_in_pieces_into_a_message_and_comes_down_as_it_was() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    let file = bytes(200_000);
    let upload = Upload::begin(&server, &visitor.token, "photo ü.png", "image/png", file.len()).await;
    for piece in [0..80_000, 80_000..80_001, 80_001..200_000] {
        let stored = upload.patch(&server, piece.start, &file[piece.clone()]).await;
        assert_eq!((stored.status.as_u16(), stored.header("upload-offset")), (204, &*piece.end.to_string()));
        assert_eq!(stored.header("tus-resumable"), "1.0.0");
    }
    assert_eq!(upload.offset(&server).await, 200_000);
    let acked = send_with(&mut visitor, json!([upload.attachment_id()])).await;
    assert_eq!(acked["type"], "ack");
    let path = format!("/api/v1/conversations/{}/events", visitor.conversation_id);
    let events = ana.request(&server, "GET", &path).send().await.json();
    let expected = json!([{
        "attachment_id": upload.attachment_id(), "name": "photo ü.png", "media_type": "image/png", "bytes": 200_000,
    }]);
    assert_eq!(events["events"][0]["what"]["attachments"], expected);
    let theirs = format!("/api/v1/attachments/{}", upload.attachment_id());
    let shown = ana.request(&server, "GET", &theirs).send().await;
    assert!(shown.body == file, "{} bytes came back", shown.body.len());
    let own = server.request("GET", &upload.path).bearer(&visitor.token).send().await;
    assert!(own.body == file);
}

#[tokio::test]
async fn a_file_is_given_out_as_nothing_but_a_file() {
    let server = Server::start().await;
    let visitor = Visitor::arrive(&server).await;
    let upload = Upload::whole(&server, &visitor.token, "a\"b.png", "image/png", PNG).await;
    let shown = server.request("GET", &upload.path).bearer(&visitor.token).send().await;
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-disposition", "attachment; filename=\"a_b.png\"; filename*=UTF-8''a%22b.png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "private, no-cache"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(shown.header(name), value, "{name}");
    }
    let again = server.request("GET", &upload.path).bearer(&visitor.token);
    let again = again.header("if-none-match", shown.header("etag")).send().await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    let part = server.request("GET", &upload.path).bearer(&visitor.token).header("range", "bytes=1-3");
    let part = part.send().await;
    assert_eq!((part.status.as_u16(), part.text()), (206, "PNG"));
    assert_eq!(part.header("content-range"), format!("bytes 1-3/{}", PNG.len()));
    let beyond = server.request("GET", &upload.path).bearer(&visitor.token).header("range", "bytes=999-");
    assert_eq!(beyond.send().await.status, 416);
}

#[tokio::test]
async fn documents_that_can_hold_scripts_are_never_called_so() {
    let server = Server::start().await;
    server.configure(|settings| settings["attachments"]["media_types"] = json!(["*/*"])).await;
    let visitor = Visitor::arrive(&server).await;
    let page = b"<!doctype html><script>alert(1)</script>";
    for (name, declared) in [
        ("page.html", "text/html"),
        ("drawing.svg", "image/svg+xml"),
        ("photo.png", "image/png"),
        ("page.xhtml", "application/xhtml+xml"),
        ("odd", "text/html\r\nset-cookie: a=b"),
    ] {
        let upload = Upload::whole(&server, &visitor.token, name, declared, page).await;
        let shown = server.request("GET", &upload.path).bearer(&visitor.token).send().await;
        assert_eq!(shown.header("content-type"), "application/octet-stream", "{name}");
        assert!(shown.header("content-disposition").starts_with("attachment"), "{name}");
        assert_eq!(shown.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn an_upload_that_was_cut_goes_on_where_it_stopped_even_after_a_restart() {
    let server = Server::start().await;
    let visitor = Visitor::arrive(&server).await;
    let file = bytes(50_000);
    let upload = Upload::begin(&server, &visitor.token, "photo.png", "image/png", file.len()).await;
    upload.patch(&server, 0, &file[..20_000]).await;
    let server = server.restart().await;
    assert_eq!(upload.offset(&server).await, 20_000);
    for wrong in [0, 19_999, 20_001] {
        assert_eq!(upload.patch(&server, wrong, b"x").await.problem(), "conflict", "{wrong}");
    }
    assert_eq!(upload.patch(&server, 20_000, &file[20_000..]).await.status, 204);
    let shown = server.request("GET", &upload.path).bearer(&visitor.token).send().await;
    assert!(shown.body == file);
    // Asking again after the answer was lost does no harm.
    assert_eq!(upload.patch(&server, 50_000, b"").await.status, 204);
}

#[tokio::test]
async fn what_a_process_left_half_done_is_mended_at_the_start() {
    let server = Server::start().await;
    let visitor = Visitor::arrive(&server).await;
    let upload = Upload::begin(&server, &visitor.token, "photo.png", "image/png", PNG.len()).await;
    let half = Upload::begin(&server, &visitor.token, "half.png", "image/png", PNG.len()).await;
    half.patch(&server, 0, &PNG[..5]).await;
    // All bytes came, and the process ended before the file was kept.
    std::fs::write(server.data().join("uploads").join(upload.attachment_id()), PNG).unwrap();
    // The store never knew of these.
    let unknown = format!("att_{}", "a".repeat(32));
    let leftovers = ["uploads", "attachments/aa"].map(|folder| server.data().join(folder).join(&unknown));
    for leftover in &leftovers {
        std::fs::create_dir_all(leftover.parent().unwrap()).unwrap();
        std::fs::write(leftover, "left over").unwrap();
    }
    let server = server.restart().await;
    let mended = async {
        let path = upload.path.clone();
        while server.request("GET", &path).bearer(&visitor.token).send().await.body != PNG
            || leftovers.iter().any(|leftover| leftover.exists())
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, mended).await.unwrap();
    let left: Vec<_> = std::fs::read_dir(server.data().join("uploads")).unwrap().collect();
    assert_eq!(left.len(), 1, "only the half one is still on its way");
    assert_eq!(half.offset(&server).await, 5);
}

#[tokio::test]
async fn a_file_that_is_not_taken_is_refused_before_and_after_its_bytes() {
    let server = Server::start().await;
    let visitor = Visitor::arrive(&server).await;
    let begin = |name: &'static str, declared: &'static str, count: u64| {
        Upload::try_begin(&server, &visitor.token, name, declared, count)
    };
    assert_eq!(begin("a.exe", "application/x-msdownload", 10).await.problem(), "unsupported");
    assert_eq!(begin("a.svg", "image/svg+xml", 10).await.problem(), "unsupported");
    assert_eq!(begin("a.png", "image/png", 10 * 1024 * 1024 + 1).await.problem(), "too_long");
    let lie = Upload::begin(&server, &visitor.token, "a.png", "image/png", 5).await;
    assert_eq!(lie.patch(&server, 0, b"MZ\x90\0\x03").await.problem(), "unsupported");
    assert_eq!(lie.head(&server).await.status, 404);
    assert_eq!(std::fs::read_dir(server.data().join("uploads")).unwrap().count(), 0);
}

#[tokio::test]
async fn more_bytes_than_announced_are_cut_off() {
    let server = Server::start().await;
    let visitor = Visitor::arrive(&server).await;
    let upload = Upload::begin(&server, &visitor.token, "a.png", "image/png", PNG.len()).await;
    let more = [PNG, b"!"].concat();
    assert_eq!(upload.patch(&server, 0, &more).await.problem(), "too_long");
    let from = upload.offset(&server).await;
    assert_eq!(upload.patch(&server, from, &PNG[from..]).await.status, 204);
}

#[tokio::test]
async fn an_upload_that_trickles_is_cut_off_and_keeps_what_came() {
    let server = Server::start_with(|config| config.timing.upload_stretch = Duration::from_millis(200)).await;
    let visitor = Visitor::arrive(&server).await;
    let upload = Upload::begin(&server, &visitor.token, "a.png", "image/png", 100_000).await;
    let mut connection = upload.open_patch(&server, 0, 100_000).await;
    connection.send(&PNG[..20]).await;
    let answer = connection.answer().await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert_eq!(upload.offset(&server).await, 20);
}

#[tokio::test]
async fn a_client_that_comes_again_takes_over_from_the_connection_it_lost() {
    let server = Server::start().await;
    let visitor = Visitor::arrive(&server).await;
    let file = bytes(30_000);
    let upload = Upload::begin(&server, &visitor.token, "a.png", "image/png", file.len()).await;
    let mut lost = upload.open_patch(&server, 0, file.len()).await;
    lost.send(&file[..10_000]).await;
    let arrived = async {
        while std::fs::metadata(server.data().join("uploads").join(upload.attachment_id()))
            .map_or(0, |found| found.len())
            < 10_000
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, arrived).await.unwrap();
    assert_eq!(upload.offset(&server).await, 10_000);
    assert_eq!(upload.patch(&server, 10_000, &file[10_000..]).await.status, 204);
    assert!(lost.answer().await.starts_with("HTTP/1.1 409"));
    let shown = server.request("GET", &upload.path).bearer(&visitor.token).send().await;
    assert!(shown.body == file);
}

#[tokio::test]
async fn without_room_on_the_disk_files_wait_and_messages_go_on() {
    let server = Server::start_with(|config| config.disk_reserve_bytes = u64::MAX).await;
    let mut visitor = Visitor::arrive(&server).await;
    let refused = Upload::try_begin(&server, &visitor.token, "a.png", "image/png", 10).await;
    assert_eq!((refused.problem().as_str(), refused.header("retry-after")), ("busy", "30"));
    assert_eq!(visitor.write("hello").await, 1);
}

#[tokio::test]
async fn nobody_reads_or_changes_a_strangers_file() {
    let server = Server::start().await;
    let (ana, ben) = (Agent::log_in(&server, "ana").await, Agent::log_in(&server, "ben").await);
    let mut owner = Visitor::arrive(&server).await;
    let mut stranger = Visitor::arrive(&server).await;
    stranger.write("hello").await;
    let upload = Upload::whole(&server, &owner.token, "a.png", "image/png", PNG).await;
    let theirs = format!("/api/v1/attachments/{}", upload.attachment_id());
    for method in ["GET", "DELETE"] {
        let request = || server.request(method, &upload.path).header("tus-resumable", "1.0.0");
        assert_eq!(request().bearer(&stranger.token).send().await.problem(), "not_found", "{method}");
        assert_eq!(request().bearer("no-token").send().await.problem(), "unauthorised", "{method}");
    }
    assert_eq!(upload.as_seen_by(&stranger.token).patch(&server, 0, b"x").await.problem(), "not_found");
    assert_eq!(upload.as_seen_by(&stranger.token).head(&server).await.status, 404);
    // As long as it belongs to no message it is its sender's alone.
    assert_eq!(ana.request(&server, "GET", &theirs).send().await.problem(), "not_found");
    let refused = send_with(&mut stranger, json!([upload.attachment_id()])).await;
    assert_eq!((&refused["type"], &refused["code"]), (&json!("refused"), &json!("invalid")));
    let sent = send_with(&mut owner, json!([upload.attachment_id()])).await;
    assert_eq!(sent["type"], "ack");
    assert_eq!(ben.request(&server, "GET", &theirs).send().await.status, 200);
    assert_eq!(server.get(&theirs).await.problem(), "unauthorised");
    let again = server.request("GET", &upload.path).bearer(&stranger.token).send().await;
    assert_eq!(again.problem(), "not_found");
    // What belongs to a message is given up by nobody.
    let given_up = server.request("DELETE", &upload.path).header("tus-resumable", "1.0.0");
    assert_eq!(given_up.bearer(&owner.token).send().await.problem(), "not_found");
}

#[tokio::test]
async fn an_agents_file_reaches_the_visitor_and_goes_with_its_message() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let upload =
        Upload::whole_of_agent(&server, &ana, "offer.pdf", "application/pdf", b"%PDF-1.7\n...").await;
    let messages = format!("/api/v1/conversations/{}/messages", visitor.conversation_id);
    let id = message_id();
    let body = json!({ "message_id": id, "text": "", "attachments": [upload.attachment_id()] });
    let send = || ana.request(&server, "POST", &messages).json(body.clone()).send();
    let (first, again) = (send().await, send().await);
    assert_eq!((first.status.as_u16(), first.json()), (201, again.json()));
    let path = format!("/client/v1/attachments/{}", upload.attachment_id());
    let read = || server.request("GET", &path).bearer(&visitor.token).send();
    assert_eq!(read().await.text(), "%PDF-1.7\n...");
    ana.request(&server, "DELETE", &format!("{messages}/{id}")).send().await;
    assert_eq!(read().await.problem(), "not_found");
    assert_eq!(server.kept_files(), 0);
}

#[tokio::test]
async fn an_upload_can_be_given_up() {
    let server = Server::start().await;
    let visitor = Visitor::arrive(&server).await;
    let whole = Upload::whole(&server, &visitor.token, "a.png", "image/png", PNG).await;
    let half = Upload::begin(&server, &visitor.token, "b.png", "image/png", 100).await;
    half.patch(&server, 0, PNG).await;
    for upload in [whole, half] {
        let request = server.request("DELETE", &upload.path).header("tus-resumable", "1.0.0");
        assert_eq!(request.bearer(&visitor.token).send().await.status, 204);
        assert_eq!(upload.head(&server).await.status, 404);
    }
    assert_eq!(server.kept_files(), 0);
    assert_eq!(std::fs::read_dir(server.data().join("uploads")).unwrap().count(), 0);
}

#[tokio::test]
async fn the_protocol_says_what_it_speaks_and_refuses_what_it_does_not() {
    let server = Server::start().await;
    let visitor = Visitor::arrive(&server).await;
    let spoken = server.request("OPTIONS", "/client/v1/attachments").send().await;
    assert_eq!(spoken.header("tus-version"), "1.0.0");
    assert_eq!(spoken.header("tus-extension"), "creation,expiration,termination");
    let preflight =
        server.request("OPTIONS", "/client/v1/attachments").header("origin", "http://localhost:1");
    let preflight = preflight.send().await;
    assert!(preflight.header("access-control-allow-headers").contains("upload-offset"));
    assert!(preflight.header("access-control-allow-methods").contains("PATCH"));
    let old = server.request("POST", "/client/v1/attachments").header("tus-resumable", "0.2.2");
    assert_eq!(old.bearer(&visitor.token).send().await.status, 412);
    let bare = server.request("POST", "/client/v1/attachments").header("tus-resumable", "1.0.0");
    assert_eq!(bare.bearer(&visitor.token).send().await.problem(), "bad_request");
    let nobody = server.request("POST", "/client/v1/attachments").header("tus-resumable", "1.0.0");
    assert_eq!(nobody.header("upload-length", "1").send().await.problem(), "unauthorised");
    let upload = Upload::begin(&server, &visitor.token, "a.png", "image/png", 100).await;
    let request = || {
        let request = server.request("PATCH", &upload.path).bearer(&visitor.token);
        request.header("tus-resumable", "1.0.0").bytes(PNG)
    };
    let plain = request().header("content-type", "text/plain").header("upload-offset", "0").send().await;
    assert_eq!(plain.problem(), "unsupported");
    let offset_less = request().header("content-type", "application/offset+octet-stream").send().await;
    assert_eq!(offset_less.problem(), "bad_request");
    let foreign = server.request("POST", "/client/v1/attachments").header("origin", "https://evil.example");
    assert_eq!(foreign.bearer(&visitor.token).send().await.problem(), "forbidden");
}

#[tokio::test]
async fn a_sender_has_so_many_unsent_uploads_and_no_more() {
    let server = Server::start().await;
    let visitor = Visitor::arrive(&server).await;
    for _ in 0..20 {
        Upload::begin(&server, &visitor.token, "a.png", "image/png", 10).await;
    }
    let refused = Upload::try_begin(&server, &visitor.token, "a.png", "image/png", 10).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (429, "too_many"));
}

#[tokio::test]
async fn a_customer_has_so_many_bytes_and_is_told_which_quota_is_in_the_way() {
    let quota = UploadQuota { unsent_bytes: Some(1_000), all_bytes: Some(1_500) };
    let server = Server::start_with(|config| config.customer_quota = quota).await;
    let mut visitor = Visitor::arrive(&server).await;
    let sent = Upload::whole(&server, &visitor.token, "a.png", "image/png", &bytes(800)).await;
    let begin = |token: String, count: u64| {
        let server = &server;
        async move { Upload::try_begin(server, &token, "b.png", "image/png", count).await }
    };
    let unsent = begin(visitor.token.clone(), 201).await;
    assert_eq!((unsent.status.as_u16(), unsent.problem().as_str()), (429, "too_many"));
    assert!(unsent.json()["detail"].as_str().unwrap().contains("may have 1000 bytes"), "{unsent:?}");
    assert_eq!(unsent.header("retry-after"), "30");
    assert_eq!(send_with(&mut visitor, json!([sent.attachment_id()])).await["type"], "ack");
    let stored = begin(visitor.token.clone(), 701).await;
    assert_eq!((stored.status.as_u16(), stored.problem().as_str()), (413, "too_long"));
    assert!(stored.json()["detail"].as_str().unwrap().contains("may have 1500 bytes"), "{stored:?}");
    assert_eq!(begin(visitor.token.clone(), 700).await.status, 201);
    let other = Visitor::arrive(&server).await;
    assert_eq!(begin(other.token, 1_000).await.status, 201);
    // Agents answer many, and are known.
    let ana = Agent::log_in(&server, "ana").await;
    Upload::whole_of_agent(&server, &ana, "c.png", "image/png", &bytes(2_000)).await;
}

#[tokio::test]
async fn a_touchpoint_may_take_no_files_at_all() {
    let server = Server::start().await;
    server.configure(|settings| settings["attachments"]["is_enabled"] = json!(false)).await;
    let visitor = Visitor::arrive(&server).await;
    let refused = Upload::try_begin(&server, &visitor.token, "a.png", "image/png", 10).await;
    assert_eq!(refused.problem(), "forbidden");
}

#[tokio::test]
async fn an_empty_file_is_whole_from_the_start() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    let upload = Upload::begin(&server, &visitor.token, "empty.txt", "text/plain", 0).await;
    assert_eq!(upload.offset(&server).await, 0);
    assert_eq!(send_with(&mut visitor, json!([upload.attachment_id()])).await["type"], "ack");
    let shown = server.request("GET", &upload.path).bearer(&visitor.token).send().await;
    assert_eq!((shown.status.as_u16(), shown.body.len()), (200, 0));
}
