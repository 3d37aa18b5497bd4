/* The road out, with real keys, acts, fonts and files. */
#include "core/civil.h"
#include "core/file.h"
#include "core/limits.h"
#include "credential/cose_file.h"
#include "credential/pdf_envelope.h"
#include "credential/qr_text.h"
#include "issuer/check.h"
#include "issuer/qr.h"
#include "tests/issuer/workshop.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct workshop_wish STAR_BRIDGE = { .example = "star-bridge" };

static int
open_standard(void **state)
{
	static struct workshop w;
	workshop_open(&w, "standard");
	*state = &w;
	return 0;
}

static int
open_small(void **state)
{
	static struct workshop w;
	workshop_open(&w, "small");
	*state = &w;
	return 0;
}

static int
close_workshop(void **state)
{
	workshop_close(*state);
	return 0;
}

/* ---- looking at what was made ---- */

struct made {
	char number[NUMBER_SHOWN_BYTES], stored[NUMBER_STORED_BYTES];
	struct buf pdf, cose;
	struct cose_file file; /* borrows cose */
	struct credential credential;
};

static void
made_free(struct made *m)
{
	buf_free(&m->pdf);
	buf_free(&m->cose);
}

static void
read_made(struct made *m, const struct workshop *w, const char *number)
{
	char name[64];
	struct number parsed;

	*m = (struct made){ 0 };
	snprintf(m->number, sizeof m->number, "%s", number);
	REQUIRE(number_parse(&parsed, span_text(number), &err));
	number_stored(m->stored, &parsed);
	snprintf(name, sizeof name, "issued/%s.pdf", number);
	assert_true(workshop_read(&m->pdf, w, name));
	snprintf(name, sizeof name, "issued/%s.cose", number);
	assert_true(workshop_read(&m->cose, w, name));
	REQUIRE(cose_file_parse(&m->file, buf_span(&m->cose), &err));
	REQUIRE(credential_parse(&m->credential, m->file.qc1, &err));
}

static size_t count_instruments(struct workshop *w);

static bool
count_one(void *ctx, const struct registry_instrument *i, struct err *err)
{
	(void)i;
	(void)err;
	++*(size_t *)ctx;
	return true;
}

static size_t
count_instruments(struct workshop *w)
{
	size_t n = 0;
	assert(w->bureau != NULL);
	REQUIRE(registry_each_instrument(w->bureau->registry, count_one, &n, &err));
	return n;
}

/* Approved by two, and not made. */
static void
approved_case(char subject[ACT_SUBJECT_BYTES + 1], struct workshop *w)
{
	workshop_case(subject, w, &STAR_BRIDGE);
	REQUIRE(workshop_propose(w, subject, &err));
	workshop_approve(w, w->small ? BI : FU, subject);
}

static bool
make_case(char number[NUMBER_SHOWN_BYTES], struct workshop *w, const char *subject, struct err *err)
{
	struct issue_made made;
	bool ok = workshop_make(&made, w, subject, err);
	memcpy(number, made.number, sizeof made.number);
	return ok;
}

static void
must_not_make(struct workshop *w, const char *subject, const char *sentence)
{
	char number[NUMBER_SHOWN_BYTES];
	struct err why = { 0 };

	size_t before = count_instruments(w);
	assert_false(make_case(number, w, subject, &why));
	if (strstr(why.text, sentence) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why.text, sentence);
	assert_int_equal(count_instruments(w), before);
	assert_int_equal(workshop_count(w, "issued"), 2 * before);
}

/* ---- what is made ---- */

