#include "core/file.h"
#include "credential/act_body.h"
#include "credential/cose_file.h"
#include "tests/credential/edit.h"

#include <stdio.h>

#define VECTORS SOURCE_DIR "/tests/vectors/acts.txt"
#define VECTOR_COUNT 16

/* ---- the acts of tests/vectors/acts.txt, in memory ---- */

static struct buf vectors;
static struct buf claims_of[VECTOR_COUNT]; /* act-claims, written by another program */
static enum act_kind kind_of[VECTOR_COUNT];

static int
load(void **state)
{
	char *line;
	char *rest;
	(void)state;
	assert_true(file_read(&vectors, VECTORS, 1 << 20, NULL));
	assert_non_null(buf_text(&vectors));
	line = strtok_r((char *)vectors.ptr, "\n", &rest);
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		char *blank = strchr(line, ' ');
		struct buf hex = BUF_EMPTY;
		kind_of[i] = act_kind_find(span_of(line, (size_t)(blank - line)));
		assert_int_not_equal(kind_of[i], ACT_NONE);
		buf_add_text(&hex, blank + 1);
		edit_to_bytes(&claims_of[i], &hex, "vector");
		buf_free(&hex);
		line = strtok_r(NULL, "\n", &rest);
	}
	assert_null(line);
	return 0;
}

static int
unload(void **state)
{
	(void)state;
	buf_free(&vectors);
	for (size_t i = 0; i < VECTOR_COUNT; i++)
		buf_free(&claims_of[i]);
	return 0;
}

static const struct decision grant = {
	.outcome = DECISION_GRANT,
	.years = 5,
	.grade = GRADE_A,
	.scopes = { { 1, 3 }, 2 },
};

static struct decision
granted(void)
{
	struct decision d = grant;
	d.document = span_text("资决〔2026〕17号");
	d.holder = span_text("示例星桥信息技术有限公司");
	d.uscc = span_text("91999901MADEM00110");
	d.family = span_text("JC");
	return d;
}

static struct decision
refused(void)
{
	struct decision d = {
		.outcome = DECISION_REFUSE, .grade = GRADE_B, .scopes = { { 2 }, 1 }
	};
	d.document = span_text("D-18");
	d.holder = span_text("示例");
	d.holder_en = span_text("Example");
	d.uscc = span_text("91999902MADEM002X6");
	d.family = span_text("JC");
	d.reason = span_text("ORG-02");
	return d;
}

static void
fill_register(struct body_register *b)
{
	b->iss = span_text("TEST");
	memset(b->bureau, 1, sizeof b->bureau);
	memset(b->root_fingerprint, 2, sizeof b->root_fingerprint);
	b->bundle = span_text("bundle");
	b->origin = span_text("v.example/log");
	b->root = span_text("root");
}

/* Fields in another order than on the wire: sorting is the encoder's work. */
static void
fill_issue(struct body_issue *b, struct span qc1_claims, bool with_decision)
{
	static const char *const face[][2] = { { "valid_until", "2031-11-19" }, { "grade", "A" },
		{ "no", "JCA9999002026482136" }, { "holder", "示例星桥信息技术有限公司" } };
	b->claims = qc1_claims;
	b->face_count = COUNT_OF(face);
	for (size_t i = 0; i < b->face_count; i++) {
		b->face[i].name = span_text(face[i][0]);
		b->face[i].text = span_text(face[i][1]);
	}
	b->template_id = span_text("certificate-a");
	memset(b->template_hash, 4, sizeof b->template_hash);
	b->not_after_s = 1797753900;
	b->sitting = span_text("P-9XQ4-7");
	b->has_decision = with_decision;
	if (with_decision)
		b->decision = granted();
}

static void
fill_sanction(struct body_sanction *b, const char *ground, const char *document, int64_t until_s)
{
	b->ground = span_text(ground);
	b->document = span_text(document);
	b->from_s = 1795161900;
	b->until_s = until_s;
	b->not_after_s = 1797753900;
	b->sitting = span_text("P-9XQ4-7");
}

static void
fill_answer(struct body_answer *b, enum act_kind kind, const char *reason)
{
	memset(b->proposal, 5, sizeof b->proposal);
	b->proposal_kind = kind;
	b->reason = span_text(reason);
}

