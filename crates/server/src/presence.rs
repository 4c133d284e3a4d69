//! Who is there to answer: online, away, busy. Latest wins: everybody who shows it watches one value.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use protocol::id::AgentId;
use protocol::people::AgentPresence;
use store::StoreError;
use tokio::sync::{Notify, watch};

use crate::app::App;

/// Changes that come close together are shown in one go.
const GATHER: Duration = Duration::from_millis(100);

/// When the store refused, presence is read again after this time.
const RETRY: Duration = Duration::from_secs(1);

/// The agents' presence as this node knows it.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    connected: Mutex<BTreeMap<AgentId, usize>>,
    shown: watch::Sender<Arc<Vec<AgentPresence>>>,
    stale: Notify,
}

/// Counts one socket of an agent as long as it lives, and a moment longer.
pub(crate) struct Connected {
    app: Arc<App>,
    agent_id: AgentId,
}

impl Drop for Connected {
    fn drop(&mut self) {
        let (app, agent_id) = (Arc::clone(&self.app), self.agent_id.clone());
        tokio::spawn(async move {
            tokio::time::sleep(app.config.timing.presence_grace).await;
            app.presence.count(&agent_id, |count| count.saturating_sub(1));
        });
    }
}

impl Presence {
    /// Counts a socket of an agent.
    pub(crate) fn connect(app: &Arc<App>, agent_id: AgentId) -> Connected {
        app.presence.count(&agent_id, |count| count + 1);
        Connected { app: Arc::clone(app), agent_id }
    }

    /// Returns the value to watch: every agent, ordered by name.
    pub(crate) fn watch(&self) -> watch::Receiver<Arc<Vec<AgentPresence>>> {
        self.shown.subscribe()
    }

    /// Says that something changed which presence is made of.
    pub(crate) fn look_again(&self) {
        self.stale.notify_one();
    }

    fn count(&self, agent_id: &AgentId, change: impl Fn(usize) -> usize) {
        let mut connected = self.connected.lock().unwrap_or_else(PoisonError::into_inner);
        let count = change(connected.get(agent_id).copied().unwrap_or(0));
        if count == 0 {
            connected.remove(agent_id);
        } else {
            connected.insert(agent_id.clone(), count);
        }
        drop(connected);
        self.look_again();
    }

    fn is_connected(&self, agent_id: &AgentId) -> bool {
        self.connected.lock().unwrap_or_else(PoisonError::into_inner).contains_key(agent_id)
    }
}

/// Returns every agent as they are at this moment, ordered by name.
///
/// # Errors
/// [`StoreError::Broken`] when the store refuses.
pub(crate) async fn read(app: &App) -> Result<Vec<AgentPresence>, StoreError> {
    let agents = app.store.agents().await?;
    let open_chats = app.store.open_chats().await?;
    let presences = agents
        .into_iter()
        .map(|agent| AgentPresence {
            is_online: app.presence.is_connected(&agent.profile.agent_id),
            is_away: agent.is_away,
            open_chats: open_chats.get(&agent.profile.agent_id).copied().unwrap_or(0),
            max_concurrent: agent.profile.max_concurrent,
            name: agent.profile.name,
            agent_id: agent.profile.agent_id,
        })
        .collect();
    Ok(presences)
}

/// Reads what presence is made of and shows it.
///
/// # Errors
/// [`StoreError::Broken`] when the store refuses.
pub(crate) async fn refresh(app: &App) -> Result<(), StoreError> {
    let presences = read(app).await?;
    app.presence.shown.send_if_modified(|shown| {
        let is_new = **shown != presences;
        if is_new {
            *shown = Arc::new(presences);
        }
        is_new
    });
    Ok(())
}

/// Keeps what is shown up to date, as long as the server runs.
pub(crate) async fn keep_fresh(app: Arc<App>) {
    loop {
        app.presence.stale.notified().await;
        if let Err(error) = refresh(&app).await {
            tracing::error!(%error, "presence could not be read");
            app.presence.look_again();
            tokio::time::sleep(RETRY).await;
        }
        tokio::time::sleep(GATHER).await;
    }
}
