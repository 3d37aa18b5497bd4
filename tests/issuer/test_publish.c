/* What the public reads, judged by the code that reads it. */
#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "credential/parts.h"
#include "credential/snapshot.h"
#include "credential/status_token.h"
#include "issuer/publish.h"
#include "registry/audit.h"
#include "tests/issuer/workshop.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct workshop_wish STAR_BRIDGE = { .example = "star-bridge" };

static int
open_workshop(void **state)
{
	static struct workshop w;
	workshop_open(&w, "standard");
	*state = &w;
	return 0;
}

static int
close_workshop(void **state)
{
	workshop_close(*state);
	return 0;
}

static bool
try_publish(struct publish_report *out, struct workshop *w, struct err *why)
{
	char folder[96];

	snprintf(folder, sizeof folder, "%s/public", w->folder);
	return publish(out, w->bureau, folder, w->now_s, why);
}

static struct publish_report
publish_now(struct workshop *w)
{
	struct publish_report report;

	REQUIRE(try_publish(&report, w, &err));
	return report;
}

static void
must_not_publish(struct workshop *w, const char *sentence)
{
	struct publish_report report;
	struct err why = { 0 };

	assert_false(try_publish(&report, w, &why));
	if (strstr(why.text, sentence) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why.text, sentence);
}

/* What the public sees now. */
struct seen {
	struct buf file;
	struct cose_sign envelope;
	struct snapshot *manifest;
	struct buf status, fingerprints, history;
};

static void
seen_free(struct seen *s)
{
	snapshot_free(s->manifest);
	buf_free(&s->file);
	buf_free(&s->status);
	buf_free(&s->fingerprints);
	buf_free(&s->history);
}

static void
read_part(struct buf *out, const struct workshop *w, const uint8_t hash[SHA256_BYTES])
{
	char hex[2 * SHA256_BYTES + 1], name[96];
	uint8_t have[SHA256_BYTES];

	hex_encode(hex, span_of(hash, SHA256_BYTES));
	snprintf(name, sizeof name, "public/v1/parts/%s", hex);
	assert_true(workshop_read(out, w, name));
	sha256(have, buf_span(out));
	assert_memory_equal(have, hash, SHA256_BYTES);
}

static void
look(struct seen *s, const struct workshop *w)
{
	const struct trust *trust;
	const struct bundle_key *key;
	struct checkpoint checkpoint;
	bool witnessed;

	*s = (struct seen){ 0 };
	REQUIRE(bureau_trust(&trust, w->bureau, &err));
	assert_true(workshop_read(&s->file, w, "public/v1/snapshot"));
	REQUIRE(snapshot_parse_file(&s->envelope, &s->manifest, buf_span(&s->file), &err));
	assert_int_equal(
	    trust_verify_snapshot(&key, trust, &s->envelope, s->manifest->iat_s), TRUST_YES);
	REQUIRE(
	    trust_verify_checkpoint(&checkpoint, &witnessed, trust, s->manifest->checkpoint, &err));
	assert_int_equal(s->manifest->n_lists, 1);
	read_part(&s->status, w, s->manifest->lists[0].status_hash);
	read_part(&s->fingerprints, w, s->manifest->lists[0].fingerprints_hash);
	read_part(&s->history, w, s->manifest->lists[0].history_hash);
}

static void
find_instrument(struct registry_instrument *out, struct workshop *w, const char *number)
{
	struct number parsed;
	char stored[NUMBER_STORED_BYTES];

	REQUIRE(number_parse(&parsed, span_text(number), &err));
	number_stored(stored, &parsed);
	REQUIRE(registry_find_instrument(out, w->bureau->registry, span_text(stored), &err));
}

/* The slot's status in the snapshot; the token must say the same. */
static enum status
status_of(struct workshop *w, uint16_t idx)
{
	struct seen s;
	uint8_t *list = malloc(LIMIT_LIST_BYTES);
	struct buf file = BUF_EMPTY;
	struct cose_sign1 envelope;
	struct status_token token;

	look(&s, w);
	enum status status = status_list_get(s.status.ptr, idx);
	assert_true(workshop_read(&file, w, "public/v1/status/TEST/0"));
	REQUIRE(status_token_parse_file(&envelope, &token, list, buf_span(&file), &err));
	assert_true(span_is(token.sub, "https://v.example/v1/status/TEST/0"));
	assert_int_equal(token.exp_s, s.manifest->exp_s);
	assert_int_equal(status_list_get(list, idx), status);
	buf_free(&file);
	free(list);
	seen_free(&s);
	return status;
}

