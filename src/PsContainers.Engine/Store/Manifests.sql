-- Version 3. Lists of images, mostly one for each platform, that are published as an image index (docker: manifest list).

CREATE TABLE manifest_list (
    name        TEXT PRIMARY KEY,        -- canonical, as in image_name; a list and an image may have the same one
    annotations TEXT NOT NULL,           -- JSON object
    created     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE manifest_entry (
    list     TEXT NOT NULL REFERENCES manifest_list (name) ON DELETE CASCADE,
    key      TEXT NOT NULL,              -- the image's id; of one that only a registry has the digest of its manifest
    position INTEGER NOT NULL,
    image    TEXT REFERENCES image (id), -- null: only a registry has it
    settings TEXT NOT NULL,              -- platform and annotations, and where it is, as JSON
    PRIMARY KEY (list, key)
) WITHOUT ROWID;

CREATE INDEX manifest_entry_image ON manifest_entry (image);

-- What an image is kept for after its removal.
CREATE VIEW image_user AS
    SELECT image FROM container UNION ALL SELECT image FROM manifest_entry WHERE image IS NOT NULL;
