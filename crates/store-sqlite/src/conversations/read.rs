//! Conversations as they stand, one or a page of them.

use protocol::agent::LastMessage;
use protocol::conversation::{ConversationHead, ConversationStatus, Receipts, Revision, SurveyResult};
use protocol::id::{AgentId, ConversationId, CustomerId, TeamId, TouchpointId};
use protocol::people::{AgentRef, TeamRef};
use protocol::time::UnixMillis;
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension as _, Row};
use store::{Conversation, ConversationFilter, Customer, PageStart};

use crate::customers;
use crate::row::{revision_of, status_of, status_word, unreadable, unsigned};

/// Characters of a last message in a list.
const PREVIEW_CHARS_MAX: usize = 140;

const COLUMNS: &str = "c.conversation_id, c.status, c.head_seq, c.assignee_id, agent.name,
    c.customer_delivered_seq, c.customer_read_seq, c.agent_delivered_seq, c.agent_read_seq,
    c.survey, c.survey_at, c.touchpoint_id, c.customer_id, c.created_at, c.updated_at,
    (SELECT count(*) FROM event e WHERE e.conversation_id = c.conversation_id AND e.seq > c.agent_read_seq
     AND e.kind = 'message' AND e.author = 'customer' AND e.revision IS NOT 'deleted'),
    last.author, substr(last.text, 1, 140), last.at, c.team_id, team.name, c.waiting_since,
    last.revision";

const ALL: [ConversationStatus; 3] =
    [ConversationStatus::Unread, ConversationStatus::Unresolved, ConversationStatus::Done];

/// What the columns come from, beside a conversation `c`.
const JOINS: &str = "LEFT JOIN agent ON agent.agent_id = c.assignee_id
    LEFT JOIN team ON team.team_id = c.team_id
    LEFT JOIN event last ON last.conversation_id = c.conversation_id AND last.seq =
    (SELECT m.seq FROM event m WHERE m.conversation_id = c.conversation_id AND m.kind = 'message'
     ORDER BY m.seq DESC LIMIT 1)";

/// Returns one conversation.
pub(super) fn one(
    connection: &Connection,
    conversation_id: &ConversationId,
) -> rusqlite::Result<Option<Conversation>> {
    let sql = format!("SELECT {COLUMNS} FROM conversation c {JOINS} WHERE c.conversation_id = ?1");
    connection.prepare_cached(&sql)?.query_row([conversation_id.as_str()], read).optional()
}

/// Returns conversations with their customers, all of one moment.
pub(super) fn with_customers(
    connection: &Connection,
    conversation_ids: &[ConversationId],
) -> rusqlite::Result<Vec<(Conversation, Customer)>> {
    let moment = connection.unchecked_transaction()?;
    let mut found = Vec::with_capacity(conversation_ids.len());
    for conversation_id in conversation_ids {
        if let Some(conversation) = one(&moment, conversation_id)?
            && let Some(customer) = customers::one(&moment, &conversation.customer_id)?
        {
            found.push((conversation, customer));
        }
    }
    Ok(found)
}

/// Returns a page of conversations, newest change first.
pub(super) fn page(
    connection: &Connection,
    filter: ConversationFilter,
    start: Option<PageStart>,
    limit: usize,
) -> rusqlite::Result<Vec<Conversation>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let statuses: &[ConversationStatus] = match &filter {
        ConversationFilter::Any => &ALL,
        ConversationFilter::Open => &[ConversationStatus::Unread, ConversationStatus::Unresolved],
        ConversationFilter::Status(status) => std::slice::from_ref(status),
    };
    let mut values: Vec<(&str, Box<dyn ToSql>)> = vec![(":limit", Box::new(limit))];
    let mut after = "";
    if let Some(start) = start {
        after = "AND (updated_at, conversation_id) < (:at, :id)";
        values.push((":at", Box::new(start.updated_at.0)));
        values.push((":id", Box::new(start.conversation_id.0)));
    }
    let named: Vec<(&str, &dyn ToSql)> = values.iter().map(|(name, value)| (*name, value.as_ref())).collect();
    connection.prepare_cached(&page_of(statuses, after))?.query_map(named.as_slice(), read)?.collect()
}

fn page_of(statuses: &[ConversationStatus], after: &str) -> String {
    format!(
        "SELECT {COLUMNS} FROM ({}) page CROSS JOIN conversation c ON c.rowid = page.row {JOINS}
         ORDER BY page.updated_at DESC, page.conversation_id DESC",
        rows_of(statuses, after)
    )
}

/// The rows of a page. Each status is in order by its index, and SQLite merges them: an index over all of them would
/// have to be written with every event.
fn rows_of(statuses: &[ConversationStatus], after: &str) -> String {
    let arms: Vec<String> = statuses
        .iter()
        .map(|status| {
            let word = status_word(*status);
            format!(
                "SELECT rowid AS row, updated_at, conversation_id FROM conversation
                 WHERE status = '{word}' {after}"
            )
        })
        .collect();
    let arms = arms.join(" UNION ALL ");
    format!("SELECT * FROM ({arms}) ORDER BY updated_at DESC, conversation_id DESC LIMIT :limit")
}

/// Returns a customer's conversations, newest change first.
pub(super) fn of_customer(
    connection: &Connection,
    customer_id: &CustomerId,
    limit: usize,
) -> rusqlite::Result<Vec<Conversation>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT {COLUMNS} FROM conversation c {JOINS} WHERE c.customer_id = ?1
         ORDER BY c.updated_at DESC, c.conversation_id DESC LIMIT ?2"
    );
    connection.prepare_cached(&sql)?.query_map((customer_id.as_str(), limit), read)?.collect()
}

