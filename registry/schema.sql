-- The register. `acts` is the register, with `floors`; every other table is computed from them (registry_rebuild).

PRAGMA application_id = 1363366471; -- "QCRG"
PRAGMA user_version = 4;

CREATE TABLE acts (
	log_index INTEGER PRIMARY KEY CHECK (log_index >= 0),
	recorded_s INTEGER NOT NULL CHECK (recorded_s >= 0),
	act BLOB NOT NULL
) STRICT;

CREATE TRIGGER acts_are_not_changed BEFORE UPDATE ON acts
BEGIN
	SELECT raise(ABORT, 'an act is never changed');
END;

CREATE TRIGGER acts_are_not_deleted BEFORE DELETE ON acts
BEGIN
	SELECT raise(ABORT, 'an act is never deleted');
END;

-- What is no act and cannot be computed: the snapshots that accepted losses name, and their parts, by their SHA-256.
CREATE TABLE floors (
	hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
	file BLOB NOT NULL
) STRICT;

-- What each act is, and who signed it.
CREATE TABLE links (
	log_index INTEGER PRIMARY KEY REFERENCES acts,
	hash BLOB NOT NULL CHECK (length(hash) = 32),
	subject TEXT NOT NULL,
	seq INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	nonce BLOB NOT NULL CHECK (length(nonce) = 16),
	idempotency BLOB CHECK (length(idempotency) = 32),
	person BLOB NOT NULL CHECK (length(person) = 8),
	key BLOB NOT NULL CHECK (length(key) = 32),
	file_end INTEGER NOT NULL, -- where the act ends in the second copy
	UNIQUE (subject, seq)
) STRICT;

CREATE INDEX links_stops ON links (log_index) WHERE kind = 70;

-- The log's tree: the newest frontier, and the root of every full tile under its level and index.
CREATE TABLE log (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	size INTEGER NOT NULL,
	recorded_s INTEGER NOT NULL,
	file_end INTEGER NOT NULL,
	frontier BLOB NOT NULL
) STRICT;

