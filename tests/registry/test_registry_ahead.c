/*
 * Acts that are judged in a row, with other processors working ahead: the answer is the one that is found
 * act by act, by one processor.
 */
#include "registry/act_file.h"
#include "registry/audit.h"
#include "registry/store.h"
#include "tests/bench/life.h"
#include "tests/registry/ledger.h"
#include "tests/test.h"

#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#define ACTS 1200 /* some blocks, with whole roads in them */
#define WIDTH 20
#define KEPT_FEW 100000 /* bytes of subjects: some of these */
#define ADOPT_EVERY 90  /* acts: a trust bundle changes in the midst of each block */

struct story {
	struct bureau *bureau;
	struct ledger ledger; /* for its folder */
	unsigned registers;   /* made in it so far */
	struct buf act[ACTS];
	int64_t recorded_s[ACTS];
	size_t n;
	size_t keep_bytes; /* what a register may keep of subjects */
	/* Of the trust bundle adopted last. */
	uint64_t bundle_seq;
	uint8_t bundle_hash[SHA256_BYTES];
	/* Of the chain on "register". */
	uint64_t seq;
	uint8_t prev[SHA256_BYTES];
};

static void
put(struct story *s, struct span act, int64_t recorded_s)
{
	assert_true(s->n < ACTS);
	buf_add_span(&s->act[s->n], act);
	s->recorded_s[s->n++] = recorded_s;
}

/* The next trust bundle, with everything as it was. */
static void
adopt(struct story *s, int64_t now_s)
{
	struct bundle next = *bureau_bundle(s->bureau);
	struct buf payload = BUF_EMPTY, file = BUF_EMPTY, act = BUF_EMPTY;
	struct act claims = { .subject = span_text("register"),
		.seq = ++s->seq,
		.time_s = now_s,
		.nonce = { [0] = (uint8_t)s->seq, [15] = 0xee },
		.bundle_seq = s->bundle_seq };

	memcpy(claims.prev, s->prev, sizeof claims.prev);
	next.seq = ++s->bundle_seq;
	next.prev = span_of(s->bundle_hash, sizeof s->bundle_hash);
	bundle_encode(&payload, &next);
	bureau_sign_payload(&file, s->bureau->roots, 2, BUNDLE_TYP, buf_span(&payload));
	sha256(s->bundle_hash, buf_span(&payload));
	struct act_body body = { .kind = ACT_ADOPT, .adopt = { buf_span(&file) } };
	bureau_sign_act(&act, s->bureau, SERVICE, &claims, &body);
	sha256(s->prev, buf_span(&act));
	put(s, buf_span(&act), now_s);
	buf_free(&payload);
	buf_free(&file);
	buf_free(&act);
}

static void
live(void *ctx, struct span act, int64_t recorded_s)
{
	struct story *s = ctx;

	if (s->n == ACTS)
		return;
	if (s->n == 0)
		sha256(s->prev, act);
	put(s, act, recorded_s);
	if (s->n % ADOPT_EVERY == 0)
		adopt(s, recorded_s);
}

static void
story_begin(struct story *s)
{
	*s = (struct story){ .bureau = bureau_new("standard"),
		.keep_bytes = LIMIT_KEPT_BYTES,
		.bundle_seq = BUREAU_BUNDLE_SEQ };
	memcpy(s->bundle_hash, trust_bundle_hash(s->bureau->trust), SHA256_BYTES);
	life_live(s->bureau, WIDTH, ACTS, live, s);
	assert_int_equal(s->n, ACTS);
	ledger_open(&s->ledger, "standard");
}

static void
story_end(struct story *s)
{
	for (size_t i = 0; i < s->n; i++)
		buf_free(&s->act[i]);
	bureau_free(s->bureau);
	ledger_close(&s->ledger);
}

/* An empty register for the story's bureau, beside this second copy. */
static struct registry *
empty_register(struct story *s, const char *acts)
{
	struct registry_config config = s->ledger.config;
	struct registry *r = NULL;
	char db[128];

	snprintf(db, sizeof db, "%s/%u.db", s->ledger.dir, s->registers);
	config.path = db;
	config.second_copy = acts;
	config.lookup = NULL;
	config.policies = &s->bureau->policy;
	REQUIRE(registry_create(db, &err));
	REQUIRE(registry_open(&r, &config, &err));
	r->keep_bytes = s->keep_bytes;
	return r;
}

/* ---- taken in from a second copy ---- */

static void
write_acts(const struct story *s, const char *path)
{
	struct act_file *f = NULL;
	struct buf bytes = BUF_EMPTY;

	for (size_t i = 0; i < s->n; i++)
		act_file_encode(&bytes, buf_span(&s->act[i]), s->recorded_s[i]);
	REQUIRE(act_file_open(&f, path, true, &err));
	REQUIRE(act_file_write(f, ACT_FILE_BEGIN, buf_span(&bytes), &err));
	act_file_close(f);
	buf_free(&bytes);
}

/* What becomes of the story in an empty register: its tables as text, or the sentence of a refusal. */
static void
take(struct buf *out, struct story *s)
{
	struct err why = { 0 };
	char acts[128];

	snprintf(acts, sizeof acts, "%s/%u.log", s->ledger.dir, ++s->registers);
	write_acts(s, acts);
	struct registry *r = empty_register(s, acts);
	if (registry_append(r, NULL, 0, false, BUREAU_START_S, &why))
		ledger_dump(out, r);
	else
		buf_add_text(out, strstr(why.text, ": act "));
	registry_close(r);
}

