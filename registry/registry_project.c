#include "registry/store.h"

#include <stdlib.h>

#define SQL_CASE_PUT "REPLACE INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
#define SQL_PROPOSAL_PUT "INSERT INTO proposals VALUES (?, ?, ?, ?, ?, 0, NULL)"
#define SQL_PROPOSAL_VOID "UPDATE proposals SET state = 4 WHERE log_index = ? AND +state = 0"
#define SQL_PROPOSAL_ANSWER "UPDATE proposals SET state = ?, answer_index = ? WHERE log_index = ?"
#define SQL_SLOT_PUT "INSERT INTO slots VALUES (?, ?, ?, ?, ?, 0)"
#define SQL_SLOT_STATE "UPDATE slots SET state = ? WHERE proposal_index = ?"
/* Not assigned by now, so never: another act stands where the certificate should have been made. */
#define SQL_SLOT_BURN "UPDATE slots SET state = 3 WHERE proposal_index = ? AND +state < 2"
#define SQL_INSTRUMENT_PUT                                                                         \
	"INSERT INTO instruments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
/* Two that were approved at once: the first stands. */
#define SQL_SUPERSESSION_PUT                                                                       \
	"INSERT INTO supersessions VALUES (?, ?, ?, ?) ON CONFLICT (number) DO NOTHING"

static bool
set_slots(struct registry *r, uint64_t proposal_index, enum slot_state state, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_SLOT_STATE);
	sql_put_int(q, state);
	sql_put_int(q, (int64_t)proposal_index);
	return sql_do(q, err);
}

/* ---- proposals ---- */

/* A proposal, or the approval of one by which a certificate is to be made. */
static bool
waits(const struct chain_entry *last)
{
	return act_kind_form(last->act.kind) == ACT_PROPOSAL ||
	    (last->act.kind == ACT_APPROVE && act_body_makes(last->body.answer.proposal_kind));
}

/* Whatever comes after it, and does not answer or make, voids it and burns what it had reserved. */
static bool
void_open(struct registry *r, const struct registry_chain *before, struct err *err)
{
	const struct chain_entry *last = before->n > 0 ? &before->entries[before->n - 1] : NULL;

	if (last == NULL || !waits(last))
		return true;
	const uint64_t proposal = last->act.kind == ACT_APPROVE ? last[-1].index : last->index;
	struct sql_stmt *q = sql_use(r->db, SQL_PROPOSAL_VOID);
	sql_put_int(q, (int64_t)proposal);
	if (!sql_do(q, err))
		return false;
	q = sql_use(r->db, SQL_SLOT_BURN);
	sql_put_int(q, (int64_t)proposal);
	return sql_do(q, err);
}

static bool
put_slot(struct registry *r, const struct claims *c, uint64_t index, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_SLOT_PUT);
	sql_put_int(q, c->list);
	sql_put_int(q, c->idx);
	sql_put_text(q, c->sub);
	sql_put_int(q, c->version);
	sql_put_int(q, (int64_t)index);
	return sql_do(q, err);
}

static bool
put_proposal(struct registry *r, const struct chain_entry *e, uint64_t index, struct err *err)
{
	struct claims claims;

	struct sql_stmt *q = sql_use(r->db, SQL_PROPOSAL_PUT);
	sql_put_int(q, (int64_t)index);
	sql_put_text(q, e->act.subject);
	sql_put_int(q, e->act.kind);
	sql_put_text(q, chain_sitting(e));
	sql_put_int(q, chain_not_after_s(e));
	if (!sql_do(q, err))
		return false;
	if (!act_body_makes(e->act.kind))
		return true;
	return credential_claims_parse(&claims, e->body.issue.claims, err) &&
	    put_slot(r, &claims, index, err);
}

/* The judge saw to it that the answer names the proposal right before it. */
static bool
put_answer(struct registry *r, const struct chain_entry *proposal, const struct chain_entry *e,
    uint64_t index, struct err *err)
{
	enum proposal_state state = PROPOSAL_APPROVED;
	enum slot_state slot = SLOT_APPROVED;

	if (e->act.kind != ACT_APPROVE) {
		state = e->act.kind == ACT_REFUSE ? PROPOSAL_REFUSED : PROPOSAL_CANCELLED;
		slot = SLOT_BURNED;
	}
	struct sql_stmt *q = sql_use(r->db, SQL_PROPOSAL_ANSWER);
	sql_put_int(q, state);
	sql_put_int(q, (int64_t)index);
	sql_put_int(q, (int64_t)proposal->index);
	return sql_do(q, err) &&
	    (!act_body_makes(proposal->act.kind) || set_slots(r, proposal->index, slot, err));
}

/* ---- instruments ---- */