CREATE TABLE nodes (
	level INTEGER NOT NULL,
	idx INTEGER NOT NULL,
	hash BLOB NOT NULL CHECK (length(hash) = 32),
	PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE bundles (
	seq INTEGER PRIMARY KEY,
	log_index INTEGER NOT NULL UNIQUE REFERENCES acts,
	file BLOB NOT NULL
) STRICT;

CREATE TABLE cases (
	subject TEXT PRIMARY KEY,
	first_index INTEGER NOT NULL REFERENCES acts,
	last_index INTEGER NOT NULL REFERENCES acts,
	acts INTEGER NOT NULL,
	stage INTEGER NOT NULL,
	turns_s INTEGER, -- when time alone makes it another stage; none: never
	turns_to INTEGER NOT NULL,
	ended INTEGER NOT NULL, -- 1: nothing waits to be done
	number TEXT -- of the issue proposed or made
) STRICT, WITHOUT ROWID;

-- What keeps an applicant from applying again: a case or a licence leaves behind one bar at most.
CREATE TABLE bars (
	subject TEXT PRIMARY KEY,
	uscc TEXT NOT NULL,
	family TEXT NOT NULL,
	until_s INTEGER NOT NULL,
	ground TEXT NOT NULL -- of templates/case.json
) STRICT, WITHOUT ROWID;

CREATE INDEX bars_by_applicant ON bars (uscc, family);

CREATE TABLE proposals (
	log_index INTEGER PRIMARY KEY REFERENCES acts,
	subject TEXT NOT NULL,
	kind INTEGER NOT NULL,
	sitting TEXT NOT NULL,
	not_after_s INTEGER NOT NULL,
	state INTEGER NOT NULL, -- enum proposal_state
	answer_index INTEGER REFERENCES acts
) STRICT;

CREATE INDEX proposals_resumed ON proposals (answer_index) WHERE kind = 71 AND state = 1;

-- Every number and slot ever proposed: no slot is used twice, whatever became of the proposal, and no number for
-- another licence.
CREATE TABLE slots (
	list INTEGER NOT NULL CHECK (list BETWEEN 0 AND 65535),
	idx INTEGER NOT NULL CHECK (idx BETWEEN 0 AND 65535),
	number TEXT NOT NULL,
	version INTEGER NOT NULL,
	proposal_index INTEGER NOT NULL REFERENCES proposals,
	state INTEGER NOT NULL, -- 0 reserved, 1 approved and not yet made, 2 assigned, 3 burned
	PRIMARY KEY (list, idx)
) STRICT, WITHOUT ROWID;

CREATE INDEX slots_by_number ON slots (number);
CREATE INDEX slots_by_proposal ON slots (proposal_index);
CREATE INDEX slots_approved ON slots (state) WHERE state = 1;

CREATE TABLE instruments (
	made_index INTEGER PRIMARY KEY REFERENCES acts,
	number TEXT NOT NULL,
	version INTEGER NOT NULL,
	subject TEXT NOT NULL, -- the case it was issued in, or the number it followed
	list INTEGER NOT NULL,
	idx INTEGER NOT NULL,
	replaces_from_s INTEGER NOT NULL, -- from then on the version before it is void; 0: it is the first
	qc1 BLOB NOT NULL,
	credential_hash BLOB NOT NULL CHECK (length(credential_hash) = 32),
	check_code TEXT NOT NULL,
	pdf_hash BLOB NOT NULL CHECK (length(pdf_hash) = 32),
	pdf_bytes INTEGER NOT NULL,
	proposal_index INTEGER NOT NULL REFERENCES proposals,
	approval_index INTEGER NOT NULL REFERENCES acts,
	UNIQUE (number, version),
	UNIQUE (list, idx),
	FOREIGN KEY (list, idx) REFERENCES slots
) STRICT;

CREATE INDEX instruments_by_proposal ON instruments (proposal_index);

-- A licence that ended because one of another grade took its place.
CREATE TABLE supersessions (
	number TEXT PRIMARY KEY,
	by_number TEXT NOT NULL,
	from_s INTEGER NOT NULL,
	log_index INTEGER NOT NULL REFERENCES acts
) STRICT, WITHOUT ROWID;

-- What befell an instrument, n counting its entries in the order of recording.
CREATE TABLE history (
	list INTEGER NOT NULL,
	idx INTEGER NOT NULL,
	n INTEGER NOT NULL,
	log_index INTEGER NOT NULL REFERENCES acts, -- of the act that made it effective
	status INTEGER NOT NULL,
	from_s INTEGER NOT NULL,
	until_s INTEGER, -- none: open
	recorded_s INTEGER NOT NULL,
	newer INTEGER NOT NULL, -- the version that replaced this one; 0: none
	PRIMARY KEY (list, idx, n)
) STRICT, WITHOUT ROWID;

-- How its end was moved, likewise.
CREATE TABLE orders (
	list INTEGER NOT NULL,
	idx INTEGER NOT NULL,
	n INTEGER NOT NULL,
	log_index INTEGER NOT NULL REFERENCES acts,
	document TEXT NOT NULL,
	new_end_s INTEGER NOT NULL,
	effective_s INTEGER NOT NULL,
	recorded_s INTEGER NOT NULL,
	PRIMARY KEY (list, idx, n)
) STRICT, WITHOUT ROWID;

-- Epochs of the log after its first: each begins where two officers accept that acts are lost.
CREATE TABLE epochs (
	epoch INTEGER PRIMARY KEY,
	log_index INTEGER NOT NULL UNIQUE REFERENCES acts, -- of the approval
	recorded_s INTEGER NOT NULL,
	proposal BLOB NOT NULL CHECK (length(proposal) = 32),
	floor_seq INTEGER NOT NULL,  -- of the snapshot
	floor_s INTEGER NOT NULL,    -- its time, and the size of its log: the acts that are in it
	floor_size INTEGER NOT NULL,
	lists INTEGER NOT NULL       -- status lists below this number take no new certificate
) STRICT;

-- Slots as the newest floor shows them.
CREATE TABLE floor_slots (
	list INTEGER NOT NULL,
	idx INTEGER NOT NULL,
	epoch INTEGER NOT NULL REFERENCES epochs,
	credential BLOB CHECK (length(credential) = 16), -- none: reserved
	files BLOB NOT NULL, -- 16 bytes of each file's hash
	n_history INTEGER NOT NULL, -- so many of its first entries in history and orders are the floor's
	n_orders INTEGER NOT NULL,
	lost INTEGER NOT NULL, -- 1: not all of them were in the register
	PRIMARY KEY (list, idx)
) STRICT, WITHOUT ROWID;