/* By all processors and by one. */
static void
take_both_ways(struct buf *out, struct story *s)
{
	struct buf alone = BUF_EMPTY;
	cpu_set_t all, one;

	take(out, s);
	assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
	CPU_ZERO(&one);
	for (size_t i = 0; CPU_COUNT(&one) == 0; i++)
		if (CPU_ISSET(i, &all))
			CPU_SET(i, &one);
	assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
	take(&alone, s);
	assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
	if (!span_equal(buf_span(out), buf_span(&alone)))
		fail_msg("by one: \"%s\"; by all: \"%s\"", buf_text(&alone), buf_text(out));
	buf_free(&alone);
}

/* Act by act, as people sign: the tables as text. */
static void
append_one_by_one(struct buf *out, struct story *s)
{
	char acts[128];

	snprintf(acts, sizeof acts, "%s/%u.log", s->ledger.dir, ++s->registers);
	struct registry *r = empty_register(s, acts);
	for (size_t i = 0; i < s->n; i++) {
		struct registry_item item = { .act = buf_span(&s->act[i]) };
		REQUIRE(registry_append(r, &item, 1, false, s->recorded_s[i], &err));
		if (!item.recorded)
			fail_msg("act %zu: %s", i, item.err.text);
	}
	ledger_dump(out, r);
	registry_close(r);
}

static void
it_gives_the_tables_that_one_act_after_the_other_gives(void **state)
{
	(void)state;
	struct story s;
	struct buf row = BUF_EMPTY, forgetful = BUF_EMPTY, one_by_one = BUF_EMPTY;

	story_begin(&s);
	take_both_ways(&row, &s);
	s.keep_bytes = KEPT_FEW;
	take(&forgetful, &s);
	append_one_by_one(&one_by_one, &s);
	assert_true(row.len > 100000 && span_equal(buf_span(&row), buf_span(&one_by_one)));
	assert_true(span_equal(buf_span(&forgetful), buf_span(&one_by_one)));
	buf_free(&row);
	buf_free(&forgetful);
	buf_free(&one_by_one);
	story_end(&s);
}

/* ---- what is wrong is found, wherever it stands ---- */

static void
flip_signature(struct story *s, size_t at)
{
	s->act[at].ptr[s->act[at].len - 1] ^= 1;
}

static void
flip_first_byte(struct story *s, size_t at)
{
	s->act[at].ptr[0] ^= 1;
}

static void
date_back(struct story *s, size_t at)
{
	s->recorded_s[at] = s->recorded_s[at - 2] - 1;
}

static void
repeat(struct story *s, size_t at)
{
	buf_free(&s->act[at]);
	buf_add_span(&s->act[at], buf_span(&s->act[at - 1]));
}

static void
sign_again(struct story *s, size_t at, const struct bureau *by, bool spoil_credential)
{
	struct chain_entry e;
	struct buf signed_again = BUF_EMPTY, qc1 = BUF_EMPTY;

	REQUIRE(chain_entry_parse(&e, buf_span(&s->act[at]), &err));
	if (spoil_credential) {
		assert_int_equal(e.act.kind, ACT_MADE);
		buf_add_span(&qc1, e.body.made.qc1);
		qc1.ptr[qc1.len - 1] ^= 1;
		e.body.made.qc1 = buf_span(&qc1);
	}
	bureau_sign_act(&signed_again, by, SERVICE, &e.act, &e.body);
	buf_free(&qc1);
	buf_free(&s->act[at]);
	s->act[at] = signed_again;
}

static void
spoil_credential(struct story *s, size_t at)
{
	sign_again(s, at, s->bureau, true);
}

static void
sign_by_another_bureau(struct story *s, size_t at)
{
	struct bureau *other = bureau_new("standard");
	sign_again(s, at, other, false);
	bureau_free(other);
}

static size_t
first_made(const struct story *s)
{
	struct chain_entry e;

	for (size_t i = 0;; i++) {
		REQUIRE(chain_entry_parse(&e, buf_span(&s->act[i]), &err));
		if (e.act.kind == ACT_MADE)
			return i;
	}
}

static void
check_found(struct story *s, void (*spoil)(struct story *, size_t), size_t at, const char *words)
{
	struct buf act = BUF_EMPTY, found = BUF_EMPTY;
	const int64_t recorded_s = s->recorded_s[at];
	char want[64];

	buf_add_span(&act, buf_span(&s->act[at]));
	spoil(s, at);
	take_both_ways(&found, s);
	snprintf(want, sizeof want, ": act %zu in", at);
	const char *text = buf_text(&found);
	if (strncmp(text, want, strlen(want)) != 0 || strstr(text, words) == NULL)
		fail_msg("\"%.300s\"; want act %zu, %s", text, at, words);
	buf_free(&found);
	buf_free(&s->act[at]);
	s->act[at] = act;
	s->recorded_s[at] = recorded_s;
}

static void
what_is_wrong_is_found_where_it_stands(void **state)
{
	(void)state;
	static const size_t places[] = { 3, 255, 256, 553 };
	struct story s;

	story_begin(&s);
	for (size_t i = 0; i < COUNT_OF(places); i++)
		check_found(&s, flip_signature, places[i], "ACT-01");
	check_found(&s, flip_first_byte, 257, "COSE_Sign1");
	check_found(&s, date_back, 300, "before the act in front");
	check_found(&s, repeat, 301, "ACT-10");
	check_found(&s, sign_by_another_bureau, first_made(&s), "ACT-02");
	check_found(&s, spoil_credential, first_made(&s) + 3, "the credential in it");
	story_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_gives_the_tables_that_one_act_after_the_other_gives),
		cmocka_unit_test(what_is_wrong_is_found_where_it_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
