/*
 * SQLite as this folder uses it: a connection, statements kept prepared, values bound and read in order.
 * Writers and getters are sticky: a mistake is told once, by the next sql_next(), sql_do() or sql_row_ok().
 */
#ifndef REGISTRY_SQL_H
#define REGISTRY_SQL_H

#include "core/buf.h"

#define SQL_BUSY_MS 10000 /* how long one waits for another writer */

struct sql; /* for one thread at a time */
struct sql_stmt;

enum sql_mode {
	SQL_READ = 0, /* no right to write is needed */
	SQL_COPY,     /* a file nobody else writes: nothing beside it is made or needed */
	SQL_WRITE,    /* WAL, synchronous=FULL; the WAL stays for readers who cannot make one */
	SQL_CREATE,   /* the same; the file must not exist yet */
	SQL_MEMORY    /* path is only a name for sentences */
};

/*
 * ERR_NOT_FOUND  no such file; ERR_CONFLICT: SQL_CREATE and it exists
 * ERR_MALFORMED  not a database
 */
MUST_CHECK bool sql_open(struct sql **out, const char *path, enum sql_mode mode, struct err *err);
void sql_close(struct sql *db);
/*
 * Tables of a second file, SQL_READ or SQL_COPY, are seen under `name`, a static word; before any transaction.
 * `db` is SQL_MEMORY.
 */
MUST_CHECK bool sql_attach(
    struct sql *db, const char *name, const char *path, enum sql_mode mode, struct err *err);

/* Statements without values or rows, separated by semicolons. */
MUST_CHECK bool sql_run(struct sql *db, const char *script, struct err *err);
/* One of them, kept prepared; `text` is static. */
MUST_CHECK bool sql_exec(struct sql *db, const char *text, struct err *err);
/* The one number a statement without values gives, as PRAGMA user_version does. */
MUST_CHECK bool sql_number(int64_t *out, struct sql *db, const char *text, struct err *err);

/*
 * A statement ready for its values; never NULL. `text` is static: the statement is kept under its
 * address. A statement in use already is prepared once more. Every sql_use() is ended by sql_end() or
 * sql_do().
 */
struct sql_stmt *sql_use(struct sql *db, const char *text);
void sql_end(struct sql_stmt *s);

/* Values, in the order of the question marks; borrowed until the end. */
void sql_put_int(struct sql_stmt *s, int64_t v);
void sql_put_text(struct sql_stmt *s, struct span v);
void sql_put_blob(struct sql_stmt *s, struct span v);
void sql_put_null(struct sql_stmt *s);

/* The next row, if there is one. */
MUST_CHECK bool sql_next(struct sql_stmt *s, bool *row, struct err *err);
/* A statement without rows, from beginning to end. ERR_CONFLICT for a broken constraint. */
MUST_CHECK bool sql_do(struct sql_stmt *s, struct err *err);

/* Columns in order. Bytes and text are borrowed until the next row. */
bool sql_get_null(struct sql_stmt *s); /* takes the column only if it is null */
int64_t sql_get_int(struct sql_stmt *s);
struct span sql_get_bytes(struct sql_stmt *s);
/* Exactly n bytes; a text that with its NUL fits into n. Anything else is a mistake. */
void sql_get_copy(struct sql_stmt *s, void *out, size_t n);
void sql_get_text(struct sql_stmt *s, char *out, size_t n);
/* Was every column of this row as expected? ERR_MALFORMED if not. */
MUST_CHECK bool sql_row_ok(struct sql_stmt *s, struct err *err);

/* Do the two rows they stand at hold the same, in value and type? */
bool sql_same_row(struct sql_stmt *a, struct sql_stmt *b);

/* Append the row as one line of text, names and values: no two rows give the same. */
void sql_print_row(struct buf *out, struct sql_stmt *s);

#endif
