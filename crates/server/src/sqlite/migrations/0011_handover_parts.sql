-- What a revoked device hands over comes in parts, each known by the SHA-256 of its bytes: the oldest is taken in first
-- and goes alone. What lies there from before is the only part of its device.
CREATE TABLE handover_part (
    place INTEGER PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (account_id),
    device_id INTEGER NOT NULL,
    content BLOB NOT NULL,
    handed_ms INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    space_id BLOB,
    UNIQUE (account_id, device_id, content)
);
INSERT INTO handover_part (account_id, device_id, content, handed_ms, sealed, space_id)
    SELECT account_id, device_id, sha256(sealed), handed_ms, sealed, space_id FROM handover ORDER BY handed_ms;
DROP TABLE handover;
ALTER TABLE handover_part RENAME TO handover;
CREATE INDEX handover_by_space ON handover (space_id);
