#include "registry/store.h"

#include "core/limits.h"

#include <assert.h>
#include <stdlib.h>

#define COLUMNS "SELECT log_index, recorded_s, hash, act FROM links JOIN acts USING (log_index) "
#define SQL_EACH COLUMNS "WHERE log_index >= ? AND log_index < ? ORDER BY log_index"
#define SQL_BY_HASH COLUMNS "WHERE hash = ?"
#define SQL_BY_KEY COLUMNS "WHERE idempotency = ?"
#define SQL_CHAIN                                                                                  \
	"SELECT log_index, recorded_s, hash, person, key, act FROM links JOIN acts USING "         \
	"(log_index)"                                                                              \
	" WHERE subject = ? ORDER BY seq"

#define SQL_TAIL "SELECT seq, hash FROM links WHERE subject = ? ORDER BY seq DESC LIMIT 1"

/* Is it the act that was judged and linked? */
static bool
check_hash(uint64_t index, const uint8_t linked[SHA256_BYTES], const uint8_t hash[SHA256_BYTES],
    struct err *err)
{
	return memcmp(hash, linked, SHA256_BYTES) == 0 ||
	    err_set(err, ERR_MALFORMED, "act %llu is another than the register's links say",
		(unsigned long long)index);
}

static bool
read_entry(struct registry_entry *out, struct sql_stmt *q, struct err *err)
{
	uint8_t hash[SHA256_BYTES];

	out->index = (uint64_t)sql_get_int(q);
	out->recorded_s = sql_get_int(q);
	sql_get_copy(q, out->hash, SHA256_BYTES);
	out->bytes = sql_get_bytes(q);
	if (!sql_row_ok(q, err))
		return false;
	sha256(hash, out->bytes);
	return check_hash(out->index, out->hash, hash, err);
}

bool
registry_each_act(struct registry *r, uint64_t from, uint64_t until, registry_entry_fn *fn,
    void *ctx, struct err *err)
{
	struct registry_entry entry;
	bool ok, row;

	struct sql_stmt *q = sql_use(r->db, SQL_EACH);
	sql_put_int(q, (int64_t)from);
	sql_put_int(q, until > INT64_MAX ? INT64_MAX : (int64_t)until);
	while ((ok = sql_next(q, &row, err)) && row) {
		if (!(ok = read_entry(&entry, q, err) && fn(ctx, &entry, err)))
			break;
	}
	sql_end(q);
	return ok;
}

static bool
find_act(struct registry_entry *entry, struct buf *bytes, struct registry *r, const char *text,
    const uint8_t key[SHA256_BYTES], struct err *err)
{
	bool row;

	struct sql_stmt *q = sql_use(r->db, text);
	sql_put_blob(q, span_of(key, SHA256_BYTES));
	bool ok = sql_next(q, &row, err);
	if (ok && !row)
		ok = err_set(err, ERR_NOT_FOUND, "the register holds no such act");
	if (ok) {
		const size_t at = bytes->len;
		ok = read_entry(entry, q, err);
		buf_add_span(bytes, entry->bytes);
		ok = ok && buf_ok(bytes, err);
		if (ok)
			entry->bytes = span_of(bytes->ptr + at, bytes->len - at);
	}
	sql_end(q);
	return ok;
}

bool
registry_find_act(struct registry_entry *entry, struct buf *bytes, struct registry *r,
    const uint8_t hash[SHA256_BYTES], struct err *err)
{
	return find_act(entry, bytes, r, SQL_BY_HASH, hash, err);
}

bool
registry_find_idempotency(struct registry_entry *entry, struct buf *bytes, struct registry *r,
    const uint8_t key[SHA256_BYTES], struct err *err)
{
	return find_act(entry, bytes, r, SQL_BY_KEY, key, err);
}

/* ---- acts in memory ---- */

void
store_act_copy(struct store_act *out, struct span bytes, int64_t recorded_s)
{
	*out = (struct store_act){ .bytes = BUF_EMPTY };
	out->entry.recorded_s = recorded_s;
	buf_add_span(&out->bytes, bytes);
}

void
store_act_decode(struct store_act *act)
{
	const int64_t recorded_s = act->entry.recorded_s;

	if (!buf_ok(&act->bytes, &act->why) ||
	    !chain_entry_parse(&act->entry, buf_span(&act->bytes), &act->why))
		assert(act->why.code != ERR_NONE);
	act->entry.recorded_s = recorded_s; /* of one that cannot be read, too */
}

