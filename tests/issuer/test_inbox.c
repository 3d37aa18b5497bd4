#include "issuer/inbox.h"

#include "core/civil.h"
#include "core/encode.h"
#include "tests/issuer/workshop.h"

#include <stdio.h>
#include <sys/stat.h>

static const struct workshop_wish star = { .example = "star-bridge" };
static const struct workshop_wish sail = { .example = "cloud-sail" };
static const struct workshop_wish rare = { .example = "rare-hanzi" };

static const struct bundle_key *
entry_of(struct workshop *w, enum workshop_officer who)
{
	const struct trust *trust;

	REQUIRE(bureau_trust(&trust, w->bureau, &err));
	const struct bundle_key *key = bundle_find_key(
	    trust_bundle(trust), signer_kid(w->keys.officer[who]), KEY_USE_OFFICER, NULL);
	assert_non_null(key);
	return key;
}

static void
load(struct inbox *inbox, struct workshop *w, enum workshop_officer who)
{
	REQUIRE(inbox_load(inbox, w->bureau, entry_of(w, who), w->now_s, LANG_EN, &err));
}

/* The only line of this group; NULL: none. */
static const struct inbox_line *
only(const struct inbox *inbox, enum inbox_group group)
{
	const struct inbox_line *found = NULL;

	for (size_t i = 0; i < inbox->n; i++)
		if (inbox->lines[i].group == group) {
			assert_null(found);
			found = &inbox->lines[i];
		}
	return found;
}

static void
granted_cases_stand_in_one_line_to_be_issued(void **state)
{
	struct workshop w;
	struct inbox inbox;
	char a[ACT_SUBJECT_BYTES + 1], b[ACT_SUBJECT_BYTES + 1];

	(void)state;
	workshop_open(&w, "standard");
	workshop_case(a, &w, &star);
	workshop_case(b, &w, &sail);
	load(&inbox, &w, YIN);
	assert_int_equal(inbox.n, 1);
	const struct inbox_line *line = inbox_find(&inbox, 1);
	assert_non_null(line);
	assert_int_equal(line->group, INBOX_SIGN);
	assert_int_equal(line->kind, ACT_ISSUE);
	assert_int_equal(line->n_subjects, 2);
	assert_string_equal(line->subjects[0], a);
	assert_string_equal(line->subjects[1], b);
	assert_true(line->due_s > w.now_s);
	assert_null(inbox_find(&inbox, 2));
	inbox_free(&inbox);

	load(&inbox, &w, CHANG); /* for somebody with another role they only count */
	assert_int_equal(inbox.n, 0);
	assert_int_equal(inbox.others, 2);
	inbox_free(&inbox);
	workshop_close(&w);
}

/* Granted on Friday 2026-11-20: the certificate is due on the 30th, to its last second. */
static void
what_is_overdue_is_told_to_who_supervises(void **state)
{
	struct workshop w;
	struct inbox inbox;
	char subject[ACT_SUBJECT_BYTES + 1];
	const int64_t late_s = civil_start_s((struct civil_date){ 2026, 12, 1 });

	(void)state;
	workshop_open(&w, "standard");
	workshop_case(subject, &w, &star);
	w.now_s = late_s - 1;
	load(&inbox, &w, CHANG);
	assert_int_equal(inbox.n, 0);
	assert_int_equal(inbox.others, 1);
	inbox_free(&inbox);

	w.now_s = late_s;
	for (int proposed = 0; proposed < 2; proposed++) {
		load(&inbox, &w, CHANG);
		const struct inbox_line *line = only(&inbox, INBOX_OVERDUE);
		assert_non_null(line);
		assert_int_equal(line->kind, ACT_ISSUE);
		assert_int_equal(line->number, 0);
		assert_true(line->due_s == late_s - 1);
		char hex[OFFICER_NAME_BYTES];
		hex_encode(
		    hex, span_of(entry_of(&w, proposed ? FU : YIN)->person, BUNDLE_PERSON_BYTES));
		assert_true(span_is(buf_span(&line->who), hex));
		inbox_free(&inbox);
		load(&inbox, &w, SHEN); /* nor examines nor supervises */
		assert_int_equal(inbox.n, 0);
		inbox_free(&inbox);
		if (!proposed)
			REQUIRE(workshop_propose(&w, subject, &err));
	}
	workshop_close(&w);
}

