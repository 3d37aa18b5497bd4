/*
 * lookup.db: what the daemon beside the register may read, and nothing more: each instrument by number
 * and check code, and the newest changes of status. The register writes it after every commit; this is
 * the reading side, a library of its own (`lookup`) that can write nothing.
 *
 * Instruments are found by a hash over number and check code, so an unknown number and a wrong code are
 * the same miss in the same time.
 */
#ifndef REGISTRY_LOOKUP_H
#define REGISTRY_LOOKUP_H

#include "core/limits.h"
#include "core/span.h"
#include "credential/credential.h"
#include "credential/history.h"
#include "credential/number.h"

struct lookup;

/*
 * Open for reading; the file may lie in a folder without write rights.
 * ERR_NOT_FOUND  no such file
 * ERR_MALFORMED  not a lookup.db of this version
 */
MUST_CHECK bool lookup_open(struct lookup **out, const char *path, struct err *err);
void lookup_close(struct lookup *l);

/* Changes whenever the file changed (PRAGMA data_version): cheap to ask often. */
MUST_CHECK bool lookup_version(uint64_t *out, struct lookup *l, struct err *err);

/* How many acts of the log it reflects. */
MUST_CHECK bool lookup_log_size(uint64_t *out, struct lookup *l, struct err *err);

struct lookup_instrument {
	char number[NUMBER_STORED_BYTES];
	unsigned version;
	uint8_t qc1[LIMIT_QC1_BYTES];
	size_t qc1_len;
	uint8_t pdf_hash[SHA256_BYTES];
	uint16_t list, idx;
};

/*
 * The instrument with this number (stored form) and check code. *found says whether there is one; false
 * from the function is trouble with the file only.
 */
MUST_CHECK bool lookup_confirm(bool *found, struct lookup_instrument *out, struct lookup *l,
    struct span number, struct span check_code, struct err *err);

/* One entry of the history of one slot, recorded as act `index` of the log. */
struct lookup_change {
	uint64_t index;
	uint16_t list, idx;
	struct history_entry entry;
};

typedef bool lookup_change_fn(void *ctx, const struct lookup_change *change, struct err *err);

/*
 * Every change of status recorded at or after this log index, in the order of the log. Returns in
 * *log_size what to ask from next time; both are read from one state of the file.
 */
MUST_CHECK bool lookup_each_change(uint64_t *log_size, struct lookup *l, uint64_t from_index,
    lookup_change_fn *fn, void *ctx, struct err *err);

#endif
