//! Images, fonts and style sheets that a visitor's page names, fetched for the agents who look at it. The page is
//! hostile and chooses the addresses, so the server asks public addresses only, as nobody, for little, and passes on
//! nothing that could act. Addresses are never logged: they may tell of the visitor.

mod address;
mod cache;
mod kind;
mod resolve;
mod style;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use axum::body::Bytes;
use protocol::touchpoint::{AssetSource, Touchpoint};
use reqwest::{Client, Response, StatusCode, Url, header, redirect};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::auth::secret;
use crate::clock;
use crate::random;
use cache::{Cache, Outcome};
use resolve::PublicOnly;

pub(crate) use kind::Kind;
pub(crate) use style::for_stage;

/// Addresses that are longer are not asked for, in bytes.
pub(crate) const URL_BYTES_MAX: usize = 8 * 1024;
/// Each answer that leads elsewhere is followed by one request, this often.
const REDIRECTS_MAX: usize = 3;
const CONNECT_PATIENCE: Duration = Duration::from_secs(4);
/// Requests to other sites at once.
const TURNS: usize = 32;
/// The same for the viewers of one page, so that a page with slow addresses holds up no other.
const TURNS_OF_ONE: usize = 8;

/// A file of another site.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) kind: Kind,
    /// The type it is passed on as.
    pub(crate) media_type: String,
    pub(crate) bytes: Bytes,
    /// Where it was found in the end; addresses inside are relative to this.
    pub(crate) url: Url,
}

/// Fetches files of other sites.
#[derive(Debug)]
pub(crate) struct Foreign {
    /// Hosts with their ports that are asked wherever they lie: `127.0.0.1:8000`.
    allowed: BTreeSet<String>,
    /// A file is had in this time or not at all, waiting for a turn included.
    patience: Duration,
    /// What the keys of viewers are made of.
    key: String,
    clients: OnceLock<Option<Clients>>,
    turns: Semaphore,
    turns_of: Mutex<BTreeMap<String, Weak<Semaphore>>>,
    cache: Mutex<Cache>,
}

/// One for all sites, and one for hosts that the operator has named.
#[derive(Debug)]
struct Clients {
    public: Client,
    allowed: Client,
}

impl Foreign {
    /// Makes one that asks public addresses and these hosts.
    pub(crate) fn new(allowed: &[String], patience: Duration) -> Self {
        Self {
            patience,
            allowed: allowed.iter().map(|host| host.to_ascii_lowercase()).collect(),
            key: random::token().0,
            clients: OnceLock::new(),
            turns: Semaphore::new(TURNS),
            turns_of: Mutex::default(),
            cache: Mutex::default(),
        }
    }

    /// Returns the beginning of the addresses under which the viewers of a session or recording ask for files, if its
    /// touchpoint has the server fetch them. The address of a file follows, percent-encoded.
    pub(crate) fn route(&self, touchpoint: &Touchpoint, shown: &str) -> Option<String> {
        let is_wanted = touchpoint.cobrowse.assets == AssetSource::Server;
        is_wanted.then(|| format!("/viewer/asset/{shown}/{}?url=", self.key_of(shown)))
    }

    /// Whether this is the key that viewers of a session or recording were given.
    pub(crate) fn is_key(&self, shown: &str, key: &str) -> bool {
        secret::hash(&self.key_of(shown)) == secret::hash(key)
    }

    /// The inner hash is of one length, so nothing can be appended to what is hashed.
    fn key_of(&self, shown: &str) -> String {
        let inner = Sha256::digest(shown.as_bytes());
        let outer = Sha256::new().chain_update(self.key.as_bytes()).chain_update(inner).finalize();
        secret::hex(&outer[..16])
    }

    /// Returns the file at an address, for viewers of one session or recording; `None` when it is not to be had, for
    /// whatever reason.
    pub(crate) async fn file(&self, shown: &str, address: &str) -> Outcome {
        let url = parse(address)?;
        if let Some(outcome) = self.cache().get(url.as_str(), clock::now()) {
            return outcome;
        }
        let turns_of_one = self.turns_of(shown);
        let waiting = async {
            let own = turns_of_one.acquire().await.ok()?;
            Some((own, self.turns.acquire().await.ok()?))
        };
        // Who has had no turn knows nothing of the file, and nobody is told that there is none.
        let _turns = tokio::time::timeout(self.patience, waiting).await.ok().flatten()?;
        let fetching = self.fetch(url.clone());
        let outcome = tokio::time::timeout(self.patience, fetching).await.ok().flatten().map(Arc::new);
        self.cache().put(url.into(), outcome.clone(), clock::now());
        outcome
    }

    async fn fetch(&self, mut url: Url) -> Option<File> {
        for _ in 0..=REDIRECTS_MAX {
            let request = self.client(&url)?.get(url.clone());
            let request = request.header(header::ACCEPT, "image/*,font/*,text/css,*/*;q=0.1");
            let response = request.header(header::ACCEPT_ENCODING, "identity").send().await.ok()?;
            if !response.status().is_redirection() {
                return receive(response, url).await;
            }
            let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
            url = parse(url.join(location).ok()?.as_str())?;
        }
        None
    }

