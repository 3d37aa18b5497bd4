/* Nothing good is published before those whom the bundle asks have signed; what is bad, at once. */
#include "core/file.h"
#include "core/limits.h"
#include "credential/status_token.h"
#include "tests/issuer/cosigners.h"

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
has(const struct workshop *w, const char *name)
{
	struct buf file = BUF_EMPTY;
	bool there = workshop_read(&file, w, name);
	buf_free(&file);
	return there;
}

/* The number of what is published now, which must hold; 0: nothing is. */
static uint64_t
published(struct workshop *w)
{
	struct buf file = BUF_EMPTY;
	struct cose_sign envelope;
	struct snapshot *s = NULL;
	const struct trust *trust;
	const struct bundle_key *key;
	uint64_t seq = 0;

	if (workshop_read(&file, w, "public/v1/snapshot")) {
		REQUIRE(snapshot_parse_file(&envelope, &s, buf_span(&file), &err));
		REQUIRE(bureau_trust(&trust, w->bureau, &err));
		assert_int_equal(
		    trust_verify_snapshot(&key, trust, &envelope, s->iat_s), TRUST_YES);
		seq = s->seq;
	}
	snapshot_free(s);
	buf_free(&file);
	return seq;
}

static void
waits(const struct publish_report *r, enum publish_wait for_whom, unsigned missing)
{
	assert_false(r->published);
	assert_int_equal(r->waiting.for_whom, for_whom);
	assert_int_equal(r->waiting.missing, missing);
}

static enum status
token_says(struct workshop *w, const char *number)
{
	struct registry_instrument *i = malloc(sizeof *i);
	uint8_t *list = malloc(LIMIT_LIST_BYTES);
	char stored[NUMBER_STORED_BYTES];
	struct number parsed;
	struct buf file = BUF_EMPTY;
	struct cose_sign1 envelope;
	struct status_token token;

	REQUIRE(number_parse(&parsed, span_text(number), &err));
	number_stored(stored, &parsed);
	REQUIRE(registry_find_instrument(i, w->bureau->registry, span_text(stored), &err));
	assert_true(workshop_read(&file, w, "public/v1/status/TEST/0"));
	REQUIRE(status_token_parse_file(&envelope, &token, list, buf_span(&file), &err));
	enum status s = status_list_get(list, i->idx);
	buf_free(&file);
	free(list);
	free(i);
	return s;
}

/* ---- auditors ---- */

static void
good_news_wait_and_bad_news_do_not(void **state)
{
	struct workshop *w = *state;
	struct buf bundle = BUF_EMPTY;
	char number[NUMBER_SHOWN_BYTES];

	cosigners_ask(&bundle, w, 1, 0);
	workshop_issue(number, w, &STAR_BRIDGE);
	struct publish_report r = cosigners_publish(w);
	waits(&r, PUBLISH_WAITS_FOR_AUDITORS, 1);
	assert_int_equal(r.seq, 0);
	assert_int_equal(r.waiting.seq, 1);
	assert_int_equal(published(w), 0);
	assert_true(has(w, "public/log/checkpoint"));

	cosigners_sign(w, 0, "a");
	r = cosigners_publish(w);
	assert_true(r.published);
	assert_int_equal(r.waiting.for_whom, PUBLISH_WAITS_FOR_NONE);
	assert_int_equal(published(w), 1);
	assert_int_equal(workshop_count(w, "cosign"), 0);

	workshop_sanction(w, number, ACT_SUSPEND);
	r = cosigners_publish(w);
	waits(&r, PUBLISH_WAITS_FOR_AUDITORS, 1);
	assert_int_equal(published(w), 1);
	assert_int_equal(token_says(w, number), STATUS_SUSPENDED);
	buf_free(&bundle);
}

/* Slow ways must reach it: what waits is the same until it is out, and then the next is made. */
static void
one_candidate_waits_while_acts_come(void **state)
{
	struct workshop *w = *state;
	struct buf bundle = BUF_EMPTY;
	struct candidate first, still, next;
	char number[NUMBER_SHOWN_BYTES];

	cosigners_ask(&bundle, w, 1, 0);
	cosigners_publish(w);
	candidate_read(&first, w);
	workshop_issue(number, w, &STAR_BRIDGE);
	struct publish_report r = cosigners_publish(w);
	assert_int_equal(r.waiting.seq, 1);
	candidate_read(&still, w);
	assert_true(span_equal(buf_span(&first.file), buf_span(&still.file)));
	cosigners_sign(w, 0, "a");
	r = cosigners_publish(w);
	assert_true(r.published);
	assert_int_equal(r.seq, 1);
	assert_int_equal(r.waiting.seq, 2);
	candidate_read(&next, w);
	assert_int_equal(next.manifest->seq, 2);
	cosigners_sign(w, 1, "b"); /* the other auditor is as good */
	r = cosigners_publish(w);
	assert_int_equal(published(w), 2);
	assert_int_equal(r.waiting.for_whom, PUBLISH_WAITS_FOR_NONE);
	w->now_s += 60;
	r = cosigners_publish(w); /* nothing is new: nobody is asked */
	assert_false(r.published);
	assert_int_equal(r.seq, 2);
	assert_int_equal(r.waiting.for_whom, PUBLISH_WAITS_FOR_NONE);
	candidate_free(&first);
	candidate_free(&still);
	candidate_free(&next);
	buf_free(&bundle);
}

