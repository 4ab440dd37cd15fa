-- What is left of a space that its owner deleted: the signed word that did it, so that every device can see whose
-- it was, and so that nobody makes a space under the same id again.
CREATE TABLE deleted (
    space_id BLOB PRIMARY KEY NOT NULL CHECK (length(space_id) = 16),
    account_id BLOB NOT NULL,
    deleted_ms INTEGER NOT NULL,
    signed BLOB NOT NULL
);
