/*
 * The parts of a snapshot (formats: snapshot): files that are believed because the manifest names
 * their SHA-256. The status part is a bare status list (status_list.h). Bounded and strict all the
 * same: a part of ours has one form only.
 */
#ifndef CREDENTIAL_PARTS_H
#define CREDENTIAL_PARTS_H

#include "core/buf.h"
#include "credential/history.h"
#include "credential/sha256.h"

#define FINGERPRINT_BYTES 16 /* the first of a SHA-256 */

/* What the register holds for one slot. */
struct fingerprint {
	uint16_t idx;
	uint8_t credential[FINGERPRINT_BYTES]; /* of the credential hash */
	struct span files; /* n_files * FINGERPRINT_BYTES, one after the other */
	size_t n_files;    /* 1 to 255: a file sealed again is another file */
};

/* Append one record; the caller gives them by ascending idx. */
void fingerprints_add(struct buf *out, const struct fingerprint *f);

/*
 * A fingerprints part with an index for look-ups. Borrows the part.
 * ERR_MALFORMED  a record cut off, without files, or not above the one before
 */
struct fingerprints;
MUST_CHECK bool fingerprints_parse(struct fingerprints **out, struct span part, struct err *err);
void fingerprints_free(struct fingerprints *f);
/* False if the slot is not assigned. */
bool fingerprints_find(struct fingerprint *out, const struct fingerprints *f, uint16_t idx);
/* Does the record hold this file (its full SHA-256)? This credential hash? */
bool fingerprint_has_file(const struct fingerprint *f, const uint8_t hash[SHA256_BYTES]);
bool fingerprint_is_of(const struct fingerprint *f, const uint8_t credential_hash[SHA256_BYTES]);

/* What befell the certificate of one slot. */
struct slot_history {
	uint16_t idx;
	const struct history_entry *entries; /* in the order of recording; at least one */
	size_t n_entries;
};

/* Write a history part: slots by ascending idx; those without entries are left out. */
void history_part_encode(struct buf *out, const struct slot_history *slots, size_t n);

/*
 * ERR_MALFORMED  anything else than the format; slots not ascending, entries not in the order of
 *                recording, an empty interval, a reserved status
 */
struct history_part;
MUST_CHECK bool history_part_parse(struct history_part **out, struct span part, struct err *err);
void history_part_free(struct history_part *h);
/* The slot's entries; none if nothing befell it. Borrowed from h. */
struct slot_history history_part_find(const struct history_part *h, uint16_t idx);

void orders_part_encode(struct buf *out, const struct history_order *orders, size_t n);

/*
 * ERR_MALFORMED  anything else than the format; slots of an order not ascending, orders not in the
 *                order of recording
 */
struct orders_part;
MUST_CHECK bool orders_part_parse(struct orders_part **out, struct span part, struct err *err);
void orders_part_free(struct orders_part *o);
/* Borrowed from o, which borrows the part. */
const struct history_order *orders_part_all(const struct orders_part *o, size_t *n);

#endif
