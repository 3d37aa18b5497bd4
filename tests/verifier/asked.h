/* Questions to a fixture, and what the answer has to be. */
#ifndef TESTS_VERIFIER_ASKED_H
#define TESTS_VERIFIER_ASKED_H

#include "tests/verifier/fixture.h"
#include "verifier/verify.h"

/* What is published, opened as a verifier without any past. */
struct published *asked_open(const struct fixture *f, int64_t now_s);
/* The answer to a question about an input. */
struct answer asked(struct published *p, const struct question *q, struct span input);
/* The answer to a question put to what the fixture has published. */
struct answer asked_once(const struct fixture *f, const struct question *q, struct span input);

/* Fails with the row's name unless this is the verdict for this reason. */
void asked_is(const struct answer *a, enum verdict verdict, enum finding reason, const char *row);
/* About now, of what the fixture has published. */
void asked_now(const struct fixture *f, struct span input, int64_t now_s, enum verdict verdict,
    enum finding reason, const char *row);

#endif
