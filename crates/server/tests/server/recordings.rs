//! Recordings: only where the touchpoint has them and the visitor agreed, only for supervisors and admins, and gone when
//! they are to be gone.

use cobrowse::envelope::{Flags, Header, Kind};
use cobrowse::recording::{MAGIC, RECORD_HEAD_BYTES, RecordHead};
use protocol::id::{AgentId, CobrowseId, ConversationId, RecordingId};
use protocol::people::AgentRef;
use protocol::time::UnixMillis;
use serde_json::{Value, json};
use server::Config;

use crate::support::{Agent, PATIENCE, Server, Socket, Visitor};

/// A session that the visitor allowed, with the recorder's socket open.
struct Session {
    server: Server,
    visitor: Visitor,
    scopes: Value,
    cobrowse_id: String,
    recorder: Socket,
}

impl Session {
    async fn begin(server: Server) -> Self {
        let ana = Agent::log_in(&server, "ana").await;
        let mut visitor = Visitor::arrive(&server).await;
        visitor.write("I am stuck").await;
        let path = format!("/api/v1/conversations/{}/cobrowse", visitor.conversation_id);
        assert_eq!(ana.request(&server, "POST", &path).send().await.status, 201);
        let asked = visitor.socket.expect("cobrowse").await["session"].clone();
        let cobrowse_id = asked["cobrowse_id"].as_str().unwrap().to_owned();
        let consent = json!({ "type": "cobrowse_consent", "cobrowse_id": cobrowse_id, "is_allowed": true });
        visitor.socket.say(consent).await;
        let live = visitor.socket.expect("cobrowse").await["session"].clone();
        let mut recorder = Socket::open(&server.host(), "/client/v1/cobrowse", &[]).await.unwrap();
        let hello = json!({ "type": "hello", "cobrowse_id": cobrowse_id, "ticket": live["ticket"] });
        recorder.say(hello).await;
        recorder.expect("welcome").await;
        Self { server, visitor, scopes: asked["scopes"].clone(), cobrowse_id, recorder }
    }

    async fn send(&mut self, frames: &[Vec<u8>]) {
        for frame in frames {
            self.recorder.send_bytes(frame.clone()).await;
        }
    }

    /// Waits until so many frames are on disk.
    async fn has_recorded(&self, count: usize) {
        let look = async || {
            let file = files(&self.server).into_iter().next().filter(|file| !file.is_empty());
            file.filter(|file| frames(file).len() >= count).map(|_| ())
        };
        eventually("so many frames", look).await;
    }

    /// Ends the session.
    async fn stop(&mut self) {
        self.visitor.socket.say(json!({ "type": "cobrowse_stop", "cobrowse_id": self.cobrowse_id })).await;
        self.recorder.expect("ended").await;
    }
}

async fn recording_server(change: impl FnOnce(&mut Config)) -> Server {
    let server = Server::start_with(change).await;
    server.configure(|settings| settings["cobrowse"]["recording"] = json!(true)).await;
    server
}

async fn admin(server: &Server, method: &str, path: &str) -> crate::support::Reply {
    server.request(method, path).bearer("demo-token").send().await
}

/// Asks again and again until it is as wanted.
async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let waiting = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("{what} never came"))
}

async fn list(server: &Server) -> Vec<Value> {
    let page = admin(server, "GET", "/api/v1/recordings").await.json();
    page["recordings"].as_array().unwrap().clone()
}

/// The one recording, once it has ended.
async fn ended(server: &Server) -> Value {
    eventually("an ended recording", async || {
        let all = list(server).await;
        all.into_iter().next().filter(|one| !one["ended"].is_null())
    })
    .await
}

fn files(server: &Server) -> Vec<Vec<u8>> {
    let folder = std::fs::read_dir(server.data().join("recordings")).unwrap();
    folder.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect()
}

fn path_of(recording: &Value) -> String {
    format!("/api/v1/recordings/{}", recording["recording_id"].as_str().unwrap())
}

fn frame(kind: Kind, flags: Flags, sequence: u32, payload: &[u8]) -> Vec<u8> {
    Header { kind, flags, sequence, elapsed_ms: 0 }.frame(payload)
}

fn keyframe(sequence: u32) -> Vec<u8> {
    frame(Kind::Keyframe, Flags::FIRST.with(Flags::LAST), sequence, b"the page")
}

fn delta(sequence: u32, payload: &[u8]) -> Vec<u8> {
    frame(Kind::Delta, Flags::NONE, sequence, payload)
}

