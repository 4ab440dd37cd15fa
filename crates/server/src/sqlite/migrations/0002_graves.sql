-- Records that were erased for good: a third stream, and the way to the oldest of them. SQLite cannot
-- change a check, so the table is written anew.
CREATE TABLE record_with_graves (
    space_id BLOB NOT NULL REFERENCES space (space_id),
    record_id BLOB NOT NULL CHECK (length(record_id) = 16),
    etag BLOB NOT NULL CHECK (length(etag) = 32),
    seq INTEGER NOT NULL CHECK (seq > 0),
    format INTEGER NOT NULL,
    stream INTEGER NOT NULL CHECK (stream IN (0, 1, 2)),
    epoch INTEGER NOT NULL,
    replaces BLOB CHECK (replaces IS NULL OR length(replaces) = 32),
    device_id INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    ciphertext BLOB NOT NULL,
    PRIMARY KEY (space_id, record_id)
);
INSERT INTO record_with_graves
    SELECT space_id, record_id, etag, seq, format, stream, epoch, replaces, device_id, received_ms, ciphertext
    FROM record ORDER BY space_id, seq;
DROP TABLE record;
ALTER TABLE record_with_graves RENAME TO record;
CREATE UNIQUE INDEX record_by_seq ON record (space_id, seq);
CREATE INDEX grave_by_seq ON record (space_id, seq, received_ms) WHERE stream = 2;