    /// Returns who may ask at an address; `None` when nobody may.
    fn client(&self, url: &Url) -> Option<&Client> {
        let (host, port) = (url.host_str()?, url.port_or_known_default()?);
        let clients = self.clients.get_or_init(connectable).as_ref()?;
        if self.allowed.contains(&format!("{host}:{port}")) {
            return Some(&clients.allowed);
        }
        // Names are looked at when they are resolved; what is an address already is not resolved.
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let may_be_asked = literal.map_or(true, address::is_public);
        (may_be_asked && matches!(port, 80 | 443)).then_some(&clients.public)
    }

    fn turns_of(&self, shown: &str) -> Arc<Semaphore> {
        let mut turns_of = self.turns_of.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turns) = turns_of.get(shown).and_then(Weak::upgrade) {
            return turns;
        }
        turns_of.retain(|_, turns| turns.strong_count() > 0);
        let turns = Arc::new(Semaphore::new(TURNS_OF_ONE));
        turns_of.insert(shown.to_owned(), Arc::downgrade(&turns));
        turns
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads an address of the web, without fragment; `None` for one with a name and password, which would be sent along.
fn parse(address: &str) -> Option<Url> {
    let mut url = Url::parse(address).ok().filter(|_| address.len() <= URL_BYTES_MAX)?;
    url.set_fragment(None);
    let is_plain = url.username().is_empty() && url.password().is_none();
    (is_plain && matches!(url.scheme(), "http" | "https")).then_some(url)
}

/// No cookies, no proxy of the environment, which would resolve names by itself, and no redirects that nobody looks at.
fn connectable() -> Option<Clients> {
    // An error means that somebody else has chosen already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || {
        let builder = Client::builder().no_proxy().redirect(redirect::Policy::none()).referer(false);
        builder.connect_timeout(CONNECT_PATIENCE).user_agent("Tandem").pool_max_idle_per_host(4)
    };
    let public = builder().dns_resolver(PublicOnly).build();
    match (public, builder().build()) {
        (Ok(public), Ok(allowed)) => Some(Clients { public, allowed }),
        (Err(error), _) | (_, Err(error)) => {
            tracing::warn!(%error, "no files of other sites can be fetched");
            None
        }
    }
}

async fn receive(mut response: Response, url: Url) -> Option<File> {
    // What was not asked for packed and comes packed would be shown as it is.
    let encoding = response.headers().get(header::CONTENT_ENCODING);
    if response.status() != StatusCode::OK || encoding.is_some_and(|encoding| encoding != "identity") {
        return None;
    }
    let said = response.headers().get(header::CONTENT_TYPE).map_or(Some(""), |said| said.to_str().ok())?;
    let known = kind::of_type(said);
    if known.is_none() && !kind::says_nothing(said) {
        return None;
    }
    let bytes_max = known.as_ref().map_or(Kind::Image, |(kind, _)| *kind).bytes_max();
    if response.content_length().is_some_and(|length| length > bytes_max as u64) {
        return None;
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if bytes.len() + chunk.len() > bytes_max {
            return None;
        }
        bytes.extend_from_slice(&chunk);
    }
    let (kind, media_type) = known.or_else(|| kind::of_bytes(&bytes))?;
    (bytes.len() <= kind.bytes_max()).then(|| File { kind, media_type, bytes: bytes.into(), url })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_web_are_asked_without_what_would_tell_of_anybody() {
        assert_eq!(parse("HTTPS://X.test/a?b#c").unwrap().as_str(), "https://x.test/a?b");
        for address in ["ftp://x.test/", "file:///etc/passwd", "https://me:pw@x.test/", "data:,x", "/a", ""] {
            assert!(parse(address).is_none(), "{address}");
        }
        assert!(parse(&format!("https://x.test/{}", "a".repeat(URL_BYTES_MAX))).is_none());
    }

    #[test]
    fn hosts_of_a_network_of_ones_own_are_asked_only_when_they_are_named() {
        let foreign = Foreign::new(&["127.0.0.1:8000".to_owned()], Duration::ZERO);
        let may_ask = |address: &str| foreign.client(&parse(address).unwrap()).is_some();
        for address in ["http://x.test/", "https://x.test/", "http://x.test:443/", "https://1.1.1.1/"] {
            assert!(may_ask(address), "{address}");
        }
        assert!(may_ask("http://127.0.0.1:8000/"));
        for address in [
            "http://127.0.0.1/",
            "http://127.0.0.1:8001/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://017700000001/",
            "http://127.1./",
            "http://[::1]/",
            "http://[::ffff:7f00:1]/",
            "http://169.254.169.254/latest/meta-data",
            "http://x.test:22/",
            "https://x.test:8443/",
        ] {
            assert!(!may_ask(address), "{address}");
        }
    }

    #[test]
    fn a_key_opens_one_session_and_no_other() {
        let foreign = Foreign::new(&[], Duration::ZERO);
        let key = foreign.key_of("cob_1");
        assert!(
            foreign.is_key("cob_1", &key) && !foreign.is_key("cob_2", &key) && !foreign.is_key("cob_1", "")
        );
        assert!(!Foreign::new(&[], Duration::ZERO).is_key("cob_1", &key));
    }
}