/// The frames of a file, up to its end.
fn frames(mut file: &[u8]) -> Vec<Vec<u8>> {
    file = file.strip_prefix(&MAGIC).unwrap();
    let mut found = Vec::new();
    while let Some((head, rest)) = file.split_first_chunk::<RECORD_HEAD_BYTES>() {
        let RecordHead { frame_bytes, .. } = RecordHead::parse(*head).unwrap();
        found.extend((frame_bytes > 0).then(|| rest[..frame_bytes].to_vec()));
        file = &rest[frame_bytes..];
    }
    found
}

#[tokio::test]
async fn a_session_is_recorded_only_where_the_touchpoint_wants_it() {
    let mut session = Session::begin(Server::start().await).await;
    assert_eq!(session.scopes, json!(["view", "point"]));
    session.send(&[keyframe(0)]).await;
    session.stop().await;
    assert!(list(&session.server).await.is_empty());
    assert!(files(&session.server).is_empty());
}

#[tokio::test]
async fn the_frames_are_kept_as_they_passed_and_given_out_piece_by_piece() {
    let mut session = Session::begin(recording_server(|_| {}).await).await;
    assert_eq!(session.scopes, json!(["view", "point", "record"]), "the question names it");
    let probe = frame(Kind::Acknowledge, Flags::NONE, 0, b"probe");
    let pointer = frame(Kind::Pointer, Flags::NONE, 0, b"12345678");
    let sent = [keyframe(0), delta(1, b"a change"), probe.clone(), pointer];
    session.send(&sent).await;
    session.has_recorded(3).await;
    session.stop().await;
    let server = &session.server;
    let recording = ended(server).await;
    assert_eq!(recording["cobrowse_id"], session.cobrowse_id);
    assert_eq!((&recording["agent"]["name"], &recording["ended"]["by"]), (&json!("Ana"), &json!("session")));
    let detail = admin(server, "GET", &path_of(&recording)).await.json();
    assert_eq!(detail["recording"]["bytes"], recording["bytes"]);
    assert_eq!(detail["keyframes"], json!([{ "at_ms": 0, "offset": MAGIC.len() }]));
    let mut whole = Vec::new();
    loop {
        let path = format!("{}/frames?from={}&limit=40", path_of(&recording), whole.len());
        let piece = admin(server, "GET", &path).await;
        assert_eq!(piece.status, 200);
        assert_eq!(piece.header("cache-control"), "no-store");
        if piece.body.is_empty() {
            break;
        }
        assert!(piece.body.len() <= 40);
        whole.extend_from_slice(&piece.body);
    }
    let kept: Vec<_> = sent.into_iter().filter(|frame| *frame != probe).collect();
    assert_eq!(frames(&whole), kept);
    assert_eq!(files(server), [whole]);
    let own = format!("/api/v1/recordings?conversation_id={}", session.visitor.conversation_id);
    assert_eq!(admin(server, "GET", &own).await.json()["recordings"], json!([recording]));
    let other = "/api/v1/recordings?conversation_id=cnv_00000000000000000000000000000000";
    assert_eq!(admin(server, "GET", other).await.json()["recordings"], json!([]));
}

#[tokio::test]
async fn an_agent_may_neither_see_nor_delete_recordings_and_every_view_is_on_record() {
    let mut session = Session::begin(recording_server(|_| {}).await).await;
    session.send(&[keyframe(0)]).await;
    session.has_recorded(1).await;
    session.stop().await;
    let server = &session.server;
    let recording = ended(server).await;
    let path = path_of(&recording);
    let ana = Agent::log_in(server, "ana").await;
    let frames = format!("{path}/frames");
    assert_eq!(ana.request(server, "DELETE", &path).send().await.problem(), "forbidden");
    for path in ["/api/v1/recordings", &path, &frames] {
        assert_eq!(ana.request(server, "GET", path).send().await.status, 403, "{path}");
        assert_eq!(server.get(path).await.status, 401, "{path}");
    }
    assert_eq!(admin(server, "GET", &path).await.json()["views"], json!([]));
    for _ in 0..3 {
        assert_eq!(admin(server, "GET", &frames).await.status, 200);
    }
    let views = admin(server, "GET", &path).await.json()["views"].clone();
    assert_eq!(views.as_array().unwrap().len(), 1, "pieces of one view are one view: {views}");
    assert!(views[0]["agent"]["agent_id"].as_str().unwrap().starts_with("agt_"));
    assert_eq!(admin(server, "DELETE", &path).await.status, 204);
    assert!(files(server).is_empty());
    for path in [&path, &frames] {
        assert_eq!(admin(server, "GET", path).await.status, 404);
    }
    assert_eq!(admin(server, "DELETE", &path).await.status, 404);
    let id = ConversationId(session.visitor.conversation_id.clone());
    let audits = server.running.store().cobrowse_audits(&id).await.unwrap();
    assert!(audits[0].is_recorded, "that it was recorded stays on record");
    let id = RecordingId(recording["recording_id"].as_str().unwrap().to_owned());
    let acts = server.running.store().recording_acts(&id, 10).await.unwrap();
    assert_eq!(acts[0].deed, store::RecordingDeed::Deleted);
}

