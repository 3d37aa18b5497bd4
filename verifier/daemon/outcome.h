/*
 * What a program gets for one thing it hands in, alone or in a batch: an answer, or the problem that stood in the way.
 */
#ifndef VERIFIER_DAEMON_OUTCOME_H
#define VERIFIER_DAEMON_OUTCOME_H

#include "verifier/daemon/asking.h"
#include "verifier/daemon/consult.h"
#include "verifier/daemon/problem.h"

struct outcome {
	const struct problem *problem; /* NULL: answered */
	char detail[ERR_TEXT_BYTES];   /* of the problem */
	int64_t retry_after_s;         /* 0: no use */
	struct answer answer;
};

/* A problem with this sentence, in which nothing stands that was sent. */
void outcome_problem(struct outcome *out, const struct problem *p, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The answer about bytes: a PDF, a `.cose` file, the text of a code, a picture. */
void outcome_of_input(struct outcome *out, const struct service *s, const struct request *q,
    const struct asking *asking, struct span bytes);
/*
 * The answer about a number and its check code. Its hash of the input is that of `handed`, so that a miss tells no
 * more than the sender knows.
 */
void outcome_of_number(struct outcome *out, const struct service *s, const struct request *q,
    const struct asking *asking, const char *number, const char *check_code, struct span handed);
/* The evidence file about bytes, appended to `file`. */
void outcome_of_evidence(struct outcome *out, struct buf *file, const struct service *s,
    const struct request *q, const struct asking *asking, struct span bytes);

/* As an error reply, where it is a problem. */
void outcome_refuse(struct response *r, const struct request *q, const struct outcome *o);

#endif
