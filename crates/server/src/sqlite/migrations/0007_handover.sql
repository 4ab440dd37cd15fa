-- What a revoked device had not sent, until another device of the account takes it in; and the signed word that
-- revoked it, which the device wants to see before it erases itself.
ALTER TABLE device ADD COLUMN revocation BLOB;
CREATE TABLE handover (
    account_id BLOB NOT NULL REFERENCES account (account_id),
    device_id INTEGER NOT NULL,
    handed_ms INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (account_id, device_id)
);