static void
a_case_becomes_a_certificate_that_others_find_genuine(void **state)
{
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES];
	struct made m;
	const struct trust *trust;
	struct registry_instrument *i = calloc(1, sizeof *i);
	uint8_t hash[SHA256_BYTES];

	workshop_issue(number, w, &STAR_BRIDGE);
	read_made(&m, w, number);
	REQUIRE(bureau_trust(&trust, w->bureau, &err));
	REQUIRE(check_certificate(trust, buf_span(&m.pdf), &m.file, w->now_s, &err));
	REQUIRE(registry_find_instrument(i, w->bureau->registry, span_text(m.stored), &err));
	sha256(hash, buf_span(&m.pdf));
	assert_memory_equal(hash, i->pdf_hash, sizeof hash);
	assert_int_equal(i->pdf_bytes, m.pdf.len);
	assert_true(span_equal(m.file.qc1, span_of(i->qc1, i->qc1_len)));
	assert_true(span_is(m.credential.claims.sub, m.stored));
	assert_int_equal(m.credential.claims.exp_s,
	    civil_start_s(civil_anniversary(civil_of(m.credential.claims.iat_s), 5)));
	assert_int_equal(workshop_count(w, "issued"), 2);
	assert_int_equal(workshop_count(w, "issued/.making"), 0);
	free(i);
	made_free(&m);
}

/* D7: nothing in the page comes from the clock of the making. */
static void
every_date_in_the_page_is_the_proposals(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];
	struct made m;

	approved_case(subject, w);
	w->now_s += 20 * 86400; /* 10 December */
	REQUIRE(make_case(number, w, subject, &err));
	read_made(&m, w, number);
	assert_non_null(memmem(m.pdf.ptr, m.pdf.len, "D:20261120", 10));
	assert_null(memmem(m.pdf.ptr, m.pdf.len, "D:202612", 8));
	made_free(&m);
}

static void
making_again_makes_nothing_new(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], first[NUMBER_SHOWN_BYTES], again[NUMBER_SHOWN_BYTES];
	struct made before, after;

	approved_case(subject, w);
	REQUIRE(make_case(first, w, subject, &err));
	read_made(&before, w, first);
	workshop_reopen(w);
	REQUIRE(make_case(again, w, subject, &err));
	assert_string_equal(first, again);
	read_made(&after, w, again);
	assert_true(span_equal(buf_span(&before.pdf), buf_span(&after.pdf)));
	assert_int_equal(count_instruments(w), 1);
	made_free(&before);
	made_free(&after);
}

static int
version_of(const struct made *m)
{
	struct buf text = BUF_EMPTY;
	struct qr qr;

	REQUIRE(qr_text_prefix(&text, span_text("v.example"), &err));
	qr_text_digits(&text, m->file.qc1);
	REQUIRE(qr_encode(&qr, buf_span(&text), &err));
	int version = qr.version;
	qr_free(&qr);
	buf_free(&text);
	return version;
}

static void
the_code_stays_small(void **state)
{
	static const struct {
		const char *row;
		struct workshop_wish wish;
		size_t bytes;
		int version;
	} rows[] = {
		{ "16 hanzi, 4 scopes",
		    { .example = "star-bridge",
			.holder = "示例星桥信息技术股份有限责任公司",
			.scopes = { "integration", "consulting", "software", "data-recovery" } },
		    218, 11 },
		{ "60 hanzi, 8 scopes",
		    { .example = "star-bridge",
			.holder = "示例星桥信息技术与网络工程及数据处理和系统集成综合服务股份有限公"
				  "司第一分公"
				  "司暨西南"
				  "地区研究开发中心与运行维护保障管理总部",
			{ "integration", "consulting", "software", "security-monitoring",
			    "shielded-room", "operation-maintenance", "data-recovery",
			    "supervision" } },
		    355, 15 },
	};
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES];

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct made m;
		workshop_issue(number, w, &rows[i].wish);
		read_made(&m, w, number);
		CHECK_ROW(m.file.qc1.len <= rows[i].bytes, rows[i].row);
		CHECK_ROW(version_of(&m) <= rows[i].version, rows[i].row);
		made_free(&m);
	}
}

/* ---- what is refused ---- */

static void
nothing_is_made_before_two_officers_agree(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];

	workshop_case(subject, w, &STAR_BRIDGE);
	must_not_make(w, subject, "no such act"); /* nothing is proposed */
	REQUIRE(workshop_propose(w, subject, &err));
	must_not_make(w, subject, "two officers have not approved it");
}

static void
nothing_is_made_after_its_time(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct issue_recovery found;

	approved_case(subject, w);
	w->now_s += 31 * 86400;
	must_not_make(w, subject, "the time for making it has passed");
	REQUIRE(issue_recover(&found, w->bureau, w->now_s, &err));
	assert_int_equal(found.finished + found.failed, 0);
}