/* The body of vector i; byte strings that are vectors themselves come from the parsed one. */
static struct act_body
body_of(size_t i, const struct act_body *parsed)
{
	struct act_body b = { .kind = kind_of[i] };

	switch (b.kind) {
	case ACT_REGISTER:
		fill_register(&b.reg);
		break;
	case ACT_ADOPT:
		b.adopt.bundle = span_text("bundle");
		break;
	case ACT_MADE:
		b.made.qc1 = parsed->made.qc1;
		memset(b.made.pdf_hash, 3, sizeof b.made.pdf_hash);
		b.made.pdf_bytes = 123456;
		break;
	case ACT_SUBMIT:
		b.submit.application = span_text("{}");
		break;
	case ACT_ACCEPT:
		b.accept.document = span_text("受理〔2026〕17号");
		break;
	case ACT_EXAMINE:
	case ACT_INSPECT:
		b.result.report = span_text("{}");
		b.result.result = b.kind == ACT_EXAMINE ? RESULT_PASS : RESULT_FAIL;
		break;
	case ACT_DECIDE:
		b.decide.decision = refused();
		b.decide.not_after_s = 1797753900;
		b.decide.sitting = span_text("P-9XQ4-7");
		break;
	case ACT_ISSUE:
		fill_issue(&b.issue, parsed->issue.claims, i == 9);
		break;
	case ACT_SUSPEND:
		fill_sanction(&b.sanction, "SUS-01", "D-30", 1811059200);
		break;
	case ACT_LIFT:
		fill_sanction(&b.sanction, "LIF-01", "D-31", 0);
		break;
	case ACT_REVOKE:
		fill_sanction(&b.sanction, "REV-01", "D-32", 0);
		break;
	case ACT_APPROVE:
		fill_answer(&b.answer, ACT_REVOKE, "");
		break;
	case ACT_REFUSE:
		fill_answer(&b.answer, ACT_ISSUE, "名称有误");
		break;
	case ACT_CANCEL:
		fill_answer(&b.answer, ACT_DECIDE, "");
		break;
	case ACT_NONE:
		break;
	}
	return b;
}

/* ---- promises ---- */

static void
another_program_and_ours_write_the_same_acts(void **state)
{
	(void)state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		const char *word = act_kind_word(kind_of[i]);
		struct err err = { 0 };
		struct act act;
		struct act_body parsed;
		struct buf body = BUF_EMPTY, claims = BUF_EMPTY;

		if (!act_claims_parse(&act, buf_span(&claims_of[i]), &err) ||
		    !act_body_parse(&parsed, act.kind, act.body, &err))
			fail_msg("%s: %s", word, err.text);
		CHECK_ROW(act.kind == kind_of[i] && act.seq == i, word);
		CHECK_ROW(act.time_s == 1795161900 && act.bundle_seq == 3, word);
		CHECK_ROW(act.has_idempotency == (i % 2 == 1), word);

		struct act_body written = body_of(i, &parsed);
		if (!act_body_encode(&body, &written, &err))
			fail_msg("%s: %s", word, err.text);
		CHECK_ROW(span_equal(buf_span(&body), act.body), word);
		act.body = buf_span(&body);
		if (!act_claims_encode(&claims, &act, &err))
			fail_msg("%s: %s", word, err.text);
		CHECK_ROW(span_equal(buf_span(&claims), buf_span(&claims_of[i])), word);
		buf_free(&body);
		buf_free(&claims);
	}
}

static void
every_kind_has_a_vector(void **state)
{
	static const enum act_kind kinds[] = {
#define KIND_ONLY(name, no, word, form, subjects) ACT_##name,
		ACT_KINDS(KIND_ONLY)
#undef KIND_ONLY
	};
	(void)state;
	for (size_t k = 0; k < COUNT_OF(kinds); k++) {
		bool met = false;
		for (size_t i = 0; i < VECTOR_COUNT; i++)
			met = met || kind_of[i] == kinds[k];
		CHECK_ROW(met, act_kind_word(kinds[k]));
		CHECK_ROW(act_kind_form(kinds[k]) != ACT_FORM_NONE, act_kind_word(kinds[k]));
	}
	assert_null(act_kind_word((enum act_kind)99));
	assert_int_equal(act_kind_form((enum act_kind)99), ACT_FORM_NONE);
	assert_int_equal(act_kind_find(span_text("approved")), ACT_NONE);
}

