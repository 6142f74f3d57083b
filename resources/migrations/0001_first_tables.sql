-- 0 -> 1. The first tables. Times are milliseconds since 1970, UTC. profile_id stands in every table:
-- one Tasker with its agents, grants and journal is one profile.
CREATE TABLE profiles (
    id             INTEGER PRIMARY KEY,
    name           TEXT    NOT NULL,
    install_id     TEXT    NOT NULL,              -- a UUID made once; part of every upstream key
    tasker_url     TEXT    NOT NULL DEFAULT '',
    owner_user_id  TEXT    NOT NULL DEFAULT '',
    owner_email    TEXT    NOT NULL DEFAULT '',
    ca_file        TEXT    NOT NULL DEFAULT '',
    port           INTEGER NOT NULL DEFAULT 4100,
    mode           TEXT    NOT NULL DEFAULT 'running' CHECK (mode IN ('running', 'paused', 'draining')),
    mode_reason    TEXT    NOT NULL DEFAULT '',
    grant_revision INTEGER NOT NULL DEFAULT 0,    -- grows with every change of any grant
    created_at     INTEGER NOT NULL
);

CREATE TABLE pins (
    profile_id        INTEGER PRIMARY KEY REFERENCES profiles (id),
    salt              BLOB    NOT NULL,
    hash              BLOB    NOT NULL,
    wrong_tries       INTEGER NOT NULL,
    lockouts          INTEGER NOT NULL,
    locked_until_boot INTEGER NOT NULL,           -- CLOCK_BOOTTIME milliseconds of locked_boot_id
    locked_boot_id    TEXT    NOT NULL,
    locked_for_ms     INTEGER NOT NULL
);

CREATE TABLE notes (
    profile_id INTEGER NOT NULL REFERENCES profiles (id),
    name       TEXT    NOT NULL,
    value      TEXT    NOT NULL,
    PRIMARY KEY (profile_id, name)
) WITHOUT ROWID;

CREATE TABLE agents (
    id           TEXT    PRIMARY KEY,
    profile_id   INTEGER NOT NULL REFERENCES profiles (id),
    display_name TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('active', 'paused', 'retired')),
    created_at   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX agents_profile ON agents (profile_id);

CREATE TABLE clients (
    id           TEXT    PRIMARY KEY,
    profile_id   INTEGER NOT NULL REFERENCES profiles (id),
    agent_id     TEXT    NOT NULL REFERENCES agents (id),
    name         TEXT    NOT NULL,
    token_hash   BLOB    NOT NULL UNIQUE,         -- SHA-256; the token itself is nowhere
    token_tail   TEXT    NOT NULL,
    paired_by    TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    revoked_at   INTEGER
) WITHOUT ROWID;
CREATE INDEX clients_profile ON clients (profile_id);
CREATE INDEX clients_agent ON clients (agent_id);

CREATE TABLE owner_tokens (
    id         TEXT    PRIMARY KEY,
    profile_id INTEGER NOT NULL REFERENCES profiles (id),
    name       TEXT    NOT NULL,
    token_hash BLOB    NOT NULL UNIQUE,
    token_tail TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) WITHOUT ROWID;
CREATE INDEX owner_tokens_profile ON owner_tokens (profile_id);

CREATE TABLE grants (
    id                 TEXT    NOT NULL,
    profile_id         INTEGER NOT NULL REFERENCES profiles (id),
    agent_id           TEXT    NOT NULL REFERENCES agents (id),
    project_id         TEXT    NOT NULL,          -- '*' is every project of the profile
    project_name       TEXT    NOT NULL,
    project_identifier TEXT    NOT NULL,
    scope              TEXT    NOT NULL,
    answer             TEXT    NOT NULL CHECK (answer IN ('allow', 'ask', 'ask_with_pin')),
    until              INTEGER,                   -- NULL: no end
    revision           INTEGER NOT NULL,
    by_approval        INTEGER NOT NULL,
    PRIMARY KEY (agent_id, project_id, scope)
) WITHOUT ROWID;
CREATE INDEX grants_profile ON grants (profile_id);

-- The chain. docs/storage.md, "The journal", has the spelling of body and hash.
CREATE TABLE journal (
    profile_id INTEGER NOT NULL REFERENCES profiles (id),
    seq        INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    call_id    TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    prev       BLOB    NOT NULL,
    hash       BLOB    NOT NULL,
    PRIMARY KEY (profile_id, seq)
) WITHOUT ROWID;
CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'a journal row is never changed');
END;

CREATE TABLE checkpoints (
    profile_id INTEGER NOT NULL REFERENCES profiles (id),
    seq        INTEGER NOT NULL,
    head       BLOB    NOT NULL,
    at         INTEGER NOT NULL,
    boot_id    TEXT    NOT NULL,
    since_boot INTEGER NOT NULL,
    signature  BLOB    NOT NULL,
    PRIMARY KEY (profile_id, seq)
) WITHOUT ROWID;

CREATE TABLE idempotency_keys (
    profile_id  INTEGER NOT NULL REFERENCES profiles (id),
    client_id   TEXT    NOT NULL,
    tool        TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    body_digest BLOB    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('sent', 'done', 'unknown')),
    call_id     TEXT    NOT NULL,
    project_id  TEXT    NOT NULL,
    answer      TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (profile_id, client_id, tool, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_age ON idempotency_keys (profile_id, created_at);
