-- lookup.db: written from the register after every commit, read by the daemon. It can be removed at
-- any time; the next writer makes it again.

PRAGMA application_id = 1363364939; -- "QCLK"
PRAGMA user_version = 1;

-- How much of the log is in here, and the hash of the last act: a register that went back is noticed.
CREATE TABLE state (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	log_size INTEGER NOT NULL,
	last_hash BLOB NOT NULL CHECK (length(last_hash) = 32)
) STRICT;

CREATE TABLE instruments (
	confirm BLOB PRIMARY KEY CHECK (length(confirm) = 32), -- SHA-256 of number, NUL, check code
	number TEXT NOT NULL,
	version INTEGER NOT NULL,
	qc1 BLOB NOT NULL,
	pdf_hash BLOB NOT NULL CHECK (length(pdf_hash) = 32),
	list INTEGER NOT NULL,
	idx INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row for each entry of the history of each slot.
CREATE TABLE changes (
	log_index INTEGER NOT NULL,
	list INTEGER NOT NULL,
	idx INTEGER NOT NULL,
	n INTEGER NOT NULL,
	status INTEGER NOT NULL,
	from_s INTEGER NOT NULL,
	until_s INTEGER, -- none: open
	recorded_s INTEGER NOT NULL,
	newer INTEGER NOT NULL,
	PRIMARY KEY (log_index, list, idx, n)
) STRICT, WITHOUT ROWID;
