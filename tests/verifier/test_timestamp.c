/* What a verifier makes of the time-stamp in a seal: when, by whom, and when it is no such thing. */
#include "keys/timestamp.h"
#include "tests/keys/authority.h"
#include "tests/test.h"
#include "tests/verifier/asked.h"
#include "verifier/answer_json.h"
#include "verifier/screen.h"

#define ISSUED FIXTURE_DAY_S(1)
#define NOW (FIXTURE_DAY_S(2) + 60)
#define AUTHORITY "示例时间戳机构"

/* A bureau whose bundle lists an authority, and what the authority does. */
struct scene {
	struct fixture f;
	struct authority *a;
	struct bundle_key *listed;
	struct seal_stamper stamper;
	int64_t time_s;                  /* its clock */
	const struct authority *instead; /* who stamps; NULL: the one that is listed */
	bool changed;                    /* a byte of its signature is */
};

static bool
stamp(struct buf *token, void *ctx, const uint8_t imprint[SHA256_BYTES], struct err *err)
{
	const struct scene *s = ctx;

	(void)err;
	authority_token(token, s->instead != NULL ? s->instead : s->a, imprint, s->time_s);
	if (s->changed)
		token->ptr[token->len - 1] ^= 1;
	return true;
}

static int
set_up(void **state)
{
	static struct scene s;

	s = (struct scene){ .time_s = ISSUED + 10 };
	fixture_open(&s.f);
	s.a = authority_new(&(struct authority_kind){ 0 });
	s.listed = bureau_add_key(s.f.bureau);
	MUST(timestamp_list(s.listed, buf_span(&s.a->der), &err));
	s.listed->use = KEY_USE_TSA;
	s.listed->key = buf_span(&s.a->der);
	fixture_next_bundle(&s.f, FIXTURE_DAY_S(0) + 60);
	s.stamper = (struct seal_stamper){ stamp, &s };
	s.f.stamper = &s.stamper;
	*state = &s;
	return 0;
}

static int
tear_down(void **state)
{
	struct scene *s = *state;

	fixture_close(&s->f);
	authority_free(s->a);
	return 0;
}

/* A certificate as things are, published the day after. */
static struct paper *
issued(struct scene *s)
{
	struct paper *p = fixture_issue(&s->f, ISSUED);
	fixture_publish(&s->f, FIXTURE_DAY_S(2));
	return p;
}

static struct answer
asked_of(const struct scene *s, const struct paper *p, int64_t now_s)
{
	const struct question q = { .now_s = now_s };
	return asked_once(&s->f, &q, buf_span(&p->pdf));
}

/* Without blanks and line breaks: a line may break at any blank. */
static void
close_up(struct buf *out, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '\n' && text.ptr[i] != ' ')
			buf_add_byte(out, text.ptr[i]);
	}
}

static void
check_says(const struct answer *a, const char *zh, const char *en)
{
	for (enum lang lang = LANG_ZH; lang <= LANG_EN; lang++) {
		struct buf screen = BUF_EMPTY, text = BUF_EMPTY, want = BUF_EMPTY;
		screen_answer(&screen, a, lang, false);
		close_up(&text, buf_span(&screen));
		close_up(&want, span_text(LANG_PICK(lang, zh, en)));
		if (strstr(buf_text(&text), buf_text(&want)) == NULL)
			fail_msg("not said: %s\n%s", buf_text(&want), buf_text(&text));
		buf_free(&want);
		buf_free(&screen);
		buf_free(&text);
	}
}

/* "null", or the compact JSON of the time-stamp; NULL where there is nothing of it. */
static void
check_json(const struct answer *a, const char *want)
{
	json_t *json = answer_json(a, NULL);
	char *text = json_dumps(json_object_get(json, "timestamp"), JSON_COMPACT | JSON_ENCODE_ANY);

	if (want == NULL)
		assert_null(text);
	else
		assert_string_equal(text, want);
	free(text);
	json_decref(json);
}

static void
a_time_stamp_is_told_with_its_time_and_authority(void **state)
{
	struct scene *s = *state;
	const struct answer a = asked_of(s, issued(s), NOW);

	asked_is(&a, VERDICT_VALID, FINDING_NONE, "time-stamped");
	check_says(&a, "；时间戳 2026-11-21 09:00:10，" AUTHORITY,
	    "; time-stamped 2026-11-21 09:00:10 +08:00 by " AUTHORITY);
	check_json(&a,
	    "{\"time\":\"2026-11-21T09:00:10+08:00\",\"authority\":\"" AUTHORITY
	    "\",\"counted\":true}");
}

static void
no_time_stamp_is_no_fault_and_told(void **state)
{
	struct scene *s = *state;

	s->f.stamper = NULL;
	struct paper *p = issued(s);
	const struct answer a = asked_of(s, p, NOW);
	const struct question q = { .now_s = NOW };
	const struct answer code = asked_once(&s->f, &q, buf_span(&p->code));
	asked_is(&a, VERDICT_VALID, FINDING_NONE, "no time-stamp");
	check_says(&a, "；没有时间戳", "; no time-stamp");
	check_json(&a, "null");
	check_json(&code, NULL); /* a code has no seal */
}

static void
a_time_stamp_that_does_not_hold_is_a_finding_of_its_own(void **state)
{
	struct scene *s = *state;

	s->changed = true;
	const struct answer a = asked_of(s, issued(s), NOW);
	asked_is(&a, VERDICT_REJECTED, FINDING_TIMESTAMP_BAD, "a changed byte");
	check_says(&a, "签章的时间戳不成立", "The time-stamp of the seal does not hold.");
	check_json(&a, NULL);
}

