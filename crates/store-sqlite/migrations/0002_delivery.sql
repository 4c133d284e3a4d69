-- Teams and queues, files, changed messages, and what erasing needs to find.

CREATE TABLE team (
    team_id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE team_agent (
    team_id TEXT NOT NULL REFERENCES team ON DELETE CASCADE,
    agent_id TEXT NOT NULL REFERENCES agent ON DELETE CASCADE,
    place INTEGER NOT NULL,
    PRIMARY KEY (team_id, agent_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX team_agent_agent ON team_agent (agent_id);

ALTER TABLE conversation ADD COLUMN team_id TEXT REFERENCES team ON DELETE SET NULL;
ALTER TABLE conversation ADD COLUMN waiting_since INTEGER;
UPDATE conversation SET waiting_since = created_at WHERE status <> 'DONE' AND assignee_id IS NULL;

CREATE INDEX conversation_team ON conversation (team_id) WHERE team_id IS NOT NULL;
CREATE INDEX conversation_waiting ON conversation (waiting_since, conversation_id)
    WHERE waiting_since IS NOT NULL;
CREATE INDEX conversation_assignee ON conversation (assignee_id)
    WHERE assignee_id IS NOT NULL AND status <> 'DONE';
CREATE INDEX conversation_closed ON conversation (touchpoint_id, updated_at) WHERE status = 'DONE';

-- The message an edit or a deletion is about; a message's own id is in message_id.
ALTER TABLE event ADD COLUMN about_id TEXT;
-- Null is original.
ALTER TABLE event ADD COLUMN revision TEXT CHECK (revision IN ('edited', 'deleted'));
-- The files of a message in order, as a document: events are read far more often than files change.
ALTER TABLE event ADD COLUMN attachments TEXT;
ALTER TABLE event ADD COLUMN team_id TEXT;
ALTER TABLE event ADD COLUMN team_name TEXT;
ALTER TABLE event ADD COLUMN note TEXT;

CREATE INDEX event_about ON event (conversation_id, about_id) WHERE about_id IS NOT NULL;

CREATE TABLE attachment (
    attachment_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    customer_id TEXT REFERENCES customer,
    agent_id TEXT REFERENCES agent,
    is_whole INTEGER NOT NULL DEFAULT 0,
    conversation_id TEXT REFERENCES conversation,
    message_id TEXT,
    created_at INTEGER NOT NULL,
    CHECK ((customer_id IS NULL) <> (agent_id IS NULL))
) STRICT;

CREATE INDEX attachment_customer ON attachment (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX attachment_agent ON attachment (agent_id) WHERE agent_id IS NOT NULL;
CREATE INDEX attachment_message ON attachment (conversation_id, message_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX attachment_unbound ON attachment (created_at) WHERE conversation_id IS NULL;

ALTER TABLE customer ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
UPDATE customer SET seen_at = max(created_at, coalesce(
    (SELECT max(updated_at) FROM conversation c WHERE c.customer_id = customer.customer_id), 0));

CREATE INDEX customer_seen ON customer (touchpoint_id, seen_at);

-- Ids of messages and of conversations begin with their time, and what is written now belongs together: with the
-- message first, all senders write into the same few pages.
DROP INDEX event_message;
CREATE UNIQUE INDEX event_message ON event (message_id, conversation_id) WHERE message_id IS NOT NULL;

-- Lists of several statuses are merged from the index by status; an index by time alone would be written with every
-- event.
DROP INDEX conversation_updated;

-- A customer has few conversations, and every event would move the row within an index that knows its time.
DROP INDEX conversation_customer;
CREATE INDEX conversation_customer ON conversation (customer_id);