void
store_act_free(struct store_act *act)
{
	buf_free(&act->bytes);
}

static bool
make_room(struct registry_chain *c, struct err *err)
{
	const size_t room = c->room + c->room / 2 + 4;

	if (c->n + 1 < c->room)
		return true;
	struct chain_entry *entries = realloc(c->entries, room * sizeof *entries);
	if (entries != NULL)
		c->entries = entries;
	struct buf *bytes = realloc(c->bytes, room * sizeof *bytes);
	if (bytes != NULL)
		c->bytes = bytes;
	if (entries == NULL || bytes == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	c->room = room;
	return true;
}

bool
store_chain_add(struct registry_chain *c, struct store_act *act, struct err *err)
{
	assert(c->n < c->room);
	c->entries[c->n] = act->entry;
	c->bytes[c->n++] = act->bytes;
	act->bytes = BUF_EMPTY;
	return make_room(c, err);
}

/* ---- chains ---- */

/* What was to make a certificate lapses where a loss is accepted: it may be made, in the acts that are lost. */
static void
lapse(struct chain_entry *e, const struct registry_epoch *last)
{
	if (act_body_makes(e->act.kind) && e->index < last->index &&
	    e->body.not_after_s > last->recorded_s + 1)
		e->body.not_after_s = last->recorded_s + 1;
}

static bool
read_row(struct store_act *out, struct sql_stmt *q, struct err *err)
{
	struct chain_who who = { .name = NULL };
	uint8_t hash[SHA256_BYTES];

	const uint64_t index = (uint64_t)sql_get_int(q);
	const int64_t recorded_s = sql_get_int(q);
	sql_get_copy(q, hash, sizeof hash);
	sql_get_copy(q, who.person, sizeof who.person);
	sql_get_copy(q, who.key, sizeof who.key);
	store_act_copy(out, sql_get_bytes(q), recorded_s);
	store_act_decode(out);
	out->entry.who = who;
	out->entry.index = index;
	if (out->why.code != ERR_NONE)
		return err_set(err, out->why.code, "%s", out->why.text);
	return sql_row_ok(q, err) && check_hash(index, hash, out->entry.act.hash, err);
}

static bool
read_chain(struct registry_chain *out, struct sql_stmt *q, const struct registry_epoch *last,
    struct err *err)
{
	struct store_act act;
	bool ok, row;

	while ((ok = sql_next(q, &row, err)) && row) {
		if (out->n == LIMIT_SUBJECT_ACTS)
			return err_set(
			    err, ERR_LIMIT, "more than %d acts on one subject", LIMIT_SUBJECT_ACTS);
		if (!read_row(&act, q, err)) {
			store_act_free(&act);
			return err_in(err, "act %zu of the subject", out->n);
		}
		lapse(&act.entry, last);
		if (!store_chain_add(out, &act, err))
			return false;
	}
	return ok;
}

bool
registry_chain(struct registry_chain *out, struct registry *r, struct span subject, struct err *err)
{
	struct registry_epoch last;

	*out = (struct registry_chain){ 0 };
	if (!store_epoch(&last, r, err))
		return false;
	struct sql_stmt *q = sql_use(r->db, SQL_CHAIN);
	sql_put_text(q, subject);
	bool ok = make_room(out, err) && read_chain(out, q, &last, err);
	sql_end(q);
	if (!ok)
		registry_chain_free(out);
	return ok;
}

bool
registry_tail(struct chain_tail *out, struct registry *r, struct span subject, struct err *err)
{
	struct sql_stmt *q = sql_use(r->db, SQL_TAIL);
	bool row;

	*out = (struct chain_tail){ 0 };
	sql_put_text(q, subject);
	bool ok = sql_next(q, &row, err);
	if (ok && row) {
		out->acts = (uint64_t)sql_get_int(q) + 1;
		sql_get_copy(q, out->hash, sizeof out->hash);
		ok = sql_row_ok(q, err);
	}
	sql_end(q);
	return ok;
}

void
registry_chain_free(struct registry_chain *chain)
{
	for (size_t i = 0; i < chain->n; i++)
		buf_free(&chain->bytes[i]);
	free(chain->bytes);
	free(chain->entries);
	*chain = (struct registry_chain){ 0 };
}
