#include "tests/registry/ledger.h"
#include "tests/test.h"

/* The trust bundle after the bureau's first, with everything as it was. */
static void
next_bundle(struct buf *out, const struct bureau *b, uint64_t seq)
{
	struct bundle next = *bureau_bundle(b);
	struct buf payload = BUF_EMPTY;

	next.seq = seq;
	next.prev = span_of(trust_bundle_hash(b->trust), SHA256_BYTES);
	bundle_encode(&payload, &next);
	bureau_sign_payload(out, b->roots, 2, BUNDLE_TYP, buf_span(&payload));
	buf_free(&payload);
}

static struct registry_item
adopt(struct ledger *l, struct span bundle, enum signer who)
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

static uint64_t
held(struct ledger *l)
{
	const struct trust *trust;
	REQUIRE(registry_trust(&trust, l->registry, &err));
	return trust_bundle(trust)->seq;
}

static void
an_adopted_bundle_is_lived_under_from_then_on(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	struct buf bundle = BUF_EMPTY, file = BUF_EMPTY, before = BUF_EMPTY, after = BUF_EMPTY;

	ledger_open(&l, "standard");
	assert_int_equal(held(&l), BUREAU_BUNDLE_SEQ);
	ledger_case_to(&l, &r, CASE_SUBMITTED);
	next_bundle(&bundle, l.bureau, BUREAU_BUNDLE_SEQ + 1);
	struct registry_item item = adopt(&l, buf_span(&bundle), SERVICE);
	if (!item.recorded)
		fail_msg("%s", item.err.text);
	assert_int_equal(held(&l), BUREAU_BUNDLE_SEQ + 1);

	/* Who saw the older one is still heard; both are kept. */
	r.now_s = ledger_head(&l).recorded_s;
	road_do(&r, AN, road_accept());
	ledger_record(&l, &r, 1);
	REQUIRE(registry_bundle(&file, l.registry, 0, &err));
	assert_true(span_equal(buf_span(&file), buf_span(&bundle)));
	buf_free(&file);
	REQUIRE(registry_bundle(&file, l.registry, BUREAU_BUNDLE_SEQ, &err));
	assert_true(span_equal(buf_span(&file), buf_span(&l.bureau->bundle_file)));

	ledger_dump(&before, l.registry);
	REQUIRE(registry_rebuild(l.registry, &err));
	ledger_dump(&after, l.registry);
	assert_true(span_equal(buf_span(&before), buf_span(&after)));
	ledger_reopen(&l);
	assert_int_equal(held(&l), BUREAU_BUNDLE_SEQ + 1);
	buf_free(&bundle);
	buf_free(&file);
	buf_free(&before);
	buf_free(&after);
	road_close(&r);
	ledger_close(&l);
}

/* Threat 48: nothing but the roots' next bundle is adopted, and by the service alone. */
static void
threat_48_other_bundles_are_not_adopted(void **state)
{
	(void)state;
	struct ledger l, other;
	struct buf bundle = BUF_EMPTY, gap = BUF_EMPTY;

	ledger_open(&l, "standard");
	ledger_open(&other, "standard");
	next_bundle(&bundle, l.bureau, BUREAU_BUNDLE_SEQ + 1);
	next_bundle(&gap, l.bureau, BUREAU_BUNDLE_SEQ - 1);
	assert_false(adopt(&l, buf_span(&bundle), AN).recorded);
	assert_false(adopt(&l, buf_span(&gap), SERVICE).recorded);
	assert_false(adopt(&l, buf_span(&other.bureau->bundle_file), SERVICE).recorded);
	assert_int_equal(
	    adopt(&l, buf_span(&l.bureau->bundle_file), SERVICE).err.code, ERR_CONFLICT);
	bundle.ptr[bundle.len - 1] ^= 1; /* one root's signature */
	assert_false(adopt(&l, buf_span(&bundle), SERVICE).recorded);
	assert_int_equal(held(&l), BUREAU_BUNDLE_SEQ);
	assert_int_equal(ledger_head(&l).size, 1);
	buf_free(&bundle);
	buf_free(&gap);
	ledger_close(&l);
	ledger_close(&other);
}

static void
while_a_bundle_waits_nothing_else_is_recorded(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;

	ledger_open(&l, "standard");
	ledger_case(&l, &r);
	road_do(&r, AN, road_submit());
	struct registry_item item = { .act = buf_span(&r.bytes[0]) };
	REQUIRE(registry_append(l.registry, &item, 1, true, r.now_s, &err));
	assert_false(item.recorded);
	assert_memory_equal(item.err.text, "ACT-06", 6);
	road_close(&r);
	ledger_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_adopted_bundle_is_lived_under_from_then_on),
		cmocka_unit_test(threat_48_other_bundles_are_not_adopted),
		cmocka_unit_test(while_a_bundle_waits_nothing_else_is_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