static void
what_is_no_cosignature_of_it_changes_nothing(void **state)
{
	struct workshop *w = *state;
	struct buf bundle = BUF_EMPTY, stranger = BUF_EMPTY, old = BUF_EMPTY;
	struct candidate c;
	char number[NUMBER_SHOWN_BYTES];

	cosigners_ask(&bundle, w, 1, 0);
	cosigners_publish(w);
	cosigners_sign(w, 0, "a");
	assert_true(workshop_read(&old, w, "cosign/candidate.a"));
	cosigners_publish(w);
	workshop_issue(number, w, &STAR_BRIDGE);
	cosigners_publish(w);
	candidate_read(&c, w);
	workshop_write(w, "cosign/candidate.again", buf_span(&old)); /* of the one before */
	workshop_write(w, "cosign/candidate.itself", buf_span(&c.file));
	workshop_write(w, "cosign/candidate.noise", span_text("not a snapshot"));
	REQUIRE(
	    signer_sign_too(&stranger, w->keys.officer[FU], SNAPSHOT_TYP, buf_span(&c.file), &err));
	workshop_write(w, "cosign/candidate.officer", buf_span(&stranger));
	cosigners_sign(w, 0, "spoilt");
	buf_free(&stranger);
	assert_true(workshop_read(&stranger, w, "cosign/candidate.spoilt"));
	stranger.ptr[stranger.len - 1] ^= 1;
	workshop_write(w, "cosign/candidate.spoilt", buf_span(&stranger));
	struct publish_report r = cosigners_publish(w);
	waits(&r, PUBLISH_WAITS_FOR_AUDITORS, 1);
	assert_int_equal(published(w), 1);
	cosigners_sign(w, 0, "z"); /* all that stands beside the good one does not spoil it */
	assert_true(cosigners_publish(w).published);
	assert_int_equal(published(w), 2);
	candidate_free(&c);
	buf_free(&old);
	buf_free(&stranger);
	buf_free(&bundle);
}

static void
two_auditors_sign_apart(void **state)
{
	struct workshop *w = *state;
	struct buf bundle = BUF_EMPTY;

	cosigners_ask(&bundle, w, 2, 0);
	struct publish_report r = cosigners_publish(w);
	waits(&r, PUBLISH_WAITS_FOR_AUDITORS, 2);
	cosigners_sign(w, 0, "a");
	cosigners_sign(w, 0, "a-again");
	r = cosigners_publish(w);
	waits(&r, PUBLISH_WAITS_FOR_AUDITORS, 1);
	cosigners_sign(w, 1, "b");
	assert_true(cosigners_publish(w).published);
	assert_int_equal(published(w), 1);
	buf_free(&bundle);
}

/* The cosigned file put in the candidate's own place is taken, too. */
static void
a_candidate_may_be_replaced_by_its_cosigned_self(void **state)
{
	struct workshop *w = *state;
	struct buf bundle = BUF_EMPTY, file = BUF_EMPTY;

	cosigners_ask(&bundle, w, 1, 0);
	cosigners_publish(w);
	cosigners_sign(w, 0, "a");
	assert_true(workshop_read(&file, w, "cosign/candidate.a"));
	workshop_write(w, "cosign/candidate", buf_span(&file));
	assert_true(cosigners_publish(w).published);
	buf_free(&file);
	buf_free(&bundle);
}

/* ---- when a candidate is given up ---- */

static void
take_away(const struct workshop *w, const char *name)
{
	char path[160];
	snprintf(path, sizeof path, "%s/%s", w->folder, name);
	assert_int_equal(unlink(path), 0);
}

