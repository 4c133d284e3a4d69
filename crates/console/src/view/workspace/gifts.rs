//! Conversations that come to this agent from a colleague or by routing: told once, and marked until they are opened.

use std::collections::BTreeSet;

use protocol::id::ConversationId;
use yew::Context;

use super::Workspace;
use crate::state::given::{Gift, gift};
use crate::state::inbox::{Owner, Row};
use crate::texts::{TEXTS, fill};
use crate::view::toasts::Toast;

/// What is known of them.
#[derive(Debug, Default)]
pub(super) struct Gifts {
    /// The agent's open conversations at the last look; none before the first.
    owned: Option<BTreeSet<ConversationId>>,
    /// New ones, until their log says how they came.
    arriving: BTreeSet<ConversationId>,
    /// Those that were given and not opened since.
    unopened: BTreeSet<ConversationId>,
}

impl Gifts {
    /// Whether the conversation was given to the agent, who has not opened it since.
    pub(super) fn is_unopened(&self, conversation_id: &ConversationId) -> bool {
        self.unopened.contains(conversation_id)
    }

    /// The agent looks at it.
    pub(super) fn opened(&mut self, conversation_id: &ConversationId) {
        self.unopened.remove(conversation_id);
    }

    fn take_in(&mut self, rows: &[Row]) {
        let is_owned = |row: &&Row| row.owner == Owner::Me && row.is_open();
        let owned: BTreeSet<_> =
            rows.iter().filter(is_owned).map(|row| row.conversation_id().clone()).collect();
        if let Some(before) = &self.owned {
            self.arriving.extend(owned.difference(before).cloned());
        }
        self.arriving.retain(|conversation_id| owned.contains(conversation_id));
        self.unopened.retain(|conversation_id| owned.contains(conversation_id));
        self.owned = Some(owned);
    }
}

impl Workspace {
    /// Tells of conversations that were given to the agent since the last look.
    pub(super) fn tell_gifts(&mut self, ctx: &Context<Self>, rows: &[Row]) {
        self.gifts.take_in(rows);
        for conversation_id in self.gifts.arriving.clone() {
            let entries = self
                .shell
                .read(|chat| chat.is_loaded(&conversation_id).then(|| chat.entries(&conversation_id)));
            let Some(entries) = entries else { continue };
            self.gifts.arriving.remove(&conversation_id);
            let Some(gift) = gift(&entries, &self.me) else { continue };
            if self.chosen.as_ref() != Some(&conversation_id) {
                self.gifts.unopened.insert(conversation_id.clone());
            }
            let row = rows.iter().find(|row| *row.conversation_id() == conversation_id);
            let customer = row.map(|row| row.summary.customer.display_name()).unwrap_or_default();
            self.tell_gift(ctx, conversation_id, gift, &customer);
        }
    }

    fn tell_gift(
        &mut self,
        ctx: &Context<Self>,
        conversation_id: ConversationId,
        gift: Gift,
        customer: &str,
    ) {
        let text = match &gift.by {
            Some(agent) => fill(TEXTS.given.by, &[("agent", agent), ("customer", customer)]),
            None => fill(TEXTS.given.by_routing, &[("customer", customer)]),
        };
        let toast = Toast { number: 0, text, note: gift.note, conversation_id: Some(conversation_id) };
        self.show_toast(ctx, toast);
    }
}
