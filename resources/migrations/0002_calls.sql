-- 1 -> 2. The projection that lists, filters and search read. Filled behind the commit from the journal,
-- from seq 1 on: the rows of an older file come in after the first open. Each filter has its index,
-- newest first by seq; ids grow with seq, so the text index pages by docid.
CREATE TABLE calls (
    id           INTEGER PRIMARY KEY,
    profile_id   INTEGER NOT NULL REFERENCES profiles (id),
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
CREATE UNIQUE INDEX calls_seq      ON calls (profile_id, seq);
CREATE INDEX calls_agent    ON calls (profile_id, agent_id, seq);
CREATE INDEX calls_client   ON calls (profile_id, client_id, seq);
CREATE INDEX calls_tool     ON calls (profile_id, tool, seq);
CREATE INDEX calls_project  ON calls (profile_id, project_id, seq);
CREATE INDEX calls_decision ON calls (profile_id, decision, seq);
CREATE INDEX calls_outcome  ON calls (profile_id, outcome, seq);
CREATE INDEX calls_kind     ON calls (profile_id, kind, seq);
CREATE INDEX calls_call     ON calls (profile_id, call_id) WHERE call_id <> '';

CREATE VIRTUAL TABLE calls_text USING fts4 (content="calls", text, tokenize=unicode61, order=desc);

-- The wall clock may jump, so time is no index: each block of 1,024 rows of the chain keeps the times
-- between which its rows lie, and a time filter becomes a range of seq.
CREATE TABLE call_blocks (
    profile_id INTEGER NOT NULL REFERENCES profiles (id),
    block      INTEGER NOT NULL,                  -- seq / 1024
    earliest   INTEGER NOT NULL,
    latest     INTEGER NOT NULL,
    PRIMARY KEY (profile_id, block)
) WITHOUT ROWID;

CREATE TABLE projections (
    profile_id INTEGER NOT NULL REFERENCES profiles (id),
    name       TEXT    NOT NULL,
    seq        INTEGER NOT NULL,                  -- the last journal row taken
    PRIMARY KEY (profile_id, name)
) WITHOUT ROWID;
