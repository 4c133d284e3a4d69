//! A visitor and an agent, as far as tests need them.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use sha2::Digest as _;

use super::{Server, Socket};

/// Returns a number no other call returned.
fn number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Returns a new conversation's id.
pub(crate) fn conversation_id() -> String {
    format!("cnv_{:032x}", number())
}

/// Returns a new message's id.
pub(crate) fn message_id() -> String {
    format!("msg_{:032x}", number())
}

/// A visitor with a token and an open socket.
pub(crate) struct Visitor {
    pub(crate) token: String,
    pub(crate) customer_id: String,
    pub(crate) conversation_id: String,
    pub(crate) socket: Socket,
    /// The welcome of the socket.
    pub(crate) welcome: Value,
}

impl Visitor {
    /// Becomes a customer and opens the socket.
    pub(crate) async fn arrive(server: &Server) -> Self {
        let made =
            server.request("POST", "/client/v1/touchpoints/tp_demo/customers").json(json!({})).send().await;
        assert_eq!(made.status, 201, "{made:?}");
        let text = |name: &str| made.json()[name].as_str().unwrap().to_owned();
        let (token, customer_id) = (text("token"), text("customer_id"));
        let (socket, welcome) = Self::connect(server, &token, json!([])).await;
        Self { token, customer_id, conversation_id: conversation_id(), socket, welcome }
    }

    /// Opens a socket and says hello.
    pub(crate) async fn connect(server: &Server, token: &str, cursors: Value) -> (Socket, Value) {
        Self::greet(server, hello("tp_demo", token, cursors)).await
    }

    /// Opens a socket in a tab with a name.
    pub(crate) async fn connect_tab(server: &Server, token: &str, page_key: &str) -> (Socket, Value) {
        Self::greet(server, hello_of_tab(token, page_key)).await
    }

    async fn greet(server: &Server, hello: Value) -> (Socket, Value) {
        let mut socket = Socket::open(&server.host(), "/client/v1/socket", &[]).await.unwrap();
        socket.say(hello).await;
        let welcome = socket.expect("welcome").await;
        (socket, welcome)
    }

    /// Sends a message and waits until it is stored; returns its seq.
    pub(crate) async fn write(&mut self, text: &str) -> u64 {
        let id = message_id();
        self.socket.say(send(&self.conversation_id, &id, text)).await;
        let ack = self.socket.expect_where("ack", |ack| ack["message_id"] == id.as_str()).await;
        ack["seq"].as_u64().unwrap()
    }
}

/// A hello of a visitor.
pub(crate) fn hello(touchpoint_id: &str, token: &str, cursors: Value) -> Value {
    json!({
        "type": "hello", "protocol": 1, "touchpoint_id": touchpoint_id, "token": token, "cursors": cursors,
        "page": { "url": "http://localhost/", "title": "Home" },
    })
}

/// A hello of a tab with a name.
pub(crate) fn hello_of_tab(token: &str, page_key: &str) -> Value {
    let mut hello = hello("tp_demo", token, json!([]));
    hello["page_key"] = json!(page_key);
    hello
}

/// A message to be sent.
pub(crate) fn send(conversation_id: &str, message_id: &str, text: &str) -> Value {
    json!({ "type": "send", "conversation_id": conversation_id, "message_id": message_id, "text": text })
}

/// An agent with a session.
pub(crate) struct Agent {
    pub(crate) cookie: String,
    pub(crate) agent_id: String,
}

impl Agent {
    /// Logs in as `ana`, `ben` or `admin`.
    pub(crate) async fn log_in(server: &Server, name: &str) -> Self {
        let login = json!({ "email": format!("{name}@demo.test"), "password": "demo" });
        let reply = server.request("POST", "/api/v1/session").json(login).send().await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
        Self { cookie, agent_id: reply.json()["agent"]["agent_id"].as_str().unwrap().to_owned() }
    }

    /// Opens a socket and says hello; returns it with its welcome.
    pub(crate) async fn connect(&self, server: &Server) -> (Socket, Value) {
        let headers = [("cookie", self.cookie.as_str())];
        let mut socket = Socket::open(&server.host(), "/api/v1/socket", &headers).await.unwrap();
        socket.say(json!({ "type": "hello", "protocol": 1, "cursors": [] })).await;
        let welcome = socket.expect("welcome").await;
        (socket, welcome)
    }

    /// Ends the log-in where it is kept, as time does: nobody is told.
    pub(crate) async fn lose_log_in(&self, server: &Server) {
        let token = self.cookie.split_once('=').unwrap().1;
        let secret = store::SecretHash(sha2::Sha256::digest(token.as_bytes()).into());
        server.running.store().end_session(&secret).await.unwrap();
    }

    /// Begins a request in this agent's name.
    pub(crate) fn request(&self, server: &Server, method: &str, path: &str) -> super::Request {
        server.request(method, path).header("cookie", &self.cookie)
    }
}

/// The wish to watch a conversation from a place on.
pub(crate) fn watch(conversation_id: &str, seq: u64) -> Value {
    json!({ "type": "watch", "cursor": { "conversation_id": conversation_id, "seq": seq } })
}
