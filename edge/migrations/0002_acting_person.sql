-- Who was logged in as somebody else, by their id: what they did must be found when their own data are asked for or
-- erased. Lines from before have the user name alone.
ALTER TABLE audit ADD COLUMN acting_id INTEGER;
CREATE INDEX audit_acting ON audit (acting_id) WHERE acting IS NOT NULL;