static void
nothing_is_made_while_a_newer_bundle_waits(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];
	struct buf next = BUF_EMPTY;
	struct issue_recovery found;

	approved_case(subject, w);
	workshop_keys_next(&next, &w->keys, &(struct workshop_change){ .stolen = -1 });
	workshop_write(w, "trust-bundle", buf_span(&next));
	must_not_make(w, subject, "ACT-06");
	REQUIRE(issue_recover(&found, w->bureau, w->now_s, &err));
	assert_int_equal(found.failed, 1);
	assert_non_null(strstr(found.first.text, "ACT-06"));

	REQUIRE(workshop_try(w, -1, "register",
	    &(struct act_body){ .kind = ACT_ADOPT, .adopt = { buf_span(&next) } }, &err));
	REQUIRE(make_case(number, w, subject, &err));
	buf_free(&next);
}

/* What is no bundle of this bureau stops nobody. */
static void
a_forged_bundle_does_not_wait(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];
	struct buf next = BUF_EMPTY;

	approved_case(subject, w);
	workshop_keys_next(&next, &w->keys, &(struct workshop_change){ .stolen = -1 });
	next.ptr[next.len - 5] ^= 1;
	workshop_write(w, "trust-bundle", buf_span(&next));
	REQUIRE(make_case(number, w, subject, &err));
	buf_free(&next);
}

static void
a_stolen_officers_key_makes_nothing_more(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct buf next = BUF_EMPTY;

	approved_case(subject, w);
	workshop_keys_next(&next, &w->keys, &(struct workshop_change){ .stolen = FU });
	REQUIRE(workshop_try(w, -1, "register",
	    &(struct act_body){ .kind = ACT_ADOPT, .adopt = { buf_span(&next) } }, &err));
	must_not_make(w, subject, "stolen");
	buf_free(&next);
}

/* What the officers signed names the layout's very bytes. */
static void
another_layout_is_refused(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct buf layout = BUF_EMPTY;

	approved_case(subject, w);
	REQUIRE(file_read(&layout, SOURCE_DIR "/templates/grade-a.json", LIMIT_JSON_BYTES, &err));
	buf_add_text(&layout, "\n");
	workshop_write(w, "grade-a.json", buf_span(&layout));
	w->bureau->conf.templates = strdup(".");
	must_not_make(w, subject, "not the one the officers signed");
	buf_free(&layout);
}

static void
a_host_nobody_lists_is_not_printed(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	struct err why = { 0 };

	workshop_case(subject, w, &STAR_BRIDGE);
	free(w->bureau->conf.host);
	w->bureau->conf.host = strdup("w.example");
	assert_false(workshop_propose(w, subject, &why));
	assert_non_null(strstr(why.text, "w.example"));
}

/* Threat 49: one bad item at each position of a sitting. */
static void
threat_49_one_bad_case_at_each_place(void **state)
{
	struct workshop *w = *state;
	char subject[3][ACT_SUBJECT_BYTES + 1], id[REGISTRY_SITTING_BYTES];

	for (size_t i = 0; i < 3; i++)
		workshop_case(subject[i], w, &STAR_BRIDGE);
	for (size_t bad = 0; bad < 3; bad++) {
		struct sitting s = { .bureau = w->bureau, .now_s = w->now_s };
		struct issue_wish wishes[3];
		struct err why = { 0 };
		for (size_t i = 0; i < 3; i++)
			wishes[i] = (struct issue_wish){ .kind = ACT_ISSUE,
				.subject = span_text(i == bad ? "case/C-2026-0999" : subject[i]) };
		REQUIRE(sitting_new_id(id, w->bureau, &err));
		assert_false(issue_propose(&s, id, wishes, 3, &why));
		assert_non_null(strstr(why.text, "C-2026-0999"));
		sitting_free(&s);
	}
}

/* ---- threats 29 and 32: crashes, and two at once ---- */

