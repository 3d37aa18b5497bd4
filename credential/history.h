/*
 * The two clocks: what was the status on date D, as known at T? And until when did the certificate
 * run, by the extension orders known then? Pure functions over intervals; the issuer's projections,
 * the snapshot's parts and the verifier all ask these, so that they answer alike.
 *
 * Known at T is what was recorded at or before T. Nothing is taken back: a correction is a later
 * entry over the same interval.
 */
#ifndef CREDENTIAL_HISTORY_H
#define CREDENTIAL_HISTORY_H

#include "credential/status_list.h"

#define HISTORY_OPEN INT64_MAX /* until_s of an interval without an end */

struct history_entry {
	enum status status;
	int64_t from_s;     /* effective: [from_s, until_s) */
	int64_t until_s;    /* > from_s, or HISTORY_OPEN */
	int64_t recorded_s; /* entries stand in the order of recording */
	uint16_t by;        /* the newer version that replaced this one; 0: none */
};

/*
 * The entry that decides the moment on_s as known at known_s: the last one recorded at or before
 * known_s whose interval holds on_s. NULL: none, so the status is active.
 */
const struct history_entry *history_find(
    const struct history_entry *entries, size_t n, int64_t on_s, int64_t known_s);

/*
 * The worst status at any moment of [from_s, to_s), from_s < to_s, as known at known_s: a bare date
 * means the whole day. *why, if not NULL, is the first entry in time that says so, or NULL.
 */
enum status history_worst(const struct history_entry **why, const struct history_entry *entries,
    size_t n, int64_t from_s, int64_t to_s, int64_t known_s);

struct history_slot {
	uint16_t list, idx;
};

/* An order that moves the end of the certificates it lists. */
struct history_order {
	struct span order;                /* its number, as cited */
	const struct history_slot *slots; /* ascending by list and idx */
	size_t n_slots;
	int64_t new_end_s;
	int64_t effective_s; /* it counts for moments from here on */
	int64_t recorded_s;  /* orders stand in the order of recording */
};

/*
 * The last order for this slot recorded at or before known_s and effective at on_s; NULL if none.
 */
const struct history_order *history_find_order(const struct history_order *orders, size_t n,
    struct history_slot slot, int64_t on_s, int64_t known_s);

/* The effective end: exp_s, or later by order (which may be NULL). */
int64_t history_end(const struct history_order *order, int64_t exp_s);

#endif
