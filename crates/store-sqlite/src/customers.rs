//! Visitors who have acted.

use protocol::id::{CustomerId, TouchpointId};
use protocol::limit::LABELS_MAX;
use protocol::people::{Identity, Page};
use protocol::rest::CustomerPatch;
use protocol::time::UnixMillis;
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use store::{Customer, Customers, NewCustomer, SecretHash, StoreError};

use crate::SqliteStore;
use crate::error::{broken, constraint};
use crate::row::unreadable;
use crate::statement::execute;

const COLUMNS: &str = "customer_id, touchpoint_id, external_id, email, firstname, lastname, labels, notes, \
     page_url, page_title, page_referrer, created_at, seen_at";

#[async_trait::async_trait]
impl Customers for SqliteStore {
    async fn create_customer(&self, customer: NewCustomer) -> Result<(), StoreError> {
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO customer (customer_id, touchpoint_id, secret_hash, page_url, page_title,
                     page_referrer, created_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
                params![
                    customer.customer_id.as_str(),
                    customer.touchpoint_id.as_str(),
                    customer.secret.0,
                    customer.page.url,
                    customer.page.title,
                    customer.page.referrer,
                    customer.created_at.0
                ],
            )
            .map(|_| ())
            .map_err(|error| constraint(error, StoreError::NoTouchpoint))
        })
        .await
    }

    async fn customer(&self, customer_id: &CustomerId) -> Result<Option<Customer>, StoreError> {
        let customer_id = customer_id.clone();
        self.read(move |connection| one(connection, &customer_id)).await
    }

    async fn customer_by_secret(&self, secret: &SecretHash) -> Result<Option<Customer>, StoreError> {
        let secret = secret.0;
        self.read(move |connection| find(connection, "secret_hash", &secret)).await
    }

    async fn save_page(
        &self,
        customer_id: &CustomerId,
        page: Page,
        at: UnixMillis,
    ) -> Result<(), StoreError> {
        let customer_id = customer_id.0.clone();
        self.write(move |connection| {
            changed_one(execute(
                connection,
                "UPDATE customer SET page_url = ?2, page_title = ?3, page_referrer = ?4,
                 seen_at = max(seen_at, ?5) WHERE customer_id = ?1",
                params![customer_id, page.url, page.title, page.referrer, at.0],
            ))
        })
        .await
    }

    async fn identify(&self, customer_id: &CustomerId, identity: Identity) -> Result<(), StoreError> {
        let customer_id = customer_id.clone();
        self.write(move |connection| {
            let mut present = stored_identity(connection, &customer_id)?;
            let is_somebody_else = present.external_id.is_some()
                && identity.external_id.is_some()
                && present.external_id != identity.external_id;
            if is_somebody_else {
                return Err(StoreError::Conflict);
            }
            for label in identity.labels {
                if present.labels.len() < LABELS_MAX && !present.labels.contains(&label) {
                    present.labels.push(label);
                }
            }
            present.external_id = identity.external_id.or(present.external_id);
            present.email = identity.email.or(present.email);
            present.firstname = identity.firstname.or(present.firstname);
            present.lastname = identity.lastname.or(present.lastname);
            store_identity(connection, &customer_id, &present)
        })
        .await
    }

    async fn patch_customer(&self, customer_id: &CustomerId, patch: CustomerPatch) -> Result<(), StoreError> {
        let customer_id = customer_id.clone();
        self.write(move |connection| {
            let mut present = stored_identity(connection, &customer_id)?;
            present.firstname = patched(present.firstname, patch.firstname);
            present.lastname = patched(present.lastname, patch.lastname);
            present.email = patched(present.email, patch.email);
            present.labels = patch.labels.unwrap_or(present.labels);
            store_identity(connection, &customer_id, &present)?;
            let Some(notes) = patch.notes else { return Ok(()) };
            changed_one(execute(
                connection,
                "UPDATE customer SET notes = ?2 WHERE customer_id = ?1",
                params![customer_id.as_str(), notes],
            ))
        })
        .await
    }
}

/// A field after a patch: left out stays, empty clears.
fn patched(present: Option<String>, change: Option<String>) -> Option<String> {
    match change {
        None => present,
        Some(text) => Some(text).filter(|text| !text.is_empty()),
    }
}

fn stored_identity(connection: &Connection, customer_id: &CustomerId) -> Result<Identity, StoreError> {
    let customer = find(connection, "customer_id", &customer_id.0).map_err(broken)?;
    Ok(customer.ok_or(StoreError::NoCustomer)?.identity)
}

fn store_identity(
    connection: &Connection,
    customer_id: &CustomerId,
    identity: &Identity,
) -> Result<(), StoreError> {
    let labels =
        serde_json::to_string(&identity.labels).map_err(|error| StoreError::Broken(error.to_string()))?;
    changed_one(execute(
        connection,
        "UPDATE customer SET external_id = ?2, email = ?3, firstname = ?4, lastname = ?5, labels = ?6
         WHERE customer_id = ?1",
        params![
            customer_id.as_str(),
            identity.external_id,
            identity.email,
            identity.firstname,
            identity.lastname,
            labels
        ],
    ))
}

fn changed_one(outcome: rusqlite::Result<usize>) -> Result<(), StoreError> {
    if outcome.map_err(broken)? == 0 { Err(StoreError::NoCustomer) } else { Ok(()) }
}

/// Returns one customer.
pub(crate) fn one(connection: &Connection, customer_id: &CustomerId) -> rusqlite::Result<Option<Customer>> {
    find(connection, "customer_id", &customer_id.0)
}

fn find(connection: &Connection, column: &str, value: &dyn ToSql) -> rusqlite::Result<Option<Customer>> {
    let sql = format!("SELECT {COLUMNS} FROM customer WHERE {column} = ?1");
    connection.prepare_cached(&sql)?.query_row([value], read_customer).optional()
}

fn read_customer(row: &Row<'_>) -> rusqlite::Result<Customer> {
    let labels = row.get_ref(6)?.as_str()?;
    Ok(Customer {
        customer_id: CustomerId(row.get(0)?),
        touchpoint_id: TouchpointId(row.get(1)?),
        identity: Identity {
            external_id: row.get(2)?,
            email: row.get(3)?,
            firstname: row.get(4)?,
            lastname: row.get(5)?,
            labels: serde_json::from_str(labels).map_err(|_| unreadable(6, "labels"))?,
        },
        notes: row.get(7)?,
        page: Page { url: row.get(8)?, title: row.get(9)?, referrer: row.get(10)? },
        created_at: UnixMillis(row.get(11)?),
        seen_at: UnixMillis(row.get(12)?),
    })
}
