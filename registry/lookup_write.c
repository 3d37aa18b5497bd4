#include "registry/lookup_write.h"

#include "core/file.h"
#include "registry/lookup_key.h"
#include "registry/store.h"

#include <stdlib.h>
#include <sys/stat.h>

#define SQL_STATE "SELECT log_size, last_hash FROM state"
#define SQL_STATE_PUT "REPLACE INTO state VALUES (1, ?, ?)"
#define SQL_INSTRUMENT_PUT "INSERT INTO instruments VALUES (?, ?, ?, ?, ?, ?, ?)"
#define SQL_CHANGE_PUT "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
/* In the register: */
#define SQL_HASH_AT "SELECT hash FROM links WHERE log_index = ?"
#define SQL_MADE                                                                                   \
	"SELECT number, version, qc1, check_code, pdf_hash, list, idx FROM instruments"            \
	" WHERE made_index >= ?"
#define SQL_CHANGED                                                                                \
	"SELECT log_index, list, idx, n, status, from_s, until_s, recorded_s, newer"               \
	" FROM history WHERE log_index >= ?"

static const char schema[] = {
#include "lookup_schema.inc"
};

/* How far a lookup.db has come. */
struct state {
	uint64_t size;
	uint8_t last_hash[SHA256_BYTES];
};

static bool
load_state(struct state *out, struct sql *db, struct err *err)
{
	bool row;

	*out = (struct state){ 0 };
	struct sql_stmt *q = sql_use(db, SQL_STATE);
	bool ok = sql_next(q, &row, err);
	if (ok && row) {
		out->size = (uint64_t)sql_get_int(q);
		sql_get_copy(q, out->last_hash, sizeof out->last_hash);
		ok = sql_row_ok(q, err);
	}
	sql_end(q);
	return ok;
}

/* What the state is when the whole log of `size` acts is in. */
static bool
state_at(struct state *out, struct registry *r, uint64_t size, struct err *err)
{
	bool row;

	*out = (struct state){ .size = size };
	if (size == 0)
		return true;
	struct sql_stmt *q = sql_use(r->db, SQL_HASH_AT);
	sql_put_int(q, (int64_t)(size - 1));
	bool ok = sql_next(q, &row, err);
	if (ok && row)
		sql_get_copy(q, out->last_hash, sizeof out->last_hash);
	sql_end(q);
	return ok;
}

static bool
same_state(const struct state *a, const struct state *b)
{
	return a->size == b->size && memcmp(a->last_hash, b->last_hash, SHA256_BYTES) == 0;
}

static bool
put_instrument(struct sql *to, struct sql_stmt *from, struct err *err)
{
	uint8_t key[SHA256_BYTES];

	struct span number = sql_get_bytes(from);
	int64_t version = sql_get_int(from);
	struct span qc1 = sql_get_bytes(from);
	lookup_key(key, number, sql_get_bytes(from));

	struct sql_stmt *q = sql_use(to, SQL_INSTRUMENT_PUT);
	sql_put_blob(q, span_of(key, sizeof key));
	sql_put_text(q, number);
	sql_put_int(q, version);
	sql_put_blob(q, qc1);
	sql_put_blob(q, sql_get_bytes(from)); /* PDF's hash */
	sql_put_int(q, sql_get_int(from));    /* list */
	sql_put_int(q, sql_get_int(from));    /* idx */
	return sql_do(q, err);
}

static bool
put_change(struct sql *to, struct sql_stmt *from, struct err *err)
{
	struct sql_stmt *q = sql_use(to, SQL_CHANGE_PUT);
	for (int column = 0; column < 9; column++) {
		if (sql_get_null(from))
			sql_put_null(q);
		else
			sql_put_int(q, sql_get_int(from));
	}
	return sql_do(q, err);
}

/* Each row of a query over the register, from this log index on, into the other file. */
static bool
copy_rows(struct sql *to, struct registry *r, const char *text, uint64_t from_index,
    bool (*put)(struct sql *, struct sql_stmt *, struct err *), struct err *err)
{
	bool ok, row;

	struct sql_stmt *q = sql_use(r->db, text);
	sql_put_int(q, (int64_t)from_index);
	while ((ok = sql_next(q, &row, err)) && row)
		if (!(ok = put(to, q, err)))
			break;
	sql_end(q);
	return ok;
}

