//! Many people at once, led through the phases of a scenario.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use protocol::id::ConversationId;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::person::{Person, Role};
use super::{Habits, Phase, Progress, http};
use crate::checker::{Evidence, Line, Readable};
use crate::clock;
use crate::random::Random;

/// Who comes, and how they behave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CrowdPlan {
    pub(crate) visitors: usize,
    pub(crate) agents: usize,
    pub(crate) habits: Habits,
    /// Where they connect: the proxy, or the server itself.
    pub(crate) address: SocketAddr,
    pub(crate) seed: u64,
}

/// What windows showed of each conversation.
pub(crate) type Shown = Vec<(ConversationId, Vec<Line>)>;

/// People who live in tasks of their own until they are told to leave.
#[derive(Debug)]
pub(crate) struct Crowd {
    phase: watch::Sender<Phase>,
    progress: Arc<Progress>,
    people: JoinSet<(Evidence, Shown)>,
    count: usize,
}

/// What is left of a crowd.
#[derive(Debug, Default)]
pub(crate) struct Left {
    /// What each can swear to.
    pub(crate) people: Vec<Evidence>,
    /// What their windows showed in the end.
    pub(crate) shown: Shown,
}

/// The demo's log-ins.
const AGENTS: [&str; 3] = ["ana@demo.test", "ben@demo.test", "admin@demo.test"];

impl Crowd {
    /// Logs the agents in at the server and lets everybody begin.
    pub(crate) async fn start(server: SocketAddr, plan: CrowdPlan) -> Result<Self> {
        let (phase, receiver) = watch::channel(Phase::Busy);
        let progress = Arc::new(Progress::default());
        let mut people = JoinSet::new();
        for number in 0..plan.agents + plan.visitors {
            let (name, role) = if number < plan.agents {
                // One agent may sit at several consoles.
                let cookie = log_in(server, AGENTS[number % AGENTS.len()]).await?;
                (format!("agent {number}"), Role::Agent { cookie, place: (number, plan.agents) })
            } else {
                (format!("visitor {number}"), Role::Visitor)
            };
            let random = Random::of(plan.seed, number as u64);
            let told = (receiver.clone(), Arc::clone(&progress));
            people.spawn(Person::new(name, role, plan.address, plan.habits, random, told).live());
        }
        Ok(Self { phase, progress, people, count: plan.agents + plan.visitors })
    }

    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Waits until this many messages were acknowledged in all.
    pub(crate) async fn acknowledge(&self, count: usize, patience: Duration) -> Result<()> {
        let has_come = || self.progress.acknowledged() >= count;
        wait_for(patience, has_come).await.with_context(|| {
            format!("{} of {count} messages were acknowledged in time", self.progress.acknowledged())
        })
    }

    /// Nobody writes any more.
    pub(crate) fn rest(&self) {
        self.phase.send_replace(Phase::Resting);
    }

    /// Waits until nothing waits in any outbox and everybody is connected. Nobody writes any more.
    pub(crate) async fn settle(&self, patience: Duration) -> Result<()> {
        self.rest();
        let is_settled = || self.progress.waiting() == 0 && self.progress.online() == self.count;
        wait_for(patience, is_settled).await.with_context(|| {
            let (waiting, online) = (self.progress.waiting(), self.progress.online());
            format!("{waiting} messages still wait and {online} of {} are connected", self.count)
        })
    }

    /// Waits until every window shows what can be read, then lets everybody leave. Whoever still shows something
    /// else after a while leaves as well: the check will tell.
    pub(crate) async fn compare_and_leave(self, readable: Readable, patience: Duration) -> Left {
        self.phase.send_replace(Phase::Comparing(Arc::new(readable)));
        let agreed = || self.progress.agreed.load(Ordering::Relaxed) == self.count;
        let _ = wait_for(patience, agreed).await;
        self.leave().await
    }

    /// Lets everybody leave.
    pub(crate) async fn leave(mut self) -> Left {
        self.phase.send_replace(Phase::Leaving);
        let mut left = Left::default();
        while let Some(ended) = self.people.join_next().await {
            match ended {
                Ok((evidence, shown)) => {
                    left.people.push(evidence);
                    left.shown.extend(shown);
                }
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            }
        }
        left
    }
}

async fn log_in(server: SocketAddr, email: &str) -> Result<String> {
    let login = json!({ "email": email, "password": "demo" });
    let reply = http::post(server, "/api/v1/session", "", &login).await?;
    reply.cookie.clone().with_context(|| format!("{email} cannot log in: {} {}", reply.status, reply.text()))
}

async fn wait_for(patience: Duration, holds: impl Fn() -> bool) -> Result<()> {
    let begun_at = clock::moment();
    while !holds() {
        if begun_at.elapsed() > patience {
            bail!("waited {patience:?}");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
