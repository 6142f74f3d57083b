-- The projection again, so that a search can walk it in bounded steps (ADR 0100). Made anew from the journal
-- behind the commit, as after 0002. Ids grow with seq, and every index ends in the id by itself: each filter
-- is a list of ids, newest first, and so is the text index. That one is kept in parts of 65,536 ids, each a
-- language of its own to FTS4: what a word costs is bounded by the part, not by the journal.
DROP TABLE calls_text;
DROP TABLE calls;
DELETE FROM call_blocks;
DELETE FROM projections WHERE name = 'calls';

CREATE TABLE calls (
    id           INTEGER PRIMARY KEY,
    profile_id   INTEGER NOT NULL REFERENCES profiles (id),
    part         INTEGER NOT NULL,                -- id / 65536
    seq          INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    call_id      TEXT    NOT NULL,
    agent_id     TEXT    NOT NULL,
    agent_name   TEXT    NOT NULL,
    client_id    TEXT    NOT NULL,
    client_name  TEXT    NOT NULL,
    via          TEXT    NOT NULL,
    tool         TEXT    NOT NULL,
    project_id   TEXT    NOT NULL,
    project_name TEXT    NOT NULL,
    issue        TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    decision     TEXT    NOT NULL,
    outcome      TEXT    NOT NULL,
    transport    TEXT    NOT NULL,
    protocol     TEXT    NOT NULL,
    upstream     TEXT    NOT NULL,
    duration_ms  INTEGER NOT NULL,
    text         TEXT    NOT NULL
);
CREATE UNIQUE INDEX calls_seq ON calls (profile_id, seq);
CREATE INDEX calls_agent    ON calls (profile_id, agent_id);
CREATE INDEX calls_client   ON calls (profile_id, client_id);
CREATE INDEX calls_tool     ON calls (profile_id, tool);
CREATE INDEX calls_project  ON calls (profile_id, project_id);
CREATE INDEX calls_decision ON calls (profile_id, decision);
CREATE INDEX calls_outcome  ON calls (profile_id, outcome);
CREATE INDEX calls_kind     ON calls (profile_id, kind);
CREATE INDEX calls_call     ON calls (profile_id, call_id) WHERE call_id <> '';

CREATE VIRTUAL TABLE calls_text USING fts4 (content="calls", text, tokenize=unicode61, order=desc, languageid="part");
