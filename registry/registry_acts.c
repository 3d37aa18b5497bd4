#include "registry/store.h"

#include "core/limits.h"

#include <stdlib.h>

#define COLUMNS "SELECT log_index, recorded_s, hash, act FROM links JOIN acts USING (log_index) "
#define SQL_EACH COLUMNS "WHERE log_index >= ? AND log_index < ? ORDER BY log_index"
#define SQL_BY_HASH COLUMNS "WHERE hash = ?"
#define SQL_BY_KEY COLUMNS "WHERE idempotency = ?"
#define SQL_CHAIN                                                                                  \
	"SELECT recorded_s, person, key, act FROM links JOIN acts USING (log_index)"               \
	" WHERE subject = ? ORDER BY seq"

static void
read_entry(struct registry_entry *out, struct sql_stmt *q)
{
	out->index = (uint64_t)sql_get_int(q);
	out->recorded_s = sql_get_int(q);
	sql_get_copy(q, out->hash, SHA256_BYTES);
	out->bytes = sql_get_bytes(q);
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
		read_entry(&entry, q);
		if (!(ok = sql_row_ok(q, err) && fn(ctx, &entry, err)))
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
		read_entry(entry, q);
		buf_add_span(bytes, entry->bytes);
		ok = sql_row_ok(q, err) && buf_ok(bytes, err);
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

/* A row of the chain before its bytes have come to rest. */
struct chain_row {
	int64_t recorded_s;
	struct chain_who who;
	size_t len;
};

static bool
read_rows(
    struct chain_row **rows, size_t *n, struct buf *bytes, struct sql_stmt *q, struct err *err)
{
	bool ok, row;

	while ((ok = sql_next(q, &row, err)) && row) {
		if (*n == LIMIT_SUBJECT_ACTS)
			return err_set(
			    err, ERR_LIMIT, "more than %d acts on one subject", LIMIT_SUBJECT_ACTS);
		struct chain_row *grown = realloc(*rows, (*n + 1) * sizeof *grown);
		if (grown == NULL)
			return err_set(err, ERR_MEMORY, "out of memory");
		*rows = grown;
		struct chain_row *at = &grown[(*n)++];
		*at = (struct chain_row){ .recorded_s = sql_get_int(q) };
		sql_get_copy(q, at->who.person, sizeof at->who.person);
		sql_get_copy(q, at->who.key, sizeof at->who.key);
		struct span act = sql_get_bytes(q);
		at->len = act.len;
		buf_add_span(bytes, act);
		if (!sql_row_ok(q, err))
			return false;
	}
	return ok && buf_ok(bytes, err);
}

static bool
parse_rows(struct registry_chain *out, const struct chain_row *rows, size_t n, struct err *err)
{
	size_t at = 0;

	out->entries = calloc(n > 0 ? n : 1, sizeof *out->entries);
	if (out->entries == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < n; i++) {
		struct chain_entry *e = &out->entries[i];
		if (!chain_entry_parse(e, span_of(out->bytes.ptr + at, rows[i].len), err))
			return err_in(err, "act %zu of the subject", i);
		e->who = rows[i].who;
		e->recorded_s = rows[i].recorded_s;
		at += rows[i].len;
	}
	out->n = n;
	return true;
}

bool
registry_chain(struct registry_chain *out, struct registry *r, struct span subject, struct err *err)
{
	struct chain_row *rows = NULL;
	size_t n = 0;

	*out = (struct registry_chain){ 0 };
	struct sql_stmt *q = sql_use(r->db, SQL_CHAIN);
	sql_put_text(q, subject);
	bool ok = read_rows(&rows, &n, &out->bytes, q, err);
	sql_end(q);
	ok = ok && parse_rows(out, rows, n, err);
	free(rows);
	if (!ok)
		registry_chain_free(out);
	return ok;
}

void
registry_chain_free(struct registry_chain *chain)
{
	free(chain->entries);
	buf_free(&chain->bytes);
	*chain = (struct registry_chain){ 0 };
}
