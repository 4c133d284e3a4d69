//! Log-in sessions and API tokens, by the hash of their secret.

use protocol::time::UnixMillis;
use rusqlite::{OptionalExtension as _, params};
use store::{Caller, NewApiToken, NewSession, SecretHash, Sessions, StoreError};

use crate::SqliteStore;
use crate::agents::{AGENT_COLUMNS, read_agent};
use crate::error::{broken, constraint};
use crate::statement::execute;

#[async_trait::async_trait]
impl Sessions for SqliteStore {
    async fn create_session(&self, session: NewSession) -> Result<(), StoreError> {
        self.write(move |connection| {
            execute(connection, "DELETE FROM session WHERE expires_at <= ?1", [session.created_at.0])
                .map_err(broken)?;
            execute(
                connection,
                "INSERT INTO session VALUES (?1, ?2, ?3, ?4)",
                params![
                    session.secret.0,
                    session.agent_id.as_str(),
                    session.created_at.0,
                    session.expires_at.0
                ],
            )
            .map(|_| ())
            .map_err(|error| constraint(error, StoreError::NoAgent))
        })
        .await
    }

    async fn session(&self, secret: &SecretHash, now: UnixMillis) -> Result<Option<Caller>, StoreError> {
        let secret = secret.0;
        self.read(move |connection| {
            let sql = format!(
                "SELECT {AGENT_COLUMNS} FROM session JOIN agent USING (agent_id)
                 WHERE secret_hash = ?1 AND expires_at > ?2"
            );
            let found = connection.prepare_cached(&sql)?.query_row(params![secret, now.0], read_agent);
            Ok(found.optional()?.map(|agent| Caller { agent }))
        })
        .await
    }

    async fn end_session(&self, secret: &SecretHash) -> Result<(), StoreError> {
        let secret = secret.0;
        self.write(move |connection| {
            execute(connection, "DELETE FROM session WHERE secret_hash = ?1", [secret])
                .map(|_| ())
                .map_err(broken)
        })
        .await
    }

    async fn create_api_token(&self, token: NewApiToken) -> Result<(), StoreError> {
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO api_token VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                params![token.secret.0, token.name, token.agent_id.as_str(), token.created_at.0],
            )
            .map(|_| ())
            .map_err(|error| constraint(error, StoreError::NoAgent))
        })
        .await
    }

    async fn api_token(&self, secret: &SecretHash) -> Result<Option<Caller>, StoreError> {
        let secret = secret.0;
        self.read(move |connection| {
            let sql = format!(
                "SELECT {AGENT_COLUMNS} FROM api_token JOIN agent USING (agent_id) WHERE secret_hash = ?1"
            );
            let found = connection.prepare_cached(&sql)?.query_row([secret], read_agent);
            Ok(found.optional()?.map(|agent| Caller { agent }))
        })
        .await
    }
}
