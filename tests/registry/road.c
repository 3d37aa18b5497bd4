#include "tests/registry/road.h"

#include "core/civil.h"
#include "tests/printed_field.h"
#include "tests/test.h"

#define APPLICATION(grade)                                                                         \
	"{\"applicant\":{\"kind\":\"enterprise\",\"name\":{\"zh\":\"" ROAD_HOLDER                  \
	"\"},\"uscc\":\"" ROAD_USCC "\"},\"format\":\"qualcert-application/1\","                   \
	"\"qualification\":{\"family\":\"JC\",\"grade\":\"" grade "\",\"scopes\":"                 \
	"[\"integration\",\"software\",\"operation-maintenance\"]},\"type\":\"new\"}"
#define REPORT "{\"organisation\":\"verified\"}"

static const uint64_t adopted[] = { BUREAU_BUNDLE_SEQ - 1, BUREAU_BUNDLE_SEQ };

static bool
is_small(const struct road *r)
{
	return r->bureau->policy.decision_in_issue;
}

static void
road_open(struct road *r, const struct bureau *b)
{
	struct err err = { 0 };
	struct number number;

	*r = (struct road){ .bureau = b, .now_s = BUREAU_START_S, .idx = 4711, .grade = GRADE_A };
	if (!number_make(&number, "JC", 'A', BUREAU_REGION, 2026, 48213, &err))
		fail_msg("%s", err.text);
	number_stored(r->number, &number);
	r->facts = (struct judge){ .policy = &b->policy,
		.bundle = bureau_bundle(b),
		.adopted = adopted,
		.n_adopted = COUNT_OF(adopted) };
}

void
road_open_case(struct road *r, const struct bureau *b)
{
	road_open(r, b);
	memcpy(r->subject, ROAD_CASE, sizeof ROAD_CASE);
}

void
road_open_case_b(struct road *r, const struct bureau *b)
{
	struct err err = { 0 };
	struct number number;

	road_open_case(r, b);
	r->grade = GRADE_B;
	if (!number_make(&number, "JC", 'B', BUREAU_REGION, 2026, 48213, &err))
		fail_msg("%s", err.text);
	number_stored(r->number, &number);
}

void
road_open_licence(struct road *r, const struct bureau *b)
{
	road_open(r, b);
	memcpy(r->subject, r->number, sizeof r->number);
	r->claims.iat_s = BUREAU_START_S - 7 * CIVIL_DAY_S;
	r->claims.exp_s = civil_start_s(civil_anniversary(civil_of(r->claims.iat_s), 5));
	r->facts.claims = &r->claims;
	r->version = (struct licence_version){ .version = 1, .iat_s = r->claims.iat_s };
}

void
road_close(struct road *r)
{
	for (size_t i = 0; i < ROAD_ACTS; i++)
		buf_free(&r->bytes[i]);
	buf_free(&r->claims_file);
	buf_free(&r->qc1);
}

struct case_state
road_case(const struct road *r)
{
	struct case_state state;
	case_fold(&state, r->entries, r->n, r->now_s);
	return state;
}

struct licence_state
road_licence(const struct road *r)
{
	struct err err = { 0 };
	struct licence_state state;
	const struct licence_facts facts = { .entries = r->entries,
		.n = r->n,
		.versions = &r->version,
		.n_versions = 1,
		.begin_s = claims_from_s(&r->claims),
		.exp_s = r->claims.exp_s,
		.superseded = r->superseded,
		.superseded_from_s = claims_from_s(&r->claims) };
	if (!licence_fold(&state, &facts, r->now_s, &err))
		fail_msg("%s", err.text);
	return state;
}

/* ---- bodies ---- */

struct act_body
road_submit(void)
{
	return (struct act_body){ .kind = ACT_SUBMIT, .submit = { span_text(APPLICATION("A")) } };
}

struct act_body
road_submit_b(void)
{
	return (struct act_body){ .kind = ACT_SUBMIT, .submit = { span_text(APPLICATION("B")) } };
}

struct act_body
road_amend(void)
{
	struct act_body body = road_submit();
	body.kind = ACT_AMEND;
	return body;
}

