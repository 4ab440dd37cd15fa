-- How much each space holds, kept up with every commit.
ALTER TABLE space ADD COLUMN records INTEGER NOT NULL DEFAULT 0;
ALTER TABLE space ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE space SET (records, bytes) = (
    SELECT count(*), coalesce(sum(length(ciphertext)), 0) FROM record WHERE record.space_id = space.space_id);
