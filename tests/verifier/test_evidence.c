/* Evidence confirms the answer that was given, for ever, and no other; what it cannot confirm it says. */
#include "core/tar.h"
#include "tests/test.h"
#include "tests/verifier/asked.h"
#include "verifier/evidence.h"

#include <stdlib.h>

#define DAY(n) FIXTURE_DAY_S(n)

static bool
into_buf(void *ctx, struct span bytes, struct err *err)
{
	buf_add_span(ctx, bytes);
	return buf_ok(ctx, err);
}

struct put {
	const struct question *question;
	struct span input;
};

static bool
judge(struct answer *out, struct published *published, const void *ctx, struct err *err)
{
	const struct put *put = ctx;

	return verify(out, put->question, published, NULL, put->input, err);
}

/* A bureau checks some inputs and makes evidence of it. */
struct checking {
	struct believed *b;
	struct evidence_writer *w;
	struct buf file;
};

static void
begin(struct checking *c, const struct fixture *f, const char *memory, int64_t now_s)
{
	const struct believed_paths paths = {
		.root = f->root, .folder = f->public_folder, .memory = memory, .keep = true
	};

	*c = (struct checking){ 0 };
	MUST(believed_new(&c->b, &err) && believed_add(c->b, &paths, now_s, &err));
	MUST(evidence_write_begin(&c->w, (struct evidence_sink){ into_buf, &c->file }, c->b,
	    "qualverify test", now_s, &err));
}

static struct answer
check(struct checking *c, const struct question *q, const char *name, struct span input)
{
	const struct put put = { q, input };
	struct answer a;

	MUST(believed_ask(&a, NULL, c->b, judge, &put, &err));
	MUST(evidence_write_answer(c->w, q, &a, &err));
	MUST(evidence_write_input(c->w, name, input, NULL, &err));
	return a;
}

static void
end(struct checking *c)
{
	MUST(evidence_write_end(c->w, &err));
	evidence_writer_free(c->w);
	believed_free(c->b);
}

/* Evidence of one question about one input. */
static struct buf
evidence_of(const struct fixture *f, const struct question *q, struct span input)
{
	struct checking c;

	begin(&c, f, NULL, q->now_s);
	check(&c, q, "input", input);
	end(&c);
	return c.file;
}

/* What the first answer about the i-th input comes to; false: the file is none. */
static bool
try_judge(struct evidence_judged *out, struct span evidence, size_t i, struct span file)
{
	struct evidence *e = NULL;
	struct believed *b = NULL;
	struct evidence_input in = { 0 };
	const struct evidence_handed handed = { .file = file };
	struct err err = { 0 };

	const bool ok = believed_new(&b, &err) && evidence_parse(&e, evidence, &err) &&
	    evidence_believe(b, e, &err) && evidence_input_read(&in, e, i, &err) &&
	    evidence_judge(out, e, b, &in, 0, &handed, &err);
	if (!ok)
		assert_true(err.code != ERR_NONE && err.text[0] != '\0');
	out->verdict = out->reason = NULL;
	evidence_input_free(&in);
	believed_free(b);
	evidence_free(e);
	return ok;
}

static void
judges(const struct buf *evidence, size_t i, struct span file, enum evidence_outcome outcome,
    enum verdict verdict, const char *row)
{
	struct evidence_judged j = { 0 };

	if (!try_judge(&j, buf_span(evidence), i, file))
		fail_msg("%s: no evidence", row);
	if (j.outcome != outcome || j.answer.verdict != verdict)
		fail_msg("%s: outcome %d %s (%s), not %d %s", row, (int)j.outcome,
		    verdict_word(j.answer.verdict), j.where, (int)outcome, verdict_word(verdict));
}

static const struct span nothing = { NULL, 0 };