struct act_body
road_ask(void)
{
	static uint8_t room[64];
	const struct asked asked = {
		.item = { span_text("章程未备案"), span_text("合同清单未盖章") }, .count = 2
	};
	struct buf items = BUF_EMPTY;

	act_body_put_asked(&items, &asked);
	assert_true(items.len <= sizeof room);
	memcpy(room, items.ptr, items.len);
	const struct span kept = span_of(room, items.len);
	buf_free(&items);
	return (struct act_body){ .kind = ACT_ASK,
		.ask = { .document = span_text("示例补〔2026〕3号"), .items = kept } };
}

struct act_body
road_recuse(const struct road *r, enum signer who)
{
	struct act_body body = { .kind = ACT_RECUSE,
		.recuse = { .reason = span_text("与申请单位有利害关系") } };
	memcpy(body.recuse.person.id, bureau_entry(r->bureau, who)->person, BODY_PERSON_BYTES);
	return body;
}

struct act_body
road_accept(void)
{
	return (struct act_body){ .kind = ACT_ACCEPT,
		.notice = { .document = span_text("示例受〔2026〕17号") } };
}

struct act_body
road_examine(enum act_result result)
{
	return (struct act_body){ .kind = ACT_EXAMINE, .result = { span_text(REPORT), result } };
}

struct act_body
road_schedule(const struct road *r, enum signer leader, enum signer other)
{
	struct act_body body = { .kind = ACT_SCHEDULE,
		.schedule = { .document = span_text("示例审〔2026〕17号"),
		    .n_team = 2,
		    .visit_s = civil_start_s(civil_of(r->now_s)) } };
	memcpy(
	    body.schedule.team[0].id, bureau_entry(r->bureau, leader)->person, BODY_PERSON_BYTES);
	memcpy(body.schedule.team[1].id, bureau_entry(r->bureau, other)->person, BODY_PERSON_BYTES);
	return body;
}

struct act_body
road_inspect(enum act_result result)
{
	return (struct act_body){ .kind = ACT_INSPECT, .result = { span_text(REPORT), result } };
}

static int64_t
not_after_s(const struct road *r, enum act_kind kind)
{
	return policy_not_after_s(&r->bureau->policy, kind, r->now_s);
}

struct act_body
road_notice(const struct road *r, enum act_kind kind)
{
	struct act_body body = { .kind = kind,
		.notice = { .ground = span_text(kind == ACT_DECLINE ? "DCL-01"
				    : kind == ACT_TERMINATE         ? "TER-01"
								    : ""),
		    .document = span_text("示例终〔2026〕2号"),
		    .reason = span_text("材料系伪造") } };
	if (act_kind_form(kind) == ACT_PROPOSAL) {
		body.not_after_s = not_after_s(r, kind);
		body.sitting = span_text(ROAD_SITTING);
	}
	return body;
}

static struct decision
decision(const struct road *r, enum decision_outcome outcome)
{
	bool grant = outcome == DECISION_GRANT;
	return (struct decision){ .outcome = outcome,
		.document = span_text("示例决〔2026〕17号"),
		.years = grant ? 5 : 0,
		.holder = span_text(ROAD_HOLDER),
		.uscc = span_text(ROAD_USCC),
		.family = span_text("JC"),
		.grade = r->grade,
		.scopes = { { 1, 3 }, 2 },
		.reason = span_text(grant ? "" : "不具备条件") };
}

struct act_body
road_decide(const struct road *r, enum decision_outcome outcome)
{
	return (struct act_body){ .kind = ACT_DECIDE,
		.not_after_s = not_after_s(r, ACT_DECIDE),
		.sitting = span_text(ROAD_SITTING),
		.decide = { decision(r, outcome) } };
}

void
road_encode_claims(struct road *r)
{
	struct err err = { 0 };
	buf_free(&r->claims_file);
	if (!credential_claims_encode(&r->claims_file, &r->claims, &err))
		fail_msg("%s", err.text);
}