static void
a_sitting_waits_for_one_and_was_sent_by_another(void **state)
{
	struct workshop w;
	struct inbox inbox;
	char subject[ACT_SUBJECT_BYTES + 1];

	(void)state;
	workshop_open(&w, "standard");
	workshop_case(subject, &w, &star);
	REQUIRE(workshop_propose(&w, subject, &err));

	load(&inbox, &w, FU);
	const struct inbox_line *sign = only(&inbox, INBOX_SIGN);
	assert_non_null(sign);
	assert_int_equal(sign->kind, ACT_APPROVE);
	assert_int_equal(sign->answers, ACT_ISSUE);
	assert_int_equal(sign->number, 1);
	assert_memory_equal(sign->person, entry_of(&w, YIN)->person, BUNDLE_PERSON_BYTES);
	inbox_free(&inbox);

	load(&inbox, &w, YIN);
	const struct inbox_line *sent = only(&inbox, INBOX_SENT);
	assert_non_null(sent);
	assert_int_equal(sent->number, 0);
	char hex[OFFICER_NAME_BYTES];
	hex_encode(hex, span_of(entry_of(&w, FU)->person, BUNDLE_PERSON_BYTES));
	assert_true(span_is(buf_span(&sent->who), hex)); /* who may: nobody has given him a name */
	inbox_free(&inbox);

	w.now_s += 40 * CIVIL_DAY_S; /* lapsed: it can be proposed again */
	load(&inbox, &w, FU);
	assert_int_equal(inbox.n, 0);
	inbox_free(&inbox);
	load(&inbox, &w, YIN);
	assert_non_null(only(&inbox, INBOX_SIGN));
	inbox_free(&inbox);
	workshop_close(&w);
}

static void
a_holder_with_a_certificate_is_looked_at_first(void **state)
{
	struct workshop w;
	struct inbox inbox;
	char number[NUMBER_SHOWN_BYTES], subject[ACT_SUBJECT_BYTES + 1];

	(void)state;
	workshop_open(&w, "standard");
	workshop_issue(number, &w, &star);
	workshop_case(subject, &w, &star);
	load(&inbox, &w, YIN);
	const struct inbox_line *look = only(&inbox, INBOX_LOOK);
	assert_non_null(look);
	assert_non_null(memmem(look->why.ptr, look->why.len, number, strlen(number)));
	inbox_free(&inbox);

	workshop_sanction(&w, number, ACT_REVOKE);
	load(&inbox, &w, YIN);
	assert_non_null(only(&inbox, INBOX_SIGN));
	inbox_free(&inbox);
	workshop_close(&w);
}

/* The stored form of a number, as inboxes have it. */
static void
stored(char out[NUMBER_STORED_BYTES], const char *shown)
{
	struct number number;

	REQUIRE(number_parse(&number, span_text(shown), &err));
	number_stored(out, &number);
}

/* Issued, and handed out: nothing of the case waits. */
static void
hand_out(char number[NUMBER_SHOWN_BYTES], struct workshop *w)
{
	const struct act_body receipt = { .kind = ACT_DELIVER,
		.notice = { .document = span_text("示达〔2026〕17号") } };

	workshop_issue(number, w, &star);
	REQUIRE(workshop_try(w, AN, "case/C-2026-0001", &receipt, &err));
}

static void
a_suspension_whose_window_ends_waits_to_be_lifted_or_worse(void **state)
{
	struct workshop w;
	struct inbox inbox;
	char number[NUMBER_SHOWN_BYTES], subject[NUMBER_STORED_BYTES];

	(void)state;
	workshop_open(&w, "standard");
	hand_out(number, &w);
	stored(subject, number);
	const struct civil_date from = civil_of(w.now_s);
	workshop_sanction(&w, number, ACT_SUSPEND); /* for seven months */
	const int64_t until_s = civil_start_s(civil_add_months(from, 7));

	w.now_s = until_s - 30 * CIVIL_DAY_S - 1;
	load(&inbox, &w, CHANG);
	assert_int_equal(inbox.n, 0);
	inbox_free(&inbox);
	w.now_s++;
	for (int i = 0; i < 2; i++, w.now_s = until_s + 90 * CIVIL_DAY_S) { /* over, it waits on */
		load(&inbox, &w, CHANG);
		const struct inbox_line *line = only(&inbox, INBOX_SIGN);
		assert_non_null(line);
		assert_int_equal(line->kind, ACT_LIFT);
		assert_string_equal(line->ground->code, "LIF-01");
		assert_string_equal(line->subjects[0], subject);
		assert_true(line->due_s == until_s - 1);
		inbox_free(&inbox);
	}
	load(&inbox, &w, YIN);
	assert_int_equal(inbox.n, 0);
	assert_int_equal(inbox.others, 1);
	inbox_free(&inbox);
	workshop_sanction(&w, number, ACT_LIFT);
	load(&inbox, &w, CHANG);
	assert_int_equal(inbox.n, 0);
	inbox_free(&inbox);
	workshop_close(&w);
}

