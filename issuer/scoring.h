/*
 * How an on-site review is scored: data that the policy names by hash (templates/scoring.json). Basic items
 * are met or not, and one that is not stops the review; of the others' points so many are needed to pass.
 */
#ifndef ISSUER_SCORING_H
#define ISSUER_SCORING_H

#include "credential/sha256.h"
#include "issuer/review.h"

struct scoring_item {
	const char *item; /* "K-07" */
	unsigned points;  /* at most; of a basic item 0 */
	const char *zh, *en;
};

/* Texts are borrowed from the tree it owns. */
struct scoring {
	struct json_t *tree;
	struct scoring_item *basic, *items;
	size_t n_basic, n_items;
	unsigned pass, most; /* points that pass; all points */
	uint8_t hash[SHA256_BYTES];
};

/*
 *   out   new object; scoring_free(). NULL on failure.
 *   json  the file's bytes, borrowed during the call only
 *
 * ERR_MALFORMED  not JSON of this form; an item twice; a pass mark that nobody reaches
 */
MUST_CHECK bool scoring_parse(struct scoring **out, struct span json, struct err *err);
void scoring_free(struct scoring *s);

/*
 * Append what is wrong with the scores of a report, by the scheme it should be scored by:
 * REV-09 another scheme
 * REV-10 an item missing (allowed of items with points once a basic one is not met), unknown, twice, or under
 *        another title
 * REV-11 more points than the item has; fewer, or a basic item not met, without a note
 */
void scoring_check(struct defects *out, const struct scoring *s, const struct inspection *x);

/* Points of the report's items of the scheme. */
unsigned scoring_points(const struct inspection *x);

/*
 * RESULT_STOP if a basic item is not met; RESULT_PASS if every finding and every rule verified passed and
 * the points suffice; else RESULT_FAIL. Of a report that scoring_check() finds nothing wrong with.
 */
enum act_result scoring_result(const struct scoring *s, const struct inspection *x);

#endif
