/*
 * bench_lists WHAT LISTS TIMES: the status lists of a large register, each with certificates in half of its slots, at
 * random; one in a hundred is suspended. All of them so many times.
 *
 *   deflate   compress2() at level 6: what a list costs whoever compresses it as usual
 *   build     the list from its certificates, and its status token, signed, as qualcert publish makes it
 *   inflate   uncompress() of what compress2() made
 *   unwrap    uncompress() of what stands in our tokens
 *   look      a slot in a token: read strictly, inflated, checked, but for the signature
 *   verify    the same and the signature
 */
#include "credential/status_token.h"
#include "issuer/publish_parts.h"
#include "registry/snapshot_build.h"
#include "tests/bench/measure.h"
#include "tests/issuer/workshop.h"

#include <string.h>
#include <zlib.h>

#define CERTIFICATES (LIMIT_LIST_SLOTS / 2)
#define LEVEL 6
#define PACKED_BYTES (LIMIT_LIST_BYTES + 1024)

struct certificate {
	uint16_t idx;
	enum status status;
};

struct packed {
	uint8_t bytes[PACKED_BYTES];
	uLongf len;
};

/* What is there before the clock runs. */
struct lists {
	size_t n;
	struct certificate (*certificates)[CERTIFICATES];
	struct buf *slots;     /* the lists as they should be */
	struct packed *packed; /* by compress2() */
	struct buf *tokens;    /* by us */
	struct span *held;     /* what stands in a token, deflated */
	struct workshop w;
	struct edition edition;
	struct trust *reader; /* a verifier's: unlike the register it remembers no signature */
};

static void
must(bool done)
{
	if (!done)
		abort();
}

/* splitmix64: the same numbers in each run. */
static uint64_t
next(uint64_t *state)
{
	uint64_t n = *state += UINT64_C(0x9e3779b97f4a7c15);
	n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
	return n ^ n >> 31;
}

/* Each slot at most once: the first half of all slots, shuffled. */
static void
draw(struct certificate out[CERTIFICATES], uint64_t list)
{
	static uint16_t slots[LIMIT_LIST_SLOTS];
	uint64_t state = list << 32;

	for (size_t i = 0; i < LIMIT_LIST_SLOTS; i++)
		slots[i] = (uint16_t)i;
	for (size_t i = 0; i < CERTIFICATES; i++) {
		const size_t other = i + next(&state) % (LIMIT_LIST_SLOTS - i);
		out[i].idx = slots[other];
		slots[other] = slots[i];
		out[i].status = next(&state) % 100 == 0 ? STATUS_SUSPENDED : STATUS_ACTIVE;
	}
}

static void
fill(uint8_t list[LIMIT_LIST_BYTES], const struct certificate certificates[CERTIFICATES])
{
	status_list_clear(list);
	for (size_t i = 0; i < CERTIFICATES; i++)
		status_list_set(list, certificates[i].idx, certificates[i].status);
}

static void
pack(struct packed *out, struct span slots)
{
	out->len = sizeof out->bytes;
	must(compress2(out->bytes, &out->len, slots.ptr, slots.len, LEVEL) == Z_OK);
}

/* The list into the edition's parts, and its token from there. */
static void
build(struct buf *token, struct lists *l, size_t i)
{
	struct snapshot_parts *parts = &l->edition.parts[i];
	uint8_t list[LIMIT_LIST_BYTES];

	fill(list, l->certificates[i]);
	parts->status.len = 0;
	buf_add(&parts->status, list, sizeof list);
	token->len = 0;
	MEASURE_MUST(edition_sign_token(token, &l->edition, i, &err));
}

static void
open_edition(struct lists *l)
{
	struct edition *e = &l->edition;

	workshop_open(&l->w, "standard");
	*e = (struct edition){ .bureau = l->w.bureau, .now_s = l->w.now_s, .n_parts = l->n };
	must((e->parts = calloc(l->n, sizeof *e->parts)) != NULL);
	MEASURE_MUST(bureau_trust(&e->trust, e->bureau, &err));
	MEASURE_MUST(
	    bureau_signer(&e->status_key, NULL, e->bureau, ROLE_KEY_STATUS, e->now_s, &err));
	MEASURE_MUST(trust_open(&l->reader, l->w.keys.root_file, &err));
	MEASURE_MUST(trust_adopt(l->reader, buf_span(&l->w.keys.bundle_file), &err) == TRUST_YES);
}

static size_t
look(struct cose_sign1 *envelope, struct status_token *token, struct lists *l, size_t i)
{
	uint8_t list[LIMIT_LIST_BYTES];
	const struct certificate *c = &l->certificates[i][i % CERTIFICATES];

	MEASURE_MUST(status_token_parse_file(envelope, token, list, buf_span(&l->tokens[i]), &err));
	must(status_list_get(list, c->idx) == c->status);
	return token->lst.len;
}

