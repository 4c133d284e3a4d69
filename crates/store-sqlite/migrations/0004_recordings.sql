-- Recordings of co-browse sessions: what is known of each. Their frames are files beside the database.

ALTER TABLE cobrowse ADD COLUMN is_recorded INTEGER NOT NULL DEFAULT 0;

CREATE TABLE recording (
    recording_id TEXT PRIMARY KEY,
    cobrowse_id TEXT NOT NULL UNIQUE REFERENCES cobrowse,
    conversation_id TEXT NOT NULL REFERENCES conversation,
    begun_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by TEXT CHECK (ended_by IN ('session', 'limit', 'disk', 'server')),
    bytes INTEGER NOT NULL DEFAULT 0,
    duration_ms INTEGER NOT NULL DEFAULT 0,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;

CREATE INDEX recording_begun ON recording (begun_at, recording_id);
CREATE INDEX recording_conversation ON recording (conversation_id, begun_at);
CREATE INDEX recording_unended ON recording (begun_at) WHERE ended_at IS NULL;

-- Who did what with a recording; stays when the recording is deleted, and goes with the conversation.
CREATE TABLE recording_act (
    recording_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversation,
    deed TEXT NOT NULL CHECK (deed IN ('viewed', 'deleted')),
    agent_id TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX recording_act_recording ON recording_act (recording_id, at);
CREATE INDEX recording_act_conversation ON recording_act (conversation_id);
