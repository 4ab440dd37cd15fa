-- Chunks of files that lie beside records. The chunk itself lies in the directory of blobs, under a random name.
CREATE TABLE chunk (
    space_id BLOB NOT NULL REFERENCES space (space_id),
    file_id BLOB NOT NULL CHECK (length(file_id) = 16),
    place INTEGER NOT NULL,
    count INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (space_id, file_id, place)
) WITHOUT ROWID;
