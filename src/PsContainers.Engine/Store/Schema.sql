-- Version 1. A later version is a new file that changes this one step by step; PRAGMA user_version counts them.
-- Times are .NET ticks in UTC: 100 ns since the year 1.

CREATE TABLE image (
    id       TEXT PRIMARY KEY,           -- digest of the configuration
    manifest TEXT NOT NULL,              -- digest of the manifest last imported with it
    config   TEXT NOT NULL,              -- the configuration, parsed and written again; the original bytes are a blob
    size     INTEGER NOT NULL,
    imported INTEGER NOT NULL,
    removed  INTEGER NOT NULL DEFAULT 0  -- 1: gone for the user, kept until its last container is removed
) WITHOUT ROWID;

CREATE TABLE image_name (
    name  TEXT PRIMARY KEY,              -- canonical: docker.io/library/busybox:latest
    image TEXT NOT NULL REFERENCES image (id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX image_name_image ON image_name (image);

CREATE TABLE image_layer (
    image    TEXT NOT NULL REFERENCES image (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,           -- 0 is the lowest
    chain    TEXT NOT NULL,              -- names the unpacked layer together with all below it
    PRIMARY KEY (image, position)
) WITHOUT ROWID;

CREATE TABLE container (
    id             TEXT PRIMARY KEY,
    name           TEXT NOT NULL UNIQUE,
    image          TEXT NOT NULL REFERENCES image (id),
    image_name     TEXT NOT NULL,        -- as the user wrote it
    settings       TEXT NOT NULL,        -- everything else that was decided at creation, as JSON
    remove_on_exit INTEGER NOT NULL,
    created        INTEGER NOT NULL,
    status         INTEGER NOT NULL,     -- 0 created, 1 running, 2 stopped: as last heard; the run directory knows better
    boot           TEXT,                 -- boot id of the host at the last start
    started        INTEGER,
    finished       INTEGER,
    exit_code      INTEGER,
    out_of_memory  INTEGER NOT NULL DEFAULT 0,
    error          TEXT
) WITHOUT ROWID;

CREATE INDEX container_image ON container (image);

CREATE TABLE run_home (                  -- one row
    run  TEXT NOT NULL,                  -- run directory of the last session
    boot TEXT NOT NULL                   -- boot id of the host then
);
