#include "registry/store.h"

#include <stdlib.h>

#define SQL_NEWEST "SELECT coalesce(max(seq), 0) FROM bundles"
#define SQL_ADOPTED "SELECT seq FROM bundles ORDER BY seq"
#define SQL_BUNDLES "SELECT seq, file FROM bundles ORDER BY seq"
#define SQL_BUNDLE "SELECT file FROM bundles WHERE seq = ?"
#define SQL_FIRST "SELECT act FROM acts WHERE log_index = 0"

void
store_trust_forget(struct registry *r)
{
	trust_free(r->trust);
	free(r->adopted);
	r->trust = NULL;
	r->trust_seq = 0;
	r->adopted = NULL;
	r->n_adopted = 0;
}

bool
registry_root_file(struct buf *out, struct registry *r, struct err *err)
{
	struct chain_entry first;
	bool row;

	struct sql_stmt *q = sql_use(r->db, SQL_FIRST);
	bool ok = sql_next(q, &row, err);
	if (ok && !row)
		ok = err_set(err, ERR_NOT_FOUND, "the register has no first act yet");
	ok = ok && chain_entry_parse(&first, sql_get_bytes(q), err);
	if (ok && first.act.kind != ACT_REGISTER)
		ok = err_set(err, ERR_MALFORMED, "the first act in the register did not open it");
	if (ok) {
		buf_add_span(out, first.body.reg.root);
		ok = buf_ok(out, err);
	}
	sql_end(q);
	return ok;
}

/* The root set, and every adopted bundle in its turn: roots may have changed on the way. */
static bool
load_trust(struct trust **out, struct registry *r, struct err *err)
{
	struct buf root = BUF_EMPTY;
	struct err why = { 0 };
	struct trust *t = NULL;
	bool row;

	*out = NULL;
	bool ok = registry_root_file(&root, r, err) && trust_open(&t, buf_span(&root), err);
	buf_free(&root);
	if (!ok)
		return false;
	struct sql_stmt *q = sql_use(r->db, SQL_BUNDLES);
	while ((ok = sql_next(q, &row, err)) && row) {
		long long seq = (long long)sql_get_int(q);
		if (trust_adopt(t, sql_get_bytes(q), &why) == TRUST_YES)
			continue;
		ok = err_set(
		    err, ERR_REFUSED, "trust bundle %lld in the register: %s", seq, why.text);
		break;
	}
	sql_end(q);
	if (ok) {
		trust_remember(t, r->signatures);
		*out = t;
	} else {
		trust_free(t);
	}
	return ok;
}

/* The sequences of all bundles the register has lived under. */
static bool
load_adopted(struct registry *r, struct err *err)
{
	bool ok, row;

	struct sql_stmt *q = sql_use(r->db, SQL_ADOPTED);
	while ((ok = sql_next(q, &row, err)) && row) {
		uint64_t *grown = realloc(r->adopted, (r->n_adopted + 1) * sizeof *grown);
		if (grown == NULL) {
			ok = err_set(err, ERR_MEMORY, "out of memory");
			break;
		}
		r->adopted = grown;
		grown[r->n_adopted++] = (uint64_t)sql_get_int(q);
	}
	sql_end(q);
	return ok;
}

bool
store_trust(const struct trust **out, struct registry *r, struct err *err)
{
	int64_t newest;

	*out = r->trust;
	if (r->row != NULL && r->trust != NULL)
		return true;
	*out = NULL;
	if (!sql_number(&newest, r->db, SQL_NEWEST, err))
		return false;
	if (newest == 0)
		return err_set(err, ERR_NOT_FOUND, "the register has no trust bundle yet");
	if (r->trust == NULL || r->trust_seq != (uint64_t)newest) {
		store_trust_forget(r);
		if (!load_adopted(r, err) || !load_trust(&r->trust, r, err))
			return false;
		r->trust_seq = (uint64_t)newest;
	}
	*out = r->trust;
	return true;
}

bool
registry_trust(const struct trust **out, struct registry *r, struct err *err)
{
	return store_trust(out, r, err);
}

bool
store_same_bureau(bool *out, struct registry *r, struct span root_file, struct err *err)
{
	const struct trust *trust;
	struct trust *given = NULL;

	*out = false;
	bool ok = trust_open(&given, root_file, err) && store_trust(&trust, r, err);
	if (ok)
		*out =
		    memcmp(trust_fingerprint(given), trust_fingerprint(trust), SHA256_BYTES) == 0 ||
		    root_set_equal(trust_roots(given), trust_roots(trust));
	trust_free(given);
	return ok;
}

enum trust_answer
registry_try_bundle(struct registry *r, struct span bundle_file, int64_t now_s, struct err *why)
{
	struct trust *t = NULL;

	if (!load_trust(&t, r, why))
		return TRUST_UNDECIDED;
	enum trust_answer answer = trust_accept(t, bundle_file, now_s, why);
	trust_free(t);
	return answer;
}

