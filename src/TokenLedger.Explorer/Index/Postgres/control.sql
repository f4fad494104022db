-- SPDX-License-Identifier: Apache-2.0
-- What is common to all generations of the explorer's index: which there are, and which one is read. Each has
-- the schema explorer_N. The views in this schema show the tables of the live one.

CREATE SCHEMA IF NOT EXISTS explorer;

CREATE TABLE IF NOT EXISTS explorer.generations (
    number integer PRIMARY KEY CHECK (number > 0),
    schema_version integer NOT NULL,
    genesis bytea NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('building', 'live', 'kept'))
);
CREATE UNIQUE INDEX IF NOT EXISTS generations_live ON explorer.generations ((true)) WHERE state = 'live';

CREATE TABLE IF NOT EXISTS explorer.follower (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    node_height bigint,
    connected boolean NOT NULL,
    finalizing boolean NOT NULL,
    unverified boolean NOT NULL,
    heard_ms bigint,
    failure_code text,
    failure text,
    failed_ms bigint
);