static void
what_ended_by_an_act_waits_to_be_closed(void **state)
{
	struct workshop w;
	struct inbox inbox;
	char number[NUMBER_SHOWN_BYTES];

	(void)state;
	workshop_open(&w, "standard");
	hand_out(number, &w);
	w.now_s += CIVIL_DAY_S;
	workshop_sanction(&w, number, ACT_REVOKE);
	load(&inbox, &w, CHANG);
	const struct inbox_line *line = only(&inbox, INBOX_SIGN);
	assert_non_null(line);
	assert_int_equal(line->kind, ACT_DEREGISTER);
	assert_string_equal(line->ground->code, "DER-05");
	inbox_free(&inbox);
	workshop_close(&w);
}

static void
an_end_is_named_12_6_and_4_months_ahead_and_then_waits_to_be_closed(void **state)
{
	static const struct {
		const char *row;
		int months; /* before its end; and a day more, where it is not yet named */
		bool day_more;
		const char *why;
	} rows[] = {
		{ "a day too early", 12, true, "" },
		{ "twelve months", 12, false, "end within 12 months" },
		{ "six", 6, false, "end within 6 months" },
		{ "four and a day", 4, true, "end within 6 months" },
		{ "four", 4, false, "end within 4 months" },
	};
	struct workshop w;
	struct inbox inbox;
	struct issue_item made;
	char number[NUMBER_SHOWN_BYTES];

	(void)state;
	workshop_open(&w, "standard");
	hand_out(number, &w);
	const struct civil_date end = civil_anniversary(civil_of(w.now_s), 5);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		w.now_s = civil_start_s(civil_add_months(end, -rows[i].months)) -
		    rows[i].day_more * CIVIL_DAY_S;
		load(&inbox, &w, CHANG);
		const struct inbox_line *line = only(&inbox, INBOX_AHEAD);
		CHECK_ROW((line != NULL) == (rows[i].why[0] != '\0'), rows[i].row);
		if (line != NULL) {
			CHECK_ROW(span_is(buf_span(&line->why), rows[i].why), rows[i].row);
			CHECK_ROW(line->number == 0, rows[i].row);
			/* the day to apply by: three months before the last day */
			CHECK_ROW(line->due_s ==
				civil_start_s(civil_add_months(civil_add_days(end, -1), -3)),
			    rows[i].row);
		}
		inbox_free(&inbox);
	}
	load(&inbox, &w, AN); /* takes renewals in */
	assert_non_null(only(&inbox, INBOX_AHEAD));
	inbox_free(&inbox);
	load(&inbox, &w, YIN);
	assert_int_equal(inbox.n, 0);
	inbox_free(&inbox);

	w.now_s = civil_start_s(end) - 1; /* to the end of its last day */
	load(&inbox, &w, CHANG);
	assert_null(only(&inbox, INBOX_SIGN));
	inbox_free(&inbox);
	w.now_s++;
	load(&inbox, &w, CHANG);
	const struct inbox_line *line = only(&inbox, INBOX_SIGN);
	assert_non_null(line);
	assert_int_equal(line->kind, ACT_DEREGISTER);
	assert_string_equal(line->ground->code, "DER-01");
	inbox_free(&inbox);

	char subject[ACT_SUBJECT_BYTES + 1]; /* its holder applies again: a renewal? */
	workshop_case(subject, &w, &star);
	load(&inbox, &w, CHANG);
	line = only(&inbox, INBOX_LOOK);
	assert_non_null(line);
	assert_int_equal(line->kind, ACT_DEREGISTER);
	inbox_free(&inbox);
	REQUIRE(workshop_propose(&w, subject, &err));
	workshop_approve(&w, FU, subject);
	REQUIRE(workshop_make(&made, &w, subject, &err));
	load(&inbox, &w, CHANG); /* renewed: nobody has to close it */
	assert_int_equal(inbox.n, 0);
	inbox_free(&inbox);
	workshop_close(&w);
}

