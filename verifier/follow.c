#include "verifier/follow.h"

#include "core/limits.h"

#include <stdio.h>

static enum trust_answer
adopt_numbered(struct trust *t, const struct shelf *shelf, uint64_t seq, struct err *why)
{
	char name[64];
	bool found = false;
	struct buf file = BUF_EMPTY;
	enum trust_answer answer = TRUST_GAP;

	snprintf(name, sizeof name, "v1/trust-bundles/%llu", (unsigned long long)seq);
	if (shelf_read(&file, &found, shelf, name, LIMIT_BUNDLE_BYTES, why) && found)
		answer = trust_adopt(t, buf_span(&file), why);
	buf_free(&file);
	return answer;
}

/* The bundles of these numbers, each following the one before; the last is the one offered. */
static enum trust_answer
walk(struct trust *t, const struct shelf *shelf, uint64_t from, uint64_t to, uint64_t last,
    struct span offered, struct err *why)
{
	enum trust_answer answer = TRUST_YES;

	for (uint64_t seq = from; answer == TRUST_YES && seq <= to; seq++)
		answer =
		    seq == last ? trust_adopt(t, offered, why) : adopt_numbered(t, shelf, seq, why);
	return answer;
}

enum trust_answer
follow_bundles(struct trust *t, const struct shelf *shelf, struct span offered,
    const struct memory_mark *held, struct err *why)
{
	struct cose_sign envelope;
	struct bundle *b = NULL;

	if (!bundle_parse_file(&envelope, &b, offered, why))
		return TRUST_MALFORMED;
	const uint64_t seq = b->seq;
	bundle_free(b);
	if (held->seq > 0 && seq < held->seq)
		return TRUST_OLDER;
	const uint64_t first = held->seq > 0 ? held->seq : seq;
	enum trust_answer answer = walk(t, shelf, first, first, seq, offered, why);
	if (answer == TRUST_SIGNATURE)
		answer = walk(t, shelf, 1, first, seq, offered, why);
	if (answer != TRUST_YES)
		return answer;
	if (held->seq > 0 && memcmp(trust_bundle_hash(t), held->hash, SHA256_BYTES) != 0)
		return TRUST_ALARM;
	return walk(t, shelf, first + 1, seq, seq, offered, why);
}
