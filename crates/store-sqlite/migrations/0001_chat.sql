-- Chat, surveys, log-ins and the record of co-browse sessions. Times are milliseconds since 1970 in UTC.

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE touchpoint (
    touchpoint_id TEXT PRIMARY KEY,
    config_version INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE agent (
    agent_id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('agent', 'supervisor', 'admin')),
    max_concurrent INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    is_away INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    secret_hash BLOB PRIMARY KEY,
    agent_id TEXT NOT NULL REFERENCES agent ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE api_token (
    secret_hash BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    agent_id TEXT NOT NULL REFERENCES agent ON DELETE CASCADE,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE customer (
    customer_id TEXT PRIMARY KEY,
    touchpoint_id TEXT NOT NULL REFERENCES touchpoint,
    secret_hash BLOB NOT NULL UNIQUE,
    external_id TEXT,
    email TEXT,
    firstname TEXT,
    lastname TEXT,
    labels TEXT NOT NULL DEFAULT '[]',
    notes TEXT NOT NULL DEFAULT '',
    page_url TEXT NOT NULL,
    page_title TEXT NOT NULL,
    page_referrer TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE conversation (
    conversation_id TEXT PRIMARY KEY,
    touchpoint_id TEXT NOT NULL REFERENCES touchpoint,
    customer_id TEXT NOT NULL REFERENCES customer,
    status TEXT NOT NULL CHECK (status IN ('UNREAD', 'UNRESOLVED', 'DONE')),
    head_seq INTEGER NOT NULL DEFAULT 0,
    assignee_id TEXT REFERENCES agent,
    customer_delivered_seq INTEGER NOT NULL DEFAULT 0,
    customer_read_seq INTEGER NOT NULL DEFAULT 0,
    agent_delivered_seq INTEGER NOT NULL DEFAULT 0,
    agent_read_seq INTEGER NOT NULL DEFAULT 0,
    survey TEXT,
    survey_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX conversation_updated ON conversation (updated_at, conversation_id);
CREATE INDEX conversation_status ON conversation (status, updated_at, conversation_id);
CREATE INDEX conversation_customer ON conversation (customer_id, updated_at);

CREATE TABLE event (
    conversation_id TEXT NOT NULL REFERENCES conversation,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    author TEXT NOT NULL CHECK (author IN ('customer', 'agent', 'system')),
    author_id TEXT,
    author_name TEXT,
    kind TEXT NOT NULL,
    message_id TEXT,
    text TEXT,
    status TEXT,
    assignee_id TEXT,
    assignee_name TEXT,
    PRIMARY KEY (conversation_id, seq)
) STRICT;

-- A message is kept once per id, for ever.
CREATE UNIQUE INDEX event_message ON event (conversation_id, message_id) WHERE message_id IS NOT NULL;

CREATE TABLE cobrowse (
    cobrowse_id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversation,
    agent_id TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    granted_at INTEGER,
    ended_at INTEGER,
    ended_how TEXT
) STRICT;

CREATE INDEX cobrowse_conversation ON cobrowse (conversation_id, asked_at);