#[tokio::test]
async fn a_recording_that_goes_on_can_be_watched_and_not_deleted() {
    let mut session = Session::begin(recording_server(|_| {}).await).await;
    session.send(&[keyframe(0), delta(1, b"a change")]).await;
    let server = &session.server;
    let running = list(server).await.remove(0);
    assert_eq!(running["ended"], Value::Null);
    let detail = eventually("the first frames", async || {
        let detail = admin(server, "GET", &path_of(&running)).await.json();
        (detail["recording"]["bytes"].as_u64().unwrap() > 60).then_some(detail)
    })
    .await;
    assert_eq!(detail["keyframes"].as_array().unwrap().len(), 1);
    assert_eq!(admin(server, "DELETE", &path_of(&running)).await.status, 409);
}

#[tokio::test]
async fn a_recording_that_grows_too_large_ends_and_the_session_goes_on() {
    let mut session =
        Session::begin(recording_server(|config| config.recording_bytes_max = 2_000).await).await;
    session.send(&[keyframe(0)]).await;
    for sequence in 1..=10 {
        session.send(&[delta(sequence, &[7; 500])]).await;
    }
    let recording = ended(&session.server).await;
    assert_eq!(recording["ended"]["by"], "limit");
    let file = files(&session.server).remove(0);
    assert!(file.len() <= 2_000 && frames(&file).len() == 4, "{} bytes", file.len());
    assert_eq!(recording["bytes"], file.len());
    session.send(&[delta(11, b"still there")]).await;
    session.stop().await;
}

#[tokio::test]
async fn a_full_disk_costs_the_recording_and_not_the_session() {
    let mut session =
        Session::begin(recording_server(|config| config.disk_reserve_bytes = u64::MAX).await).await;
    session.send(&[keyframe(0), delta(1, b"a change")]).await;
    session.stop().await;
    assert!(list(&session.server).await.is_empty());
    assert!(files(&session.server).is_empty());
}

#[tokio::test]
async fn a_session_without_a_page_leaves_no_recording() {
    let mut session = Session::begin(recording_server(|_| {}).await).await;
    assert_eq!(list(&session.server).await.len(), 1);
    session.stop().await;
    eventually("an empty list", async || list(&session.server).await.is_empty().then_some(())).await;
    assert!(files(&session.server).is_empty());
}

#[tokio::test]
async fn erasing_a_customer_removes_every_byte_of_their_recordings() {
    let mut session = Session::begin(recording_server(|_| {}).await).await;
    session.send(&[keyframe(0), delta(1, b"a change")]).await;
    let server = &session.server;
    eventually("the first bytes", async || files(server).first().filter(|it| it.len() > 60).map(|_| ()))
        .await;
    let recording = list(server).await.remove(0);
    let customer = format!("/api/v1/customers/{}", recording["customer_id"].as_str().unwrap());
    assert_eq!(admin(server, "DELETE", &customer).await.status, 204);
    assert!(files(server).is_empty(), "in the middle of a session as well");
    assert!(list(server).await.is_empty());
    let data = session.server.data();
    session.server.running.stop().await.unwrap();
    assert_eq!(std::fs::read_dir(data.join("recordings")).unwrap().count(), 0);
}

/// A recording in the store and on disk that no process writes to, begun so many days ago; returns its id.
async fn left_over(server: &Server, number: u8, days: i64, file: &[u8]) -> RecordingId {
    let mut visitor = Visitor::arrive(server).await;
    visitor.write("hello").await;
    let store = server.running.store();
    let admin = Agent::log_in(server, "admin").await;
    let now = admin.connect(server).await.1["server_time"].as_str().unwrap().to_owned();
    let at = UnixMillis::parse_rfc3339(&now).unwrap().plus_ms(-days * 24 * 60 * 60 * 1_000);
    let (cobrowse_id, recording_id) =
        (CobrowseId(format!("cob_{number:032}")), RecordingId(format!("rec_{number:032}")));
    let conversation_id = ConversationId(visitor.conversation_id.clone());
    let agent = AgentRef { agent_id: AgentId("agt_1".to_owned()), name: "Ana".to_owned() };
    store.cobrowse_asked(&cobrowse_id, &conversation_id, agent, at).await.unwrap();
    store.begin_recording(&recording_id, &cobrowse_id, at).await.unwrap();
    std::fs::write(server.data().join(format!("recordings/{recording_id}.frames")), file).unwrap();
    recording_id
}

/// A file without an end.
fn file_of(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    for frame in frames {
        file.extend(RecordHead { frame_bytes: frame.len(), at_ms: 0 }.to_bytes());
        file.extend_from_slice(frame);
    }
    file
}