/// Returns the head seqs of those that are there.
pub(super) fn heads(
    connection: &Connection,
    conversation_ids: &[ConversationId],
) -> rusqlite::Result<Vec<(ConversationId, u64)>> {
    let ids = serde_json::to_string(conversation_ids).map_err(|_| unreadable(0, "ids"))?;
    connection
        .prepare_cached(
            "SELECT conversation_id, head_seq FROM conversation
             WHERE conversation_id IN (SELECT value FROM json_each(?1))",
        )?
        .query_map([ids], head)?
        .collect()
}

/// Returns the head seqs of a customer's conversations, newest change first.
pub(super) fn heads_of(
    connection: &Connection,
    customer_id: &CustomerId,
    limit: usize,
) -> rusqlite::Result<Vec<(ConversationId, u64)>> {
    connection
        .prepare_cached(
            "SELECT conversation_id, head_seq FROM conversation WHERE customer_id = ?1
             ORDER BY updated_at DESC, conversation_id DESC LIMIT ?2",
        )?
        .query_map((customer_id.as_str(), i64::try_from(limit).unwrap_or(i64::MAX)), head)?
        .collect()
}

/// Returns the head seqs of the conversations that were changed last, newest change first.
pub(super) fn newest_heads(
    connection: &Connection,
    limit: usize,
) -> rusqlite::Result<Vec<(ConversationId, u64)>> {
    let sql = format!(
        "SELECT c.conversation_id, c.head_seq FROM ({}) page CROSS JOIN conversation c ON c.rowid = page.row
         ORDER BY page.updated_at DESC, page.conversation_id DESC",
        rows_of(&ALL, "")
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection.prepare_cached(&sql)?.query_map(&[(":limit", &limit)], head)?.collect()
}

fn head(row: &Row<'_>) -> rusqlite::Result<(ConversationId, u64)> {
    Ok((ConversationId(row.get(0)?), unsigned(1, row.get(1)?)?))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    let survey = read_survey(row)?;
    let assignee_id: Option<String> = row.get(3)?;
    let assignee = match assignee_id {
        Some(agent_id) => Some(AgentRef { agent_id: AgentId(agent_id), name: row.get(4)? }),
        None => None,
    };
    let head = ConversationHead {
        conversation_id: ConversationId(row.get(0)?),
        status: status_of(1, row.get_ref(1)?.as_str()?)?,
        head_seq: unsigned(2, row.get(2)?)?,
        assignee,
        team: read_team(row)?,
        receipts: Receipts {
            customer_delivered_seq: unsigned(5, row.get(5)?)?,
            customer_read_seq: unsigned(6, row.get(6)?)?,
            agent_delivered_seq: unsigned(7, row.get(7)?)?,
            agent_read_seq: unsigned(8, row.get(8)?)?,
        },
        is_survey_done: survey.is_some(),
    };
    Ok(Conversation {
        head,
        survey,
        touchpoint_id: TouchpointId(row.get(11)?),
        customer_id: CustomerId(row.get(12)?),
        created_at: UnixMillis(row.get(13)?),
        updated_at: UnixMillis(row.get(14)?),
        unread_count: row.get(15)?,
        last_message: read_last_message(row)?,
        waiting_since: row.get::<_, Option<i64>>(21)?.map(UnixMillis),
    })
}

fn read_team(row: &Row<'_>) -> rusqlite::Result<Option<TeamRef>> {
    let Some(team_id) = row.get::<_, Option<String>>(19)? else { return Ok(None) };
    Ok(Some(TeamRef { team_id: TeamId(team_id), name: row.get(20)? }))
}

fn read_survey(row: &Row<'_>) -> rusqlite::Result<Option<SurveyResult>> {
    let Some(at) = row.get::<_, Option<i64>>(10)? else { return Ok(None) };
    let answers = serde_json::from_str(row.get_ref(9)?.as_str()?).map_err(|_| unreadable(9, "survey"))?;
    Ok(Some(SurveyResult { at: UnixMillis(at), answers }))
}

fn read_last_message(row: &Row<'_>) -> rusqlite::Result<Option<LastMessage>> {
    let Some(side) = row.get::<_, Option<String>>(16)? else { return Ok(None) };
    let text: String = row.get(17)?;
    Ok(Some(LastMessage {
        side,
        text: text.chars().take(PREVIEW_CHARS_MAX).collect(),
        revision: match row.get_ref(22)?.as_str_or_null()? {
            Some(word) => revision_of(22, word)?,
            None => Revision::Original,
        },
        at: UnixMillis(row.get(18)?),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(sql: &str) -> Vec<String> {
        let mut connection = Connection::open_in_memory().unwrap();
        crate::migrations::apply(&mut connection).unwrap();
        let sql = sql.replace(":limit", "10").replace(":at", "5").replace(":id", "'x'");
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        statement.query_map([], |row| row.get(3)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_page_is_read_from_the_index_of_each_status_and_nothing_else_is_looked_through() {
        for after in ["", "AND (updated_at, conversation_id) < (:at, :id)"] {
            let plan = plan(&page_of(&ALL, after));
            let arms = plan.iter().filter(|step| step.contains("USING COVERING INDEX conversation_status"));
            assert_eq!(arms.count(), 3, "{plan:?}");
            let merges = plan.iter().filter(|step| step.contains("MERGE (UNION ALL)"));
            assert_eq!(merges.count(), 2, "{plan:?}");
            let scans: Vec<_> = plan.iter().filter(|step| step.starts_with("SCAN")).collect();
            assert_eq!(scans, ["SCAN page"], "{plan:?}");
        }
    }
}