static void
an_authority_that_fresh_data_do_not_list_is_refused(void **state)
{
	struct scene *s = *state;
	struct authority *other = authority_new(&(struct authority_kind){ 0 });

	s->instead = other;
	struct paper *p = issued(s);
	asked_now(&s->f, buf_span(&p->pdf), NOW, VERDICT_REJECTED, FINDING_TIMESTAMP_UNLISTED,
	    "by fresh data");
	asked_now(&s->f, buf_span(&p->pdf), FIXTURE_DAY_S(10), VERDICT_UNDETERMINED,
	    FINDING_TRUST_OLDER, "a newer bundle may list it");
	authority_free(other);
}

static void
a_time_that_cannot_be_is_refused(void **state)
{
	static const struct {
		const char *row;
		int64_t time_s;
		enum verdict verdict;
		enum finding finding;
	} rows[] = {
		{ "5 minutes before the proposal", ISSUED - 300, VERDICT_VALID, FINDING_NONE },
		{ "more than 5 minutes before the proposal", ISSUED - 301, VERDICT_REJECTED,
		    FINDING_TIMESTAMP_DATES },
		{ "5 minutes ahead of the clock", NOW + 300, VERDICT_VALID, FINDING_NONE },
		{ "more than 5 minutes ahead of the clock", NOW + 301, VERDICT_REJECTED,
		    FINDING_TIMESTAMP_DATES },
	};
	struct scene *s = *state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		s->time_s = rows[i].time_s;
		struct paper *p = issued(s);
		asked_now(
		    &s->f, buf_span(&p->pdf), NOW, rows[i].verdict, rows[i].finding, rows[i].row);
	}
}

static void
an_authority_stamps_within_its_listed_dates_only(void **state)
{
	struct scene *s = *state;
	struct paper *p = issued(s);

	s->listed->until_s = ISSUED + 10;
	fixture_next_bundle(&s->f, FIXTURE_DAY_S(2) + 60);
	fixture_publish(&s->f, FIXTURE_DAY_S(3));
	asked_now(&s->f, buf_span(&p->pdf), FIXTURE_DAY_S(3) + 60, VERDICT_VALID, FINDING_NONE,
	    "its last second");
	s->listed->until_s = ISSUED + 9;
	fixture_next_bundle(&s->f, FIXTURE_DAY_S(3) + 60);
	fixture_publish(&s->f, FIXTURE_DAY_S(4));
	asked_now(&s->f, buf_span(&p->pdf), FIXTURE_DAY_S(4) + 60, VERDICT_REJECTED,
	    FINDING_TIMESTAMP_DATES, "a second later");
	s->listed->until_s = BUREAU_UNTIL_S;
	s->listed->state = KEY_RETIRED;
	s->listed->since_s = ISSUED + 11;
	fixture_next_bundle(&s->f, FIXTURE_DAY_S(4) + 60);
	fixture_publish(&s->f, FIXTURE_DAY_S(5));
	asked_now(&s->f, buf_span(&p->pdf), FIXTURE_DAY_S(5) + 60, VERDICT_VALID, FINDING_NONE,
	    "retired afterwards");
	s->listed->since_s = ISSUED;
	fixture_next_bundle(&s->f, FIXTURE_DAY_S(5) + 60);
	fixture_publish(&s->f, FIXTURE_DAY_S(6));
	asked_now(&s->f, buf_span(&p->pdf), FIXTURE_DAY_S(6) + 60, VERDICT_REJECTED,
	    FINDING_TIMESTAMP_DATES, "retired before");
}

static void
a_stolen_authoritys_time_stamp_counts_for_nothing_and_against_nobody(void **state)
{
	struct scene *s = *state;

	s->time_s = FIXTURE_DAY_S(9); /* the thief may write what he likes */
	struct paper *p = issued(s);
	s->listed->state = KEY_COMPROMISED;
	s->listed->since_s = FIXTURE_DAY_S(2);
	fixture_next_bundle(&s->f, FIXTURE_DAY_S(2) + 60);
	fixture_publish(&s->f, FIXTURE_DAY_S(3));
	const struct answer a = asked_of(s, p, FIXTURE_DAY_S(3) + 60);
	asked_is(&a, VERDICT_VALID, FINDING_NONE, "stolen");
	check_says(&a, AUTHORITY "（该机构密钥已泄露，不予采信）",
	    "which does not count: that key was stolen");
	check_json(&a,
	    "{\"time\":\"2026-11-29T09:00:00+08:00\",\"authority\":\"" AUTHORITY
	    "\",\"counted\":false}");
}

/* The seal holds without it; but the register has another file. */
static void
a_time_stamp_that_was_taken_away_or_added_makes_another_file(void **state)
{
	struct scene *s = *state;
	struct paper *p = issued(s);

	s->f.stamper = NULL;
	fixture_seal_again(&s->f, p);
	asked_now(&s->f, buf_span(&p->pdf), NOW, VERDICT_REJECTED, FINDING_FILE_UNREGISTERED,
	    "taken away");
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_time_stamp_is_told_with_its_time_and_authority),
		IN_SCENE(no_time_stamp_is_no_fault_and_told),
		IN_SCENE(a_time_stamp_that_does_not_hold_is_a_finding_of_its_own),
		IN_SCENE(an_authority_that_fresh_data_do_not_list_is_refused),
		IN_SCENE(a_time_that_cannot_be_is_refused),
		IN_SCENE(an_authority_stamps_within_its_listed_dates_only),
		IN_SCENE(a_stolen_authoritys_time_stamp_counts_for_nothing_and_against_nobody),
		IN_SCENE(a_time_stamp_that_was_taken_away_or_added_makes_another_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
