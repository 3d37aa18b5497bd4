#include "registry/sql.h"

#include "core/buf.h"
#include "core/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#define WAL_BYTES "8388608" /* twice what it has when SQLite copies it into the database */

struct sql_stmt {
	struct sql *db;
	const char *text;
	sqlite3_stmt *st; /* NULL: preparing failed, db's message says why */
	bool in_use;
	bool temporary; /* a second copy of one in use: freed at its end */
	int bound;      /* values so far */
	int column;     /* taken so far */
	int rc;         /* sticky: first SQLite mistake while preparing and binding */
	bool bad;       /* sticky: a column was not as expected */
};

struct sql {
	sqlite3 *handle;
	char *path;
	struct sql_stmt **stmts; /* owned, kept prepared */
	size_t n_stmts;
};

static enum err_code
code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_CONSTRAINT:
		return ERR_CONFLICT;
	case SQLITE_NOMEM:
		return ERR_MEMORY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_MALFORMED;
	default:
		return ERR_IO;
	}
}

static bool
fail(const struct sql *db, int rc, struct err *err)
{
	const char *why = db->handle != NULL && sqlite3_errcode(db->handle) == (rc & 0xff)
	    ? sqlite3_errmsg(db->handle)
	    : sqlite3_errstr(rc);
	return err_set(err, code_of(rc), "%s: %s", db->path, why);
}

/*
 * A file that is only read, or that nobody else writes; with the three characters that mean something in a URI
 * escaped.
 */
static void
reading_uri(struct buf *out, const char *path, enum sql_mode mode)
{
	buf_add_text(
	    out, path[0] == '/' ? "file://" : "file:"); /* no authority, whatever follows */
	for (const char *p = path; *p != '\0'; p++) {
		if (*p == '?' || *p == '#' || *p == '%')
			buf_printf(out, "%%%02X", (unsigned char)*p);
		else
			buf_add_byte(out, (uint8_t)*p);
	}
	buf_add_text(out, mode == SQL_COPY ? "?immutable=1" : "?mode=ro");
}

/* SQLite makes files with the umask's mode and would open a link: the file is made here instead. */
static bool
make_file(const char *path, struct err *err)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (fd < 0 && errno == EEXIST)
		return err_set(err, ERR_CONFLICT, "%s exists already", path);
	if (fd < 0)
		return err_errno(err, "create %s", path);
	close(fd);
	return true;
}

static bool
open_handle(struct sql *db, enum sql_mode mode, struct err *err)
{
	struct buf uri = BUF_EMPTY;
	const char *name = db->path;
	int flags = SQLITE_OPEN_READONLY;

	if (mode == SQL_MEMORY) {
		name = ":memory:";
		flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI;
	} else if (mode == SQL_COPY) {
		reading_uri(&uri, db->path, mode);
		name = buf_text(&uri);
		flags |= SQLITE_OPEN_URI;
	} else if (mode != SQL_READ) {
		flags = SQLITE_OPEN_READWRITE;
	}
	flags |=
	    SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX; /* struct sql is one thread's anyway */
	int rc = name != NULL ? sqlite3_open_v2(name, &db->handle, flags, NULL) : SQLITE_NOMEM;
	buf_free(&uri);
	return rc == SQLITE_OK || fail(db, rc, err);
}

