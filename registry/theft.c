#include "registry/theft.h"

#include "registry/store.h"

#include <stdlib.h>

/*
 * What a version rests on: itself, and those of the number it followed, back to one made in a case. All acts
 * of that case count; elsewhere those that made the version.
 */
#define RESTS_ON                                                                                   \
	"WITH RECURSIVE rests (number, until) AS (SELECT ?, ?"                                     \
	" UNION SELECT i.subject, i.made_index - 1 FROM rests JOIN instruments i USING (number)"   \
	" WHERE i.made_index <= until AND i.subject NOT LIKE 'case/%'),"                           \
	" basis AS (SELECT i.* FROM rests JOIN instruments i USING (number)"                       \
	" WHERE i.made_index <= until)"
#define SQL_CASES                                                                                  \
	RESTS_ON                                                                                   \
	" SELECT count(*) FROM basis JOIN links USING (subject) JOIN acts USING (log_index)"       \
	" WHERE subject LIKE 'case/%' AND log_index <= made_index"                                 \
	" AND key = ? AND recorded_s >= ?"
#define SQL_MADE                                                                                   \
	RESTS_ON " SELECT count(*) FROM basis"                                                     \
		 " JOIN links ON log_index IN (proposal_index, approval_index, made_index)"        \
		 " JOIN acts USING (log_index) WHERE key = ? AND recorded_s >= ?"
/* An answer follows what it answers directly on the subject. */
#define SQL_ACT                                                                                    \
	"SELECT count(*) FROM links a"                                                             \
	" JOIN links b ON b.subject = a.subject AND b.seq BETWEEN a.seq - 1 AND a.seq"             \
	" JOIN acts ON acts.log_index = b.log_index"                                               \
	" WHERE a.log_index = ? AND b.key = ? AND acts.recorded_s >= ?"

bool
thefts_load(struct thefts *out, struct registry *r, struct err *err)
{
	const struct trust *trust;
	struct err none = { 0 };

	*out = (struct thefts){ 0 };
	if (!store_trust(&trust, r, &none))
		return none.code == ERR_NOT_FOUND || err_set(err, none.code, "%s", none.text);
	const struct bundle *b = trust_bundle(trust);
	out->theft = calloc(b->n_keys, sizeof *out->theft);
	if (out->theft == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < b->n_keys; i++) {
		if (b->keys[i].state != KEY_COMPROMISED)
			continue;
		struct theft *theft = &out->theft[out->n++];
		sha256(theft->key, b->keys[i].key);
		theft->since_s = b->keys[i].since_s;
	}
	return true;
}

void
thefts_free(struct thefts *t)
{
	free(t->theft);
	*t = (struct thefts){ 0 };
}

/* The statement's last two values are the key and the time; those before are set. */
static bool
any(bool *out, struct sql_stmt *q, const struct theft *theft, struct err *err)
{
	bool row;

	sql_put_blob(q, span_of(theft->key, sizeof theft->key));
	sql_put_int(q, theft->since_s);
	bool ok = sql_next(q, &row, err);
	*out = ok && row && sql_get_int(q) > 0;
	sql_end(q);
	return ok;
}

static bool
rests_on(bool *out, struct registry *r, const char *text, struct span number, int64_t made_index,
    const struct theft *theft, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, text);

	sql_put_text(q, number);
	sql_put_int(q, made_index);
	return any(out, q, theft, err);
}

bool
thefts_touch_instrument(bool *out, const struct thefts *t, struct registry *r, struct span number,
    int64_t made_index, struct err *err)
{
	*out = false;
	for (size_t i = 0; i < t->n && !*out; i++) {
		if (!rests_on(out, r, SQL_CASES, number, made_index, &t->theft[i], err) ||
		    (!*out && !rests_on(out, r, SQL_MADE, number, made_index, &t->theft[i], err)))
			return false;
	}
	return true;
}

bool
thefts_touch_act(
    bool *out, const struct thefts *t, struct registry *r, int64_t index, struct err *err)
{
	*out = false;
	for (size_t i = 0; i < t->n && !*out; i++) {
		struct sql_stmt *q = sql_use(r->db, SQL_ACT);
		sql_put_int(q, index);
		if (!any(out, q, &t->theft[i], err))
			return false;
	}
	return true;
}