struct act_body
road_issue(struct road *r)
{
	r->claims = (struct claims){ .iss = span_text(BUREAU_ISS),
		.sub = span_text(r->number),
		.exp_s = civil_start_s(civil_anniversary(civil_of(r->now_s), 5)),
		.iat_s = r->now_s,
		.holder = span_text(ROAD_HOLDER),
		.uscc = span_text(ROAD_USCC),
		.grade = r->grade,
		.scopes = { { 1, 3 }, 2 },
		.list = r->list,
		.idx = r->idx,
		.version = 1 };
	road_encode_claims(r);
	static uint8_t face[PRINTED_FIELD_BYTES];
	struct act_body body = { .kind = ACT_ISSUE };
	body.issue = (struct body_issue){ .claims = buf_span(&r->claims_file),
		.face = printed_field_only(face, "holder", span_text(ROAD_HOLDER)),
		.template_id = span_text("certificate-1") };
	body.not_after_s = not_after_s(r, ACT_ISSUE);
	body.sitting = span_text(ROAD_SITTING);
	if (is_small(r)) {
		body.issue.has_decision = true;
		body.issue.decision = decision(r, DECISION_GRANT);
	}
	return body;
}

struct act_body
road_made(struct road *r)
{
	buf_free(&r->qc1);
	bureau_sign_credential(&r->qc1, r->bureau, buf_span(&r->claims_file));
	return (struct act_body){ .kind = ACT_MADE,
		.made = { .qc1 = buf_span(&r->qc1), .pdf_hash = { 1 }, .pdf_bytes = 123456 } };
}

struct act_body
road_sanction(const struct road *r, enum act_kind kind)
{
	struct civil_date today = civil_of(r->now_s);
	const char *ground = kind == ACT_SUSPEND ? "SUS-05"
	    : kind == ACT_LIFT                   ? "LIF-01"
						 : "REV-01";
	return (struct act_body){ .kind = kind,
		.not_after_s = not_after_s(r, kind),
		.sitting = span_text(ROAD_SITTING),
		.order = { .ground = span_text(ground),
		    .document = span_text("示例暂〔2026〕7号"),
		    .from_s = civil_start_s(today),
		    .until_s =
			kind == ACT_SUSPEND ? civil_start_s(civil_add_months(today, 6)) : 0 } };
}

struct act_body
road_answer(const struct road *r, enum act_kind kind)
{
	struct act_body body = { .kind = kind };
	assert_true(r->n > 0);
	const struct act *last = &r->entries[r->n - 1].act;
	memcpy(body.answer.proposal, last->hash, sizeof last->hash);
	body.answer.proposal_kind = last->kind;
	if (kind == ACT_REFUSE)
		body.answer.reason = span_text("证面有误");
	return body;
}

/* ---- acts ---- */

struct act
road_next(struct road *r)
{
	struct chain_tail tail = chain_tail(r->entries, r->n);
	r->nonce++;
	struct act act = { .subject = span_text(r->subject),
		.seq = tail.acts,
		.time_s = r->now_s,
		.nonce = { (uint8_t)(r->nonce >> 8), (uint8_t)r->nonce },
		.bundle_seq = BUREAU_BUNDLE_SEQ };
	memcpy(act.prev, tail.hash, sizeof act.prev);
	return act;
}

struct judge
road_judge(
    const struct road *r, const struct case_state *dossier, const struct licence_state *licence)
{
	struct judge judge = r->facts;
	judge.now_s = r->now_s;
	judge.chain = r->entries;
	judge.n_chain = r->n;
	if (act_subject_of(span_text(r->subject)) != SUBJECT_CASE) {
		judge.licence = r->facts.claims != NULL ? licence : NULL;
		return judge;
	}
	judge.dossier = dossier;
	if (dossier->application != NULL &&
	    !applied_read(&judge.applied, case_application(dossier), NULL))
		fail_msg("the application on the road cannot be read");
	return judge;
}