/* Another program's opinion of everything that was published. */
static struct audit_result *
audit(const struct workshop *w)
{
	char db[96], second[96], issued[96], published[96];
	struct audit_result *result = calloc(1, sizeof *result);
	struct audit_question q = { .registry = db,
		.policies = w->bureau->policies,
		.n_policies = w->bureau->n_policies,
		.root = w->keys.root_file,
		.second_copy = second,
		.issued = issued,
		.published = published };

	snprintf(db, sizeof db, "%s/registry.db", w->folder);
	snprintf(second, sizeof second, "%s/second/acts.log", w->folder);
	snprintf(issued, sizeof issued, "%s/issued", w->folder);
	snprintf(published, sizeof published, "%s/public", w->folder);
	REQUIRE(registry_audit(result, &q, &err));
	if (!result->clean)
		fail_msg("%s", result->finding);
	return result;
}

/* ---- */

static void
what_is_issued_is_found_in_force(void **state)
{
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES];
	struct registry_instrument *i = malloc(sizeof *i);
	struct fingerprints *prints;
	struct fingerprint print;
	struct seen s;

	workshop_issue(number, w, &STAR_BRIDGE);
	find_instrument(i, w, number);
	struct publish_report report = publish_now(w);
	assert_int_equal(report.seq, 1);
	assert_int_equal(report.renew_s, w->now_s + 7 * 86400 / 2);
	assert_int_equal(status_of(w, i->idx), STATUS_ACTIVE);
	look(&s, w);
	assert_int_equal(s.manifest->exp_s - s.manifest->iat_s, 7 * 86400);
	REQUIRE(fingerprints_parse(&prints, buf_span(&s.fingerprints), &err));
	assert_true(fingerprints_find(&print, prints, i->idx));
	assert_true(fingerprint_has_file(&print, i->pdf_hash));
	assert_true(fingerprint_is_of(&print, i->credential_hash));
	fingerprints_free(prints);
	seen_free(&s);
	struct audit_result *result = audit(w);
	assert_int_equal(result->parts, 4);
	assert_int_equal(result->tiles, 2);
	assert_int_equal(result->pdfs, 1);
	assert_int_equal(result->coses, 1);
	free(result);
	free(i);
}

static void
a_bureau_without_certificates_publishes_too(void **state)
{
	struct workshop *w = *state;
	struct buf file = BUF_EMPTY;

	publish_now(w);
	assert_true(workshop_read(&file, w, "public/v1/snapshot"));
	assert_true(workshop_read(&file, w, "public/log/checkpoint"));
	assert_true(workshop_read(&file, w, "public/log/tile/entries/000.p/1"));
	buf_free(&file);
	free(audit(w));
}

static void
a_proposed_one_is_pending_and_a_lapsed_one_nothing(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct registry_chain chain;
	struct claims claims;

	workshop_case(subject, w, &STAR_BRIDGE);
	REQUIRE(workshop_propose(w, subject, &err));
	REQUIRE(registry_chain(&chain, w->bureau->registry, span_text(subject), &err));
	REQUIRE(
	    credential_claims_parse(&claims, chain.entries[chain.n - 1].body.issue.claims, &err));
	publish_now(w);
	assert_int_equal(status_of(w, claims.idx), STATUS_PENDING);
	w->now_s += 31 * 86400;
	publish_now(w);
	assert_int_equal(status_of(w, claims.idx), STATUS_UNKNOWN);
	registry_chain_free(&chain);
}

static void
every_sanction_is_published(void **state)
{
	static const struct {
		enum act_kind kind;
		enum status status;
	} rows[] = { { ACT_SUSPEND, STATUS_SUSPENDED }, { ACT_LIFT, STATUS_ACTIVE },
		{ ACT_REVOKE, STATUS_REVOKED } };
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES];
	struct registry_instrument *i = malloc(sizeof *i);
	size_t known = 0;

	workshop_issue(number, w, &STAR_BRIDGE);
	find_instrument(i, w, number);
	for (size_t n = 0; n < COUNT_OF(rows); n++) {
		struct history_part *history;
		struct seen s;
		workshop_sanction(w, number, rows[n].kind);
		assert_int_equal(publish_now(w).seq, n + 1);
		assert_int_equal(status_of(w, i->idx), rows[n].status);
		look(&s, w);
		REQUIRE(history_part_parse(&history, buf_span(&s.history), &err));
		const struct slot_history entries = history_part_find(history, i->idx);
		assert_true(entries.n_entries > known);
		assert_int_equal(entries.entries[entries.n_entries - 1].status, rows[n].status);
		known = entries.n_entries;
		history_part_free(history);
		seen_free(&s);
	}
	free(audit(w));
	free(i);
}

