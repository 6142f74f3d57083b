-- 6 -> 7. What a line of the lists tells besides its fields, as JSON: how many refusals it counts and of which tools, or
-- the owner's yes that let the call through. Lines that are there already keep it empty; a rebuild fills it.
ALTER TABLE calls ADD COLUMN about TEXT NOT NULL DEFAULT '';
