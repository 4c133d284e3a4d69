//! Visitors who have acted.

use protocol::id::{CustomerId, TouchpointId};
use protocol::people::{Identity, Page};
use protocol::rest::CustomerPatch;
use protocol::time::UnixMillis;

use crate::{SecretHash, StoreError};

/// A customer as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The customer.
    pub customer_id: CustomerId,
    /// The touchpoint they came in by.
    pub touchpoint_id: TouchpointId,
    /// Name, address, labels.
    pub identity: Identity,
    /// What agents wrote down about them.
    pub notes: String,
    /// The page they were on last.
    pub page: Page,
    /// First seen.
    pub created_at: UnixMillis,
    /// Last seen, on some page.
    pub seen_at: UnixMillis,
}

/// A customer to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCustomer {
    /// The customer.
    pub customer_id: CustomerId,
    /// The touchpoint they came in by.
    pub touchpoint_id: TouchpointId,
    /// The hash of the token their browser keeps.
    pub secret: SecretHash,
    /// The page they acted on.
    pub page: Page,
    /// When.
    pub created_at: UnixMillis,
}

/// Visitors who have acted.
#[async_trait::async_trait]
pub trait Customers: Send + Sync {
    /// Stores a new customer.
    ///
    /// # Errors
    /// [`StoreError::NoTouchpoint`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn create_customer(&self, customer: NewCustomer) -> Result<(), StoreError>;

    /// Returns one customer.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn customer(&self, customer_id: &CustomerId) -> Result<Option<Customer>, StoreError>;

    /// Returns the customer whose browser has the token with this hash.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn customer_by_secret(&self, secret: &SecretHash) -> Result<Option<Customer>, StoreError>;

    /// Keeps the page a customer is on, and that they were seen.
    ///
    /// # Errors
    /// [`StoreError::NoCustomer`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn save_page(&self, customer_id: &CustomerId, page: Page, at: UnixMillis)
    -> Result<(), StoreError>;

    /// Keeps what the site says of a customer: fields that are given replace, labels are added up to
    /// `LABELS_MAX`. Who they are in the site's own system is said once: nobody is renamed into somebody else.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another `external_id` is there; [`StoreError::NoCustomer`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn identify(&self, customer_id: &CustomerId, identity: Identity) -> Result<(), StoreError>;

    /// Keeps what an agent changed: fields that are given replace, empty ones clear, labels replace all.
    ///
    /// # Errors
    /// [`StoreError::NoCustomer`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn patch_customer(&self, customer_id: &CustomerId, patch: CustomerPatch) -> Result<(), StoreError>;
}
