//! Which customers have a browser connected.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use protocol::id::CustomerId;

use crate::app::App;

/// The customers whose browsers are connected to this node.
#[derive(Debug, Default)]
pub(crate) struct Visitors {
    connected: Mutex<BTreeMap<CustomerId, usize>>,
}

/// Counts one socket of a customer as long as it lives, and a moment longer.
pub(crate) struct Connected {
    app: Arc<App>,
    customer_id: CustomerId,
}

impl Drop for Connected {
    fn drop(&mut self) {
        let (app, customer_id) = (Arc::clone(&self.app), self.customer_id.clone());
        tokio::spawn(async move {
            tokio::time::sleep(app.config.timing.presence_grace).await;
            if app.visitors.leave(&customer_id) {
                app.announcer.customer(&customer_id);
            }
        });
    }
}

impl Visitors {
    /// Counts a socket. Agents are told when it is the customer's first.
    pub(crate) fn connect(app: &Arc<App>, customer_id: CustomerId) -> Connected {
        let is_first = app.visitors.enter(&customer_id);
        let connected = Connected { app: Arc::clone(app), customer_id };
        if is_first {
            app.announcer.customer(&connected.customer_id);
        }
        connected
    }

    /// Whether a browser of the customer is connected.
    pub(crate) fn is_online(&self, customer_id: &CustomerId) -> bool {
        self.connected.lock().unwrap_or_else(PoisonError::into_inner).contains_key(customer_id)
    }

    fn enter(&self, customer_id: &CustomerId) -> bool {
        let mut connected = self.connected.lock().unwrap_or_else(PoisonError::into_inner);
        let count = connected.entry(customer_id.clone()).or_default();
        *count += 1;
        *count == 1
    }

    fn leave(&self, customer_id: &CustomerId) -> bool {
        let mut connected = self.connected.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = connected.get_mut(customer_id) else { return false };
        *count -= 1;
        if *count == 0 {
            connected.remove(customer_id);
            return true;
        }
        false
    }
}