/* A clock that stands before the newest act must not hide it. */
static void
a_clock_put_back_hides_no_revocation(void **state)
{
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES];
	struct registry_instrument *i = malloc(sizeof *i);

	workshop_issue(number, w, &STAR_BRIDGE);
	find_instrument(i, w, number);
	workshop_sanction(w, number, ACT_REVOKE);
	w->now_s -= 600;
	publish_now(w);
	assert_int_equal(status_of(w, i->idx), STATUS_REVOKED);
	free(i);
}

static void
only_what_changed_is_written(void **state)
{
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES];

	workshop_issue(number, w, &STAR_BRIDGE);
	publish_now(w);
	w->now_s += 3600;
	assert_int_equal(publish_now(w).written, 2); /* the token and the manifest */
}

/* ---- threat 34: a register put back ---- */

static void
must_not_make(struct workshop *w, const char *subject)
{
	struct issue_item made;
	struct err why = { 0 };

	assert_false(workshop_make(&made, w, subject, &why));
	if (strstr(why.text, "acts are lost") == NULL)
		fail_msg("\"%s\" does not say that acts are lost", why.text);
}

/* Each of the two head files and of what is published says so alone. */
static void
threat_34_nothing_is_signed_over_a_register_put_back(void **state)
{
	static const char *const left[] = { "keys/log.head", "keys/status.head",
		"public/log/checkpoint" };
	static const char *const kept[] = { "kept-1", "kept-2", "kept-3" };
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES], subject[ACT_SUBJECT_BYTES + 1];

	workshop_case(subject, w, &STAR_BRIDGE);
	REQUIRE(workshop_propose(w, subject, &err));
	workshop_issue(number, w, &STAR_BRIDGE);
	bureau_close(w->bureau);
	w->bureau = NULL;
	workshop_copy(w, "registry.db", "old.db");
	workshop_copy(w, "second/acts.log", "old.log");
	workshop_reopen(w);
	workshop_sanction(w, number, ACT_REVOKE);
	publish_now(w);

	bureau_close(w->bureau);
	w->bureau = NULL;
	workshop_copy(w, "old.db", "registry.db");
	workshop_copy(w, "old.log", "second/acts.log");
	workshop_remove(w, "registry.db-wal");
	workshop_remove(w, "registry.db-shm");
	workshop_reopen(w);
	must_not_publish(w, "acts are lost");
	/* and not either when as many other acts have come since */
	workshop_approve(w, FU, subject);
	workshop_sanction(w, number, ACT_SUSPEND);
	for (size_t i = 0; i < COUNT_OF(left); i++) {
		workshop_copy(w, left[i], kept[i]);
		workshop_remove(w, left[i]);
	}
	for (size_t i = 0; i < COUNT_OF(left); i++) {
		workshop_copy(w, kept[i], left[i]);
		must_not_publish(w, "acts are lost");
		must_not_make(w, subject);
		workshop_remove(w, left[i]);
	}
	struct issue_item made;
	REQUIRE(workshop_make(&made, w, subject, &err));
	publish_now(w);
}

static void
nothing_is_published_while_a_newer_bundle_waits(void **state)
{
	struct workshop *w = *state;
	struct buf next = BUF_EMPTY, file = BUF_EMPTY;

	publish_now(w);
	workshop_keys_next(&next, &w->keys, &(struct workshop_change){ .stolen = -1 });
	workshop_write(w, "trust-bundle", buf_span(&next));
	must_not_publish(w, "ACT-06");
	REQUIRE(workshop_try(w, -1, "register",
	    &(struct act_body){ .kind = ACT_ADOPT, .adopt = { buf_span(&next) } }, &err));
	publish_now(w);
	assert_true(workshop_read(&file, w, "public/v1/trust-bundle"));
	assert_true(span_equal(buf_span(&file), buf_span(&next)));
	buf_free(&file);
	assert_true(workshop_read(&file, w, "public/v1/trust-bundles/1"));
	assert_true(span_equal(buf_span(&file), buf_span(&w->keys.bundle_file)));
	buf_free(&file);
	assert_true(workshop_read(&file, w, "public/v1/trust-bundles/2"));
	buf_free(&file);
	buf_free(&next);
	free(audit(w));
}

/* A register put back from before the adoption: what was published says so. */
static void
a_published_bundle_waits_too(void **state)
{
	struct workshop *w = *state;
	struct buf next = BUF_EMPTY;

	publish_now(w);
	workshop_keys_next(&next, &w->keys, &(struct workshop_change){ .stolen = -1 });
	workshop_write(w, "public/v1/trust-bundle", buf_span(&next));
	must_not_publish(w, "ACT-06");
	buf_free(&next);
}

