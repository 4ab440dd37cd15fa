-- The devices of an account: when each was heard of, what it said of itself, and whether it is still let in.
CREATE TABLE device (
    account_id BLOB NOT NULL REFERENCES account (account_id),
    device_id INTEGER NOT NULL,
    name BLOB NOT NULL DEFAULT x'',
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    waiting INTEGER NOT NULL DEFAULT 0,
    revoked_ms INTEGER,
    PRIMARY KEY (account_id, device_id)
) WITHOUT ROWID;
