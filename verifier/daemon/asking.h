/*
 * What a program asks besides: the words of verifier/ask.h and `scan`, each at most once. A word nobody knows is
 * refused, not overlooked: who misspells `holder` must not be told VALID. No sentence holds what was sent.
 */
#ifndef VERIFIER_DAEMON_ASKING_H
#define VERIFIER_DAEMON_ASKING_H

#include "verifier/ask.h"
#include "verifier/daemon/http.h"

struct asking {
	struct question question;
	bool scan;    /* yes or no: a PDF that nobody sealed is taken for the picture of a paper */
	unsigned set; /* a bit for each word that was said */
};

/* Take one. ERR_USAGE: unknown, said before, or no value it can have. A holder's code is borrowed. */
MUST_CHECK bool asking_take(struct asking *a, const char *word, const char *value, struct err *err);
/* All that stands in the request's address; now is the request's. */
MUST_CHECK bool asking_of_query(struct asking *a, const struct request *q, struct err *err);

#endif
