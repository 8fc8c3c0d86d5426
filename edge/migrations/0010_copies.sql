-- When the owner of a restored course asked for it to be removed again, and since when it is known to be gone for that.
ALTER TABLE restores ADD COLUMN removal_asked INTEGER;
ALTER TABLE restores ADD COLUMN removed INTEGER;