/* What every connection is told before it reads anything: the file itself is not to be trusted. */
static bool
configure(struct sql *db, enum sql_mode mode, struct err *err)
{
	int keep = 1;

	sqlite3_busy_timeout(db->handle, SQL_BUSY_MS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
	/* In memory is what was put in just now, to be compared with tables in which references held. */
	const char *checks = mode == SQL_MEMORY
	    ? "PRAGMA cell_size_check = ON; PRAGMA foreign_keys = OFF;"
	    : "PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON;";
	if (!sql_run(db, checks, err))
		return false;
	if (mode != SQL_WRITE && mode != SQL_CREATE)
		return true;
	/*
	 * The WAL stays, emptied by the last who closes it: or else whoever opens it next would read all of
	 * it first. Meanwhile it keeps its length, for a file that grows takes longer to sync than one that is
	 * written over.
	 */
	sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
	if (!sql_run(db, "PRAGMA journal_size_limit = " WAL_BYTES ";", err))
		return false;
	return sql_run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", err);
}

/* Its statistics of memory are for nobody here, and cost a lock at every allocation. */
static void
configure_all(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

bool
sql_open(struct sql **out, const char *path, enum sql_mode mode, struct err *err)
{
	static pthread_once_t configured = PTHREAD_ONCE_INIT;

	*out = NULL;
	pthread_once(&configured, configure_all);
	if (mode == SQL_CREATE && !make_file(path, err))
		return false;
	if (mode != SQL_MEMORY && !file_exists(path))
		return err_set(err, ERR_NOT_FOUND, "there is no %s", path);

	struct sql *db = calloc(1, sizeof *db);
	if (db == NULL || (db->path = strdup(path)) == NULL) {
		free(db);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	if (!open_handle(db, mode, err) || !configure(db, mode, err)) {
		sql_close(db);
		return false;
	}
	*out = db;
	return true;
}

static void
stmt_free(struct sql_stmt *s)
{
	sqlite3_finalize(s->st);
	free(s);
}

void
sql_close(struct sql *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < db->n_stmts; i++)
		stmt_free(db->stmts[i]);
	free(db->stmts);
	int rc = sqlite3_close(db->handle);
	assert(rc == SQLITE_OK); /* a statement was not ended */
	(void)rc;
	free(db->path);
	free(db);
}

bool
sql_run(struct sql *db, const char *script, struct err *err)
{
	int rc = sqlite3_exec(db->handle, script, NULL, NULL, NULL);
	return rc == SQLITE_OK || fail(db, rc, err);
}

bool
sql_number(int64_t *out, struct sql *db, const char *text, struct err *err)
{
	bool row = false;
	struct sql_stmt *s = sql_use(db, text);
	bool ok = sql_next(s, &row, err);
	if (ok && row)
		*out = sql_get_int(s);
	else if (ok)
		ok = err_set(err, ERR_MALFORMED, "%s: no answer to %s", db->path, text);
	ok = ok && sql_row_ok(s, err);
	sql_end(s);
	return ok;
}

bool
sql_attach(struct sql *db, const char *name, const char *path, enum sql_mode mode, struct err *err)
{
	struct buf uri = BUF_EMPTY;

	reading_uri(&uri, path, mode);
	bool ok = buf_ok(&uri, err);
	if (ok) {
		struct sql_stmt *q = sql_use(db, "ATTACH ? AS ?");
		sql_put_text(q, buf_span(&uri));
		sql_put_text(q, span_text(name));
		ok = sql_do(q, err);
	}
	buf_free(&uri);
	return ok;
}

static struct sql_stmt *
prepare(struct sql *db, const char *text)
{
	struct sql_stmt *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort(); /* as SHA-256 does: a few hundred bytes, and no caller could go on */
	s->db = db;
	s->text = text;
	s->rc = sqlite3_prepare_v3(db->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &s->st, NULL);
	return s;
}

static void
keep(struct sql *db, struct sql_stmt *s)
{
	struct sql_stmt **grown = realloc(db->stmts, (db->n_stmts + 1) * sizeof *grown);
	s->temporary = grown == NULL;
	if (grown == NULL)
		return;
	db->stmts = grown;
	db->stmts[db->n_stmts++] = s;
}

struct sql_stmt *
sql_use(struct sql *db, const char *text)
{
	struct sql_stmt *s = NULL;
	bool known = false;

	for (size_t i = 0; i < db->n_stmts && s == NULL; i++) {
		if (db->stmts[i]->text != text)
			continue;
		known = true;
		if (db->stmts[i]->in_use)
			break;
		s = db->stmts[i];
	}
	if (s == NULL) {
		s = prepare(db, text);
		s->temporary = true;
		if (!known && s->st != NULL)
			keep(db, s);
	}
	s->in_use = true;
	return s;
}

void
sql_end(struct sql_stmt *s)
{
	assert(s->in_use);
	if (s->temporary) {
		stmt_free(s);
		return;
	}
	sqlite3_reset(s->st);
	sqlite3_clear_bindings(s->st);
	s->in_use = false;
	s->bound = 0;
	s->column = 0;
	s->rc = SQLITE_OK;
	s->bad = false;
}

static void
bound(struct sql_stmt *s, int rc)
{
	if (s->rc == SQLITE_OK)
		s->rc = rc;
}

void
sql_put_int(struct sql_stmt *s, int64_t v)
{
	bound(s, sqlite3_bind_int64(s->st, ++s->bound, v));
}

void
sql_put_text(struct sql_stmt *s, struct span v)
{
	const char *text = v.len > 0 ? (const char *)v.ptr : "";
	bound(s, sqlite3_bind_text64(s->st, ++s->bound, text, v.len, SQLITE_STATIC, SQLITE_UTF8));
}

void
sql_put_blob(struct sql_stmt *s, struct span v)
{
	const void *bytes = v.len > 0 ? (const void *)v.ptr : "";
	bound(s, sqlite3_bind_blob64(s->st, ++s->bound, bytes, v.len, SQLITE_STATIC));
}

void
sql_put_null(struct sql_stmt *s)
{
	bound(s, sqlite3_bind_null(s->st, ++s->bound));
}

bool
sql_next(struct sql_stmt *s, bool *row, struct err *err)
{
	*row = false;
	if (s->bad)
		return sql_row_ok(s, err);
	if (s->rc != SQLITE_OK)
		return fail(s->db, s->rc, err);
	int rc = sqlite3_step(s->st);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return fail(s->db, rc, err);
	*row = rc == SQLITE_ROW;
	s->column = 0;
	return true;
}

bool
sql_do(struct sql_stmt *s, struct err *err)
{
	bool row;
	bool ok = sql_next(s, &row, err);
	sql_end(s);
	return ok;
}

bool
sql_exec(struct sql *db, const char *text, struct err *err)
{
	return sql_do(sql_use(db, text), err);
}

bool
sql_get_null(struct sql_stmt *s)
{
	if (sqlite3_column_type(s->st, s->column) != SQLITE_NULL)
		return false;
	s->column++;
	return true;
}

int64_t
sql_get_int(struct sql_stmt *s)
{
	if (sqlite3_column_type(s->st, s->column) != SQLITE_INTEGER)
		s->bad = true;
	return sqlite3_column_int64(s->st, s->column++);
}

struct span
sql_get_bytes(struct sql_stmt *s)
{
	int type = sqlite3_column_type(s->st, s->column);
	if (type != SQLITE_BLOB && type != SQLITE_TEXT) {
		s->bad = true;
		s->column++;
		return span_of(NULL, 0);
	}
	const void *at = sqlite3_column_blob(s->st, s->column);
	int len = sqlite3_column_bytes(s->st, s->column++);
	return span_of(at, len > 0 ? (size_t)len : 0);
}

void
sql_get_copy(struct sql_stmt *s, void *out, size_t n)
{
	struct span v = sql_get_bytes(s);
	memset(out, 0, n);
	if (v.len == n)
		memcpy(out, v.ptr, n);
	else
		s->bad = true;
}

void
sql_get_text(struct sql_stmt *s, char *out, size_t n)
{
	struct span v = sql_get_bytes(s);
	out[0] = '\0';
	if (v.len >= n || (v.len > 0 && memchr(v.ptr, '\0', v.len) != NULL)) {
		s->bad = true;
		return;
	}
	if (v.len > 0)
		memcpy(out, v.ptr, v.len);
	out[v.len] = '\0';
}

bool
sql_row_ok(struct sql_stmt *s, struct err *err)
{
	return !s->bad ||
	    err_set(err, ERR_MALFORMED, "%s: a row is not of its table's form (%s)", s->db->path,
		s->text);
}

/* As values: to ask a statement for its column takes longer than all of this. */
static bool
same_value(sqlite3_value *a, sqlite3_value *b)
{
	const int type = sqlite3_value_type(a);

	if (type != sqlite3_value_type(b))
		return false;
	if (type == SQLITE_INTEGER)
		return sqlite3_value_int64(a) == sqlite3_value_int64(b);
	const void *at = sqlite3_value_blob(a), *bt = sqlite3_value_blob(b);
	const int len = sqlite3_value_bytes(a);
	return len == sqlite3_value_bytes(b) && (len == 0 || memcmp(at, bt, (size_t)len) == 0);
}

bool
sql_same_row(struct sql_stmt *a, struct sql_stmt *b)
{
	const int n = sqlite3_column_count(a->st);
	bool same = n == sqlite3_column_count(b->st);

	for (int i = 0; same && i < n; i++)
		same = same_value(sqlite3_column_value(a->st, i), sqlite3_column_value(b->st, i));
	return same;
}

static void
print_hex(struct buf *out, struct span v)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < v.len; i++) {
		buf_add_byte(out, (uint8_t)digits[v.ptr[i] >> 4]);
		buf_add_byte(out, (uint8_t)digits[v.ptr[i] & 15]);
	}
}

void
sql_print_row(struct buf *out, struct sql_stmt *s)
{
	for (int i = 0; i < sqlite3_column_count(s->st); i++) {
		int type = sqlite3_column_type(s->st, i);
		const void *at = sqlite3_column_blob(s->st, i); /* numbers: in decimal */
		int len = sqlite3_column_bytes(s->st, i);
		struct span v = span_of(at, len > 0 ? (size_t)len : 0);

		buf_printf(out, "%s%s=", i > 0 ? " " : "", sqlite3_column_name(s->st, i));
		if (type == SQLITE_NULL)
			buf_add_text(out, "none");
		else if (type == SQLITE_BLOB)
			print_hex(out, v);
		else if (type == SQLITE_TEXT)
			buf_printf(out, "%zu:", v.len);
		if (type != SQLITE_BLOB)
			buf_add_span(out, v);
	}
	buf_add_byte(out, '\n');
}
