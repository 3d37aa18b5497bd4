#include "tests/registry/ledger.h"
#include "tests/test.h"

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
	ledger_next_bundle(&bundle, &l, BUREAU_BUNDLE_SEQ + 1, NULL);
	struct registry_item item = ledger_adopt(&l, buf_span(&bundle), SERVICE);
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
	ledger_next_bundle(&bundle, &l, BUREAU_BUNDLE_SEQ + 1, NULL);
	ledger_next_bundle(&gap, &l, BUREAU_BUNDLE_SEQ - 1, NULL);
	assert_false(ledger_adopt(&l, buf_span(&bundle), AN).recorded);
	assert_false(ledger_adopt(&l, buf_span(&gap), SERVICE).recorded);
	assert_false(ledger_adopt(&l, buf_span(&other.bureau->bundle_file), SERVICE).recorded);
	assert_int_equal(
	    ledger_adopt(&l, buf_span(&l.bureau->bundle_file), SERVICE).err.code, ERR_CONFLICT);
	bundle.ptr[bundle.len - 1] ^= 1; /* one root's signature */
	assert_false(ledger_adopt(&l, buf_span(&bundle), SERVICE).recorded);
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
