-- Version 4. Networks, and what containers have of them while they run.

CREATE TABLE network (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,            -- as its driver completed it, as JSON
    labels     TEXT NOT NULL,            -- JSON object
    created    INTEGER NOT NULL
) WITHOUT ROWID;

-- From before the driver is asked to attach until it gave all back. A container's row goes first when it is removed: no reference.
CREATE TABLE attachment (
    container TEXT NOT NULL,
    network   TEXT NOT NULL REFERENCES network (id),
    position  INTEGER NOT NULL,          -- in the order of attachment
    plan      TEXT NOT NULL,             -- what the driver was given, as JSON
    result    TEXT,                      -- what it answered; null: all, some or nothing of it is there
    PRIMARY KEY (container, network)
) WITHOUT ROWID;

CREATE INDEX attachment_network ON attachment (network);

CREATE TABLE leased_address (
    network   TEXT NOT NULL REFERENCES network (id),
    address   BLOB NOT NULL,             -- 4 or 16 bytes in network order
    container TEXT NOT NULL,
    PRIMARY KEY (network, address)
) WITHOUT ROWID;

CREATE INDEX leased_address_container ON leased_address (container);

CREATE TABLE published_port (
    protocol  TEXT NOT NULL,
    port      INTEGER NOT NULL,          -- of the host
    address   TEXT NOT NULL,             -- of the host; empty: all of them
    container TEXT NOT NULL,
    PRIMARY KEY (protocol, port, address)
) WITHOUT ROWID;

CREATE INDEX published_port_container ON published_port (container);
