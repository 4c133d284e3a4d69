//! An upload as a client sees it, and one whose bytes come when the test says so.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Agent, Host, PATIENCE, Reply, Request};

/// How somebody proves who they are.
#[derive(Clone)]
struct Proof(&'static str, String);

/// An upload that was begun.
pub(crate) struct Upload {
    pub(crate) path: String,
    proof: Proof,
}

impl Upload {
    /// Asks for an upload of a visitor's.
    pub(crate) async fn try_begin(
        server: &impl Host,
        token: &str,
        name: &str,
        media_type: &str,
        bytes: u64,
    ) -> Reply {
        create(server, "/client/v1/attachments", &of_visitor(token), name, media_type, bytes).await
    }

    /// Begins an upload of a visitor's.
    pub(crate) async fn begin(
        server: &impl Host,
        token: &str,
        name: &str,
        media_type: &str,
        bytes: usize,
    ) -> Self {
        let begun = Self::try_begin(server, token, name, media_type, bytes as u64).await;
        assert_eq!(begun.status, 201, "{begun:?}");
        assert!(begun.header("upload-expires").ends_with(" GMT"), "{begun:?}");
        Self { path: begun.header("location").to_owned(), proof: of_visitor(token) }
    }

    /// Uploads a visitor's file in one piece.
    pub(crate) async fn whole(
        server: &impl Host,
        token: &str,
        name: &str,
        media_type: &str,
        bytes: &[u8],
    ) -> Self {
        let upload = Self::begin(server, token, name, media_type, bytes.len()).await;
        let stored = upload.patch(server, 0, bytes).await;
        assert_eq!(stored.status, 204, "{stored:?}");
        upload
    }

    /// Uploads an agent's file in one piece.
    pub(crate) async fn whole_of_agent(
        server: &impl Host,
        agent: &Agent,
        name: &str,
        media_type: &str,
        bytes: &[u8],
    ) -> Self {
        let proof = Proof("cookie", agent.cookie.clone());
        let count = bytes.len() as u64;
        let begun = create(server, "/api/v1/attachments", &proof, name, media_type, count).await;
        assert_eq!(begun.status, 201, "{begun:?}");
        let upload = Self { path: begun.header("location").to_owned(), proof };
        let stored = upload.patch(server, 0, bytes).await;
        assert_eq!(stored.status, 204, "{stored:?}");
        upload
    }

    /// The same upload, asked for by somebody else.
    pub(crate) fn as_seen_by(&self, token: &str) -> Self {
        Self { path: self.path.clone(), proof: of_visitor(token) }
    }

    pub(crate) fn attachment_id(&self) -> &str {
        self.path.rsplit('/').next().unwrap()
    }

    fn request(&self, server: &impl Host, method: &str) -> Request {
        let request = server.request(method, &self.path).header("tus-resumable", "1.0.0");
        request.header(self.proof.0, &self.proof.1)
    }

    /// Sends a piece.
    pub(crate) async fn patch(&self, server: &impl Host, offset: usize, bytes: &[u8]) -> Reply {
        let request = self.request(server, "PATCH").header("content-type", "application/offset+octet-stream");
        request.header("upload-offset", &offset.to_string()).bytes(bytes.to_vec()).send().await
    }

    pub(crate) async fn head(&self, server: &impl Host) -> Reply {
        self.request(server, "HEAD").send().await
    }

    /// Returns how many bytes the server has.
    pub(crate) async fn offset(&self, server: &impl Host) -> usize {
        let shown = self.head(server).await;
        assert_eq!((shown.status.as_u16(), shown.header("cache-control")), (200, "no-store"), "{shown:?}");
        shown.header("upload-offset").parse().unwrap()
    }

    /// Begins a piece whose bytes come later, or never.
    pub(crate) async fn open_patch(&self, server: &impl Host, offset: usize, count: usize) -> Connection {
        let mut stream = TcpStream::connect(server.host()).await.unwrap();
        let head = format!(
            "PATCH {} HTTP/1.1\r\nhost: {}\r\n{}: {}\r\ntus-resumable: 1.0.0\r\nupload-offset: {offset}\r\n\
             content-type: application/offset+octet-stream\r\ncontent-length: {count}\r\n\r\n",
            self.path,
            server.host(),
            self.proof.0,
            self.proof.1
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        Connection(stream)
    }
}

/// A piece on its way.
pub(crate) struct Connection(TcpStream);

impl Connection {
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// Returns the beginning of the answer.
    pub(crate) async fn answer(&mut self) -> String {
        let mut answer = vec![0; 4_096];
        let count = tokio::time::timeout(PATIENCE, self.0.read(&mut answer)).await.unwrap().unwrap();
        String::from_utf8_lossy(&answer[..count]).into_owned()
    }
}

fn of_visitor(token: &str) -> Proof {
    Proof("authorization", format!("Bearer {token}"))
}

async fn create(
    server: &impl Host,
    path: &str,
    proof: &Proof,
    name: &str,
    media_type: &str,
    bytes: u64,
) -> Reply {
    let metadata = format!("filename {},filetype {}", base64(name), base64(media_type));
    let request = server.request("POST", path).header("tus-resumable", "1.0.0").header(proof.0, &proof.1);
    let request = request.header("upload-length", &bytes.to_string());
    request.header("upload-metadata", &metadata).send().await
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let word =
            chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = char::from(DIGITS[(word >> (18 - 6 * place) & 63) as usize]);
            encoded.push(if place > chunk.len() { '=' } else { digit });
        }
    }
    encoded
}