/* ---- what must not be there, and what goes ---- */

static const char *const HOLDERS[] = { "示例星桥", "Star Bridge", "91999901MADEM00110", "程星桥",
	"示例省", "JC-A-", "JCA999900", "C-2026-", "示决" };

static int
holds_nothing_of_a_holder(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	struct buf bytes = BUF_EMPTY;

	(void)st;
	(void)at;
	if (kind != FTW_F)
		return 0;
	REQUIRE(file_read(&bytes, path, LIMIT_PART_BYTES, &err));
	for (size_t i = 0; i < COUNT_OF(HOLDERS); i++)
		if (memmem(bytes.ptr, bytes.len, HOLDERS[i], strlen(HOLDERS[i])) != NULL ||
		    strstr(path, HOLDERS[i]) != NULL)
			fail_msg("%s says \"%s\"", path, HOLDERS[i]);
	buf_free(&bytes);
	return 0;
}

static void
nothing_published_names_a_holder(void **state)
{
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES], folder[96];

	workshop_issue(number, w, &STAR_BRIDGE);
	workshop_sanction(w, number, ACT_SUSPEND);
	publish_now(w);
	snprintf(folder, sizeof folder, "%s/public", w->folder);
	assert_int_equal(nftw(folder, holds_nothing_of_a_holder, 16, FTW_PHYS), 0);
}

static void
parts_stay_an_hour_after_they_were_named(void **state)
{
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES];

	workshop_issue(number, w, &STAR_BRIDGE);
	publish_now(w);
	assert_int_equal(workshop_count(w, "public/v1/parts"),
	    3);                /* no history and no orders are the same bytes */
	w->now_s += 3 * 86400; /* named all the time */
	workshop_sanction(w, number, ACT_SUSPEND);
	publish_now(w);
	assert_int_equal(workshop_count(w, "public/v1/parts"), 5); /* another status, a history */
	w->now_s += 3500;
	publish_now(w);
	assert_int_equal(workshop_count(w, "public/v1/parts"), 5);
	w->now_s += 200;
	publish_now(w);
	assert_int_equal(workshop_count(w, "public/v1/parts"), 4);
	free(audit(w));
}

/* Past 256 entries: full tiles, and the partial ones they replace are gone. */
static void
the_log_grows_by_tiles(void **state)
{
	static const char least[] =
	    "{\"type\":\"new\",\"applicant\":{\"name\":{\"zh\":\"甲\"}},\"qualification\":"
	    "{\"family\":\"JC\",\"grade\":\"A\",\"scopes\":[]}}";
	struct workshop *w = *state;
	struct buf file = BUF_EMPTY;

	for (int i = 0; i < 260; i++) {
		char subject[ACT_SUBJECT_BYTES + 1];
		struct act_body body = { .kind = ACT_SUBMIT };
		body.submit.application = span_text(least);
		if (i == 200)
			publish_now(w);
		REQUIRE(registry_next_case(subject, w->bureau->registry, 2026, &err));
		REQUIRE(workshop_try(w, AN, subject, &body, &err));
	}
	assert_true(workshop_read(&file, w, "public/log/tile/0/000.p/201"));
	assert_int_equal(publish_now(w).size, 261);
	assert_true(workshop_read(&file, w, "public/log/tile/0/000"));
	assert_true(workshop_read(&file, w, "public/log/tile/0/001.p/5"));
	assert_true(workshop_read(&file, w, "public/log/tile/1/000.p/1"));
	assert_false(workshop_read(&file, w, "public/log/tile/0/000.p/201"));
	assert_false(workshop_read(&file, w, "public/log/tile/entries/000.p/201"));
	buf_free(&file);
	struct audit_result *result = audit(w);
	assert_int_equal(result->tiles, 5);
	free(result);
}

#define ON(test) cmocka_unit_test_setup_teardown(test, open_workshop, close_workshop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(what_is_issued_is_found_in_force),
		ON(a_bureau_without_certificates_publishes_too),
		ON(a_proposed_one_is_pending_and_a_lapsed_one_nothing),
		ON(every_sanction_is_published),
		ON(a_clock_put_back_hides_no_revocation),
		ON(only_what_changed_is_written),
		ON(threat_34_nothing_is_signed_over_a_register_put_back),
		ON(nothing_is_published_while_a_newer_bundle_waits),
		ON(a_published_bundle_waits_too),
		ON(nothing_published_names_a_holder),
		ON(parts_stay_an_hour_after_they_were_named),
		ON(the_log_grows_by_tiles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