static void
each_form_is_confirmed_and_a_pdf_wholly_only_with_itself(void **state)
{
	struct fixture f;
	struct checking c;
	const struct question q = { .now_s = DAY(2) };
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(0));
	fixture_publish(&f, DAY(1));
	begin(&c, &f, f.memory, q.now_s);
	const struct answer first = check(&c, &q, "a.pdf", buf_span(&p->pdf));
	asked_is(&first, VERDICT_VALID, FINDING_NONE, "pdf");
	check(&c, &q, "a.cose", buf_span(&p->cose));
	check(&c, &q, "code", buf_span(&p->code));
	check(&c, &q, "letter", span_text("hello"));
	end(&c);
	judges(&c.file, 0, nothing, EVIDENCE_SAME_BUT_FILE, VERDICT_VALID, "pdf not here");
	judges(&c.file, 0, buf_span(&p->pdf), EVIDENCE_SAME, VERDICT_VALID, "pdf");
	judges(&c.file, 1, nothing, EVIDENCE_SAME, VERDICT_VALID, "cose");
	judges(&c.file, 2, nothing, EVIDENCE_SAME, VERDICT_VALID, "code");
	judges(&c.file, 3, nothing, EVIDENCE_NEEDS_FILE, VERDICT_UNDECIDED, "letter not here");
	judges(&c.file, 3, span_text("hello"), EVIDENCE_SAME, VERDICT_REJECTED, "letter");
	for (size_t at = 0; at + p->pdf.len <= c.file.len; at++)
		assert_memory_not_equal(c.file.ptr + at, p->pdf.ptr, p->pdf.len);
	buf_free(&c.file);
	fixture_close(&f);
}

static void
what_was_asked_is_asked_again(void **state)
{
	struct fixture f;
	struct checking c;
	struct question q = { .now_s = DAY(2),
		.at_given = true,
		.at_whole_day = true,
		.at_s = civil_start_s(civil_of(DAY(2))),
		.known_given = true,
		.known_s = DAY(1),
		.holder = "91999902MADEM002X6",
		.grade = 2,
		.scope = 2,
		.existing = true };
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(0));
	fixture_publish(&f, DAY(1));
	begin(&c, &f, NULL, q.now_s);
	const struct answer other = check(&c, &q, "other holder", buf_span(&p->cose));
	asked_is(&other, VERDICT_REJECTED, FINDING_FIT_HOLDER, "other holder");
	q.holder = NULL;
	q.known_given = q.at_whole_day = false;
	check(&c, &q, "this holder", buf_span(&p->cose));
	end(&c);
	judges(&c.file, 0, nothing, EVIDENCE_SAME, VERDICT_REJECTED, "other holder");
	struct evidence *e = NULL;
	struct evidence_input in;
	struct evidence_judged j = { 0 };
	struct believed *b = NULL;
	MUST(evidence_parse(&e, buf_span(&c.file), &err));
	assert_int_equal(e->n_records, 2);
	MUST(believed_new(&b, &err) && evidence_believe(b, e, &err));
	MUST(evidence_input_read(&in, e, 1, &err) &&
	    evidence_judge(&j, e, b, &in, 0, &(struct evidence_handed){ 0 }, &err));
	assert_string_equal(in.name, "this holder");
	assert_true(j.question.at_given && !j.question.at_whole_day && j.question.at_s == q.at_s);
	assert_true(!j.question.known_given && j.question.holder == NULL);
	assert_true(j.question.grade == 2 && j.question.scope == 2 && j.question.existing);
	evidence_input_free(&in);
	believed_free(b);
	evidence_free(e);
	buf_free(&c.file);
	fixture_close(&f);
}