/* What a certificate is made by, and what it does to others. */
struct making {
	const struct chain_entry *proposal, *approval;
	struct claims claims;
	int64_t
	    replaces_from_s; /* the version before it is void from then on; 0: it is the first */
	struct span ends;    /* number of the licence that ends with it; empty: none */
	int64_t ends_from_s;
};

static bool
making_of(struct making *out, const struct registry_subject *before, struct err *err)
{
	const struct licence_state *licence = before->judge.licence;

	*out =
	    (struct making){ .proposal = licence != NULL ? licence->making : before->dossier.issue,
		    .approval = licence != NULL ? licence->making_approval
						: before->dossier.issue_approval };
	const struct body_issue *body = &out->proposal->body.issue;
	if (!credential_claims_parse(&out->claims, body->claims, err))
		return false;
	if (out->claims.version > 1)
		out->replaces_from_s = licence != NULL ? body->order.from_s : out->claims.iat_s;
	if (out->proposal->act.kind == ACT_REGRADE) {
		out->ends = out->proposal->act.subject;
		out->ends_from_s = body->order.from_s;
	} else if (body->supersedes.len > 0) {
		out->ends = body->supersedes;
		out->ends_from_s = claims_from_s(&out->claims);
	}
	return true;
}

static bool
put_instrument(struct registry *r, const struct making *m, const struct chain_entry *e,
    uint64_t index, struct err *err)
{
	const struct body_made *made = &e->body.made;
	const struct claims *c = &m->claims;
	uint8_t hash[SHA256_BYTES];
	char code[CREDENTIAL_CHECK_CODE_BYTES];

	if (!set_slots(r, m->proposal->index, SLOT_ASSIGNED, err))
		return false;
	credential_hash(hash, made->qc1);
	credential_check_code(code, made->qc1);

	struct sql_stmt *q = sql_use(r->db, SQL_INSTRUMENT_PUT);
	sql_put_int(q, (int64_t)index);
	sql_put_text(q, c->sub);
	sql_put_int(q, c->version);
	sql_put_text(q, e->act.subject);
	sql_put_int(q, c->list);
	sql_put_int(q, c->idx);
	sql_put_int(q, m->replaces_from_s);
	sql_put_blob(q, made->qc1);
	sql_put_blob(q, span_of(hash, sizeof hash));
	sql_put_text(q, span_text(code));
	sql_put_blob(q, span_of(made->pdf_hash, sizeof made->pdf_hash));
	sql_put_int(q, (int64_t)made->pdf_bytes);
	sql_put_int(q, (int64_t)m->proposal->index);
	sql_put_int(q, (int64_t)m->approval->index);
	return sql_do(q, err);
}

static bool
put_supersession(struct registry *r, const struct making *m, uint64_t index, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_SUPERSESSION_PUT);
	sql_put_text(q, m->ends);
	sql_put_text(q, m->claims.sub);
	sql_put_int(q, m->ends_from_s);
	sql_put_int(q, (int64_t)index);
	return sql_do(q, err);
}

bool
store_project_number(
    struct registry *r, struct span number, uint64_t index, int64_t recorded_s, struct err *err)
{
	struct registry_licence licence = { 0 };
	struct registry_chain chain;

	bool ok = registry_chain(&chain, r, number, err) &&
	    registry_licence_load(&licence, r, number, err) &&
	    store_project_licence(r, &licence, chain.entries, chain.n, index, recorded_s, err);
	registry_licence_free(&licence);
	registry_chain_free(&chain);
	return ok;
}

/* A renewal ends nothing: the licence before it ends by time. */
static bool
is_other_grade(const struct making *m, struct err *err)
{
	struct number ends, begins;

	return number_parse(&ends, m->ends, err) && number_parse(&begins, m->claims.sub, err) &&
	    ends.grade != begins.grade;
}

static bool
put_made(struct registry *r, struct registry_subject *before, const struct chain_entry *e,
    uint64_t index, struct err *err)
{
	struct making m;

	if (!making_of(&m, before, err) || !put_instrument(r, &m, e, index, err))
		return false;
	if (r->row != NULL) { /* whoever was kept of these licences has changed */
		store_row_drop(r->row, m.claims.sub);
		store_row_drop(r->row, m.ends);
	}
	bool ends = m.ends.len > 0 && is_other_grade(&m, err);
	if (ends && !put_supersession(r, &m, index, err))
		return false;
	if (before->judge.licence !=
	    NULL) { /* the subject itself is summed up next: a version more */
		registry_licence_free(&before->versions);
		return registry_licence_load(&before->versions, r, e->act.subject, err);
	}
	return (m.claims.version == 1 ||
		   store_project_number(r, m.claims.sub, index, e->recorded_s, err)) &&
	    (!ends || store_project_number(r, m.ends, index, e->recorded_s, err));
}

