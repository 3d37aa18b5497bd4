/*
 * Deterministic CBOR (RFC 8949 4.2.1): shortest forms, definite lengths, map keys in bytewise order
 *and without duplicates, text in UTF-8. Integers, byte strings, text, arrays, maps, tags, true,
 *false and null; no floats, no other simple values. Map keys are integers or text.
 *
 * Writing appends to a sticky struct buf, in the order the caller gives: the caller writes map keys
 * ascending (1, 2, ... then -1, -2 ..., then text by length and bytes).
 *
 * Reading: cbor_in_over() checks the whole item at once, nesting included, before any value is
 *handed out; from then on counts can be believed and only types and meaning are left to ask. The
 *getters are sticky: after a mistake they return zeros, and cbor_in_done() reports the first one
 *with its place. Since key order is fixed, a parser names the keys in ascending order and reads
 *like its CDDL:
 *
 *	struct cbor_in c = cbor_in_over(bytes, LIMIT_CBOR_DEPTH);
 *	struct cbor_map m = cbor_in_map(&c);
 *	cbor_in_key(&c, &m, 1);
 *	out->seq = cbor_in_uint(&c, UINT32_MAX);
 *	if (cbor_in_try_key(&c, &m, 4))
 *		out->name = cbor_in_text(&c, 1, LIMIT_FIELD_BYTES);
 *	cbor_in_end(&c, &m);
 *	return cbor_in_done(&c, err);
 */
#ifndef CREDENTIAL_CBOR_H
#define CREDENTIAL_CBOR_H

#include "core/buf.h"

#define CBOR_TIME_MAX_S 253402300799 /* 9999-12-31T23:59:59Z, the last instant people can read */

void cbor_put_uint(struct buf *out, uint64_t v);
void cbor_put_int(struct buf *out, int64_t v);
void cbor_put_bytes(struct buf *out, struct span v);
void cbor_put_text(struct buf *out, struct span v);
void cbor_put_array(struct buf *out, size_t items);
void cbor_put_map(struct buf *out, size_t pairs);
void cbor_put_tag(struct buf *out, uint64_t tag);
void cbor_put_bool(struct buf *out, bool v);
void cbor_put_null(struct buf *out);
/* One item that is encoded already: a captured body, a nested object. */
void cbor_put_raw(struct buf *out, struct span item);

enum cbor_kind {
	CBOR_NOTHING = 0, /* at the end, or bad */
	CBOR_UINT,
	CBOR_NINT,
	CBOR_BYTES,
	CBOR_TEXT,
	CBOR_ARRAY,
	CBOR_MAP,
	CBOR_TAG,
	CBOR_BOOL,
	CBOR_NULL
};

struct cbor_in {
	struct span in;
	size_t pos;         /* <= in.len, always */
	bool bad;           /* sticky */
	bool too_deep;      /* the mistake was nesting beyond the limit */
	size_t at;          /* where the first mistake stands, bytes from the beginning */
	const char *reason; /* what it was; static text, NULL while good */
};

struct cbor_map {
	size_t left; /* pairs not yet taken */
};

/*
 * Read exactly one item. `depth` is how many arrays, maps and tags may stand inside each other. The
 * bytes are borrowed and must outlive what is read from them.
 */
struct cbor_in cbor_in_over(struct span item, unsigned depth);

/* What comes next, without taking it. */
enum cbor_kind cbor_in_peek(const struct cbor_in *c);

/* 0 to max. */
uint64_t cbor_in_uint(struct cbor_in *c, uint64_t max);
/* Whole seconds since 1970, 0 to CBOR_TIME_MAX_S. */
int64_t cbor_in_time(struct cbor_in *c);
int64_t cbor_in_int(struct cbor_in *c, int64_t min, int64_t max);
/* From min to max bytes long; borrowed. */
struct span cbor_in_bytes(struct cbor_in *c, size_t min, size_t max);
struct span cbor_in_text(struct cbor_in *c, size_t min, size_t max);
/* Exactly n bytes, copied to out (zeros when bad). */
void cbor_in_copy(struct cbor_in *c, uint8_t *out, size_t n);
bool cbor_in_bool(struct cbor_in *c);
/* Take null if it is next; false and untouched otherwise. */
bool cbor_in_try_null(struct cbor_in *c);
void cbor_in_tag(struct cbor_in *c, uint64_t tag);
/* Heads: how many items follow, from min to max. */
size_t cbor_in_array(struct cbor_in *c, size_t min, size_t max);
/* Any number of pairs, never more than there are. */
struct cbor_map cbor_in_map(struct cbor_in *c);
/* The next key must be `key`; its value is next. */
void cbor_in_key(struct cbor_in *c, struct cbor_map *m, int64_t key);
/* True and taken if the next key is `key`: for optional fields. */
bool cbor_in_try_key(struct cbor_in *c, struct cbor_map *m, int64_t key);
/* For maps whose keys are data: true while a pair is left; the key is next, then its value. */
bool cbor_in_next(struct cbor_in *c, struct cbor_map *m);
/* No pair may be left: an unknown key is a mistake. */
void cbor_in_end(struct cbor_in *c, const struct cbor_map *m);
/* Skip one item of any kind; its encoded bytes, borrowed. */
struct span cbor_in_raw(struct cbor_in *c);
/* For a caller's own rule: turn bad with this static reason, at the item last taken. */
void cbor_in_fail(struct cbor_in *c, const char *reason);

/*
 * True only if nothing failed and nothing is left. ERR_MALFORMED, or ERR_LIMIT for nesting, with
 * reason and place.
 */
MUST_CHECK bool cbor_in_done(const struct cbor_in *c, struct err *err);

#endif
