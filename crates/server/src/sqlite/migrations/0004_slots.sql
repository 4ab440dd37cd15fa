-- Several ways into an account, each with a login key of its own; what is kept for an account changes by
-- compare-and-swap on its revision. A session knows by which way it was opened.
CREATE TABLE slot (
    account_id BLOB NOT NULL REFERENCES account (account_id),
    slot_id INTEGER NOT NULL CHECK (slot_id > 0),
    kdf_memory_kib INTEGER,
    kdf_passes INTEGER,
    kdf_lanes INTEGER,
    kdf_salt BLOB CHECK (kdf_salt IS NULL OR length(kdf_salt) = 16),
    login_key BLOB NOT NULL CHECK (length(login_key) = 32),
    sealed BLOB NOT NULL,
    PRIMARY KEY (account_id, slot_id)
) WITHOUT ROWID;
INSERT INTO slot
    SELECT account_id, 1, kdf_memory_kib, kdf_passes, kdf_lanes, kdf_salt, login_key, slot FROM account;
ALTER TABLE account ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN proof BLOB NOT NULL DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000'
    CHECK (length(proof) = 32);
ALTER TABLE account DROP COLUMN login_key;
ALTER TABLE account DROP COLUMN kdf_memory_kib;
ALTER TABLE account DROP COLUMN kdf_passes;
ALTER TABLE account DROP COLUMN kdf_lanes;
ALTER TABLE account DROP COLUMN kdf_salt;
ALTER TABLE account DROP COLUMN slot;
ALTER TABLE session ADD COLUMN slot_id INTEGER NOT NULL DEFAULT 1;
CREATE INDEX session_by_account ON session (account_id);
