#include "registry/store.h"

/* Every projection, in an order that does not depend on how it came about. */
static const struct table {
	const char *name;
	const char *rows;
} tables[] = {
	{ "links", "SELECT * FROM links ORDER BY log_index" },
	{ "log", "SELECT * FROM log ORDER BY id" },
	{ "nodes", "SELECT * FROM nodes ORDER BY level, idx" },
	{ "bundles", "SELECT * FROM bundles ORDER BY seq" },
	{ "cases", "SELECT * FROM cases ORDER BY subject" },
	{ "bars", "SELECT * FROM bars ORDER BY subject" },
	{ "proposals", "SELECT * FROM proposals ORDER BY log_index" },
	{ "slots", "SELECT * FROM slots ORDER BY list, idx" },
	{ "instruments", "SELECT * FROM instruments ORDER BY made_index" },
	{ "supersessions", "SELECT * FROM supersessions ORDER BY number" },
	{ "history", "SELECT * FROM history ORDER BY list, idx, n" },
	{ "orders", "SELECT * FROM orders ORDER BY list, idx, n" },
	{ "epochs", "SELECT * FROM epochs ORDER BY epoch" },
	{ "floor_slots", "SELECT * FROM floor_slots ORDER BY list, idx" },
};

#define TABLES (sizeof tables / sizeof tables[0])
#define LINKS 0 /* its place among them */
#define SQL_LINKS "SELECT * FROM links WHERE log_index BETWEEN ? AND ? ORDER BY log_index"

/* The row as a line; an empty line behind the last. */
static bool
print_line(
    struct buf *line, const struct table *table, struct sql_stmt *q, bool row, struct err *err)
{
	line->len = 0;
	if (row) {
		buf_printf(line, "%s ", table->name);
		sql_print_row(line, q);
	}
	return buf_ok(line, err);
}

bool
registry_dump(struct registry *r, registry_line_fn *fn, void *ctx, struct err *err)
{
	struct buf line = BUF_EMPTY;
	bool ok = true, row;

	for (size_t t = 0; ok && t < TABLES; t++) {
		struct sql_stmt *q = sql_use(r->db, tables[t].rows);
		while ((ok = sql_next(q, &row, err)) && row)
			if (!(ok = print_line(&line, &tables[t], q, row, err) &&
				    fn(ctx, buf_span(&line), err)))
				break;
		sql_end(q);
	}
	buf_free(&line);
	return ok;
}

/* What a person sees of a line: its beginning. */
static void
quote(struct buf *out, struct buf *line)
{
	const int most = 120;
	int len = line->len > 0 ? (int)line->len - 1 : 0; /* without the line feed */

	if (len == 0)
		buf_add_text(out, "nothing");
	else
		buf_printf(out, "\"%.*s%s\"", len < most ? len : most, buf_text(line),
		    len < most ? "" : "...");
}

static bool
tell(struct buf *finding, const struct table *table, struct sql_stmt *have, bool has,
    struct sql_stmt *want, bool wants, struct err *err)
{
	struct buf line = BUF_EMPTY;

	buf_printf(finding, "the table %s does not follow from the acts: it has ", table->name);
	bool ok = print_line(&line, table, have, has, err);
	quote(finding, &line);
	buf_add_text(finding, ", the acts give ");
	ok = ok && print_line(&line, table, want, wants, err);
	quote(finding, &line);
	buf_free(&line);
	return ok && buf_ok(finding, err);
}

/* Both statements have their values, and are ended here. */
static bool
compare_rows(bool *same, struct buf *finding, const struct table *table, struct sql_stmt *have,
    struct sql_stmt *want, struct err *err)
{
	bool ok, has, wants;

	do {
		ok = sql_next(have, &has, err) && sql_next(want, &wants, err);
		*same = ok && has == wants && (!has || sql_same_row(have, want));
	} while (*same && has);
	if (ok && !*same)
		ok = tell(finding, table, have, has, want, wants, err);
	sql_end(have);
	sql_end(want);
	return ok;
}

static bool
compare_table(bool *same, struct buf *finding, const struct table *table, struct registry *stored,
    struct registry *computed, struct err *err)
{
	return compare_rows(same, finding, table, sql_use(stored->db, table->rows),
	    sql_use(computed->db, table->rows), err);
}

static struct sql_stmt *
links_of(struct registry *r, int64_t first, int64_t last)
{
	struct sql_stmt *q = sql_use(r->db, SQL_LINKS);
	sql_put_int(q, first);
	sql_put_int(q, last);
	return q;
}

bool
store_compare_links(bool *same, struct buf *finding, struct registry *stored,
    struct registry *computed, int64_t first, int64_t last, struct err *err)
{
	return compare_rows(same, finding, &tables[LINKS], links_of(stored, first, last),
	    links_of(computed, first, last), err);
}

bool
store_compare(bool *same, struct buf *finding, struct registry *stored, struct registry *computed,
    struct err *err)
{
	*same = true;
	for (size_t t = LINKS + 1; *same && t < TABLES; t++)
		if (!compare_table(same, finding, &tables[t], stored, computed, err))
			return false;
	return true;
}

bool
store_compare_schema(
    bool *same, struct registry *stored, struct registry *computed, struct err *err)
{
	static const struct table schema = { "sqlite_schema",
		"SELECT type, name, tbl_name, sql FROM sqlite_schema"
		" WHERE type <> 'index' AND name NOT LIKE 'sqlite_%' OR tbl_name = 'acts'"
		" ORDER BY type, name" };
	struct buf ignored = BUF_EMPTY;

	bool ok = compare_table(same, &ignored, &schema, stored, computed, err);
	buf_free(&ignored);
	return ok;
}
