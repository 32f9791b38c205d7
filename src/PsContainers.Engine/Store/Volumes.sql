-- Version 5. Volumes, who has them, and the images that containers show beside their own.

CREATE TABLE volume (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,            -- as its driver completed it, as JSON; with the name of its first day
    labels     TEXT NOT NULL,            -- JSON object
    anonymous  INTEGER NOT NULL,
    created    INTEGER NOT NULL,
    status     INTEGER NOT NULL,         -- 0 its driver is yet to make it, 1 ready, 2 being filled, 3 being removed
    result     TEXT                      -- what the driver answered when it made it, as JSON
) WITHOUT ROWID;

-- From a container's creation to its removal: what stands here is never removed.
CREATE TABLE container_volume (
    container TEXT NOT NULL REFERENCES container (id) ON DELETE CASCADE,
    volume    TEXT NOT NULL REFERENCES volume (id),
    PRIMARY KEY (container, volume)
) WITHOUT ROWID;

CREATE INDEX container_volume_volume ON container_volume (volume);

-- From before a driver is asked to mount until it was asked to unmount. A container's row goes first when it is removed: no reference.
CREATE TABLE volume_use (
    volume TEXT NOT NULL REFERENCES volume (id),
    user   TEXT NOT NULL,                -- a container's id, or another one for a mount that a person asked for
    target TEXT,                         -- of a mount that a person asked for: where; null: where the driver shows it
    person INTEGER NOT NULL,             -- 1: a person asked for it
    result TEXT,                         -- what the driver answered, as JSON
    PRIMARY KEY (volume, user)
) WITHOUT ROWID;

CREATE INDEX volume_use_user ON volume_use (user);

CREATE TABLE container_image_mount (
    container TEXT NOT NULL REFERENCES container (id) ON DELETE CASCADE,
    image     TEXT NOT NULL REFERENCES image (id),
    PRIMARY KEY (container, image)
) WITHOUT ROWID;

CREATE INDEX container_image_mount_image ON container_image_mount (image);

DROP VIEW image_user;

CREATE VIEW image_user AS
    SELECT image FROM container
    UNION ALL SELECT image FROM container_image_mount
    UNION ALL SELECT image FROM manifest_entry WHERE image IS NOT NULL;