/* The folder the evidence came from is of no more use; and everything in it has run out. */
static void
later_revocation_and_years_change_nothing_of_what_was_answered_then(void **state)
{
	struct fixture f;
	const struct question then = { .now_s = DAY(2) }, stale = { .now_s = DAY(40) };
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(0));
	fixture_publish(&f, DAY(1));
	struct buf good = evidence_of(&f, &then, buf_span(&p->pdf));
	struct buf old = evidence_of(&f, &stale, buf_span(&p->pdf));
	fixture_happens(&f, p, STATUS_SUSPENDED, DAY(2), HISTORY_OPEN, DAY(2) + 60);
	fixture_publish_token(&f, DAY(2) + 120);
	const struct question soon = { .now_s = DAY(3) };
	struct buf suspended = evidence_of(&f, &soon, buf_span(&p->pdf));
	fixture_happens(&f, p, STATUS_REVOKED, DAY(4), HISTORY_OPEN, DAY(4));
	fixture_publish(&f, DAY(5));
	const struct question late = { .now_s = DAY(6) };
	struct buf revoked = evidence_of(&f, &late, buf_span(&p->pdf));
	fixture_remove(&f, "public/v1/snapshot");
	judges(&good, 0, nothing, EVIDENCE_SAME_BUT_FILE, VERDICT_VALID, "before");
	judges(&old, 0, nothing, EVIDENCE_SAME_BUT_FILE, VERDICT_UNDETERMINED, "data too old");
	judges(&suspended, 0, nothing, EVIDENCE_SAME_BUT_FILE, VERDICT_REJECTED, "by a token");
	judges(&revoked, 0, nothing, EVIDENCE_SAME_BUT_FILE, VERDICT_REJECTED, "by a snapshot");
	judges(&good, 0, buf_span(&p->pdf), EVIDENCE_SAME, VERDICT_VALID, "before, with the file");
	buf_free(&good);
	buf_free(&old);
	buf_free(&suspended);
	buf_free(&revoked);
	fixture_close(&f);
}

/* What a verifier remembered is part of what its answer rests on. */
static void
a_snapshot_older_than_the_one_remembered_is_judged_so_again(void **state)
{
	struct fixture f;
	struct checking c;
	const struct question q = { .now_s = DAY(3) };
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(0));
	fixture_publish_as(&f, DAY(1), 7, 1);
	begin(&c, &f, f.memory, DAY(2));
	end(&c);
	buf_free(&c.file);
	fixture_publish_as(&f, DAY(1), 6, 1);
	begin(&c, &f, f.memory, q.now_s);
	const struct answer a = check(&c, &q, "a.cose", buf_span(&p->cose));
	asked_is(&a, VERDICT_UNDETERMINED, FINDING_STATUS_OLDER, "snapshot 6 after 7");
	end(&c);
	judges(&c.file, 0, nothing, EVIDENCE_SAME, VERDICT_UNDETERMINED, "snapshot 6 after 7");
	buf_free(&c.file);
	fixture_close(&f);
}

static void
a_file_whose_seal_is_broken_is_confirmed_only_by_the_file(void **state)
{
	struct fixture f;
	const struct question q = { .now_s = DAY(2) };
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(0));
	fixture_publish(&f, DAY(1));
	p->pdf.ptr[10] ^= 1;
	struct buf evidence = evidence_of(&f, &q, buf_span(&p->pdf));
	judges(&evidence, 0, nothing, EVIDENCE_NEEDS_FILE, VERDICT_UNDECIDED, "not here");
	judges(&evidence, 0, buf_span(&p->pdf), EVIDENCE_SAME, VERDICT_REJECTED, "here");
	buf_free(&evidence);
	fixture_close(&f);
}

/* ---- altered ---- */

/* The sums of an archive made right again, as whoever alters it on purpose does. */
static struct buf
summed_up(struct span file)
{
	struct buf out = BUF_EMPTY, manifest = BUF_EMPTY;
	struct cursor c = cursor_over(file);
	struct tar_header h;
	struct span content;

	while (tar_take(&h, &content, &c, NULL) && strcmp(h.name, "MANIFEST") != 0) {
		uint8_t hash[SHA256_BYTES];
		sha256(hash, content);
		for (size_t i = 0; i < sizeof hash; i++)
			buf_printf(&manifest, "%02x", hash[i]);
		buf_printf(&manifest, "  %s\n", h.name);
		tar_put(&out, h.name, content, DAY(2));
	}
	tar_put(&out, "MANIFEST", buf_span(&manifest), DAY(2));
	tar_put_end(&out);
	buf_free(&manifest);
	return out;
}

