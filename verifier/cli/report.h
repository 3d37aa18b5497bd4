/* What qualverify prints about its inputs, and what it ends with. */
#ifndef VERIFIER_CLI_REPORT_H
#define VERIFIER_CLI_REPORT_H

#include "verifier/batch.h"
#include "verifier/cli/bidders.h"
#include "verifier/cli/options.h"

/*
 * One answer is a screen. Of many, text has a line each, held until the end (of 10,000 about 1 MB), since those to look
 * at come first: what could not be read, CANNOT TELL, NOT VALID, VALID. JSON and CSV go out one by one.
 */
struct report {
	const struct options *o;
	bool many;
	bool listed; /* there is a list of bidders */
	size_t n;    /* inputs to come */
	struct batch batch;
	struct buf lines[4];
	int error; /* sysexits of the first input that could not be used; 0: none */
};

/* An input, and whose row of the list it is; NULL: nobody's, or there is no list. */
struct report_item {
	const char *input;
	const struct bidder *bidder;
};

void report_begin(struct report *r);

/* Another input is taken up. */
void report_input(struct report *r);
/* The answer to a question about it. */
void report_answer(struct report *r, const struct answer *a, const struct report_item *item);
/* Or it could not be read or used. */
void report_unusable(
    struct report *r, int code, const struct report_item *item, const char *sentence);

/* A remark about an input, on standard error; its answer stands without it. */
void report_remark(const char *input, const char *sentence);

/* Nothing was handed in for this row of the list. */
void report_missing(struct report *r, const struct bidder *b);

/*
 * Print what is held, and return what to end with: 64 and above (sysexits) if any input could not be read or used, is
 * missing or stands in no row of the list; else 1 if any is NOT VALID; else 2 if any is CANNOT TELL; else 0.
 */
int report_end(struct report *r);

#endif