static void
whole_act(struct buf *out, struct span claims)
{
	struct buf header = BUF_EMPTY;
	uint8_t signature[COSE_SIGNATURE_BYTES] = { 9 };
	act_header_encode(&header, COSE_ALG_ES256, span_text("12345678"));
	act_encode(out, buf_span(&header), claims, span_of(signature, sizeof signature));
	buf_free(&header);
}

static void
a_whole_act_has_the_hash_of_all_its_bytes(void **state)
{
	struct buf whole = BUF_EMPTY, signed_bytes = BUF_EMPTY;
	struct act act;
	uint8_t hash[SHA256_BYTES];
	(void)state;

	whole_act(&whole, buf_span(&claims_of[0]));
	assert_true(act_parse(&act, buf_span(&whole), NULL));
	sha256(hash, buf_span(&whole));
	assert_memory_equal(act.hash, hash, sizeof hash);
	assert_true(span_equal(act.bytes, buf_span(&whole)));
	assert_true(span_is(act.envelope.signer.kid, "12345678"));

	/* The bureau's id is signed and not sent. */
	uint8_t bureau[BUREAU_ID_BYTES];
	memset(bureau, 0xbb, sizeof bureau);
	act_to_be_signed(&signed_bytes, act.envelope.signer.header, bureau, act.envelope.payload);
	assert_non_null(memmem(signed_bytes.ptr, signed_bytes.len, bureau, sizeof bureau));
	assert_null(memmem(whole.ptr, whole.len, bureau, sizeof bureau));
	buf_free(&whole);
	buf_free(&signed_bytes);
}