/* ---- cases: the chain with the new act at its end, folded ---- */

/* The number of the issue proposed or made; empty if there is none. */
static bool
number_of(struct span *out, const struct case_state *s, struct err *err)
{
	const struct chain_entry *issue = s->issue != NULL ? s->issue : s->open;
	struct claims claims;

	*out = span_of(NULL, 0);
	if (issue == NULL || issue->act.kind != ACT_ISSUE)
		return true;
	if (!credential_claims_parse(&claims, issue->body.issue.claims, err))
		return false;
	*out = claims.sub;
	return true;
}

static bool
put_case(struct registry *r, const struct chain_entry *chain, size_t n,
    const struct case_state *state, struct err *err)
{
	struct span number;

	if (!number_of(&number, state, err))
		return false;
	struct sql_stmt *q = sql_use(r->db, SQL_CASE_PUT);
	sql_put_text(q, chain[0].act.subject);
	sql_put_int(q, (int64_t)chain[0].index);
	sql_put_int(q, (int64_t)chain[n - 1].index);
	sql_put_int(q, (int64_t)n);
	sql_put_int(q, state->stage);
	if (state->turns_s != 0)
		sql_put_int(q, state->turns_s);
	else
		sql_put_null(q);
	sql_put_int(q, state->turns_to);
	sql_put_int(q, case_next(state) == ACT_NONE);
	if (number.len > 0)
		sql_put_text(q, number);
	else
		sql_put_null(q);
	return sql_do(q, err);
}

bool
store_save_case(struct registry *r, struct registry_subject *subject, struct err *err)
{
	const struct registry_chain *c = &subject->chain;
	struct case_state state;

	if (!subject->case_waits)
		return true;
	subject->case_waits = false;
	case_fold(&state, c->entries, c->n, c->entries[c->n - 1].recorded_s);
	return put_case(r, c->entries, c->n, &state, err);
}

/* While many acts are judged in a row nobody asks for the row of a case: it is put when they have been. */
static bool
sum_up_case(struct registry *r, struct registry_subject *subject, size_t n, struct err *err)
{
	const struct chain_entry *chain = subject->chain.entries;
	struct case_state after;

	case_fold(&after, chain, n, chain[n - 1].recorded_s);
	subject->case_waits = r->row != NULL;
	return (subject->case_waits || put_case(r, chain, n, &after, err)) &&
	    store_bar_case(r, chain[0].act.subject, subject->judge.dossier, &after, err);
}

/* ---- */

/* The act stands behind the subject's chain, in the room kept for the next. */
static bool
put_summary(struct registry *r, struct registry_subject *subject, const struct chain_entry *act,
    uint64_t index, struct err *err)
{
	struct chain_entry *chain = subject->chain.entries;
	const size_t n = subject->chain.n + 1;

	chain[n - 1] = *act;
	if (act_subject_of(act->act.subject) == SUBJECT_CASE)
		return sum_up_case(r, subject, n, err);
	/* A licence is changed by what is approved and made, and by nothing else. */
	return (act->act.kind != ACT_APPROVE && act->act.kind != ACT_MADE) ||
	    store_project_licence(r, &subject->versions, chain, n, index, act->recorded_s, err);
}

/* The proposal that an answer to this subject is about: the judge saw to it that there is one. */
static const struct chain_entry *
open_of(const struct registry_subject *subject)
{
	return &subject->chain.entries[subject->chain.n - 1];
}

bool
store_project(struct registry *r, struct registry_subject *subject, const struct chain_entry *act,
    uint64_t index, struct err *err)
{
	if (act->act.kind == ACT_APPROVE && subject->judge.licence != NULL &&
	    !store_bar_licence(r, subject, open_of(subject), err))
		return false;
	/* What is made is there before it is asked what it changes. */
	if (act->act.kind == ACT_MADE)
		return put_made(r, subject, act, index, err) &&
		    put_summary(r, subject, act, index, err);
	if (act_subject_of(act->act.subject) != SUBJECT_REGISTER &&
	    !put_summary(r, subject, act, index, err))
		return false;
	if (act_kind_form(act->act.kind) == ACT_ANSWER)
		return put_answer(r, open_of(subject), act, index, err) &&
		    (act->act.kind != ACT_APPROVE ||
			act->body.answer.proposal_kind != ACT_ACCEPT_LOSS ||
			store_project_loss(r, open_of(subject), index, act->recorded_s, err));
	return void_open(r, &subject->chain, err) &&
	    (act_kind_form(act->act.kind) != ACT_PROPOSAL || put_proposal(r, act, index, err));
}
