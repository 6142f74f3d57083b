-- 3 -> 4. Off on one project is kept, so that it wins over a grant on every project (docs/adr/0106). SQLite changes
-- no CHECK in place: the table is made anew. Nothing refers to it, and it has no triggers.
CREATE TABLE grants_with_off (
    id                 TEXT    NOT NULL,
    profile_id         INTEGER NOT NULL REFERENCES profiles (id),
    agent_id           TEXT    NOT NULL REFERENCES agents (id),
    project_id         TEXT    NOT NULL,          -- '*' is every project of the profile
    project_name       TEXT    NOT NULL,
    project_identifier TEXT    NOT NULL,
    scope              TEXT    NOT NULL,
    answer             TEXT    NOT NULL CHECK (answer IN ('off', 'allow', 'ask', 'ask_with_pin')),
    until              INTEGER,                   -- NULL: no end
    revision           INTEGER NOT NULL,
    by_approval        INTEGER NOT NULL,
    CHECK (answer <> 'off' OR (project_id <> '*' AND until IS NULL)),
    PRIMARY KEY (agent_id, project_id, scope)
) WITHOUT ROWID;
INSERT INTO grants_with_off SELECT id, profile_id, agent_id, project_id, project_name, project_identifier, scope,
                                   answer, until, revision, by_approval FROM grants;
DROP TABLE grants;
ALTER TABLE grants_with_off RENAME TO grants;
CREATE INDEX grants_profile ON grants (profile_id);
