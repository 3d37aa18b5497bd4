/* What a stolen key signed is no good news. */
#include "credential/parts.h"
#include "credential/status_list.h"
#include "registry/registry_parts.h"
#include "tests/registry/ledger.h"
#include "tests/test.h"

/* A licence, and what its slot shows. */
struct held {
	struct road issue, licence;
};

static void
issue(struct ledger *l, struct held *h)
{
	ledger_case_to(l, &h->issue, CASE_ISSUED);
	ledger_licence(l, &h->licence, &h->issue);
}

static void
let_go(struct held *h)
{
	road_close(&h->issue);
	road_close(&h->licence);
}

/* The bundle that reports the theft, adopted. */
static void
report(struct ledger *l, enum signer who, int64_t since_s)
{
	struct buf bundle = BUF_EMPTY;

	ledger_next_bundle(
	    &bundle, l, BUREAU_BUNDLE_SEQ + 1, &(struct ledger_theft){ who, since_s });
	struct registry_item item = ledger_adopt(l, buf_span(&bundle), SERVICE);
	if (!item.recorded)
		fail_msg("%s", item.err.text);
	buf_free(&bundle);
}

/* The slot in all three parts: one that is unknown has neither fingerprint nor history. */
static enum status
shown(struct ledger *l, const struct held *h)
{
	const int64_t at_s = ledger_head(l).recorded_s + 60;
	struct snapshot_parts parts;
	struct fingerprints *prints = NULL;
	struct history_part *history = NULL;
	struct fingerprint f;

	REQUIRE(registry_view_begin(l->registry, &err));
	REQUIRE(registry_list_parts(&parts, l->registry, 0, at_s, &err));
	registry_view_end(l->registry);
	REQUIRE(fingerprints_parse(&prints, buf_span(&parts.fingerprints), &err));
	REQUIRE(history_part_parse(&history, buf_span(&parts.history), &err));
	enum status s = status_list_get(parts.status.ptr, h->issue.idx);
	assert_int_equal(fingerprints_find(&f, prints, h->issue.idx), s != STATUS_UNKNOWN);
	if (s == STATUS_UNKNOWN)
		assert_int_equal(history_part_find(history, h->issue.idx).n_entries, 0);
	fingerprints_free(prints);
	history_part_free(history);
	snapshot_parts_free(&parts);
	return s;
}

/* Issued before: as it was. Issued after: as if it were not in the register; history of others stays. */
static void
a_certificate_made_after_the_theft_is_left_out(void **state)
{
	/* who signs an early act of the case, the decision, a second signature, *made* */
	static const enum signer thieves[] = { SHEN, GUAN, FU, SERVICE };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(thieves); i++) {
		struct ledger l;
		struct held before, after, suspended;

		ledger_open(&l, "standard");
		issue(&l, &before);
		const int64_t since_s = ledger_head(&l).recorded_s + 1;
		issue(&l, &after);
		issue(&l, &suspended);
		ledger_sanction(&l, &suspended.licence, ACT_SUSPEND);
		assert_int_equal(shown(&l, &after), STATUS_ACTIVE);
		report(&l, thieves[i], since_s);
		assert_int_equal(shown(&l, &before), STATUS_ACTIVE);
		assert_int_equal(shown(&l, &after), STATUS_UNKNOWN);
		assert_int_equal(shown(&l, &suspended), STATUS_UNKNOWN);
		let_go(&before);
		let_go(&after);
		let_go(&suspended);
		ledger_close(&l);
	}
}

/* The act of the very second counts as the thief's. */
static void
the_second_of_the_theft_is_the_thiefs(void **state)
{
	(void)state;
	struct ledger l;
	struct held h;

	ledger_open(&l, "standard");
	issue(&l, &h);
	report(&l, FU, h.issue.entries[h.issue.n - 2].recorded_s); /* the approval */
	assert_int_equal(shown(&l, &h), STATUS_UNKNOWN);
	let_go(&h);
	ledger_close(&l);
}

/* One signature may say no: a thief's suspension stays until officers lift it. His lifting is left out. */
static void
only_good_news_is_left_out(void **state)
{
	(void)state;
	struct ledger l;
	struct held lifted, revoked, proposed;

	ledger_open(&l, "standard");
	issue(&l, &lifted);
	ledger_sanction(&l, &lifted.licence, ACT_SUSPEND);
	issue(&l, &revoked);
	issue(&l, &proposed);
	ledger_sanction(&l, &proposed.licence, ACT_SUSPEND);
	road_do(&proposed.licence, CHANG, road_sanction(&proposed.licence, ACT_LIFT));
	ledger_record(&l, &proposed.licence, proposed.licence.n - 1);
	const int64_t since_s = ledger_head(&l).recorded_s + 1;
	/* proposed before, approved after the theft */
	proposed.licence.now_s = since_s;
	road_do(&proposed.licence, FU, road_answer(&proposed.licence, ACT_APPROVE));
	ledger_record(&l, &proposed.licence, proposed.licence.n - 1);
	ledger_sanction(&l, &lifted.licence, ACT_LIFT);
	ledger_sanction(&l, &revoked.licence, ACT_REVOKE);
	assert_int_equal(shown(&l, &lifted), STATUS_ACTIVE);
	assert_int_equal(shown(&l, &proposed), STATUS_ACTIVE);
	report(&l, CHANG, since_s);
	assert_int_equal(shown(&l, &lifted), STATUS_SUSPENDED);
	assert_int_equal(shown(&l, &proposed), STATUS_ACTIVE);
	assert_int_equal(shown(&l, &revoked), STATUS_REVOKED);
	let_go(&lifted);
	let_go(&revoked);
	let_go(&proposed);
	ledger_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_made_after_the_theft_is_left_out),
		cmocka_unit_test(the_second_of_the_theft_is_the_thiefs),
		cmocka_unit_test(only_good_news_is_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