static bool
put_state(struct sql *to, const struct state *s, struct err *err)
{
	struct sql_stmt *q = sql_use(to, SQL_STATE_PUT);
	sql_put_int(q, (int64_t)s->size);
	sql_put_blob(q, span_of(s->last_hash, sizeof s->last_hash));
	return sql_do(q, err);
}

/* Inside a transaction: from where it stands, or from nothing if that does not lead to where we are. */
static bool
follow(struct sql *to, struct registry *r, struct err *err)
{
	struct registry_head head;
	struct registry_epoch last;
	struct state have, want, then;

	if (!load_state(&have, to, err) || !registry_head(&head, r, err) ||
	    !store_epoch(&last, r, err) || !state_at(&want, r, head.size, err) ||
	    !state_at(&then, r, have.size, err))
		return false;
	if (same_state(&have, &want))
		return true;
	/* Where a loss was accepted meanwhile, what is older has changed too. */
	if (have.size > head.size || !same_state(&have, &then) ||
	    (last.epoch > 0 && have.size <= last.index)) {
		if (!sql_run(to, "DELETE FROM instruments; DELETE FROM changes;", err))
			return false;
		have.size = 0;
	}
	return copy_rows(to, r, SQL_MADE, have.size, put_instrument, err) &&
	    copy_rows(to, r, SQL_CHANGED, have.size, put_change, err) && put_state(to, &want, err);
}

struct lookup_writer {
	struct sql *db;
	dev_t device;
	ino_t inode;
};

void
lookup_writer_close(struct lookup_writer *w)
{
	if (w == NULL)
		return;
	sql_close(w->db);
	free(w);
}

/* Is what is held open still the file of this name? */
static bool
is_file(const struct lookup_writer *w, const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && st.st_dev == w->device && st.st_ino == w->inode;
}

/* A file whose making was interrupted is still empty. */
static bool
prepare(struct lookup_writer *w, const char *path, struct err *err)
{
	struct stat st;
	int64_t version;

	if (stat(path, &st) != 0)
		return err_errno(err, "stat %s", path);
	w->device = st.st_dev;
	w->inode = st.st_ino;
	return sql_run(w->db, "PRAGMA synchronous = NORMAL", err) &&
	    sql_number(&version, w->db, "PRAGMA user_version", err) &&
	    (version != 0 ||
		(sql_exec(w->db, "BEGIN", err) && sql_run(w->db, schema, err) &&
		    sql_exec(w->db, "COMMIT", err)));
}

static bool
open_or_make(struct lookup_writer **out, const char *path, struct err *err)
{
	if (*out != NULL && is_file(*out, path))
		return true;
	lookup_writer_close(*out);
	*out = NULL;
	struct lookup_writer *w = calloc(1, sizeof *w);
	if (w == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!sql_open(&w->db, path, file_exists(path) ? SQL_WRITE : SQL_CREATE, err) ||
	    !prepare(w, path, err)) {
		lookup_writer_close(w);
		return false;
	}
	*out = w;
	return true;
}

bool
lookup_update(struct lookup_writer **w, struct registry *r, const char *path, struct err *err)
{
	struct err ignored = { 0 };

	if (!open_or_make(w, path, err) || !sql_exec((*w)->db, "BEGIN IMMEDIATE", err))
		return false;
	bool ok = registry_view_begin(r, err);
	if (ok) {
		ok = follow((*w)->db, r, err) && sql_exec((*w)->db, "COMMIT", err);
		registry_view_end(r);
	}
	return ok || (sql_exec((*w)->db, "ROLLBACK", &ignored) && ok);
}

bool
lookup_is_current(struct registry *r, const char *path)
{
	struct err ignored = { 0 };
	struct registry_head head;
	struct state have, want;
	struct sql *db = NULL;

	bool ok = sql_open(&db, path, SQL_READ, &ignored) && load_state(&have, db, &ignored) &&
	    registry_head(&head, r, &ignored) && state_at(&want, r, head.size, &ignored) &&
	    same_state(&have, &want);
	sql_close(db);
	return ok;
}