/* One officer stops it; what is approved and not made waits; two resume it. */
static void
while_it_is_stopped_nothing_is_made_and_who_may_resume_is_told(void **state)
{
	const struct act_body stop = { .kind = ACT_STOP,
		.notice = { .reason = span_text("a key may be stolen") } };
	struct act_body resume = { .kind = ACT_RESUME,
		.notice = { .reason = span_text("it was found") },
		.sitting = span_text("P-9XQ4-7") };
	struct workshop w;
	struct inbox inbox;
	struct issue_recovery found;
	struct err why = { 0 };
	char approved[ACT_SUBJECT_BYTES + 1], granted[ACT_SUBJECT_BYTES + 1];

	(void)state;
	workshop_open(&w, "standard");
	workshop_case(approved, &w, &star);
	REQUIRE(workshop_propose(&w, approved, &err));
	workshop_approve(&w, FU, approved);
	workshop_case(granted, &w, &sail);
	REQUIRE(workshop_try(&w, AN, "register", &stop, &err));

	REQUIRE(issue_recover(&found, w.bureau, ISSUE_WAITS_FOR_AUTHORITY, w.now_s, &err));
	assert_int_equal(found.waiting, 1);
	assert_int_equal(found.finished + found.failed, 0);
	assert_false(workshop_propose(&w, granted, &why));
	assert_non_null(strstr(why.text, "STP-01"));

	load(&inbox, &w, YIN);
	assert_non_null(memmem(inbox.stopped.ptr, inbox.stopped.len, "a key may be stolen", 19));
	const struct inbox_line *line = only(&inbox, INBOX_NOT_YOU);
	assert_non_null(line);
	assert_int_equal(line->kind, ACT_ISSUE);
	assert_int_equal(strncmp((const char *)line->why.ptr, "STP-01: ", 8), 0);
	assert_true(span_is(buf_span(&line->who), "nobody"));
	inbox_free(&inbox);
	load(&inbox, &w, CHANG);
	line = only(&inbox, INBOX_SIGN);
	assert_non_null(line);
	assert_int_equal(line->kind, ACT_RESUME);
	inbox_free(&inbox);

	resume.not_after_s = w.now_s + CIVIL_DAY_S;
	REQUIRE(workshop_try(&w, CHANG, "register", &resume, &err));
	load(&inbox, &w, CHANG);
	assert_null(only(&inbox, INBOX_SIGN));
	assert_non_null(only(&inbox, INBOX_SENT));
	inbox_free(&inbox);
	load(&inbox, &w, FU);
	line = only(&inbox, INBOX_SIGN);
	assert_non_null(line);
	assert_int_equal(line->answers, ACT_RESUME);
	inbox_free(&inbox);
	workshop_approve(&w, FU, "register");
	REQUIRE(issue_recover(&found, w.bureau, ISSUE_WAITS_FOR_AUTHORITY, w.now_s, &err));
	assert_int_equal(found.finished, 1);
	load(&inbox, &w, YIN);
	assert_int_equal(inbox.stopped.len, 0);
	assert_non_null(only(&inbox, INBOX_SIGN));
	inbox_free(&inbox);
	workshop_close(&w);
}

