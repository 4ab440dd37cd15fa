-- What was handed over goes with its space. What lies there from before names none: a device of the account takes it
-- in at its next look.
ALTER TABLE handover ADD COLUMN space_id BLOB;
CREATE INDEX handover_by_space ON handover (space_id);