/* As after a crash between the third commit and the names. */
static void
take_names_away(const struct workshop *w, const char *number)
{
	char from[160], to[160];

	for (int i = 0; i < 2; i++) {
		const char *ending = i == 0 ? "pdf" : "cose";
		snprintf(from, sizeof from, "%s/issued/%s.%s", w->folder, number, ending);
		snprintf(to, sizeof to, "%s/issued/.making/%s.%s", w->folder, number, ending);
		assert_int_equal(rename(from, to), 0);
	}
}

static void
threat_29_what_is_made_gets_its_names(void **state)
{
	struct workshop *w = *state;
	char number[NUMBER_SHOWN_BYTES];
	struct issue_recovery found;
	struct made before, after;

	workshop_issue(number, w, &STAR_BRIDGE);
	read_made(&before, w, number);
	take_names_away(w, number);
	REQUIRE(issue_recover(&found, w->bureau, w->now_s, &err));
	assert_int_equal(found.finished, 1);
	assert_int_equal(found.failed, 0);
	read_made(&after, w, number);
	assert_true(span_equal(buf_span(&before.pdf), buf_span(&after.pdf)));
	assert_int_equal(workshop_count(w, "issued/.making"), 0);
	made_free(&before);
	made_free(&after);
}

static void
copy_file(const struct workshop *w, const char *from, const char *to)
{
	struct buf bytes = BUF_EMPTY;
	char path[160];

	snprintf(path, sizeof path, "%s/%s", w->folder, from);
	REQUIRE(file_read(&bytes, path, LIMIT_BUF_BYTES, &err));
	workshop_write(w, to, buf_span(&bytes));
	buf_free(&bytes);
}

static void
remove_file(const struct workshop *w, const char *name)
{
	char path[160];

	snprintf(path, sizeof path, "%s/%s", w->folder, name);
	unlink(path);
}

/*
 * Killed between the two copies of *made*: the second one has it, the tables do not. Made anew, the only
 * file with its hash would be gone.
 */
static void
threat_29_what_the_second_copy_alone_holds_is_made(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];
	struct made before, after;

	approved_case(subject, w);
	bureau_close(w->bureau);
	w->bureau = NULL;
	copy_file(w, "registry.db", "before.db");
	workshop_reopen(w);
	REQUIRE(make_case(number, w, subject, &err));
	read_made(&before, w, number);
	take_names_away(w, number);
	for (int again = 0; again < 2; again++) { /* recovery, then the command itself */
		struct issue_recovery found;
		bureau_close(w->bureau);
		w->bureau = NULL;
		copy_file(w, "before.db", "registry.db");
		remove_file(w, "registry.db-wal");
		remove_file(w, "registry.db-shm");
		workshop_reopen(w);
		if (again == 0) {
			REQUIRE(issue_recover(&found, w->bureau, w->now_s, &err));
			assert_int_equal(found.failed, 0);
			take_names_away(w, number);
		} else {
			REQUIRE(make_case(number, w, subject, &err));
		}
	}
	read_made(&after, w, number);
	assert_true(span_equal(buf_span(&before.pdf), buf_span(&after.pdf)));
	assert_int_equal(count_instruments(w), 1);
	made_free(&before);
	made_free(&after);
}

static void
threat_29_what_is_approved_is_made(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];
	struct issue_recovery found;

	approved_case(subject, w);
	workshop_reopen(w);
	REQUIRE(issue_recover(&found, w->bureau, w->now_s, &err));
	assert_int_equal(found.finished, 1);
	assert_int_equal(count_instruments(w), 1);
	REQUIRE(make_case(number, w, subject, &err)); /* says the number */
	assert_int_equal(workshop_count(w, "issued"), 2);
}

static void
threat_29_leftovers_are_cleared(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES], name[96];
	struct issue_recovery found;

	approved_case(subject, w);
	REQUIRE(make_case(number, w, subject, &err));
	/* of a number that never came to be; of ours, but another attempt; of no number at all */
	workshop_write(w, "issued/.making/JC-A-999900-2026-48213-6.pdf", span_text("half"));
	snprintf(name, sizeof name, "issued/.making/%s.pdf", number);
	workshop_write(w, name, span_text("an earlier attempt"));
	workshop_write(w, "issued/.making/.qualcert-Ab3xYz", span_text("h"));
	REQUIRE(issue_recover(&found, w->bureau, w->now_s, &err));
	assert_int_equal(found.cleared, 2);
	assert_int_equal(found.failed, 0);
	assert_int_equal(workshop_count(w, "issued/.making"), 0);
	assert_int_equal(workshop_count(w, "issued"), 2);
}