#[tokio::test]
async fn retention_deletes_recordings_when_their_days_are_over() {
    let server = recording_server(|_| {}).await;
    let file = file_of(&[keyframe(0)]);
    for (number, days) in [(1, 1), (2, 3)] {
        left_over(&server, number, days, &file).await;
    }
    // The first start ends what nobody writes to, the next one finds it due.
    let server = server.restart().await;
    eventually("two ended recordings", async || {
        list(&server).await.iter().all(|one| !one["ended"].is_null()).then_some(())
    })
    .await;
    assert_eq!(list(&server).await.len(), 2, "kept without a limit");
    server.configure(|settings| settings["cobrowse"]["recording_days"] = json!(2)).await;
    let server = server.restart().await;
    eventually("one file", async || (files(&server).len() == 1).then_some(())).await;
    let left = list(&server).await;
    assert_eq!((left.len(), &left[0]["recording_id"]), (1, &json!(format!("rec_{:032}", 1))));
}

#[tokio::test]
async fn the_operators_days_hold_where_a_touchpoint_says_nothing() {
    let server = recording_server(|_| {}).await;
    let file = file_of(&[keyframe(0)]);
    for (number, days) in [(1, 1), (2, 3)] {
        left_over(&server, number, days, &file).await;
    }
    let server = server.restart().await;
    eventually("two ended recordings", async || {
        list(&server).await.iter().all(|one| !one["ended"].is_null()).then_some(())
    })
    .await;
    server.configure(|settings| settings["cobrowse"]["recording_days"] = json!(10)).await;
    let server = server.restart_with(|config| config.recording_days = Some(2)).await;
    assert_eq!(list(&server).await.len(), 2, "the touchpoint's own days go first");
    server.configure(|settings| settings["cobrowse"]["recording_days"] = Value::Null).await;
    let server = server.restart_with(|config| config.recording_days = Some(2)).await;
    eventually("one recording", async || (list(&server).await.len() == 1).then_some(())).await;
}

#[tokio::test]
async fn an_export_holds_the_recordings_for_agents_and_for_the_customer() {
    let mut session = Session::begin(recording_server(|_| {}).await).await;
    session.send(&[keyframe(0), delta(1, b"a change")]).await;
    session.has_recorded(2).await;
    session.stop().await;
    let recording = ended(&session.server).await;
    let recording_id = recording["recording_id"].as_str().unwrap();
    let path = format!("/api/v1/customers/{}/export", session.visitor.customer_id);
    let of_agents = admin(&session.server, "GET", &path).await;
    let of_customer = session.server.request("GET", "/client/v1/customer/export");
    let of_customer = of_customer.bearer(&session.visitor.token).send().await;
    for reply in [of_agents, of_customer] {
        assert_eq!(reply.status, 200, "{reply:?}");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(reply.body.to_vec())).unwrap();
        let mut read = |ending: &str| {
            let mut bytes = Vec::new();
            let mut entry = archive.by_name(&format!("recordings/{recording_id}{ending}")).unwrap();
            std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
            bytes
        };
        let about: Value = serde_json::from_slice(&read(".json")).unwrap();
        assert_eq!(about["recording_id"], recording_id);
        assert_eq!(about["agent"]["name"], "Ana");
        assert_eq!(read(".frames"), files(&session.server).remove(0));
    }
}

#[tokio::test]
async fn what_a_crash_left_is_ended_at_the_next_start_and_unknown_files_go() {
    let server = recording_server(|_| {}).await;
    let file = file_of(&[keyframe(0), delta(1, b"a change"), delta(2, b"cut off")]);
    left_over(&server, 1, 0, &file[..file.len() - 3]).await;
    let unknown = server.data().join("recordings/rec_00000000000000000000000000000009.frames");
    std::fs::write(unknown, &file).unwrap();
    let server = server.restart().await;
    let mended = ended(&server).await;
    assert_eq!(mended["ended"]["by"], "server");
    eventually("one file", async || (files(&server).len() == 1).then_some(())).await;
    let file = files(&server).remove(0);
    assert_eq!(frames(&file), [keyframe(0), delta(1, b"a change")]);
    assert_eq!(mended["bytes"], file.len());
}

#[tokio::test]
async fn days_that_make_no_sense_are_refused_with_their_path() {
    let server = Server::start().await;
    let path = "/api/v1/touchpoints/tp_demo";
    let mut document = admin(&server, "GET", path).await.json();
    assert_eq!(document["cobrowse"]["recording"], false);
    assert_eq!(document["cobrowse"]["recording_days"], Value::Null);
    document["cobrowse"]["recording_days"] = json!(0);
    let refused = server.request("PUT", path).bearer("demo-token").json(document).send().await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("cobrowse.recording_days"), "{}", refused.text());
}