/* In the small bureau one officer accepts, examines and inspects; another does nothing but inspect. */
static void
who_signed_the_report_is_told_the_rule_and_who_may(void **state)
{
	struct workshop w;
	struct inbox inbox;
	char subject[ACT_SUBJECT_BYTES + 1], next[ACT_SUBJECT_BYTES + 1];
	struct registry_chain chain;

	(void)state;
	workshop_open(&w, "small");
	workshop_case(subject, &w, &rare);
	/* the same road again by hand, with the report signed once */
	REQUIRE(registry_chain(&chain, w.bureau->registry, span_text(subject), &err));
	REQUIRE(registry_next_case(next, w.bureau->registry, 2026, &err));
	for (size_t i = 0; i < 5; i++)
		REQUIRE(workshop_try(&w, AN, next, &chain.entries[i].body, &err));
	registry_chain_free(&chain);

	load(&inbox, &w, AN);
	const struct inbox_line *line = only(&inbox, INBOX_NOT_YOU);
	assert_non_null(line);
	assert_int_equal(line->kind, ACT_INSPECT);
	assert_int_equal(strncmp((const char *)line->why.ptr, "SEP-05: ", 8), 0);
	char hex[OFFICER_NAME_BYTES];
	hex_encode(hex, span_of(entry_of(&w, SHI)->person, BUNDLE_PERSON_BYTES));
	assert_true(span_is(buf_span(&line->who), hex));
	inbox_free(&inbox);

	load(&inbox, &w, SHI);
	line = only(&inbox, INBOX_SIGN);
	assert_non_null(line);
	assert_string_equal(line->subjects[0], next);
	inbox_free(&inbox);
	workshop_close(&w);
}

static void
an_officer_is_found_by_the_bureaus_word_and_called_by_his_name(void **state)
{
	struct workshop w;
	struct officer o;
	struct err why = { 0 };
	char hex[OFFICER_NAME_BYTES], names[256], room[OFFICER_NAME_BYTES];

	(void)state;
	workshop_open(&w, "standard");
	hex_encode(hex, span_of(entry_of(&w, YIN)->person, BUNDLE_PERSON_BYTES));
	snprintf(names, sizeof names,
	    "{\"%s\": {\"word\": \"yin\", \"zh\": \"印实\", \"en\": \"Yin Shi\"}}", hex);
	workshop_write(&w, "names.json", span_text(names));
	workshop_reopen(&w);

	REQUIRE(officer_find(&o, w.bureau, "yin", w.now_s, &err));
	assert_null(o.signer);
	workshop_reopen(&w); /* his entry is his own */
	const struct bundle_key *entry = entry_of(&w, YIN);
	assert_true(span_equal(o.key->key, entry->key) && span_equal(o.key->issuer, entry->issuer));
	assert_int_equal(o.key->n_grants, entry->n_grants);
	assert_true(bundle_key_has_role(o.key, ROLE_ISSUE, w.now_s));
	assert_string_equal(officer_name(room, w.bureau, o.key->person, LANG_ZH), "印实");
	assert_string_equal(officer_name(room, w.bureau, o.key->person, LANG_EN), "Yin Shi");
	officer_close(&o);
	assert_false(officer_find(&o, w.bureau, "fu", w.now_s, &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);

	/* a key of his name that is another's */
	char path[256];
	snprintf(path, sizeof path, "%s/officers", w.folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/officers/yin.pem", w.folder);
	REQUIRE(key_file_write(
	    path, w.keys.officer[FU], span_text(WORKSHOP_PASSPHRASE), KEY_FILE_LIGHT, &err));
	char passphrase[256];
	snprintf(passphrase, sizeof passphrase, "%s/keys/passphrase", w.folder);
	struct passphrase_source source = { .from = PASSPHRASE_FILE, .path = passphrase };
	REQUIRE(officer_find(&o, w.bureau, "yin", w.now_s, &err));
	assert_false(officer_unlock(&o, w.bureau, &source, &why));
	assert_non_null(strstr(why.text, "is not the key of officer"));
	officer_close(&o);
	workshop_close(&w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(granted_cases_stand_in_one_line_to_be_issued),
		cmocka_unit_test(what_is_overdue_is_told_to_who_supervises),
		cmocka_unit_test(a_sitting_waits_for_one_and_was_sent_by_another),
		cmocka_unit_test(a_holder_with_a_certificate_is_looked_at_first),
		cmocka_unit_test(a_suspension_whose_window_ends_waits_to_be_lifted_or_worse),
		cmocka_unit_test(what_ended_by_an_act_waits_to_be_closed),
		cmocka_unit_test(
		    an_end_is_named_12_6_and_4_months_ahead_and_then_waits_to_be_closed),
		cmocka_unit_test(while_it_is_stopped_nothing_is_made_and_who_may_resume_is_told),
		cmocka_unit_test(who_signed_the_report_is_told_the_rule_and_who_may),
		cmocka_unit_test(an_officer_is_found_by_the_bureaus_word_and_called_by_his_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