static void
no_file_is_ever_replaced(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES], name[64];
	struct err why = { 0 };

	approved_case(subject, w);
	REQUIRE(make_case(number, w, subject, &err));
	take_names_away(w, number);
	snprintf(name, sizeof name, "issued/%s.pdf", number);
	workshop_write(w, name, span_text("somebody else's"));
	assert_false(make_case(number, w, subject, &why));
	assert_int_equal(why.code, ERR_CONFLICT);
	assert_non_null(strstr(why.text, "not the file that was made"));
}

static void
a_lost_file_is_said_to_be_lost(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES], path[160];
	struct err why = { 0 };

	approved_case(subject, w);
	REQUIRE(make_case(number, w, subject, &err));
	snprintf(path, sizeof path, "%s/issued/%s.pdf", w->folder, number);
	assert_int_equal(unlink(path), 0);
	assert_false(make_case(number, w, subject, &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, "lost"));
	assert_int_equal(count_instruments(w), 1);
}

/* A child that makes the certificate; never returns. */
static void
child(struct workshop *w, const char *subject)
{
	struct issue_made made;

	/* a handle of its own: SQLite's do not survive a fork */
	bool ok = bureau_open(&w->bureau, w->folder, false, "child", NULL) &&
	    workshop_make(&made, w, subject, NULL);
	_exit(ok ? 0 : 1);
}

static pid_t
start_child(struct workshop *w, const char *subject)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		child(w, subject);
	return pid;
}

static bool
ended_well(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void
threat_29_killed_at_many_moments(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], number[NUMBER_SHOWN_BYTES];

	for (useconds_t delay_us = 0; delay_us < 1000000; delay_us += 20000 + delay_us / 3) {
		struct made m;
		size_t before = count_instruments(w);
		struct issue_recovery found;
		approved_case(subject, w);
		bureau_close(w->bureau);
		w->bureau = NULL;
		pid_t pid = start_child(w, subject);
		usleep(delay_us);
		kill(pid, SIGKILL);
		ended_well(pid);
		REQUIRE(bureau_open(&w->bureau, w->folder, false, "test", &err));
		REQUIRE(issue_recover(&found, w->bureau, w->now_s, &err));
		assert_int_equal(found.failed, 0);
		assert_int_equal(count_instruments(w), before + 1);
		REQUIRE(make_case(number, w, subject, &err));
		read_made(&m, w, number);
		made_free(&m);
		assert_int_equal(workshop_count(w, "issued"), 2 * (before + 1));
		assert_int_equal(workshop_count(w, "issued/.making"), 0);
	}
}

static void
threat_32_two_at_once_make_one(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1];
	pid_t pid[4];

	approved_case(subject, w);
	bureau_close(w->bureau);
	w->bureau = NULL;
	for (size_t i = 0; i < COUNT_OF(pid); i++)
		pid[i] = start_child(w, subject);
	for (size_t i = 0; i < COUNT_OF(pid); i++)
		assert_true(ended_well(pid[i]));
	REQUIRE(bureau_open(&w->bureau, w->folder, false, "test", &err));
	assert_int_equal(count_instruments(w), 1);
	assert_int_equal(workshop_count(w, "issued"), 2);
}

