#include "registry/store.h"

#include <stdio.h>
#include <stdlib.h>

#define CASES                                                                                      \
	"SELECT subject, stage, turns_s, turns_to, acts, last_index, a.recorded_s, b.recorded_s,"  \
	" number FROM cases"                                                                       \
	" JOIN acts a ON a.log_index = first_index JOIN acts b ON b.log_index = last_index "
#define SQL_CASE CASES "WHERE subject = ?"
/* Those that time has abandoned (?2) are at their end without an act. */
#define SQL_CASES                                                                                  \
	CASES "WHERE ?1 = 0 OR (ended = 0 AND NOT (turns_to = ?2 AND turns_s <= ?1))"              \
	      " ORDER BY first_index"
#define SQL_CASE_LAST                                                                              \
	"SELECT coalesce(max(CAST(substr(subject, ?) AS INTEGER)), 0) FROM cases"                  \
	" WHERE subject >= ? AND subject < ?"
#define PROPOSALS                                                                                  \
	"SELECT log_index, hash, subject, kind, sitting, recorded_s, not_after_s, state,"          \
	" coalesce(answer_index, 0) FROM proposals JOIN links USING (log_index, subject, kind)"    \
	" JOIN acts USING (log_index) "
#define SQL_SITTING PROPOSALS "WHERE sitting = ? ORDER BY log_index"
#define SQL_OPEN PROPOSALS "WHERE state = 0 ORDER BY log_index"
#define SQL_HALF_MADE                                                                              \
	PROPOSALS "WHERE log_index IN (SELECT proposal_index FROM slots WHERE state = 1)"          \
		  " ORDER BY log_index"
#define SQL_MAKER                                                                                  \
	PROPOSALS "WHERE log_index ="                                                              \
		  " (SELECT proposal_index FROM instruments WHERE number = ? AND version = ?)"
#define SQL_NUMBER_USED "SELECT count(*) FROM slots WHERE number = ?"
#define INSTRUMENTS                                                                                \
	"SELECT number, version, subject, list, idx, qc1, credential_hash, check_code, pdf_hash,"  \
	" pdf_bytes, proposal_index, approval_index, made_index, recorded_s"                       \
	" FROM instruments JOIN acts ON log_index = made_index "
#define SQL_INSTRUMENT INSTRUMENTS "WHERE number = ? ORDER BY version DESC LIMIT 1"
#define SQL_VERSION INSTRUMENTS "WHERE number = ? AND version = ?"
#define SQL_INSTRUMENT_BY INSTRUMENTS "WHERE proposal_index = ?"
#define SQL_INSTRUMENTS INSTRUMENTS "ORDER BY made_index"
#define SQL_HOLDINGS                                                                               \
	"SELECT number, qc1, EXISTS (SELECT 1 FROM links WHERE links.subject = number)"            \
	" FROM instruments WHERE version = 1 ORDER BY made_index"

/* ---- cases ---- */

static void
read_case(struct registry_case *out, struct sql_stmt *q)
{
	*out = (struct registry_case){ 0 };
	sql_get_text(q, out->subject, sizeof out->subject);
	out->stage = (enum case_stage)sql_get_int(q);
	if (!sql_get_null(q))
		out->turns_s = sql_get_int(q);
	out->turns_to = (enum case_stage)sql_get_int(q);
	out->acts = (uint64_t)sql_get_int(q);
	out->last_index = (uint64_t)sql_get_int(q);
	out->opened_s = sql_get_int(q);
	out->last_s = sql_get_int(q);
	if (!sql_get_null(q))
		sql_get_text(q, out->number, sizeof out->number);
}

bool
registry_find_case(
    struct registry_case *out, struct registry *r, struct span subject, struct err *err)
{
	bool row;

	struct sql_stmt *q = sql_use(r->db, SQL_CASE);
	sql_put_text(q, subject);
	bool ok = sql_next(q, &row, err);
	if (ok && !row)
		ok = err_set(err, ERR_NOT_FOUND, "there is no %.*s", (int)subject.len,
		    (const char *)subject.ptr);
	if (ok) {
		read_case(out, q);
		ok = sql_row_ok(q, err);
	}
	sql_end(q);
	return ok;
}

bool
registry_each_case(
    struct registry *r, int64_t open_at_s, registry_case_fn *fn, void *ctx, struct err *err)
{
	struct registry_case c;
	bool ok, row;