static void
a_candidate_is_given_up_for_a_reason(void **state)
{
	struct workshop *w = *state;
	struct buf bundle = BUF_EMPTY, noise = BUF_EMPTY;
	struct publish_report r;

	cosigners_ask(&bundle, w, 1, 0);
	assert_int_equal(cosigners_publish(w).waiting.seq, 1);
	/* half its life is over */
	w->now_s += 7 * 86400 / 2;
	assert_int_equal(cosigners_publish(w).waiting.seq, 2);
	w->now_s += 7 * 86400 / 2 - 1;
	assert_int_equal(cosigners_publish(w).waiting.seq, 2);
	/* somebody took it away */
	take_away(w, "cosign/candidate");
	assert_int_equal(cosigners_publish(w).waiting.seq, 3);
	/* it is not what our key signed */
	assert_true(workshop_read(&noise, w, "cosign/candidate"));
	noise.ptr[noise.len - 1] ^= 1;
	workshop_write(w, "cosign/candidate", buf_span(&noise));
	assert_int_equal(cosigners_publish(w).waiting.seq, 4);
	/* the head file is lost: not the same number again */
	take_away(w, "keys/status.head");
	w->now_s += 7 * 86400;
	assert_int_equal(cosigners_publish(w).waiting.seq, 5);
	/* another bundle is adopted */
	cosigners_ask(&bundle, w, 2, 0);
	r = cosigners_publish(w);
	assert_int_equal(r.waiting.seq, 6);
	waits(&r, PUBLISH_WAITS_FOR_AUDITORS, 2);
	/* and one that asks for none */
	cosigners_ask(&bundle, w, 0, 0);
	r = cosigners_publish(w);
	assert_true(r.published);
	assert_int_equal(published(w), 7);
	assert_false(has(w, "cosign/candidate"));
	buf_free(&noise);
	buf_free(&bundle);
}

/* Published into another folder, its parts are not there: then it is not published either. */
static void
a_candidate_without_its_parts_is_made_anew(void **state)
{
	struct workshop *w = *state;
	struct buf bundle = BUF_EMPTY;
	struct publish_report r;
	char number[NUMBER_SHOWN_BYTES], folder[96];

	cosigners_ask(&bundle, w, 1, 0);
	workshop_issue(number, w, &STAR_BRIDGE);
	cosigners_publish(w);
	cosigners_sign(w, 0, "a");
	snprintf(folder, sizeof folder, "%s/elsewhere", w->folder);
	REQUIRE(publish(&r, w->bureau, folder, w->now_s, &err));
	assert_false(r.published);
	assert_int_equal(r.waiting.seq, 2);
	assert_false(has(w, "elsewhere/v1/snapshot"));
	buf_free(&bundle);
}

/* ---- witnesses ---- */

static void
witness(const struct workshop *w, const char *name, int64_t time_s)
{
	struct buf note = BUF_EMPTY, cosigned = BUF_EMPTY;
	char path[64];

	assert_true(workshop_read(&note, w, "cosign/checkpoint"));
	workshop_witness(&cosigned, &w->keys, buf_span(&note), (uint64_t)time_s);
	snprintf(path, sizeof path, "cosign/checkpoint.%s", name);
	workshop_write(w, path, buf_span(&cosigned));
	buf_free(&note);
	buf_free(&cosigned);
}

/* By the log's key and by the witness, and no line twice. */
static void
a_published_checkpoint_is_witnessed(struct workshop *w)
{
	struct buf note = BUF_EMPTY;
	const struct trust *trust;
	struct checkpoint c;
	struct note parsed;
	bool witnessed;

	assert_true(workshop_read(&note, w, "public/log/checkpoint"));
	REQUIRE(bureau_trust(&trust, w->bureau, &err));
	REQUIRE(trust_verify_checkpoint(&c, &witnessed, trust, buf_span(&note), &err));
	assert_true(witnessed);
	REQUIRE(note_parse(&parsed, buf_span(&note), &err));
	assert_int_equal(parsed.signatures, 2);
	buf_free(&note);
}

static void
nothing_good_is_signed_before_the_witnesses_saw_the_log(void **state)
{
	struct workshop *w = *state;
	struct buf bundle = BUF_EMPTY, note = BUF_EMPTY, old = BUF_EMPTY;
	char number[NUMBER_SHOWN_BYTES];

	cosigners_ask(&bundle, w, 0, 1);
	struct publish_report r = cosigners_publish(w);
	waits(&r, PUBLISH_WAITS_FOR_WITNESSES, 1);
	assert_int_equal(published(w), 0);
	assert_false(has(w, "public/log/checkpoint"));
	assert_false(has(w, "cosign/candidate"));
	assert_true(has(w, "public/log/tile/0/000.p/2")); /* witnesses need the tiles */
	assert_int_equal(workshop_count(w, "cosign"), 1); /* the unsigned one is not given out */
	assert_true(workshop_read(&note, w, "cosign/checkpoint"));
	workshop_write(w, "cosign/checkpoint.itself", buf_span(&note));
	workshop_write(w, "cosign/checkpoint.noise", span_text("not a note"));
	r = cosigners_publish(w);
	waits(&r, PUBLISH_WAITS_FOR_WITNESSES, 1);
	workshop_issue(number, w, &STAR_BRIDGE); /* comes with the next */
	witness(w, "w", w->now_s);
	witness(w, "w-later", w->now_s + 1);
	r = cosigners_publish(w);
	assert_true(r.published);
	assert_int_equal(published(w), 1);
	a_published_checkpoint_is_witnessed(w);
	assert_int_equal(r.size, 2);
	waits(&(struct publish_report){ .waiting = r.waiting }, PUBLISH_WAITS_FOR_WITNESSES, 1);
	/* an answer to the checkpoint before is none to this one */
	workshop_witness(&old, &w->keys, buf_span(&note), 1);
	workshop_write(w, "cosign/checkpoint.w", buf_span(&old));
	r = cosigners_publish(w);
	waits(&r, PUBLISH_WAITS_FOR_WITNESSES, 1);
	assert_int_equal(published(w), 1);
	buf_free(&note);
	buf_free(&old);
	buf_free(&bundle);
}

