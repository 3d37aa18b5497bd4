#include "registry/store.h"

#include <stdlib.h>

#define SQL_CASE_PUT                                                                               \
	"INSERT INTO cases VALUES (?1, ?2, ?2, 1, ?3, ?4) ON CONFLICT (subject) DO UPDATE SET"     \
	" last_index = ?2, acts = acts + 1, stage = ?3, number = ?4"
#define SQL_PROPOSAL_PUT "INSERT INTO proposals VALUES (?, ?, ?, ?, ?, 0, NULL)"
#define SQL_PROPOSAL_VOID "UPDATE proposals SET state = 4 WHERE subject = ? AND state = 0"
#define SQL_PROPOSAL_ANSWER "UPDATE proposals SET state = ?, answer_index = ? WHERE log_index = ?"
#define SQL_SLOT_PUT "INSERT INTO slots VALUES (?, ?, ?, ?, ?, 0)"
#define SQL_SLOT_STATE "UPDATE slots SET state = ? WHERE proposal_index = ?"
/* Not assigned by now, so never: another act stands where the certificate should have been made. */
#define SQL_SLOT_BURN                                                                              \
	"UPDATE slots SET state = 3 WHERE state < 2 AND proposal_index IN"                         \
	" (SELECT log_index FROM proposals WHERE subject = ?)"
#define SQL_INDEX_OF "SELECT log_index FROM links WHERE hash = ?"
#define SQL_INSTRUMENT_PUT "INSERT INTO instruments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
#define SQL_HISTORY_COUNT "SELECT count(*) FROM history WHERE number = ?"
#define SQL_HISTORY_PUT "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

static bool
index_of(uint64_t *out, struct registry *r, const struct chain_entry *e, struct err *err)
{
	bool row;

	struct sql_stmt *q = sql_use(r->db, SQL_INDEX_OF);
	sql_put_blob(q, span_of(e->act.hash, sizeof e->act.hash));
	bool ok = sql_next(q, &row, err);
	if (ok && !row)
		ok = err_set(err, ERR_MALFORMED, "an act of the chain is not in the register");
	if (ok)
		*out = (uint64_t)sql_get_int(q);
	sql_end(q);
	return ok;
}

static bool
set_slots(struct registry *r, uint64_t proposal_index, enum slot_state state, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_SLOT_STATE);
	sql_put_int(q, state);
	sql_put_int(q, (int64_t)proposal_index);
	return sql_do(q, err);
}

/* ---- proposals ---- */

/* Whatever comes after a proposal and does not answer it voids it, and burns what it had reserved. */
static bool
void_open(struct registry *r, struct span subject, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_PROPOSAL_VOID);
	sql_put_text(q, subject);
	if (!sql_do(q, err))
		return false;
	q = sql_use(r->db, SQL_SLOT_BURN);
	sql_put_text(q, subject);
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
	if (e->act.kind != ACT_ISSUE)
		return true;
	return credential_claims_parse(&claims, e->body.issue.claims, err) &&
	    put_slot(r, &claims, index, err);
}

/* The judge saw to it that the answer names the proposal right before it. */
static bool
put_answer(struct registry *r, const struct chain_entry *proposal, const struct chain_entry *e,
    uint64_t index, struct err *err)
{
	uint64_t proposal_index;
	enum proposal_state state = PROPOSAL_APPROVED;
	enum slot_state slot = SLOT_APPROVED;

	if (e->act.kind != ACT_APPROVE) {
		state = e->act.kind == ACT_REFUSE ? PROPOSAL_REFUSED : PROPOSAL_CANCELLED;
		slot = SLOT_BURNED;
	}
	if (!index_of(&proposal_index, r, proposal, err))
		return false;
	struct sql_stmt *q = sql_use(r->db, SQL_PROPOSAL_ANSWER);
	sql_put_int(q, state);
	sql_put_int(q, (int64_t)index);
	sql_put_int(q, (int64_t)proposal_index);
	return sql_do(q, err) && set_slots(r, proposal_index, slot, err);
}

/* ---- instruments ---- */

