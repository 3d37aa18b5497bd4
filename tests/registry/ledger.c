#include "tests/registry/ledger.h"

#include "core/file.h"
#include "registry/sql.h"
#include "tests/test.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
record_first(struct ledger *l)
{
	const struct bureau *b = l->bureau;
	struct buf act = BUF_EMPTY;
	struct act claims = { .subject = span_text("register"),
		.time_s = BUREAU_START_S,
		.nonce = { 0xff },
		.bundle_seq = BUREAU_BUNDLE_SEQ };
	struct act_body body = { .kind = ACT_REGISTER,
		.reg = { .iss = span_text(BUREAU_ISS),
		    .bundle = buf_span(&b->bundle_file),
		    .origin = span_text(BUREAU_ORIGIN),
		    .root = buf_span(&b->root_file) } };

	memcpy(body.reg.bureau, b->bureau_id, BUREAU_ID_BYTES);
	memcpy(body.reg.root_fingerprint, trust_fingerprint(b->trust), SHA256_BYTES);
	bureau_sign_act(&act, b, SERVICE, &claims, &body);
	struct registry_item item = ledger_append(l, buf_span(&act), BUREAU_START_S);
	if (!item.recorded)
		fail_msg("register: %s", item.err.text);
	buf_free(&act);
}

void
ledger_open(struct ledger *l, const char *policy)
{
	*l = (struct ledger){ .bureau = bureau_new(policy) };
	const char *tmp = getenv("TMPDIR");
	snprintf(l->dir, sizeof l->dir, "%s/ledger-XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(l->dir));
	snprintf(l->db, sizeof l->db, "%s/registry.db", l->dir);
	snprintf(l->second, sizeof l->second, "%s/acts.log", l->dir);
	snprintf(l->lookup, sizeof l->lookup, "%s/lookup.db", l->dir);
	l->config = (struct registry_config){ .path = l->db,
		.second_copy = l->second,
		.lookup = l->lookup,
		.command = "a test",
		.policies = &l->bureau->policy,
		.n_policies = 1 };
	REQUIRE(registry_create(l->db, &err));
	ledger_reopen(l);
	record_first(l);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void
ledger_close(struct ledger *l)
{
	registry_close(l->registry);
	bureau_free(l->bureau);
	assert_int_equal(nftw(l->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void
ledger_reopen(struct ledger *l)
{
	registry_close(l->registry);
	REQUIRE(registry_open(&l->registry, &l->config, &err));
}

struct registry_head
ledger_head(struct ledger *l)
{
	struct registry_head head;
	REQUIRE(registry_head(&head, l->registry, &err));
	return head;
}

struct registry_item
ledger_append(struct ledger *l, struct span act, int64_t now_s)
{
	struct registry_item item = { .act = act };
	REQUIRE(registry_append(l->registry, &item, 1, false, now_s, &err));
	return item;
}

void
ledger_case(struct ledger *l, struct road *r)
{
	struct err err = { 0 };
	struct number number;

	road_open_case(r, l->bureau);
	assert_true(l->roads < LEDGER_ROADS);
	unsigned k = l->roads++;
	assert_true(number_make(&number, "JC", 'A', BUREAU_REGION, 2026, 2 * (int)k + 1, &err));
	number_stored(r->number, &number);
	snprintf(r->subject, sizeof r->subject, "case/C-2026-%04u", k + 1);
	r->nonce = (uint16_t)(k * 2 * ROAD_ACTS);
	r->idx = (uint16_t)(k * 7 + 3);
	r->now_s = ledger_head(l).recorded_s + 60;
}

void
ledger_licence(struct ledger *l, struct road *r, const struct road *of)
{
	road_open_licence(r, l->bureau);
	memcpy(r->number, of->number, sizeof r->number);
	memcpy(r->subject, of->number, sizeof of->number);
	r->claims.iat_s = of->claims.iat_s;
	r->nonce = of->nonce;
	r->now_s = ledger_head(l).recorded_s + 60;
}

void
ledger_record(struct ledger *l, const struct road *r, size_t from)
{
	for (size_t i = from; i < r->n; i++) {
		struct registry_item item =
		    ledger_append(l, buf_span(&r->bytes[i]), r->entries[i].recorded_s);
		if (!item.recorded)
			fail_msg("act %zu of %s: %s", i, r->subject, item.err.text);
	}
}

void
ledger_case_to(struct ledger *l, struct road *r, enum case_stage stage)
{
	ledger_case(l, r);
	road_to(r, stage);
	ledger_record(l, r, 0);
}

void
ledger_sanction(struct ledger *l, struct road *licence, enum act_kind kind)
{
	const bool small = l->bureau->policy.decision_in_issue;
	const size_t from = licence->n;

	road_do(licence, small ? THREE : CHANG, road_sanction(licence, kind));
	road_do(licence, small ? FOUR : FU, road_answer(licence, ACT_APPROVE));
	ledger_record(l, licence, from);
}

void
ledger_next_bundle(
    struct buf *out, const struct ledger *l, uint64_t seq, const struct ledger_theft *theft)
{
	const struct bureau *b = l->bureau;
	struct bundle next = *bureau_bundle(b);
	struct bundle_key *keys = calloc(next.n_keys, sizeof *keys);
	struct buf payload = BUF_EMPTY;

	assert_non_null(keys);
	memcpy(keys, next.keys, next.n_keys * sizeof *keys);
	if (theft != NULL) {
		struct bundle_key *stolen = &keys[bureau_entry(b, theft->who) - next.keys];
		stolen->state = KEY_COMPROMISED;
		stolen->since_s = theft->since_s;
	}
	next.keys = keys;
	next.seq = seq;
	next.prev = span_of(trust_bundle_hash(b->trust), SHA256_BYTES);
	bundle_encode(&payload, &next);
	bureau_sign_payload(out, b->roots, 2, BUNDLE_TYP, buf_span(&payload));
	buf_free(&payload);
	free(keys);
}

struct registry_item
ledger_adopt(struct ledger *l, struct span bundle, enum signer who)
{
	struct registry_chain chain;
	struct buf act = BUF_EMPTY;
	struct act_body body = { .kind = ACT_ADOPT, .adopt = { bundle } };
	int64_t now_s = ledger_head(l).recorded_s + 60;

	REQUIRE(registry_chain(&chain, l->registry, span_text("register"), &err));
	struct chain_tail tail = chain_tail(chain.entries, chain.n);
	struct act claims = { .subject = span_text("register"),
		.seq = tail.acts,
		.time_s = now_s,
		.nonce = { 0xee, (uint8_t)now_s, (uint8_t)(now_s >> 8), (uint8_t)bundle.len },
		.bundle_seq = BUREAU_BUNDLE_SEQ };
	memcpy(claims.prev, tail.hash, sizeof claims.prev);
	registry_chain_free(&chain);
	bureau_sign_act(&act, l->bureau, who, &claims, &body);
	struct registry_item item = ledger_append(l, buf_span(&act), now_s);
	buf_free(&act);
	return item;
}

static bool
add_line(void *ctx, struct span line, struct err *err)
{
	buf_add_span(ctx, line);
	return buf_ok(ctx, err);
}

void
ledger_dump(struct buf *out, struct registry *r)
{
	REQUIRE(registry_dump(r, add_line, out, &err));
}

void
ledger_sql(const char *path, const char *script)
{
	struct sql *db = NULL;
	REQUIRE(sql_open(&db, path, SQL_WRITE, &err));
	REQUIRE(sql_run(db, script, &err));
	sql_close(db);
}

void
ledger_copy(const char *from, const char *to)
{
	struct buf bytes = BUF_EMPTY;
	REQUIRE(file_read(&bytes, from, LIMIT_BUF_BYTES, &err));
	REQUIRE(file_write(to, buf_span(&bytes), 0640, &err));
	buf_free(&bytes);
}

void
ledger_rebuilds_alike(struct ledger *l)
{
	struct buf before = BUF_EMPTY, after = BUF_EMPTY;

	ledger_dump(&before, l->registry);
	REQUIRE(registry_rebuild(l->registry, &err));
	ledger_dump(&after, l->registry);
	assert_true(span_equal(buf_span(&before), buf_span(&after)));
	buf_free(&before);
	buf_free(&after);
}
