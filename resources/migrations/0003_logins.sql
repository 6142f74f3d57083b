-- 2 -> 3. OAuth logins. A family is one login: its client, what it may reach, and every token that came of
-- it. Tokens are kept as SHA-256. Spent refresh tokens stay, so that a stolen one is recognised.
CREATE TABLE login_registrations (
    id         TEXT    PRIMARY KEY,
    profile_id INTEGER NOT NULL REFERENCES profiles (id),
    name       TEXT    NOT NULL,
    redirects  TEXT    NOT NULL,                  -- JSON array of URIs
    uid        INTEGER NOT NULL,                  -- of the system user that registered it
    executable TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX login_registrations_profile ON login_registrations (profile_id);

CREATE TABLE login_families (
    client_id       TEXT    PRIMARY KEY REFERENCES clients (id),
    profile_id      INTEGER NOT NULL REFERENCES profiles (id),
    registration_id TEXT    NOT NULL,
    scope_limit     INTEGER,                      -- bit set over the scopes; NULL: not narrowed
    resource        TEXT    NOT NULL,             -- the address that its tokens are good for
    uid             INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX login_families_profile ON login_families (profile_id);

CREATE TABLE login_tokens (
    hash          BLOB    PRIMARY KEY,
    profile_id    INTEGER NOT NULL REFERENCES profiles (id),
    client_id     TEXT    NOT NULL,               -- of the family
    kind          TEXT    NOT NULL CHECK (kind IN ('access', 'refresh')),
    scope_limit   INTEGER,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    spent_at      INTEGER,                        -- of a refresh token
    sibling_given INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX login_tokens_client ON login_tokens (profile_id, client_id);
