-- SPDX-License-Identifier: Apache-2.0
-- One generation of the explorer's index, schema version 2. Runs with the generation's schema as search path.
-- "data" is the row's canonical form, from which pages are served; the columns beside it are for queries.
-- A change of any table is a new version, and a generation of it is made beside the one that is read.

CREATE TABLE projector (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    height bigint,
    hash bytea,
    time_ms bigint NOT NULL DEFAULT 0,
    transactions bigint NOT NULL DEFAULT 0,
    events bigint NOT NULL DEFAULT 0,
    postings bigint NOT NULL DEFAULT 0,
    accounts bigint NOT NULL DEFAULT 0,
    assets bigint NOT NULL DEFAULT 0,
    proposals bigint NOT NULL DEFAULT 0,
    CHECK ((height IS NULL) = (hash IS NULL))
);
INSERT INTO projector DEFAULT VALUES;

CREATE TABLE blocks (
    height bigint PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    time_ms bigint NOT NULL,
    transactions bigint NOT NULL,
    events bigint NOT NULL,
    data bytea NOT NULL
);

CREATE TABLE transactions (
    height bigint NOT NULL,
    seq bigint NOT NULL,
    id bytea NOT NULL UNIQUE,
    time_ms bigint NOT NULL,
    sender bytea NOT NULL,
    code bigint NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (height, seq)
);

CREATE TABLE events (
    height bigint NOT NULL,
    seq bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (height, seq)
);
CREATE INDEX events_of_bridge ON events (height, seq) WHERE kind LIKE 'Bridge%';

CREATE TABLE postings (
    account bytea NOT NULL,
    height bigint NOT NULL,
    seq bigint NOT NULL,
    kind bigint NOT NULL,
    asset text COLLATE "C" NOT NULL,
    amount numeric(39, 0) NOT NULL,
    balance_after numeric(39, 0) NOT NULL,
    counterparty bytea NOT NULL,
    transaction_seq bigint NOT NULL,
    time_ms bigint NOT NULL
);
CREATE UNIQUE INDEX postings_newest ON postings (account, (-height), (-seq), kind);

CREATE TABLE balances (
    account bytea NOT NULL,
    asset text COLLATE "C" NOT NULL,
    amount numeric(39, 0) NOT NULL CHECK (amount > 0),
    PRIMARY KEY (account, asset)
);
CREATE UNIQUE INDEX balances_most ON balances (asset, (-amount), account);

CREATE TABLE past (
    account bytea NOT NULL,
    asset text COLLATE "C" NOT NULL,
    height bigint NOT NULL,
    amount numeric(39, 0) NOT NULL,
    PRIMARY KEY (account, asset, height)
);

CREATE TABLE held (
    asset text COLLATE "C" NOT NULL,
    account bytea NOT NULL,
    PRIMARY KEY (asset, account)
);
CREATE UNIQUE INDEX held_by ON held (account, asset);

CREATE TABLE supplies (
    asset text COLLATE "C" NOT NULL,
    height bigint NOT NULL,
    supply numeric(39, 0) NOT NULL,
    holders bigint NOT NULL,
    PRIMARY KEY (asset, height)
);

CREATE TABLE accounts (
    account bytea PRIMARY KEY,
    kind bigint NOT NULL,
    institution bytea NOT NULL,
    freeze_mode bigint NOT NULL,
    registered_at bigint NOT NULL,
    data bytea NOT NULL
);
CREATE INDEX accounts_frozen ON accounts (account) WHERE freeze_mode <> 0;

CREATE TABLE assets (
    asset text COLLATE "C" PRIMARY KEY,
    cap numeric(39, 0) NOT NULL,
    supply numeric(39, 0) NOT NULL,
    holders bigint NOT NULL,
    created_at bigint NOT NULL,
    data bytea NOT NULL
);

CREATE TABLE documents (
    asset text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (asset, seq)
);

CREATE TABLE institutions (
    institution bytea PRIMARY KEY,
    kind bigint NOT NULL,
    data bytea NOT NULL
);

CREATE TABLE officers (
    officer bytea PRIMARY KEY,
    institution bytea NOT NULL,
    duties bigint NOT NULL,
    data bytea NOT NULL
);
CREATE UNIQUE INDEX officers_of ON officers (institution, officer);

CREATE TABLE proposals (
    id bigint PRIMARY KEY,
    maker bytea NOT NULL,
    status bigint NOT NULL,
    changed_at bigint NOT NULL,
    data bytea NOT NULL
);

CREATE TABLE approvals (
    proposal bigint NOT NULL,
    height bigint NOT NULL,
    seq bigint NOT NULL,
    officer bytea NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (proposal, height, seq)
);

CREATE TABLE freezes (
    height bigint NOT NULL,
    seq bigint NOT NULL,
    account bytea NOT NULL,
    mode bigint NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (height, seq)
);

CREATE TABLE lanes (
    chain bytea PRIMARY KEY,
    contract bytea NOT NULL,
    proposal bigint NOT NULL,
    stops bigint NOT NULL,
    changed_at bigint NOT NULL,
    data bytea NOT NULL
);

CREATE TABLE days (
    asset text COLLATE "C" NOT NULL,
    day bigint NOT NULL,
    issued numeric(39, 0) NOT NULL,
    burned numeric(39, 0) NOT NULL,
    transferred numeric(39, 0) NOT NULL,
    transfers bigint NOT NULL,
    supply numeric(39, 0) NOT NULL,
    PRIMARY KEY (asset, day)
);

CREATE TABLE search (
    term text COLLATE "C" NOT NULL,
    kind bigint NOT NULL,
    target text COLLATE "C" NOT NULL,
    PRIMARY KEY (term, kind, target)
);
