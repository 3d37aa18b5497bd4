#include "registry/snapshot_build.h"

#include "credential/parts.h"
#include "credential/status_list.h"
#include "registry/registry_parts.h"
#include "tests/registry/ledger.h"
#include "tests/test.h"

#define AT_S BUREAU_START_S

static struct snapshot_parts
build(const struct snapshot_row *rows, size_t n, int64_t at_s)
{
	struct snapshot_parts parts;
	REQUIRE(snapshot_build(&parts, rows, n, at_s, &err));
	return parts;
}

static enum status
shown(const struct snapshot_parts *parts, uint16_t idx)
{
	assert_int_equal(parts->status.len, LIMIT_LIST_BYTES);
	return status_list_get(parts->status.ptr, idx);
}

static void
an_empty_list_knows_nobody(void **state)
{
	(void)state;
	struct snapshot_parts parts = build(NULL, 0, AT_S);
	struct history_part *history = NULL;

	for (unsigned i = 0; i < LIMIT_LIST_SLOTS; i += 257)
		assert_int_equal(shown(&parts, (uint16_t)i), STATUS_UNKNOWN);
	assert_int_equal(parts.fingerprints.len, 0);
	REQUIRE(history_part_parse(&history, buf_span(&parts.history), &err));
	history_part_free(history);
	snapshot_parts_free(&parts);
}

/* Rows of every sort, read back by the verifier's readers. */
static void
slots_show_what_they_are(void **state)
{
	(void)state;
	static const uint8_t files[2][SHA256_BYTES] = { { 7 }, { 8 } };
	const struct history_entry revoked = { STATUS_REVOKED, AT_S - 10, HISTORY_OPEN, AT_S - 5,
		0 };
	const struct history_entry coming = { STATUS_REVOKED, AT_S + 10, HISTORY_OPEN, AT_S - 5,
		0 };
	const struct snapshot_row rows[] = {
		{ .idx = 0, .assigned = true, .credential_hash = { 1 }, files, 1, NULL, 0 },
		{ .idx = 1 },
		{ .idx = 4711, .assigned = true, .credential_hash = { 2 }, files, 2, &revoked, 1 },
		{ .idx = 65535, .assigned = true, .credential_hash = { 3 }, files, 1, &coming, 1 },
	};
	struct snapshot_parts parts = build(rows, COUNT_OF(rows), AT_S);
	struct fingerprints *prints = NULL;
	struct history_part *history = NULL;
	struct fingerprint f;

	assert_int_equal(shown(&parts, 0), STATUS_ACTIVE);
	assert_int_equal(shown(&parts, 1), STATUS_PENDING);
	assert_int_equal(shown(&parts, 2), STATUS_UNKNOWN);
	assert_int_equal(shown(&parts, 4711), STATUS_REVOKED);
	assert_int_equal(shown(&parts, 65535), STATUS_ACTIVE); /* until it takes effect */

	REQUIRE(fingerprints_parse(&prints, buf_span(&parts.fingerprints), &err));
	assert_false(fingerprints_find(&f, prints, 1));
	assert_true(fingerprints_find(&f, prints, 4711));
	assert_true(fingerprint_is_of(&f, rows[2].credential_hash));
	assert_true(fingerprint_has_file(&f, files[0]) && fingerprint_has_file(&f, files[1]));
	assert_true(fingerprints_find(&f, prints, 0));
	assert_false(fingerprint_has_file(&f, files[1]));
	fingerprints_free(prints);

	REQUIRE(history_part_parse(&history, buf_span(&parts.history), &err));
	assert_int_equal(history_part_find(history, 0).n_entries, 0);
	assert_int_equal(history_part_find(history, 65535).n_entries, 1);
	assert_true(history_part_find(history, 65535).entries[0].from_s == AT_S + 10);
	history_part_free(history);
	snapshot_parts_free(&parts);

	parts = build(rows, COUNT_OF(rows), AT_S + 10);
	assert_int_equal(shown(&parts, 65535), STATUS_REVOKED);
	snapshot_parts_free(&parts);
}

/* ---- from a register ---- */

static struct snapshot_parts
parts_of(struct ledger *l, int64_t at_s)
{
	struct snapshot_parts parts;
	REQUIRE(registry_view_begin(l->registry, &err));
	REQUIRE(registry_list_parts(&parts, l->registry, 0, at_s, &err));
	registry_view_end(l->registry);
	return parts;
}

