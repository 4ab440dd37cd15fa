-- The membership log of each space, what it says, and the welcomes of open invitations. `member` stays:
-- it is the log's index by which requests are judged, and all there is for a space without a log.
ALTER TABLE space ADD COLUMN members INTEGER NOT NULL DEFAULT 0;

CREATE TABLE membership (
    space_id BLOB NOT NULL REFERENCES space (space_id),
    n INTEGER NOT NULL CHECK (n > 0),
    entry BLOB NOT NULL,
    PRIMARY KEY (space_id, n)
);

CREATE TABLE membership_state (
    space_id BLOB PRIMARY KEY NOT NULL REFERENCES space (space_id),
    state BLOB NOT NULL
);

CREATE TABLE invitation (
    invitation_id BLOB PRIMARY KEY NOT NULL CHECK (length(invitation_id) = 16),
    space_id BLOB NOT NULL REFERENCES space (space_id),
    welcome BLOB NOT NULL,
    expires_ms INTEGER NOT NULL
);
CREATE INDEX invitation_by_space ON invitation (space_id);