static void
prepare_one(struct lists *l, size_t i)
{
	uint8_t list[LIMIT_LIST_BYTES];
	struct cose_sign1 envelope;
	struct status_token token;

	draw(l->certificates[i], i);
	fill(list, l->certificates[i]);
	buf_add(&l->slots[i], list, sizeof list);
	pack(&l->packed[i], buf_span(&l->slots[i]));
	build(&l->tokens[i], l, i);
	look(&envelope, &token, l, i);
	l->held[i] = token.lst;
}

static void
prepare(struct lists *l, size_t n)
{
	*l = (struct lists){ .n = n };
	l->certificates = calloc(n, sizeof *l->certificates);
	l->slots = calloc(n, sizeof *l->slots);
	l->packed = calloc(n, sizeof *l->packed);
	l->tokens = calloc(n, sizeof *l->tokens);
	l->held = calloc(n, sizeof *l->held);
	must(l->certificates != NULL && l->slots != NULL && l->packed != NULL &&
	    l->tokens != NULL && l->held != NULL);
	open_edition(l);
	for (size_t i = 0; i < n; i++)
		prepare_one(l, i);
}

static void
put_away(struct lists *l)
{
	for (size_t i = 0; i < l->n; i++) {
		buf_free(&l->slots[i]);
		buf_free(&l->tokens[i]);
		snapshot_parts_free(&l->edition.parts[i]);
	}
	free(l->certificates);
	free(l->slots);
	free(l->packed);
	free(l->tokens);
	free(l->held);
	free(l->edition.parts);
	trust_free(l->reader);
	workshop_close(&l->w);
}

/* ---- what is measured, a list each; how many bytes it is deflated or as a token ---- */

static size_t
deflate_one(struct lists *l, size_t i)
{
	pack(&l->packed[i], buf_span(&l->slots[i]));
	return l->packed[i].len;
}

static size_t
build_one(struct lists *l, size_t i)
{
	build(&l->tokens[i], l, i);
	return l->tokens[i].len;
}

static size_t
unpack(struct span expected, struct span zlib)
{
	uint8_t list[LIMIT_LIST_BYTES];
	uLongf len = sizeof list;

	must(uncompress(list, &len, zlib.ptr, zlib.len) == Z_OK && len == sizeof list);
	must(list[0] == expected.ptr[0]);
	return zlib.len;
}

static size_t
inflate_one(struct lists *l, size_t i)
{
	return unpack(
	    buf_span(&l->slots[i]), span_of(l->packed[i].bytes, (size_t)l->packed[i].len));
}

static size_t
unwrap_one(struct lists *l, size_t i)
{
	return unpack(buf_span(&l->slots[i]), l->held[i]);
}

static size_t
look_one(struct lists *l, size_t i)
{
	struct cose_sign1 envelope;
	struct status_token token;

	return look(&envelope, &token, l, i);
}

static size_t
verify_one(struct lists *l, size_t i)
{
	struct cose_sign1 envelope;
	struct status_token token;
	const struct bundle_key *key;

	const size_t bytes = look(&envelope, &token, l, i);
	must(trust_verify_sign1(&key, l->reader, KEY_USE_STATUS, &envelope, span_of(NULL, 0)) ==
	    TRUST_YES);
	return bytes;
}

static void
run(size_t (*one)(struct lists *, size_t), size_t n, size_t times)
{
	struct lists l;
	unsigned long long bytes = 0;

	prepare(&l, n);
	const struct measure begun = measure_begin();
	for (size_t t = 0; t < times; t++)
		for (size_t i = 0; i < n; i++)
			bytes += one(&l, i);
	const struct measure now = measure_begin();
	printf("{\"n\":%zu,\"wall_s\":%.6f,\"cpu_s\":%.6f,\"bytes\":%llu}\n", n * times,
	    now.wall_s - begun.wall_s, now.cpu_s - begun.cpu_s, bytes);
	put_away(&l);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		size_t (*one)(struct lists *, size_t);
	} all[] = {
		{ "deflate", deflate_one },
		{ "build", build_one },
		{ "inflate", inflate_one },
		{ "unwrap", unwrap_one },
		{ "look", look_one },
		{ "verify", verify_one },
	};
	const size_t n = argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
	const size_t times = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;

	for (size_t i = 0; n > 0 && i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i].name, argv[1]) == 0) {
			run(all[i].one, n, times);
			return EXIT_SUCCESS;
		}
	fputs("bench_lists WHAT LISTS TIMES: see the file's head\n", stderr);
	return EXIT_FAILURE;
}
