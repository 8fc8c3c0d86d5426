-- The version of the block that lends a remote's courses: administrators are told it with its kind.
ALTER TABLE peers ADD COLUMN lender_version TEXT NOT NULL DEFAULT '';
-- Learnt anew with the next contact.
UPDATE peers SET kind_learnt = 0 WHERE kind IS NOT NULL;
