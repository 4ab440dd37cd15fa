-- Accounts, sessions, spaces and their records. `space_id` leads every key of a space.
CREATE TABLE meta (
    name TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE account (
    account_id BLOB PRIMARY KEY NOT NULL CHECK (length(account_id) = 16),
    login_key BLOB NOT NULL CHECK (length(login_key) = 32),
    kdf_memory_kib INTEGER NOT NULL,
    kdf_passes INTEGER NOT NULL,
    kdf_lanes INTEGER NOT NULL,
    kdf_salt BLOB NOT NULL CHECK (length(kdf_salt) = 16),
    slot BLOB NOT NULL,
    keyring BLOB NOT NULL
);

CREATE TABLE session (
    token_hash BLOB PRIMARY KEY NOT NULL CHECK (length(token_hash) = 32),
    nonce BLOB NOT NULL UNIQUE CHECK (length(nonce) = 32),
    account_id BLOB NOT NULL REFERENCES account (account_id),
    device_id INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
);
CREATE INDEX session_by_end ON session (expires_ms);

CREATE TABLE space (
    space_id BLOB PRIMARY KEY NOT NULL CHECK (length(space_id) = 16),
    head INTEGER NOT NULL,
    incarnation BLOB NOT NULL CHECK (length(incarnation) = 16),
    epoch INTEGER NOT NULL,
    purge_floor INTEGER NOT NULL
);

CREATE TABLE member (
    space_id BLOB NOT NULL REFERENCES space (space_id),
    account_id BLOB NOT NULL REFERENCES account (account_id),
    role INTEGER NOT NULL CHECK (role BETWEEN 1 AND 4),
    PRIMARY KEY (space_id, account_id)
) WITHOUT ROWID;
CREATE INDEX member_by_account ON member (account_id, space_id);

-- A rowid table: ciphertexts are too large to live inside the keys' tree.
CREATE TABLE record (
    space_id BLOB NOT NULL REFERENCES space (space_id),
    record_id BLOB NOT NULL CHECK (length(record_id) = 16),
    etag BLOB NOT NULL CHECK (length(etag) = 32),
    seq INTEGER NOT NULL CHECK (seq > 0),
    format INTEGER NOT NULL,
    stream INTEGER NOT NULL CHECK (stream IN (0, 1)),
    epoch INTEGER NOT NULL,
    replaces BLOB CHECK (replaces IS NULL OR length(replaces) = 32),
    device_id INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    ciphertext BLOB NOT NULL,
    PRIMARY KEY (space_id, record_id)
);
CREATE UNIQUE INDEX record_by_seq ON record (space_id, seq);
