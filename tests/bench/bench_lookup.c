#include "tests/bench/bench_lookup.h"

#include "core/file.h"
#include "credential/number.h"
#include "credential/status_list.h"
#include "registry/lookup_key.h"
#include "registry/sql.h"
#include "tests/bench/measure.h"

#include <string.h>

#define COMMIT_ROWS 20000 /* so that the WAL stays small */

struct row {
	uint8_t key[SHA256_BYTES], pdf_hash[SHA256_BYTES];
	uint16_t list, idx;
	bool suspended;
	size_t real; /* whose number and QC1 it has; of a filler anybody's */
};

struct real {
	char number[NUMBER_STORED_BYTES];
	struct buf qc1;
};

struct bench_lookup {
	struct row *rows;
	size_t n, most;
	struct real *real;
	size_t n_real;
};

static void *
grown(void *p, size_t n, size_t each)
{
	if ((p = reallocarray(p, n, each)) == NULL)
		abort();
	return p;
}

struct bench_lookup *
bench_lookup_new(uint64_t n)
{
	struct bench_lookup *l = grown(NULL, 1, sizeof *l);

	*l = (struct bench_lookup){ .most = n };
	l->rows = grown(NULL, n, sizeof *l->rows);
	return l;
}

void
bench_lookup_add(struct bench_lookup *l, uint16_t list, uint16_t idx, bool suspended,
    const uint8_t hash[SHA256_BYTES])
{
	struct row *r = &l->rows[l->n++];

	if (l->n > l->most)
		abort();
	*r = (struct row){ .list = list, .idx = idx, .suspended = suspended };
	memcpy(r->key, hash, sizeof r->key);
	memcpy(r->pdf_hash, hash, sizeof r->pdf_hash);
}

void
bench_lookup_confirms(
    struct bench_lookup *l, const char *number, const char *check_code, struct span qc1)
{
	struct row *r = &l->rows[l->n - 1];

	l->real = grown(l->real, l->n_real + 1, sizeof *l->real);
	struct real *real = &l->real[l->n_real++];
	*real = (struct real){ .qc1 = BUF_EMPTY };
	snprintf(real->number, sizeof real->number, "%s", number);
	buf_add_span(&real->qc1, qc1);
	r->real = l->n_real - 1;
	lookup_key(r->key, span_text(number), span_text(check_code));
}

static int
by_key(const void *a, const void *b)
{
	return memcmp(a, b, SHA256_BYTES); /* the key comes first in a row */
}

static void
put_instrument(struct sql *db, const struct bench_lookup *l, const struct row *r)
{
	const struct real *real = &l->real[r->real];

	struct sql_stmt *q = sql_use(db, "INSERT INTO instruments VALUES (?, ?, ?, ?, ?, ?, ?)");
	sql_put_blob(q, span_of(r->key, sizeof r->key));
	sql_put_text(q, span_text(real->number));
	sql_put_int(q, 1);
	sql_put_blob(q, buf_span(&real->qc1));
	sql_put_blob(q, span_of(r->pdf_hash, sizeof r->pdf_hash));
	sql_put_int(q, r->list);
	sql_put_int(q, r->idx);
	MEASURE_MUST(sql_do(q, &err));
}

static void
put_suspension(struct sql *db, const struct row *r, uint64_t log_index, int64_t from_s)
{
	struct sql_stmt *q =
	    sql_use(db, "INSERT INTO changes VALUES (?, ?, ?, 0, ?, ?, NULL, ?, 0)");
	sql_put_int(q, (int64_t)log_index);
	sql_put_int(q, r->list);
	sql_put_int(q, r->idx);
	sql_put_int(q, STATUS_SUSPENDED);
	sql_put_int(q, from_s);
	sql_put_int(q, from_s);
	MEASURE_MUST(sql_do(q, &err));
}

static void
put_rows(struct sql *db, const struct bench_lookup *l, int64_t from_s)
{
	for (size_t i = 0; i < l->n; i++) {
		if (i % COMMIT_ROWS == 0)
			MEASURE_MUST(sql_run(db, i > 0 ? "COMMIT; BEGIN" : "BEGIN", &err));
		put_instrument(db, l, &l->rows[i]);
		if (l->rows[i].suspended)
			put_suspension(db, &l->rows[i], i, from_s);
	}
	struct sql_stmt *q = sql_use(db, "INSERT INTO state VALUES (1, ?, zeroblob(32))");
	sql_put_int(q, (int64_t)l->n);
	MEASURE_MUST(sql_do(q, &err) && sql_run(db, "COMMIT", &err));
}

void
bench_lookup_write(struct bench_lookup *l, const char *path, int64_t from_s)
{
	struct buf schema = BUF_EMPTY;
	struct sql *db = NULL;

	qsort(l->rows, l->n, sizeof *l->rows, by_key);
	MEASURE_MUST(file_read(&schema, SOURCE_DIR "/registry/lookup_schema.sql", 65536, &err));
	MEASURE_MUST(sql_open(&db, path, SQL_CREATE, &err) && sql_run(db, buf_text(&schema), &err));
	put_rows(db, l, from_s);
	sql_close(db);
	buf_free(&schema);
	for (size_t i = 0; i < l->n_real; i++)
		buf_free(&l->real[i].qc1);
	free(l->real);
	free(l->rows);
	free(l);
}