/* The same command under the same key: the same proposal, the same number. */
static void
threat_32_an_idempotency_key_repeats_the_proposal(void **state)
{
	struct workshop *w = *state;
	char subject[ACT_SUBJECT_BYTES + 1], id[REGISTRY_SITTING_BYTES];
	uint8_t hash[2][SHA256_BYTES];

	workshop_case(subject, w, &STAR_BRIDGE);
	for (size_t i = 0; i < 2; i++) {
		struct sitting s = {
			.bureau = w->bureau, .now_s = w->now_s, .idempotency_key = "monday-1"
		};
		struct issue_wish wish = { .kind = ACT_ISSUE, .subject = span_text(subject) };
		struct registry_item item = { 0 };
		struct buf act = BUF_EMPTY;
		struct registry_chain chain;
		REQUIRE(sitting_new_id(id, w->bureau, &err));
		REQUIRE(issue_propose(&s, id, &wish, 1, &err));
		REQUIRE(sitting_record(&item, &act, &s, w->keys.officer[YIN], &err));
		assert_true(item.recorded);
		assert_int_equal(item.repeated, i == 1);
		REQUIRE(registry_chain(&chain, w->bureau->registry, wish.subject, &err));
		memcpy(hash[i], chain.entries[chain.n - 1].act.hash, SHA256_BYTES);
		registry_chain_free(&chain);
		sitting_free(&s);
		buf_free(&act);
		w->now_s += 60;
	}
	assert_memory_equal(hash[0], hash[1], SHA256_BYTES);
}

/* ---- the check: what it would not hand out ---- */

static void
the_check_refuses_what_others_would(void **state)
{
	struct workshop *w = *state;
	char number[2][NUMBER_SHOWN_BYTES];
	struct made a, b;
	const struct trust *trust;
	struct err why = { 0 };

	workshop_issue(number[0], w, &STAR_BRIDGE);
	workshop_issue(number[1], w, &STAR_BRIDGE);
	read_made(&a, w, number[0]);
	read_made(&b, w, number[1]);
	REQUIRE(bureau_trust(&trust, w->bureau, &err));
	assert_false(check_certificate(trust, buf_span(&a.pdf), &b.file, w->now_s, &why));
	assert_non_null(strstr(why.text, "attachment"));
	assert_false(
	    check_certificate(trust, buf_span(&a.pdf), &a.file, WORKSHOP_UNTIL_S + 86400, &why));
	assert_non_null(strstr(why.text, "key is not active"));
	for (size_t at = 100; at < a.pdf.len; at += a.pdf.len / 40) {
		a.pdf.ptr[at] ^= 1;
		assert_false(check_certificate(trust, buf_span(&a.pdf), &a.file, w->now_s, &why));
		a.pdf.ptr[at] ^= 1;
	}
	REQUIRE(check_certificate(trust, buf_span(&a.pdf), &a.file, w->now_s, &err));
	made_free(&a);
	made_free(&b);
}

#define ON(open, test) cmocka_unit_test_setup_teardown(test, open, close_workshop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(open_standard, a_case_becomes_a_certificate_that_others_find_genuine),
		ON(open_small, a_case_becomes_a_certificate_that_others_find_genuine),
		ON(open_standard, every_date_in_the_page_is_the_proposals),
		ON(open_standard, making_again_makes_nothing_new),
		ON(open_standard, the_code_stays_small),
		ON(open_standard, nothing_is_made_before_two_officers_agree),
		ON(open_small, nothing_is_made_before_two_officers_agree),
		ON(open_standard, nothing_is_made_after_its_time),
		ON(open_standard, nothing_is_made_while_a_newer_bundle_waits),
		ON(open_standard, a_forged_bundle_does_not_wait),
		ON(open_standard, a_stolen_officers_key_makes_nothing_more),
		ON(open_standard, another_layout_is_refused),
		ON(open_standard, a_host_nobody_lists_is_not_printed),
		ON(open_standard, threat_49_one_bad_case_at_each_place),
		ON(open_standard, threat_29_what_is_made_gets_its_names),
		ON(open_standard, threat_29_what_the_second_copy_alone_holds_is_made),
		ON(open_standard, threat_29_what_is_approved_is_made),
		ON(open_standard, threat_29_leftovers_are_cleared),
		ON(open_standard, no_file_is_ever_replaced),
		ON(open_standard, a_lost_file_is_said_to_be_lost),
		ON(open_standard, threat_29_killed_at_many_moments),
		ON(open_standard, threat_32_two_at_once_make_one),
		ON(open_standard, threat_32_an_idempotency_key_repeats_the_proposal),
		ON(open_standard, the_check_refuses_what_others_would),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
