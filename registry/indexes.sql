-- What may not come twice, and by what rows are found. The register in memory, in which an audit judges all
-- acts again, is asked for whole tables alone: it does without, and looks in registry/registry_known.c.

CREATE UNIQUE INDEX links_by_hash ON links (hash);
CREATE UNIQUE INDEX links_by_nonce ON links (nonce);
CREATE UNIQUE INDEX links_by_idempotency ON links (idempotency);
CREATE UNIQUE INDEX cases_by_first ON cases (first_index);
CREATE UNIQUE INDEX instruments_by_credential ON instruments (credential_hash);
CREATE INDEX proposals_by_sitting ON proposals (sitting);
CREATE INDEX proposals_open ON proposals (state) WHERE state = 0;
CREATE INDEX history_by_act ON history (log_index);