/* The same certificate, verdict and parts; the question may be another, if that is its true answer. */
static bool
is_genuine(const struct answer *a, const struct answer *b)
{
	if (a->verdict != b->verdict || a->reason != b->reason || a->kind != b->kind ||
	    a->test != b->test || memcmp(a->credential_hash, b->credential_hash, 32) != 0 ||
	    a->now_s != b->now_s || a->asked_from_s != b->asked_from_s)
		return false;
	for (int i = 0; i < PART_COUNT; i++)
		if (a->parts[i].reply != b->parts[i].reply)
			return false;
	return strcmp(a->number, b->number) == 0 && strcmp(a->holder_zh, b->holder_zh) == 0;
}

/* Amid zeros: an archive's padding and an empty list have tens of thousands of them. */
static bool
is_dull(const struct buf *b, size_t i)
{
	return i > 0 && i + 1 < b->len && i % 64 != 0 && b->ptr[i - 1] == 0 && b->ptr[i] == 0 &&
	    b->ptr[i + 1] == 0;
}

static void
no_byte_of_it_can_be_changed_unnoticed(void **state)
{
	struct fixture f;
	const struct question q = { .now_s = DAY(2) };
	struct evidence *e;
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(0));
	fixture_publish(&f, DAY(1));
	struct buf evidence = evidence_of(&f, &q, buf_span(&p->cose));
	for (size_t i = 0; i < evidence.len; i++) {
		if (is_dull(&evidence, i))
			continue;
		evidence.ptr[i] ^= 1;
		if (evidence_parse(&e, buf_span(&evidence), NULL))
			fail_msg("byte %zu", i);
		evidence.ptr[i] ^= 1;
	}
	for (size_t n = 0; n < evidence.len; n += n < 1024 ? 1 : 509)
		assert_false(evidence_parse(&e, span_of(evidence.ptr, n), NULL));
	judges(&evidence, 0, nothing, EVIDENCE_SAME, VERDICT_VALID, "all bytes again");
	buf_free(&evidence);
	fixture_close(&f);
}

/* By somebody who makes the sums right again: what is confirmed then is still the genuine answer. */
static void
no_byte_changed_on_purpose_confirms_another_answer(void **state)
{
	struct fixture f;
	const struct question q = { .now_s = DAY(2), .grade = 2 };
	struct evidence_judged genuine = { 0 }, j = { 0 };
	unsigned confirmed = 0, noticed = 0;
	(void)state;

	fixture_open(&f);
	struct paper *p = fixture_issue(&f, DAY(0));
	fixture_publish(&f, DAY(1));
	struct buf evidence = evidence_of(&f, &q, buf_span(&p->pdf));
	assert_true(try_judge(&genuine, buf_span(&evidence), 0, nothing));
	assert_int_equal(genuine.outcome, EVIDENCE_SAME_BUT_FILE);
	for (size_t i = 0; i < evidence.len; i += 11) { /* 11 has no factor of a block's */
		if (is_dull(&evidence, i))
			continue;
		const uint8_t kept = evidence.ptr[i];
		evidence.ptr[i] ^= (uint8_t)(1u << (i % 7));
		struct buf altered = summed_up(buf_span(&evidence));
		evidence.ptr[i] = kept;
		if (!try_judge(&j, buf_span(&altered), 0, nothing) ||
		    j.outcome == EVIDENCE_DIFFERS || j.outcome == EVIDENCE_NEEDS_FILE)
			noticed++;
		else if (!is_genuine(&j.answer, &genuine.answer))
			fail_msg("byte %zu confirms another answer", i);
		else
			confirmed++;
		buf_free(&altered);
	}
	print_message("%u changes noticed, %u harmless\n", noticed, confirmed);
	assert_true(noticed > 500);
	buf_free(&evidence);
	fixture_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_is_confirmed_and_a_pdf_wholly_only_with_itself),
		cmocka_unit_test(what_was_asked_is_asked_again),
		cmocka_unit_test(
		    later_revocation_and_years_change_nothing_of_what_was_answered_then),
		cmocka_unit_test(a_snapshot_older_than_the_one_remembered_is_judged_so_again),
		cmocka_unit_test(a_file_whose_seal_is_broken_is_confirmed_only_by_the_file),
		cmocka_unit_test(no_byte_of_it_can_be_changed_unnoticed),
		cmocka_unit_test(no_byte_changed_on_purpose_confirms_another_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
