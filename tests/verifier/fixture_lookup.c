/* lookup.db of a fixture: what the register writes after every commit, by its schema. */
#include "core/file.h"
#include "registry/lookup_key.h"
#include "registry/sql.h"
#include "tests/test.h"
#include "tests/verifier/fixture.h"

static void
put_instrument(struct sql *db, const struct paper *p)
{
	uint8_t key[SHA256_BYTES];

	lookup_key(key, span_text(p->number), span_text(p->check_code));
	struct sql_stmt *q = sql_use(db, "INSERT INTO instruments VALUES (?, ?, ?, ?, ?, ?, ?)");
	sql_put_blob(q, span_of(key, sizeof key));
	sql_put_text(q, span_text(p->number));
	sql_put_int(q, p->claims.version);
	sql_put_blob(q, buf_span(&p->qc1));
	sql_put_blob(q, span_of(p->pdf_hash, SHA256_BYTES));
	sql_put_int(q, p->claims.list);
	sql_put_int(q, p->claims.idx);
	MUST(sql_do(q, &err));
}

static void
put_change(struct sql *db, const struct paper *p, size_t i)
{
	const struct history_entry *e = &p->entries[i];

	struct sql_stmt *q = sql_use(db, "INSERT INTO changes VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?)");
	sql_put_int(q, 100 + (int64_t)i);
	sql_put_int(q, p->claims.list);
	sql_put_int(q, p->claims.idx);
	sql_put_int(q, e->status);
	sql_put_int(q, e->from_s);
	if (e->until_s == HISTORY_OPEN)
		sql_put_null(q);
	else
		sql_put_int(q, e->until_s);
	sql_put_int(q, e->recorded_s);
	sql_put_int(q, e->by);
	MUST(sql_do(q, &err));
}

static void
fill_lookup(struct sql *db, const struct fixture *f)
{
	for (size_t i = 0; i < f->n_papers; i++) {
		const struct paper *p = &f->papers[i];
		if (!p->registered)
			continue;
		put_instrument(db, p);
		for (size_t e = 0; e < p->n_entries; e++)
			put_change(db, p, e);
	}
	struct sql_stmt *q = sql_use(db, "REPLACE INTO state VALUES (1, ?, zeroblob(32))");
	sql_put_int(q, (int64_t)f->log_size);
	MUST(sql_do(q, &err));
}

void
fixture_write_lookup(struct fixture *f)
{
	struct sql *db = NULL;
	struct buf schema = BUF_EMPTY;
	const bool there = file_exists(f->lookup);

	MUST(sql_open(&db, f->lookup, there ? SQL_WRITE : SQL_CREATE, &err));
	if (!there) {
		MUST(file_read(&schema, SOURCE_DIR "/registry/lookup_schema.sql", 65536, &err));
		MUST(sql_run(db, buf_text(&schema), &err));
	}
	MUST(sql_run(db, "BEGIN IMMEDIATE; DELETE FROM instruments; DELETE FROM changes;", &err));
	fill_lookup(db, f);
	MUST(sql_run(db, "COMMIT", &err));
	sql_close(db);
	buf_free(&schema);
}