	struct sql_stmt *q = sql_use(r->db, SQL_CASES);
	sql_put_int(q, open_at_s);
	sql_put_int(q, CASE_ABANDONED);
	while ((ok = sql_next(q, &row, err)) && row) {
		read_case(&c, q);
		if (!(ok = sql_row_ok(q, err) && fn(ctx, &c, err)))
			break;
	}
	sql_end(q);
	return ok;
}

enum case_stage
registry_case_stage(const struct registry_case *c, int64_t now_s)
{
	return c->turns_s != 0 && now_s >= c->turns_s ? c->turns_to : c->stage;
}

bool
registry_next_case(char out[ACT_SUBJECT_BYTES + 1], struct registry *r, int year, struct err *err)
{
	char first[32], last[32];
	bool row;

	int prefix = snprintf(first, sizeof first, "case/C-%04d-", year);
	snprintf(last, sizeof last, "case/C-%04d.", year); /* '.' follows '-' */
	struct sql_stmt *q = sql_use(r->db, SQL_CASE_LAST);
	sql_put_int(q, prefix + 1);
	sql_put_text(q, span_text(first));
	sql_put_text(q, span_text(last));
	bool ok = sql_next(q, &row, err);
	if (ok && row)
		snprintf(
		    out, ACT_SUBJECT_BYTES + 1, "%s%04lld", first, (long long)sql_get_int(q) + 1);
	sql_end(q);
	return ok;
}

/* ---- proposals ---- */

static void
read_proposal(struct registry_proposal *out, struct sql_stmt *q)
{
	*out = (struct registry_proposal){ .index = (uint64_t)sql_get_int(q) };
	sql_get_copy(q, out->hash, sizeof out->hash);
	sql_get_text(q, out->subject, sizeof out->subject);
	out->kind = (enum act_kind)sql_get_int(q);
	sql_get_text(q, out->sitting, sizeof out->sitting);
	out->recorded_s = sql_get_int(q);
	out->not_after_s = sql_get_int(q);
	out->state = (enum proposal_state)sql_get_int(q);
	out->answer_index = (uint64_t)sql_get_int(q);
}

static bool
each_proposal(struct sql_stmt *q, registry_proposal_fn *fn, void *ctx, struct err *err)
{
	struct registry_proposal p;
	bool ok, row;

	while ((ok = sql_next(q, &row, err)) && row) {
		read_proposal(&p, q);
		if (!(ok = sql_row_ok(q, err) && fn(ctx, &p, err)))
			break;
	}
	sql_end(q);
	return ok;
}

bool
registry_each_proposal(
    struct registry *r, struct span sitting, registry_proposal_fn *fn, void *ctx, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_SITTING);
	sql_put_text(q, sitting);
	return each_proposal(q, fn, ctx, err);
}

bool
registry_each_open_proposal(
    struct registry *r, registry_proposal_fn *fn, void *ctx, struct err *err)
{
	return each_proposal(sql_use(r->db, SQL_OPEN), fn, ctx, err);
}

bool
registry_each_half_made(struct registry *r, registry_proposal_fn *fn, void *ctx, struct err *err)
{
	return each_proposal(sql_use(r->db, SQL_HALF_MADE), fn, ctx, err);
}

bool
registry_find_maker(struct registry_proposal *out, struct registry *r, struct span number,
    unsigned version, struct err *err)
{
	bool row;

	struct sql_stmt *q = sql_use(r->db, SQL_MAKER);
	sql_put_text(q, number);
	sql_put_int(q, version);
	bool ok = sql_next(q, &row, err);
	if (ok && !row)
		ok = err_set(err, ERR_NOT_FOUND, "the register holds no such certificate");
	if (ok) {
		read_proposal(out, q);
		ok = sql_row_ok(q, err);
	}
	sql_end(q);
	return ok;
}

/* ---- numbers, instruments, history ---- */

bool
registry_number_free(bool *out, struct registry *r, struct span number, struct err *err)
{
	bool row;

	struct sql_stmt *q = sql_use(r->db, SQL_NUMBER_USED);
	sql_put_text(q, number);
	bool ok = sql_next(q, &row, err);
	*out = ok && row && sql_get_int(q) == 0;
	sql_end(q);
	return ok;
}