static void
a_cosignature_that_does_not_hold_is_none(void **state)
{
	struct workshop *w = *state;
	struct buf bundle = BUF_EMPTY, note = BUF_EMPTY;

	cosigners_ask(&bundle, w, 0, 1);
	cosigners_publish(w);
	witness(w, "w", w->now_s);
	assert_true(workshop_read(&note, w, "cosign/checkpoint.w"));
	uint8_t *last = &note.ptr[note.len - 8]; /* inside the base64 of the signature */
	*last = *last == 'A' ? 'B' : 'A';
	workshop_write(w, "cosign/checkpoint.w", buf_span(&note));
	struct publish_report r = cosigners_publish(w);
	waits(&r, PUBLISH_WAITS_FOR_WITNESSES, 1);
	assert_int_equal(published(w), 0);
	buf_free(&note);
	buf_free(&bundle);
}

/* The auditor signs what the witnesses saw. */
static void
witnesses_come_before_auditors(void **state)
{
	struct workshop *w = *state;
	struct buf bundle = BUF_EMPTY;
	struct candidate c;

	cosigners_ask(&bundle, w, 1, 1);
	struct publish_report r = cosigners_publish(w);
	waits(&r, PUBLISH_WAITS_FOR_WITNESSES, 1);
	witness(w, "w", w->now_s);
	r = cosigners_publish(w);
	waits(&r, PUBLISH_WAITS_FOR_AUDITORS, 1);
	assert_false(has(w, "cosign/checkpoint"));
	assert_false(has(w, "snapshot-unsigned"));
	assert_false(has(w, "public/log/checkpoint"));
	candidate_read(&c, w);
	assert_int_equal(c.manifest->seq, 1);
	candidate_free(&c);
	cosigners_sign(w, 0, "a");
	assert_true(cosigners_publish(w).published);
	a_published_checkpoint_is_witnessed(w);
	buf_free(&bundle);
}

/* health asks without publishing. */
static void
what_waits_can_be_looked_at(void **state)
{
	struct workshop *w = *state;
	struct buf bundle = BUF_EMPTY;
	struct publish_waiting waiting;

	REQUIRE(publish_look(&waiting, w->bureau, &err));
	assert_int_equal(waiting.for_whom, PUBLISH_WAITS_FOR_NONE);
	assert_int_equal(publish_cosign_stamp(w->bureau), 0);
	cosigners_ask(&bundle, w, 1, 1);
	cosigners_publish(w);
	REQUIRE(publish_look(&waiting, w->bureau, &err));
	assert_int_equal(waiting.for_whom, PUBLISH_WAITS_FOR_WITNESSES);
	assert_int_equal(waiting.missing, 1);
	const uint64_t before = publish_cosign_stamp(w->bureau);
	assert_int_not_equal(before, 0);
	assert_true(publish_cosign_stamp(w->bureau) == before);
	witness(w, "w", w->now_s);
	assert_true(publish_cosign_stamp(w->bureau) != before);
	REQUIRE(publish_look(&waiting, w->bureau, &err));
	assert_int_equal(waiting.missing, 0);
	cosigners_publish(w);
	REQUIRE(publish_look(&waiting, w->bureau, &err));
	assert_int_equal(waiting.for_whom, PUBLISH_WAITS_FOR_AUDITORS);
	assert_int_equal(waiting.missing, 1);
	buf_free(&bundle);
}

#define ON(test) cmocka_unit_test_setup_teardown(test, open_workshop, close_workshop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(good_news_wait_and_bad_news_do_not),
		ON(one_candidate_waits_while_acts_come),
		ON(what_is_no_cosignature_of_it_changes_nothing),
		ON(two_auditors_sign_apart),
		ON(a_candidate_may_be_replaced_by_its_cosigned_self),
		ON(a_candidate_is_given_up_for_a_reason),
		ON(a_candidate_without_its_parts_is_made_anew),
		ON(nothing_good_is_signed_before_the_witnesses_saw_the_log),
		ON(a_cosignature_that_does_not_hold_is_none),
		ON(witnesses_come_before_auditors),
		ON(what_waits_can_be_looked_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
