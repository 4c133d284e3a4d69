-- What was asked, given and done in a co-browse session: names of actions and outcomes, never what was typed.
CREATE TABLE cobrowse_step (
    step_id INTEGER PRIMARY KEY,
    cobrowse_id TEXT NOT NULL REFERENCES cobrowse ON DELETE CASCADE,
    agent_id TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    outcome TEXT NOT NULL,
    times INTEGER NOT NULL
) STRICT;

CREATE INDEX cobrowse_step_session ON cobrowse_step (cobrowse_id);