static void
an_act_without_its_typ_or_too_long_is_refused(void **state)
{
	struct buf whole = BUF_EMPTY, header = BUF_EMPTY;
	struct act act;
	struct err err = { 0 };
	(void)state;

	cose_header_encode(&header, COSE_ALG_ES256, span_text("12345678"), NULL);
	act_encode(&whole, buf_span(&header), buf_span(&claims_of[0]),
	    span_of(claims_of[0].ptr, COSE_SIGNATURE_BYTES));
	assert_false(act_parse(&act, buf_span(&whole), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	while (whole.len <= LIMIT_ACT_BYTES)
		buf_add_span(&whole, buf_span(&vectors));
	assert_false(act_parse(&act, buf_span(&whole), &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&whole);
	buf_free(&header);
}

/* A flipped bit anywhere in claims: refused, or said in exactly the flipped bytes. */
static void
each_act_has_one_encoding(void **state)
{
	(void)state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		for (size_t bit = 0; bit < claims_of[i].len * 8; bit++) {
			struct act act;
			struct act_body body;
			struct buf claims = BUF_EMPTY, again = BUF_EMPTY;
			claims_of[i].ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
			if (act_claims_parse(&act, buf_span(&claims_of[i]), NULL)) {
				assert_true(act_claims_encode(&claims, &act, NULL));
				assert_true(span_equal(buf_span(&claims), buf_span(&claims_of[i])));
				if (act_body_parse(&body, act.kind, act.body, NULL)) {
					assert_true(act_body_encode(&again, &body, NULL));
					assert_true(span_equal(buf_span(&again), act.body));
				}
			}
			claims_of[i].ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
			buf_free(&claims);
			buf_free(&again);
		}
	}
}

/* ---- mistakes ---- */

#define ZEROS                                                                                      \
	"5820"                                                                                     \
	"0000000000000000000000000000000000000000000000000000000000000000"

static void
mistaken_claims_are_refused(void **state)
{
	static const struct {
		const char *name, *from, *to;
	} rows[] = {
		{ "version 2", "a90001", "a90002" },
		{ "a kind there is not", "010102", "01186302" },
		{ "kind 0", "010102", "010002" },
		{ "a kind that does not fit the subject", "010102", "010a02" },
		{ "another subject", "687265676973746572", "687265676973746573" },
		{ "no subject", "02687265676973746572", "0260" },
		{ "a case's subject under register", "687265676973746572",
		    "70636173652f432d323032362d30303137" },
		{ "sequence 1 after nothing", "0300", "0301" },
		{ "something before sequence 0", ZEROS,
		    "5820"
		    "0000000000000000000000000000000000000000000000000000000000000001" },
		{ "a short previous hash", ZEROS,
		    "41"
		    "00" },
		{ "time negative", "041a6affff2c", "0420" },
		{ "time a float", "041a6affff2c", "04fa4f5c0000" },
		{ "body a list", "06a6", "068c" },
		{ "nonce of 15 bytes", "0750", "074f" },
		{ "no bundle", "a90001", "a80001" },
		{ "an unknown key", "a90001", "aa0001" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf hex = BUF_EMPTY, bytes = BUF_EMPTY;
		struct act act;
		struct err err = { 0 };
		char *text = calloc(1, 2 * claims_of[0].len + 1);
		hex_encode(text, buf_span(&claims_of[0]));
		buf_add_text(&hex, text);
		edit_replace(&hex, rows[i].from, rows[i].to, rows[i].name);
		if (i == COUNT_OF(rows) - 1)
			buf_add_text(&hex, "0a00");
		edit_to_bytes(&bytes, &hex, rows[i].name);
		CHECK_ROW(!act_claims_parse(&act, buf_span(&bytes), &err), rows[i].name);
		CHECK_ROW(err.code == ERR_MALFORMED, rows[i].name);
		buf_free(&hex);
		buf_free(&bytes);
		free(text);
	}
}

static void
only_three_kinds_of_subject_are_known(void **state)
{
	static const struct {
		const char *subject;
		enum act_subject what;
	} rows[] = {
		{ "register", SUBJECT_REGISTER },
		{ "case/C-2026-0017", SUBJECT_CASE },
		{ "case/C-2026-9999", SUBJECT_CASE },
		{ "case/C-2026-10000", SUBJECT_CASE },
		{ "JCA9999002026482136", SUBJECT_NUMBER },
		{ "", SUBJECT_NONE },
		{ "Register", SUBJECT_NONE },
		{ "register ", SUBJECT_NONE },
		{ "case/C-2026-017", SUBJECT_NONE },
		{ "case/C-2026-00017", SUBJECT_NONE },
		{ "case/C-26-0017", SUBJECT_NONE },
		{ "case/C-2026-0017x", SUBJECT_NONE },
		{ "case/c-2026-0017", SUBJECT_NONE },
		{ "C-2026-0017", SUBJECT_NONE },
		{ "case/../C-2026-0017", SUBJECT_NONE },
		{ "JC-A-999900-2026-48213-6", SUBJECT_NONE },
		{ "JCA9999002026482137", SUBJECT_NONE },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(
		    act_subject_of(span_text(rows[i].subject)) == rows[i].what, rows[i].subject);
}

/* Each way to spoil a body in memory: it is not written. */
static void
mistaken_bodies_are_not_written(void **state)
{
	(void)state;
	for (int way = 0; way < 22; way++) {
		struct act_body b = { 0 };
		struct buf out = BUF_EMPTY;
		struct err err = { 0 };
		char name[24];
		struct act vector;
		struct act_body parsed;
		assert_true(act_claims_parse(&vector, buf_span(&claims_of[8]), NULL));
		assert_true(act_body_parse(&parsed, ACT_ISSUE, vector.body, NULL));
		b.kind = way < 10 ? ACT_ISSUE : way < 16 ? ACT_DECIDE : ACT_SUSPEND;
		if (way < 10)
			fill_issue(&b.issue, parsed.issue.claims, true);
		else if (way < 16) {
			b.decide.decision = granted();
			b.decide.not_after_s = 1;
			b.decide.sitting = span_text("P-9XQ4-7");
		} else
			fill_sanction(&b.sanction, "SUS-01", "D-30", 1811059200);
		switch (way) {
		case 0:
			b.issue.claims = span_text("no claims");
			break;
		case 1:
			b.issue.face_count = 0;
			break;
		case 2:
			b.issue.face_count = LIMIT_FACE_FIELDS + 1;
			break;
		case 3:
			b.issue.face[1].name = b.issue.face[0].name;
			break;
		case 4:
			b.issue.face[1].text = span_text("\xe2\x80\xae");
			break;
		case 5:
			b.issue.template_id = span_text("");
			break;
		case 6:
			b.issue.sitting = span_text("P-9XQ4-U");
			break;
		case 7:
			b.issue.sitting = span_text("P-9XQ4");
			break;
		case 8:
			b.issue.decision.years = 0;
			break;
		case 9:
			b.issue.not_after_s = -1;
			break;
		case 10:
			b.decide.decision.outcome = DECISION_NONE;
			break;
		case 11:
			b.decide.decision.reason = span_text("but");
			break;
		case 12:
			b.decide.decision.family = span_text("XX");
			break;
		case 13:
			b.decide.decision.uscc = span_text("91999901MADEM00111");
			break;
		case 14:
			b.decide.decision.grade = GRADE_NONE;
			break;
		case 15:
			b.decide.decision.document = span_text("D\n18");
			break;
		case 16:
			b.sanction.until_s = b.sanction.from_s;
			break;
		case 17:
			b.sanction.ground = span_text("");
			break;
		case 18:
			b.sanction.document = span_text(" D-30");
			break;
		case 19:
			b.kind = ACT_APPROVE;
			fill_answer(&b.answer, ACT_APPROVE, "");
			break;
		case 20:
			b.kind = ACT_REFUSE;
			fill_answer(&b.answer, ACT_ISSUE, "");
			break;
		default:
			b.kind = ACT_NONE;
			break;
		}
		snprintf(name, sizeof name, "way %d", way);
		CHECK_ROW(!act_body_encode(&out, &b, &err), name);
		CHECK_ROW(err.code != ERR_NONE && out.len == 0, name);
		buf_free(&out);
	}
}

/* An approval read as a refusal, and so on: no body passes for another kind's but its twins'. */
static void
a_body_is_read_only_as_its_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		struct act act;
		assert_true(act_claims_parse(&act, buf_span(&claims_of[i]), NULL));
		for (size_t k = 0; k < VECTOR_COUNT; k++) {
			struct act_body body;
			bool read = act_body_parse(&body, kind_of[k], act.body, NULL);
			CHECK_ROW(read || kind_of[k] != act.kind, act_kind_word(act.kind));
			if (read && act_kind_form(kind_of[k]) != act_kind_form(act.kind))
				assert_true(act.kind == ACT_ADOPT || act.kind == ACT_SUBMIT);
		}
	}
}

static void
a_face_is_found_by_name(void **state)
{
	struct act_body b = { .kind = ACT_ISSUE };
	(void)state;
	fill_issue(&b.issue, span_text("claims"), false);
	assert_true(span_is(act_body_face(&b.issue, "grade"), "A"));
	assert_int_equal(act_body_face(&b.issue, "seal").len, 0);
}

static void
a_credential_file_comes_back(void **state)
{
	struct cose_file f, again;
	struct buf out = BUF_EMPTY;
	struct err err = { 0 };
	(void)state;

	f = (struct cose_file){ span_text("qc1"), span_text("proposal"), span_text("approval") };
	cose_file_encode(&out, &f);
	assert_true(cose_file_parse(&again, buf_span(&out), NULL));
	assert_true(span_equal(again.qc1, f.qc1));
	assert_true(span_equal(again.proposal, f.proposal));
	assert_true(span_equal(again.approval, f.approval));

	buf_add_byte(&out, 0);
	assert_false(cose_file_parse(&again, buf_span(&out), &err));
	assert_int_equal(err.code, ERR_MALFORMED);
	buf_free(&out);
	cose_file_encode(&out, &(struct cose_file){ f.qc1, f.proposal, { NULL, 0 } });
	assert_false(cose_file_parse(&again, buf_span(&out), NULL));
	while (out.len <= LIMIT_COSE_FILE_BYTES)
		buf_add_span(&out, buf_span(&vectors));
	assert_false(cose_file_parse(&again, buf_span(&out), &err));
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_program_and_ours_write_the_same_acts),
		cmocka_unit_test(every_kind_has_a_vector),
		cmocka_unit_test(a_whole_act_has_the_hash_of_all_its_bytes),
		cmocka_unit_test(an_act_without_its_typ_or_too_long_is_refused),
		cmocka_unit_test(each_act_has_one_encoding),
		cmocka_unit_test(mistaken_claims_are_refused),
		cmocka_unit_test(only_three_kinds_of_subject_are_known),
		cmocka_unit_test(mistaken_bodies_are_not_written),
		cmocka_unit_test(a_body_is_read_only_as_its_kind),
		cmocka_unit_test(a_face_is_found_by_name),
		cmocka_unit_test(a_credential_file_comes_back),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