static void
read_instrument(struct registry_instrument *out, struct sql_stmt *q)
{
	*out = (struct registry_instrument){ 0 };
	sql_get_text(q, out->number, sizeof out->number);
	out->version = (unsigned)sql_get_int(q);
	sql_get_text(q, out->subject, sizeof out->subject);
	out->list = (uint16_t)sql_get_int(q);
	out->idx = (uint16_t)sql_get_int(q);
	struct span qc1 = sql_get_bytes(q);
	out->qc1_len = qc1.len <= sizeof out->qc1 ? qc1.len : 0;
	if (out->qc1_len > 0)
		memcpy(out->qc1, qc1.ptr, out->qc1_len);
	sql_get_copy(q, out->credential_hash, sizeof out->credential_hash);
	sql_get_text(q, out->check_code, sizeof out->check_code);
	sql_get_copy(q, out->pdf_hash, sizeof out->pdf_hash);
	out->pdf_bytes = (uint64_t)sql_get_int(q);
	out->proposal_index = (uint64_t)sql_get_int(q);
	out->approval_index = (uint64_t)sql_get_int(q);
	out->made_index = (uint64_t)sql_get_int(q);
	out->made_s = sql_get_int(q);
}

static bool
find_instrument(struct registry_instrument *out, struct sql_stmt *q, struct err *err)
{
	bool row;
	bool ok = sql_next(q, &row, err);

	if (ok && !row)
		ok = err_set(err, ERR_NOT_FOUND, "the register holds no such certificate");
	if (ok) {
		read_instrument(out, q);
		ok = sql_row_ok(q, err);
	}
	sql_end(q);
	return ok;
}

bool
registry_find_instrument(
    struct registry_instrument *out, struct registry *r, struct span number, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_INSTRUMENT);
	sql_put_text(q, number);
	return find_instrument(out, q, err);
}

bool
registry_find_version(struct registry_instrument *out, struct registry *r, struct span number,
    unsigned version, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_VERSION);
	sql_put_text(q, number);
	sql_put_int(q, version);
	return find_instrument(out, q, err);
}

bool
registry_find_made(
    struct registry_instrument *out, struct registry *r, uint64_t proposal_index, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_INSTRUMENT_BY);
	sql_put_int(q, (int64_t)proposal_index);
	return find_instrument(out, q, err);
}

bool
registry_instrument_file(char out[REGISTRY_FILE_BYTES], const struct registry_instrument *i,
    const char *ending, struct err *err)
{
	struct number number;
	char file[NUMBER_FILE_BYTES];

	if (!number_parse(&number, span_text(i->number), err))
		return false;
	number_file(file, &number, i->version);
	snprintf(out, REGISTRY_FILE_BYTES, "%s.%s", file, ending);
	return true;
}

bool
registry_each_instrument(struct registry *r, registry_instrument_fn *fn, void *ctx, struct err *err)
{
	struct registry_instrument i;
	bool ok, row;

	struct sql_stmt *q = sql_use(r->db, SQL_INSTRUMENTS);
	while ((ok = sql_next(q, &row, err)) && row) {
		read_instrument(&i, q);
		if (!(ok = sql_row_ok(q, err) && fn(ctx, &i, err)))
			break;
	}
	sql_end(q);
	return ok;
}

static bool
read_holding(struct registry_holding *out, struct sql_stmt *q, struct err *err)
{
	struct credential credential;

	*out = (struct registry_holding){ 0 };
	sql_get_text(q, out->number, sizeof out->number);
	struct span qc1 = sql_get_bytes(q);
	out->acted = sql_get_int(q) > 0;
	if (!sql_row_ok(q, err) || !credential_parse(&credential, qc1, err))
		return false;
	struct span uscc = credential.claims.uscc;
	snprintf(out->uscc, sizeof out->uscc, "%.*s", (int)uscc.len, (const char *)uscc.ptr);
	out->exp_s = credential.claims.exp_s;
	return true;
}

bool
registry_each_holding(struct registry *r, registry_holding_fn *fn, void *ctx, struct err *err)
{
	struct registry_holding h;
	bool ok, row;

	struct sql_stmt *q = sql_use(r->db, SQL_HOLDINGS);
	while ((ok = sql_next(q, &row, err)) && row)
		if (!(ok = read_holding(&h, q, err) && fn(ctx, &h, err)))
			break;
	sql_end(q);
	return ok;
}