static enum status
status_of(struct ledger *l, const struct road *r, int64_t at_s)
{
	struct snapshot_parts parts = parts_of(l, at_s);
	enum status s = shown(&parts, r->idx);
	snapshot_parts_free(&parts);
	return s;
}

/* Reserved while the proposal is open, or approved and not made; then assigned, or nothing for ever. */
static void
a_slot_is_pending_only_as_long_as_it_may_be_made(void **state)
{
	(void)state;
	struct ledger l;
	struct road r, cancelled;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_GRANTED);
	ledger_case_to(&l, &cancelled, CASE_ISSUE_PROPOSED);
	assert_int_equal(status_of(&l, &r, r.now_s), STATUS_UNKNOWN);
	road_do(&r, YIN, road_issue(&r));
	const int64_t not_after_s = chain_not_after_s(&r.entries[r.n - 1]);
	ledger_record(&l, &r, r.n - 1);
	assert_int_equal(status_of(&l, &r, r.now_s), STATUS_PENDING);
	assert_int_equal(status_of(&l, &r, not_after_s - 1), STATUS_PENDING);
	assert_int_equal(status_of(&l, &r, not_after_s), STATUS_UNKNOWN); /* lapsed */
	road_do(&r, FU, road_answer(&r, ACT_APPROVE));
	ledger_record(&l, &r, r.n - 1);
	assert_int_equal(status_of(&l, &r, r.now_s), STATUS_PENDING);
	assert_int_equal(status_of(&l, &r, not_after_s), STATUS_UNKNOWN);
	road_do(&r, SERVICE, road_made(&r));
	ledger_record(&l, &r, r.n - 1);
	assert_int_equal(status_of(&l, &r, r.now_s), STATUS_ACTIVE);
	assert_int_equal(status_of(&l, &r, not_after_s), STATUS_ACTIVE);

	assert_int_equal(status_of(&l, &cancelled, cancelled.now_s), STATUS_PENDING);
	road_do(&cancelled, YIN, road_answer(&cancelled, ACT_CANCEL));
	ledger_record(&l, &cancelled, cancelled.n - 1);
	assert_int_equal(status_of(&l, &cancelled, cancelled.now_s), STATUS_UNKNOWN);
	road_close(&r);
	road_close(&cancelled);
	ledger_close(&l);
}

static void
the_same_acts_give_the_same_parts(void **state)
{
	(void)state;
	struct ledger l;
	struct road r, licence, open;

	ledger_open(&l, "standard");
	ledger_case_to(&l, &r, CASE_ISSUED);
	ledger_licence(&l, &licence, &r);
	ledger_sanction(&l, &licence, ACT_SUSPEND);
	ledger_sanction(&l, &licence, ACT_REVOKE);
	ledger_case_to(&l, &open, CASE_ISSUE_APPROVED);
	const int64_t at_s = ledger_head(&l).recorded_s + 60;
	struct snapshot_parts before = parts_of(&l, at_s);
	assert_int_equal(shown(&before, r.idx), STATUS_REVOKED);
	assert_int_equal(shown(&before, open.idx), STATUS_PENDING);
	REQUIRE(registry_rebuild(l.registry, &err));
	struct snapshot_parts after = parts_of(&l, at_s);
	assert_true(span_equal(buf_span(&before.status), buf_span(&after.status)));
	assert_true(span_equal(buf_span(&before.fingerprints), buf_span(&after.fingerprints)));
	assert_true(span_equal(buf_span(&before.history), buf_span(&after.history)));
	snapshot_parts_free(&before);
	snapshot_parts_free(&after);
	road_close(&r);
	road_close(&licence);
	road_close(&open);
	ledger_close(&l);
}

static void
there_are_as_many_lists_as_were_begun(void **state)
{
	(void)state;
	struct ledger l;
	struct road r;
	size_t lists;

	ledger_open(&l, "standard");
	REQUIRE(registry_lists(&lists, l.registry, &err));
	assert_int_equal(lists, 0);
	ledger_case_to(&l, &r, CASE_ISSUE_PROPOSED);
	REQUIRE(registry_lists(&lists, l.registry, &err));
	assert_int_equal(lists, 1);
	road_close(&r);
	ledger_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_list_knows_nobody),
		cmocka_unit_test(slots_show_what_they_are),
		cmocka_unit_test(a_slot_is_pending_only_as_long_as_it_may_be_made),
		cmocka_unit_test(the_same_acts_give_the_same_parts),
		cmocka_unit_test(there_are_as_many_lists_as_were_begun),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
