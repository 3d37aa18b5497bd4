#include "credential/act_body.h"
#include "credential/cbor.h"
#include "tests/credential/act_vectors.h"

#include <stdio.h>

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

/* The map, until the next call. */
static struct span
kept(struct buf map)
{
	static uint8_t room[1024];
	const size_t len = map.len;

	assert_true(len <= sizeof room);
	memcpy(room, map.ptr, len);
	buf_free(&map);
	return span_of(room, len);
}

static struct span
face_of(struct printed_face face)
{
	struct buf map = BUF_EMPTY;

	printed_face_encode(&map, &face);
	return kept(map);
}

static struct span
face_of_many(size_t fields)
{
	struct buf map = BUF_EMPTY;
	char name[24];

	cbor_put_map(&map, fields);
	for (size_t i = 0; i < fields; i++) {
		snprintf(name, sizeof name, "f%03zu", i);
		cbor_put_text(&map, span_text(name));
		cbor_put_text(&map, span_text("A"));
	}
	return kept(map);
}

/* Fields in another order than on the wire: sorting is the encoder's work. */
static void
fill_issue(struct body_issue *b, struct span qc1_claims, bool with_decision)
{
	b->claims = qc1_claims;
	b->face = face_of((const struct printed_face){ .count = 4,
	    .field = { { span_text("valid_until"), span_text("2031-11-19") },
		{ span_text("grade"), span_text("A") },
		{ span_text("no"), span_text("JCA9999002026482136") },
		{ span_text("holder"), span_text("示例星桥信息技术有限公司") } } });
	b->template_id = span_text("certificate-a");
	memset(b->template_hash, 4, sizeof b->template_hash);
	b->has_decision = with_decision;
	if (with_decision)
		b->decision = granted();
}

static void
fill_order(struct body_order *b, const char *ground, const char *document, int64_t until_s)
{
	b->ground = span_text(ground);
	b->document = span_text(document);
	b->from_s = 1795161900;
	b->until_s = until_s;
}

