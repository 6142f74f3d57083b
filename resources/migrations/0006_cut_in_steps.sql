-- 5 -> 6. A cut of the journal is a number first (ADR 0125): from its commit on nobody reads a row up to it.
-- The rows, and their lines in the lists, are removed behind it in small steps.
CREATE TABLE journal_cuts (
    profile_id INTEGER PRIMARY KEY REFERENCES profiles (id),
    seq        INTEGER NOT NULL                   -- the last row that is gone
);
