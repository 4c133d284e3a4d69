//! Forgetting for good, and giving out what is known.
//!
//! Rows go in transactions of their own, one per conversation, so that messages of others are not held up. Then the
//! scrubber sees to the bytes that rows leave behind.

mod page;
mod remove;
mod scrub;

use protocol::id::{CustomerId, TouchpointId};
use protocol::time::UnixMillis;
use store::{CustomerRecord, Erased, Erasure, StoreError};

pub(crate) use self::remove::mark_due;
use self::scrub::is_scrub_due;
pub(crate) use self::scrub::{Scrubber, scrub_alone};
use crate::SqliteStore;
use crate::{conversations, customers};

#[async_trait::async_trait]
impl Erasure for SqliteStore {
    async fn customer_record(&self, customer_id: &CustomerId) -> Result<Option<CustomerRecord>, StoreError> {
        let customer_id = customer_id.clone();
        self.read(move |connection| {
            // One transaction, so that the conversations are those of the customer as they stand.
            let transaction = connection.unchecked_transaction()?;
            let Some(customer) = customers::one(&transaction, &customer_id)? else { return Ok(None) };
            let conversations = conversations::all_of_customer(&transaction, &customer_id)?;
            Ok(Some(CustomerRecord { customer, conversations }))
        })
        .await
    }

    async fn erase_customer(&self, customer_id: &CustomerId) -> Result<Erased, StoreError> {
        let (writer, scrubber) = (self.writer.clone(), self.scrubber.clone());
        let customer_id = customer_id.clone();
        // A task of its own: whoever asked may go away, what was begun is finished.
        let task = tokio::spawn(async move {
            let mut erased = Erased::default();
            loop {
                let customer_id = customer_id.clone();
                let step = writer.run(move |connection| remove::some_of_customer(connection, &customer_id));
                let step = step.await?;
                let is_done = step.customers > 0;
                step.add_to(&mut erased);
                if is_done {
                    break;
                }
            }
            // The rows are gone whatever comes of this, and it stays noted until it is done.
            erased.is_scrub_due = scrubber.scrub().await.is_err();
            Ok(erased)
        });
        task.await.map_err(|error| StoreError::Broken(error.to_string()))?
    }

    async fn erase_closed_before(
        &self,
        touchpoint_id: &TouchpointId,
        before: UnixMillis,
        limit: usize,
    ) -> Result<Erased, StoreError> {
        let writer = self.writer.clone();
        let touchpoint = touchpoint_id.clone();
        let closed = self
            .read(move |connection| remove::closed_before(connection, &touchpoint, before, limit))
            .await?;
        let touchpoint_id = touchpoint_id.clone();
        let task = tokio::spawn(async move {
            let mut erased = Erased::default();
            for conversation_id in closed {
                let step =
                    writer.run(move |connection| remove::if_closed(connection, conversation_id, before));
                step.await?.add_to(&mut erased);
            }
            let rest =
                writer.run(move |connection| remove::unseen_since(connection, &touchpoint_id, before, limit));
            rest.await?.add_to(&mut erased);
            // The whole file is read to clean up: whoever erases many does it once, at the end. What is due is noted
            // with the rows, so a process that ends before is reminded when it starts.
            erased.is_scrub_due = erased.customers > 0 || !erased.conversation_ids.is_empty();
            Ok(erased)
        });
        task.await.map_err(|error| StoreError::Broken(error.to_string()))?
    }

    async fn finish_erasure(&self) -> Result<(), StoreError> {
        if self.read(is_scrub_due).await? {
            self.scrubber.scrub().await?;
        }
        Ok(())
    }
}
