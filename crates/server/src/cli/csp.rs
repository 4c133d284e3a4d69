//! `tandem csp`

use std::io::Read as _;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::{ArgGroup, Args, Subcommand};
use protocol::id::TouchpointId;
use reqwest::Url;
use store::Touchpoints as _;

use super::DataFolder;
use crate::csp::{self, Finding, Page, Policy, Verdict, Whence};
use crate::origin::Origin;

/// Bytes of a page that are read; policies stand in its head.
const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How long a page may take.
const PAGE_TIME_MAX: Duration = Duration::from_secs(20);

/// The commands of `tandem csp`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Prints the directives that a page with a policy needs.
    Print(Print),
    /// Says what of a page's policies keeps Tandem from working; exits with 1 when something does.
    Check(Check),
}

/// The flags of `tandem csp print`.
#[derive(Debug, Args)]
pub(super) struct Print {
    /// The touchpoint of the page: `tp_…`.
    #[arg(long)]
    touchpoint: String,
    /// How browsers reach this server: `https://chat.example.com`.
    #[arg(long, env = "TANDEM_PUBLIC_URL")]
    public_url: Origin,
    #[command(flatten)]
    folder: DataFolder,
}

/// The flags of `tandem csp check`. What is given is looked at together: a page in a file and the header it comes with.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").required(true).multiple(true).args(["url", "file", "header"])))]
pub(super) struct Check {
    /// A page to fetch; its headers and its markup count.
    #[arg(long)]
    url: Option<Url>,
    /// A page that lies in a file; `-` is standard input. Its markup counts.
    #[arg(long, conflicts_with = "url")]
    file: Option<PathBuf>,
    /// The value of a Content-Security-Policy header; may be given several times.
    #[arg(long)]
    header: Vec<String>,
    /// How browsers reach this server: `https://chat.example.com`.
    #[arg(long, env = "TANDEM_PUBLIC_URL")]
    public_url: Origin,
}

impl Command {
    /// Runs the command; answers whether all is well.
    pub(super) async fn run(self) -> anyhow::Result<bool> {
        match self {
            Self::Print(print) => print.run().await.map(|()| true),
            Self::Check(check) => check.run().await,
        }
    }
}

impl Print {
    async fn run(self) -> anyhow::Result<()> {
        let store = self.folder.open().await?;
        let touchpoint_id = TouchpointId(self.touchpoint);
        let found = store.touchpoint(&touchpoint_id).await?;
        let touchpoint = found.with_context(|| format!("there is no touchpoint {touchpoint_id}"))?;
        println!("# {touchpoint_id} on the instance {}: chat and co-browsing", touchpoint.instance);
        println!("{}", csp::directives(&self.public_url));
        println!("# With nonces, the tag's own does instead of the entry in script-src:");
        println!("#   <script async nonce=\"…\" src=\"{}/w/{touchpoint_id}.js\"></script>", self.public_url);
        println!("# Nothing is needed in style-src, img-src, connect-src, font-src or trusted-types.");
        Ok(())
    }
}

impl Check {
    async fn run(self) -> anyhow::Result<bool> {
        let (mut policies, page) = match (&self.url, &self.file) {
            (Some(url), _) => fetch(url.clone()).await?,
            (None, Some(file)) => (Vec::new(), Page::read(&read(file)?, None)),
            (None, None) => (Vec::new(), Page::default()),
        };
        let before = policies.len();
        for (number, header) in self.header.iter().enumerate() {
            policies.extend(Policy::read_all(header, &Whence::Header(before + number + 1)));
        }
        policies.extend(page.policies.iter().cloned());
        Ok(report(&policies, &page, &self.public_url))
    }
}

/// Prints what was found; answers whether nothing is refused.
fn report(policies: &[Policy], page: &Page, server: &Origin) -> bool {
    if policies.is_empty() {
        println!("ok       there is no policy, so nothing is refused");
    }
    let findings = csp::check(policies, page, server);
    for finding in &findings {
        println!("{}", line(finding));
    }
    for policy in policies {
        for remark in &policy.remarks {
            println!("note     {}: {remark}", policy.whence);
        }
    }
    if page.url.is_some() && page.tag.is_none() {
        println!("note     the tag is not on the page as the server sent it");
    }
    !findings.iter().any(|finding| matches!(finding.verdict, Verdict::Refused { .. }))
}

fn line(Finding { policy, need, verdict }: &Finding) -> String {
    let what = need.map_or("the page", |need| need.what());
    match verdict {
        Verdict::Allowed(why) => format!("ok       {policy}: {what}: {why}"),
        Verdict::AllowedIf(what_holds) => format!("ok if    {policy}: {what}: {what_holds}"),
        Verdict::Refused { directive, mend } => {
            format!("missing  {policy}: {what} is refused by `{directive}`\n         {mend}")
        }
    }
}

/// Fetches a page: the policies of its headers, and its markup.
async fn fetch(url: Url) -> anyhow::Result<(Vec<Policy>, Page)> {
    // It is there already when another part of the process has asked for it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().timeout(PAGE_TIME_MAX).build().context("no HTTP client")?;
    let mut answer = client.get(url.clone()).send().await.with_context(|| format!("cannot fetch {url}"))?;
    if !answer.status().is_success() {
        bail!("{url} answers {}", answer.status());
    }
    let mut policies = Vec::new();
    for (number, header) in answer.headers().get_all("content-security-policy").iter().enumerate() {
        let text = String::from_utf8_lossy(header.as_bytes());
        policies.extend(Policy::read_all(&text, &Whence::Header(number + 1)));
    }
    if answer.headers().contains_key("content-security-policy-report-only") {
        println!("note     a policy that only reports refuses nothing and is not looked at");
    }
    let landed = answer.url().clone();
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await.with_context(|| format!("cannot read {url}"))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > PAGE_BYTES_MAX {
            break;
        }
    }
    Ok((policies, Page::read(&String::from_utf8_lossy(&bytes), Some(landed))))
}

fn read(file: &PathBuf) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let name = file.display();
    if file.as_os_str() == "-" {
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
    } else {
        bytes = std::fs::read(file).with_context(|| format!("cannot read {name}"))?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