bool
registry_bundle(struct buf *out, struct registry *r, uint64_t seq, struct err *err)
{
	int64_t newest;
	bool row;

	if (!sql_number(&newest, r->db, SQL_NEWEST, err))
		return false;
	struct sql_stmt *q = sql_use(r->db, SQL_BUNDLE);
	sql_put_int(q, seq > 0 ? (int64_t)seq : newest);
	bool ok = sql_next(q, &row, err);
	if (ok && !row)
		ok = err_set(err, ERR_NOT_FOUND, "the register never adopted trust bundle %llu",
		    (unsigned long long)seq);
	if (ok) {
		buf_add_span(out, sql_get_bytes(q));
		ok = sql_row_ok(q, err) && buf_ok(out, err);
	}
	sql_end(q);
	return ok;
}

/* What the first act says of the bureau must be what roots and bundle say. */
static bool
check_register(const struct body_register *b, const struct trust *t, struct err *err)
{
	const struct root_set *roots = trust_roots(t);
	const char *differs = NULL;

	if (memcmp(b->bureau, roots->bureau_id, BUREAU_ID_BYTES) != 0)
		differs = "bureau id";
	else if (memcmp(b->root_fingerprint, trust_fingerprint(t), SHA256_BYTES) != 0)
		differs = "root set's fingerprint";
	else if (!span_equal(b->iss, roots->issuer))
		differs = "issuer";
	else if (!span_equal(b->origin, trust_bundle(t)->log.origin))
		differs = "log's origin";
	return differs == NULL ||
	    err_set(err, ERR_REFUSED, "the %s in it is not that of the root file and trust bundle",
		differs);
}

static bool
open_first(struct trust **first, const struct body_register *b, int64_t now_s, struct err *err)
{
	struct trust *t = NULL;
	struct err why = { 0 };

	if (!trust_open(&t, b->root, err))
		return false;
	bool ok = trust_accept(t, b->bundle, now_s, &why) == TRUST_YES
	    ? check_register(b, t, err)
	    : err_set(err, ERR_REFUSED, "%s", why.text);
	if (ok)
		*first = t;
	else
		trust_free(t);
	return ok;
}

/* A name that some log of this bureau had would make one log of two. */
static bool
is_new_name(bool *out, struct registry *r, struct span origin, struct err *err)
{
	struct cose_sign envelope;
	bool ok, row;

	*out = true;
	struct sql_stmt *q = sql_use(r->db, SQL_BUNDLES);
	while ((ok = sql_next(q, &row, err)) && row) {
		struct bundle *b = NULL;
		sql_get_int(q);
		if (!(ok = bundle_parse_file(&envelope, &b, sql_get_bytes(q), err)))
			break;
		if (span_equal(b->log.origin, origin))
			*out = false;
		bundle_free(b);
	}
	sql_end(q);
	return ok;
}

/* Only an accepted loss begins an epoch of the log; the bundle that names it gives the log a new name. */
static bool
check_epoch(struct registry *r, uint64_t held, const struct bundle *b, struct err *err)
{
	struct registry_epoch last;
	bool new_name;

	if (b->log.epoch == held)
		return true;
	if (!store_epoch(&last, r, err) || !is_new_name(&new_name, r, b->log.origin, err))
		return false;
	if (b->log.epoch != last.epoch)
		return err_set(err, ERR_REFUSED,
		    "EPO-03: trust bundle %llu names log epoch %llu, which no accepted loss began",
		    (unsigned long long)b->seq, (unsigned long long)b->log.epoch);
	return new_name ||
	    err_set(err, ERR_REFUSED,
		"EPO-03: trust bundle %llu gives the new log the name of an older one",
		(unsigned long long)b->seq);
}

bool
store_check_bundle(struct trust **first, struct registry *r, const struct chain_entry *act,
    int64_t now_s, struct err *err)
{
	struct trust *t = NULL;
	struct err why = { 0 };

	*first = NULL;
	if (act->act.kind == ACT_REGISTER)
		return open_first(first, &act->body.reg, now_s, err);

	/* Apart from r->trust: the act itself is judged under the bundle before. */
	if (!load_trust(&t, r, err))
		return false;
	const uint64_t held = trust_bundle(t)->seq, epoch = trust_bundle(t)->log.epoch;
	bool ok = true;
	if (trust_accept(t, act->body.adopt.bundle, now_s, &why) != TRUST_YES)
		ok = err_set(err, ERR_REFUSED, "%s", why.text);
	else if (trust_bundle(t)->seq == held)
		ok = err_set(err, ERR_CONFLICT, "trust bundle %llu is adopted already",
		    (unsigned long long)held);
	else
		ok = check_epoch(r, epoch, trust_bundle(t), err);
	trust_free(t);
	return ok;
}