static bool
judge_entry(struct road *r, const struct chain_entry *entry, const struct bundle_key *signer,
    struct err *err)
{
	struct case_state dossier = road_case(r);
	struct licence_state licence = road_licence(r);
	struct judge judge = road_judge(r, &dossier, &licence);
	const bool brings = entry->act.kind == ACT_SUBMIT || entry->act.kind == ACT_AMEND;
	bool ok = (!brings || applied_read(&judge.applied, entry->body.submit.application, err)) &&
	    judge_act(&judge, entry, signer, err);
	licence_free(&licence);
	return ok;
}

bool
road_try(struct road *r, enum signer who, const struct act *claims, const struct act_body *body,
    struct err *err)
{
	const struct bundle_key *signer;
	assert_true(r->n < ROAD_ACTS);
	struct buf *bytes = &r->bytes[r->n];
	struct chain_entry *entry = &r->entries[r->n];

	buf_free(bytes);
	bureau_sign_act(bytes, r->bureau, who, claims, body);
	if (!chain_entry_parse(entry, buf_span(bytes), err))
		fail_msg("%s", err->text);
	if (!judge_signer(&signer, r->bureau->trust, &entry->act, err))
		return false;
	assert_ptr_equal(signer, bureau_entry(r->bureau, who));
	entry->who = bureau_who(r->bureau, who);
	entry->recorded_s = r->now_s;
	if (!judge_entry(r, entry, signer, err))
		return false;
	r->n++;
	r->facts.last_s = r->now_s;
	r->now_s += 60;
	return true;
}

void
road_do(struct road *r, enum signer who, struct act_body body)
{
	struct err err = { 0 };
	struct act act = road_next(r);
	if (!road_try(r, who, &act, &body, &err))
		fail_msg("%s by %s: %s", act_kind_word(body.kind), bureau_name(who), err.text);
}

void
road_refused(struct road *r, enum signer who, const struct act *claims, struct act_body body,
    const char *rule, const char *row)
{
	struct err err = { 0 };
	char id[JUDGE_RULE_BYTES];
	struct act act = claims != NULL ? *claims : road_next(r);
	size_t before = r->n;

	if (road_try(r, who, &act, &body, &err))
		fail_msg("%s: recorded; want %s", row, rule);
	judge_rule(id, &err);
	if (strcmp(id, rule) != 0)
		fail_msg("%s: \"%s\"; want %s", row, err.text, rule);
	assert_int_equal(r->n, before);
}

/* The stage after this, by the right person. */
static void
step(struct road *r)
{
	bool small = is_small(r);

	switch (road_case(r).stage) {
	case CASE_NONE:
		road_do(r, small ? ONE : AN, r->grade == GRADE_B ? road_submit_b() : road_submit());
		break;
	case CASE_SUBMITTED:
		road_do(r, small ? ONE : AN, road_accept());
		break;
	case CASE_ACCEPTED:
		road_do(r, small ? ONE : SHEN, road_examine(RESULT_PASS));
		break;
	case CASE_EXAMINED:
		road_do(r, small ? ONE : AN,
		    small ? road_schedule(r, ONE, TWO) : road_schedule(r, SHI, XIANG));
		break;
	case CASE_SCHEDULED:
		road_do(r, small ? ONE : SHI, road_inspect(RESULT_PASS));
		break;
	case CASE_INSPECTED_ONCE:
		road_do(r, small ? TWO : XIANG, road_inspect(RESULT_PASS));
		break;
	case CASE_INSPECTED:
		if (small)
			road_do(r, THREE, road_issue(r));
		else
			road_do(r, GUAN, road_decide(r, DECISION_GRANT));
		break;
	case CASE_DECISION_PROPOSED:
		road_do(r, BI, road_answer(r, ACT_APPROVE));
		break;
	case CASE_GRANTED:
		road_do(r, YIN, road_issue(r));
		break;
	case CASE_ISSUE_PROPOSED:
		road_do(r, small ? FOUR : FU, road_answer(r, ACT_APPROVE));
		break;
	case CASE_ISSUE_APPROVED:
		road_do(r, SERVICE, road_made(r));
		break;
	default:
		fail_msg("nothing follows \"%s\"", case_stage_words(road_case(r).stage));
	}
}

void
road_to(struct road *r, enum case_stage stage)
{
	while (road_case(r).stage != stage)
		step(r);
}