static void
fill_notice(struct body_notice *b, const char *ground, const char *document, const char *reason)
{
	b->ground = span_text(ground);
	b->document = span_text(document);
	b->reason = span_text(reason);
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
	struct buf list = BUF_EMPTY;
	struct act_body b = { .kind = kind_of[i] };

	if (act_kind_form(b.kind) == ACT_PROPOSAL) {
		b.not_after_s = 1797753900;
		b.sitting = span_text("P-9XQ4-7");
	}
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
	case ACT_AMEND:
		b.submit.application = span_text("{}");
		break;
	case ACT_ACCEPT:
		b.notice.document = span_text("受理〔2026〕17号");
		break;
	case ACT_RETRACT:
		b.notice.document = span_text("D-19");
		break;
	case ACT_DELIVER:
		b.notice.document = span_text("D-24");
		break;
	case ACT_FILE:
		b.notice.document = span_text("D-25");
		break;
	case ACT_DECLINE:
		fill_notice(&b.notice, "DCL-01", "D-16", "不属于本机关职权");
		break;
	case ACT_TERMINATE:
		fill_notice(&b.notice, "TER-01", "D-22", "隐瞒真实情况");
		break;
	case ACT_PROLONG:
		fill_notice(&b.notice, "", "D-23", "案情复杂");
		break;
	case ACT_STOP:
		fill_notice(&b.notice, "", "", "印章遗失");
		break;
	case ACT_RESUME:
		fill_notice(&b.notice, "", "", "印章已找回");
		break;
	case ACT_ASK:
		b.ask.document = span_text("D-14");
		act_body_put_asked(&list,
		    &(const struct asked){
			.item = { span_text("缺少章程"), span_text("法定代表人身份证明") },
			.count = 2 });
		b.ask.items = kept(list);
		break;
	case ACT_SCHEDULE:
		b.schedule.document = span_text("D-17");
		memset(b.schedule.team[0].id, 1, BODY_PERSON_BYTES);
		memset(b.schedule.team[1].id, 2, BODY_PERSON_BYTES);
		b.schedule.n_team = 2;
		b.schedule.visit_s = 1795104000;
		b.schedule.experts[0] = span_text("王专家");
		b.schedule.n_experts = 1;
		break;
	case ACT_RECUSE:
		memset(b.recuse.person.id, 3, BODY_PERSON_BYTES);
		b.recuse.reason = span_text("近亲属任职");
		break;
	case ACT_EXAMINE:
	case ACT_INSPECT:
		b.result.report = span_text("{}");
		b.result.result = b.kind == ACT_EXAMINE ? RESULT_PASS : RESULT_FAIL;
		break;
	case ACT_DECIDE:
		b.decide.decision = refused();
		break;
	case ACT_ISSUE:
		fill_issue(&b.issue, parsed->issue.claims, i == 9);
		b.issue.supersedes = parsed->issue.supersedes;
		break;
	case ACT_REISSUE:
		fill_issue(&b.issue, parsed->issue.claims, false);
		fill_order(&b.issue.order, "CHG-01", "D-36", 0);
		break;
	case ACT_REGRADE:
		fill_issue(&b.issue, parsed->issue.claims, false);
		fill_order(&b.issue.order, "DWN-01", "D-37", 0);
		break;
	case ACT_SUSPEND:
		fill_order(&b.order, "SUS-01", "D-30", 1811059200);
		break;
	case ACT_LIFT:
		fill_order(&b.order, "LIF-01", "D-31", 0);
		break;
	case ACT_REVOKE:
		fill_order(&b.order, "REV-01", "D-32", 0);
		break;
	case ACT_ANNUL:
		fill_order(&b.order, "ANN-01", "D-33", 0);
		break;
	case ACT_WITHDRAW:
		fill_order(&b.order, "WDR-01", "D-34", 0);
		break;
	case ACT_DEREGISTER:
		fill_order(&b.order, "DER-02", "D-35", 0);
		break;
	case ACT_EXTEND:
		fill_order(&b.order, "EXT-01", "D-38", 1811059200);
		break;
	case ACT_CORRECT:
		fill_order(&b.order, "COR-01", "D-39", 0);
		memset(b.order.target, 5, sizeof b.order.target);
		break;
	case ACT_SET_ASIDE:
		fill_order(&b.order, "SET-01", "D-40", 0);
		memset(b.order.target, 5, sizeof b.order.target);
		b.order.status = STATUS_SUSPENDED;
		break;
	case ACT_ACCEPT_LOSS:
		memset(b.loss.snapshot, 5, sizeof b.loss.snapshot);
		b.loss.size = 18204;
		memset(b.loss.root.b, 9, SHA256_BYTES);
		b.loss.epoch = 2;
		break;
	case ACT_APPROVE:
		fill_answer(&b.answer, parsed->answer.proposal_kind, "");
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
		b.not_after_s = 1;
		b.sitting = span_text("P-9XQ4-7");
		if (way < 10)
			fill_issue(&b.issue, parsed.issue.claims, true);
		else if (way < 16)
			b.decide.decision = granted();
		else
			fill_order(&b.order, "SUS-01", "D-30", 1811059200);
		switch (way) {
		case 0:
			b.issue.claims = span_text("no claims");
			break;
		case 1:
			b.issue.face = face_of_many(0);
			break;
		case 2:
			b.issue.face = face_of_many(LIMIT_FACE_FIELDS + 1);
			break;
		case 3:
			b.issue.face = face_of((const struct printed_face){ .count = 2,
			    .field = { { span_text("no"), span_text("A") },
				{ span_text("no"), span_text("B") } } });
			break;
		case 4:
			b.issue.face = face_of((const struct printed_face){ .count = 1,
			    .field = { { span_text("no"), span_text("\xe2\x80\xae") } } });
			break;
		case 5:
			b.issue.template_id = span_text("");
			break;
		case 6:
			b.sitting = span_text("P-9XQ4-U");
			break;
		case 7:
			b.sitting = span_text("P-9XQ4");
			break;
		case 8:
			b.issue.decision.years = 0;
			break;
		case 9:
			b.not_after_s = -1;
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
			b.order.until_s = b.order.from_s;
			break;
		case 17:
			b.order.ground = span_text("");
			break;
		case 18:
			b.order.document = span_text(" D-30");
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
				assert_true(act.kind == ACT_ADOPT || act.kind == ACT_SUBMIT ||
				    act.kind == ACT_AMEND);
		}
	}
}

static void
a_face_is_found_by_name(void **state)
{
	struct act_body b = { .kind = ACT_ISSUE };
	(void)state;
	fill_issue(&b.issue, span_text("claims"), false);
	assert_true(span_is(printed_face_text(b.issue.face, "grade"), "A"));
	assert_int_equal(printed_face_text(b.issue.face, "seal").len, 0);

	struct printed_face face;
	assert_true(printed_face_parse(&face, face_of_many(LIMIT_FACE_FIELDS), NULL));
	assert_int_equal(face.count, LIMIT_FACE_FIELDS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_program_and_ours_write_the_same_acts),
		cmocka_unit_test(mistaken_bodies_are_not_written),
		cmocka_unit_test(a_body_is_read_only_as_its_kind),
		cmocka_unit_test(a_face_is_found_by_name),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
