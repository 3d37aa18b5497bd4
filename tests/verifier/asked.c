#include "tests/verifier/asked.h"

#include "tests/test.h"

struct published *
asked_open(const struct fixture *f, int64_t now_s)
{
	struct memory memory = { 0 };
	struct published *p = NULL;
	struct err err = { 0 };

	if (!published_open_paths(&p, f->root, f->public_folder, &memory, now_s, &err))
		fail_msg("%s", err.text);
	return p;
}

struct answer
asked(struct published *p, const struct question *q, struct span input)
{
	struct answer a;
	struct err err = { 0 };

	if (!verify(&a, q, p, NULL, input, &err))
		fail_msg("%s", err.text);
	return a;
}

struct answer
asked_once(const struct fixture *f, const struct question *q, struct span input)
{
	struct published *p = asked_open(f, q->now_s);
	const struct answer a = asked(p, q, input);

	published_close(p);
	return a;
}

void
asked_is(const struct answer *a, enum verdict verdict, enum finding reason, const char *row)
{
	if (a->verdict != verdict || a->reason != reason)
		fail_msg("%s: %s %s, not %s %s", row, verdict_word(a->verdict),
		    finding_word(a->reason), verdict_word(verdict), finding_word(reason));
}

void
asked_now(const struct fixture *f, struct span input, int64_t now_s, enum verdict verdict,
    enum finding reason, const char *row)
{
	const struct question q = { .now_s = now_s };
	const struct answer a = asked_once(f, &q, input);

	asked_is(&a, verdict, reason, row);
}
