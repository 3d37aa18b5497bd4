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
	assert_ptr_equal(o.key, entry_of(&w, YIN));
	assert_null(o.signer);
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
		cmocka_unit_test(who_signed_the_report_is_told_the_rule_and_who_may),
		cmocka_unit_test(an_officer_is_found_by_the_bureaus_word_and_called_by_his_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