static bool
put_instrument(struct registry *r, const struct case_state *before, const struct chain_entry *e,
    uint64_t index, struct err *err)
{
	const struct body_made *made = &e->body.made;
	uint64_t proposal_index, approval_index;
	struct credential credential;
	uint8_t hash[SHA256_BYTES];
	char code[CREDENTIAL_CHECK_CODE_BYTES];

	if (!credential_parse(&credential, made->qc1, err) ||
	    !index_of(&proposal_index, r, before->issue, err) ||
	    !index_of(&approval_index, r, before->issue_approval, err) ||
	    !set_slots(r, proposal_index, SLOT_ASSIGNED, err))
		return false;
	credential_hash(hash, made->qc1);
	credential_check_code(code, made->qc1);

	struct sql_stmt *q = sql_use(r->db, SQL_INSTRUMENT_PUT);
	sql_put_int(q, (int64_t)index);
	sql_put_text(q, credential.claims.sub);
	sql_put_int(q, credential.claims.version);
	sql_put_text(q, e->act.subject);
	sql_put_int(q, credential.claims.list);
	sql_put_int(q, credential.claims.idx);
	sql_put_blob(q, made->qc1);
	sql_put_blob(q, span_of(hash, sizeof hash));
	sql_put_text(q, span_text(code));
	sql_put_blob(q, span_of(made->pdf_hash, sizeof made->pdf_hash));
	sql_put_int(q, (int64_t)made->pdf_bytes);
	sql_put_int(q, (int64_t)proposal_index);
	sql_put_int(q, (int64_t)approval_index);
	return sql_do(q, err);
}

/* ---- cases and licences: the chain with the new act at its end, folded ---- */

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
put_case(
    struct registry *r, const struct chain_entry *chain, size_t n, uint64_t index, struct err *err)
{
	const struct chain_entry *e = &chain[n - 1];
	struct case_state after;
	struct span number;

	case_fold(&after, chain, n, e->recorded_s);
	if (!number_of(&number, &after, err))
		return false;
	struct sql_stmt *q = sql_use(r->db, SQL_CASE_PUT);
	sql_put_text(q, e->act.subject);
	sql_put_int(q, (int64_t)index);
	sql_put_int(q, after.stage);
	if (number.len > 0)
		sql_put_text(q, number);
	else
		sql_put_null(q);
	return sql_do(q, err);
}

static bool
put_history(struct registry *r, struct span number, int64_t n, const struct history_entry *h,
    uint64_t index, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_HISTORY_PUT);
	sql_put_text(q, number);
	sql_put_int(q, n);
	sql_put_int(q, (int64_t)index);
	sql_put_int(q, h->status);
	sql_put_int(q, h->from_s);
	if (h->until_s == HISTORY_OPEN)
		sql_put_null(q);
	else
		sql_put_int(q, h->until_s);
	sql_put_int(q, h->recorded_s);
	sql_put_int(q, h->by);
	return sql_do(q, err);
}

/* The entries that the new act added to the history. */
static bool
put_licence(
    struct registry *r, const struct chain_entry *chain, size_t n, uint64_t index, struct err *err)
{
	const struct chain_entry *e = &chain[n - 1];
	struct licence_state after;
	bool row;

	if (!licence_fold(&after, chain, n, e->recorded_s, err))
		return false;
	struct sql_stmt *q = sql_use(r->db, SQL_HISTORY_COUNT);
	sql_put_text(q, e->act.subject);
	bool ok = sql_next(q, &row, err);
	int64_t known = ok && row ? sql_get_int(q) : 0;
	sql_end(q);
	for (size_t i = (size_t)known; ok && i < after.n_history; i++)
		ok = put_history(r, e->act.subject, (int64_t)i, &after.history[i], index, err);
	licence_free(&after);
	return ok;
}

/* ---- */

static bool
put_summary(struct registry *r, const struct registry_subject *subject,
    const struct chain_entry *act, uint64_t index, struct err *err)
{
	const size_t n = subject->chain.n + 1;
	struct chain_entry *chain = calloc(n, sizeof *chain);

	if (chain == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (n > 1)
		memcpy(chain, subject->chain.entries, (n - 1) * sizeof *chain);
	chain[n - 1] = *act;
	bool ok = act_subject_of(act->act.subject) == SUBJECT_CASE
	    ? put_case(r, chain, n, index, err)
	    : put_licence(r, chain, n, index, err);
	free(chain);
	return ok;
}

bool
store_project(struct registry *r, const struct registry_subject *subject,
    const struct chain_entry *act, uint64_t index, struct err *err)
{
	const struct chain_entry *open =
	    subject->judge.licence != NULL ? subject->licence.open : subject->dossier.open;

	/* An instrument refers to its case, so the case comes first. */
	if (!put_summary(r, subject, act, index, err))
		return false;
	if (act->act.kind == ACT_MADE)
		return put_instrument(r, &subject->dossier, act, index, err);
	if (act_kind_form(act->act.kind) == ACT_ANSWER)
		return put_answer(r, open, act, index, err);
	return void_open(r, act->act.subject, err) &&
	    (act_kind_form(act->act.kind) != ACT_PROPOSAL || put_proposal(r, act, index, err));
}
