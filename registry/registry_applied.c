#include "registry/registry_applied.h"

#include "registry/registry_licence.h"
#include "registry/store.h"

#define SQL_BAR_DROP "DELETE FROM bars WHERE subject = ?"
#define SQL_BAR_PUT "INSERT INTO bars VALUES (?, ?, ?, ?, ?)"
#define SQL_BAR                                                                                    \
	"SELECT subject, until_s, ground FROM bars WHERE uscc = ? AND family = ? AND until_s > ?"  \
	" ORDER BY until_s DESC, subject LIMIT 1"

/* ---- bars, as they follow from acts ---- */

static bool
drop_bar(struct registry *r, struct span subject, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_BAR_DROP);
	sql_put_text(q, subject);
	return sql_do(q, err);
}

static bool
put_bar(struct registry *r, const struct case_bar *bar, struct span uscc, struct span family,
    struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_BAR_PUT);
	sql_put_text(q, span_text(bar->subject));
	sql_put_text(q, uscc);
	sql_put_text(q, family);
	sql_put_int(q, bar->until_s);
	sql_put_text(q, span_text(bar->ground->code));
	return sql_do(q, err);
}

bool
store_bar_case(struct registry *r, struct span subject, const struct case_state *before,
    const struct case_state *after, struct err *err)
{
	struct case_bar bar;
	struct applied applied;

	if (before != NULL && case_bar(&bar, before) && !drop_bar(r, subject, err))
		return false;
	return !case_bar(&bar, after) ||
	    (applied_read(&applied, case_application(after), err) &&
		put_bar(r, &bar, span_text(applied.uscc), span_text(applied.family), err));
}

/* Is what this order corrects or sets aside an annulment of the licence? */
static bool
undoes_annulment(const struct registry_chain *chain, const struct chain_entry *order)
{
	for (size_t i = 0; i < chain->n; i++)
		if (chain->entries[i].act.kind == ACT_ANNUL &&
		    memcmp(chain->entries[i].act.hash, order->body.order.target, SHA256_BYTES) == 0)
			return true;
	return false;
}

bool
store_bar_licence(struct registry *r, const struct registry_subject *licence,
    const struct chain_entry *order, struct err *err)
{
	const struct claims *claims = licence->judge.claims;
	const struct span subject = order->act.subject;

	if (order->act.kind == ACT_CORRECT || order->act.kind == ACT_SET_ASIDE)
		return !undoes_annulment(&licence->chain, order) || drop_bar(r, subject, err);
	if (order->act.kind != ACT_ANNUL)
		return true;
	struct case_bar bar =
	    case_bar_from(order->body.order.ground, order->body.order.from_s, subject);
	return drop_bar(r, subject, err) &&
	    (bar.until_s == 0 ||
		put_bar(r, &bar, claims->uscc, span_of(subject.ptr, FAMILY_BYTES - 1), err));
}

/* ---- what is asked ---- */

static bool
find_bar(struct registry_applied *out, struct registry *r, const struct applied *applied,
    int64_t now_s, struct err *err)
{
	char code[16] = "";

	struct sql_stmt *q = sql_use(r->db, SQL_BAR);
	sql_put_text(q, span_text(applied->uscc));
	sql_put_text(q, span_text(applied->family));
	sql_put_int(q, now_s);
	bool ok = sql_next(q, &out->barred, err);
	if (ok && out->barred) {
		sql_get_text(q, out->bar.subject, sizeof out->bar.subject);
		out->bar.until_s = sql_get_int(q);
		sql_get_text(q, code, sizeof code);
		ok = sql_row_ok(q, err);
	}
	sql_end(q);
	if (!ok || !out->barred)
		return ok;
	out->bar.ground = case_ground_find(span_text(code));
	return out->bar.ground != NULL ||
	    err_set(
		err, ERR_MALFORMED, "a bar in the register has the ground %s, which is none", code);
}

static bool
find_status(struct applied_licence *out, struct registry *r, struct span number, int64_t now_s,
    struct err *err)
{
	struct registry_licence known;
	struct registry_chain chain = { 0 };
	struct licence_state state = { 0 };

	bool ok =
	    registry_licence_load(&known, r, number, err) && registry_chain(&chain, r, number, err);
	if (ok) {
		struct licence_facts facts = registry_licence_facts(&known, chain.entries, chain.n);
		ok = licence_fold(&state, &facts, now_s, err);
	}
	out->status = state.status;
	out->end_s = state.end_s;
	out->next_version = ok ? licence_next_version(&state) : 0;
	licence_free(&state);
	registry_chain_free(&chain);
	registry_licence_free(&known);
	return ok;
}

static bool
find_licence(struct registry_applied *out, struct registry *r, struct span number, int64_t now_s,
    struct err *err)
{
	struct registry_instrument *newest = &out->instrument;
	struct err absent = { 0 };

	if (!registry_find_instrument(newest, r, number, &absent))
		return absent.code == ERR_NOT_FOUND || err_set(err, absent.code, "%s", absent.text);
	out->of.claims = &out->credential.claims;
	return credential_parse(&out->credential, span_of(newest->qc1, newest->qc1_len), err) &&
	    find_status(&out->of, r, number, now_s, err);
}

bool
registry_applied(struct registry_applied *out, struct registry *r, const struct applied *applied,
    int64_t now_s, struct err *err)
{
	*out = (struct registry_applied){ .barred = false };
	return find_bar(out, r, applied, now_s, err) &&
	    (applied->of[0] == '\0' || find_licence(out, r, span_text(applied->of), now_s, err));
}
