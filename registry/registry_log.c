#include "registry/store.h"

#include "core/limits.h"

#include <stdlib.h>

#define SQL_HEAD "SELECT size, recorded_s, file_end, frontier FROM log"
#define SQL_HEAD_PUT "REPLACE INTO log VALUES (1, ?, ?, ?, ?)"
#define SQL_ENTRIES                                                                                \
	"SELECT recorded_s, hash FROM acts JOIN links USING (log_index)"                           \
	" WHERE log_index >= ? AND log_index < ? ORDER BY log_index"
#define SQL_NODES "SELECT hash FROM nodes WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx"
#define SQL_NODE_PUT "INSERT INTO nodes VALUES (?, ?, ?)"

/* A frontier is stored as the nodes that count, lowest first. */
static void
frontier_encode(struct buf *out, const struct merkle_frontier *f)
{
	for (int k = 0; k < MERKLE_LEVELS; k++)
		if (f->size >> k & 1)
			buf_add(out, f->node[k].b, SHA256_BYTES);
}

static bool
frontier_parse(struct merkle_frontier *out, uint64_t size, struct span in)
{
	*out = (struct merkle_frontier){ .size = size };
	size_t at = 0;
	for (int k = 0; k < MERKLE_LEVELS; k++) {
		if ((size >> k & 1) == 0)
			continue;
		if (in.len - at < SHA256_BYTES)
			return false;
		memcpy(out->node[k].b, in.ptr + at, SHA256_BYTES);
		at += SHA256_BYTES;
	}
	return at == in.len;
}

bool
store_head_load(struct store_head *out, struct registry *r, struct err *err)
{
	bool row = false;
	*out = (struct store_head){ .file_end = ACT_FILE_BEGIN };
	if (r->row != NULL && r->row->grown) {
		*out = r->row->head;
		return true;
	}

	struct sql_stmt *q = sql_use(r->db, SQL_HEAD);
	bool ok = sql_next(q, &row, err);
	if (ok && row) {
		out->size = (uint64_t)sql_get_int(q);
		out->recorded_s = sql_get_int(q);
		out->file_end = (uint64_t)sql_get_int(q);
		struct span nodes = sql_get_bytes(q);
		ok = sql_row_ok(q, err) &&
		    (frontier_parse(&out->frontier, out->size, nodes) ||
			err_set(err, ERR_MALFORMED, "the log's stored frontier is damaged"));
	}
	sql_end(q);
	return ok;
}

bool
store_head_save(struct registry *r, const struct store_head *head, struct err *err)
{
	struct buf nodes = BUF_EMPTY;
	frontier_encode(&nodes, &head->frontier);
	bool ok = buf_ok(&nodes, err);
	if (ok) {
		struct sql_stmt *q = sql_use(r->db, SQL_HEAD_PUT);
		sql_put_int(q, (int64_t)head->size);
		sql_put_int(q, head->recorded_s);
		sql_put_int(q, (int64_t)head->file_end);
		sql_put_blob(q, buf_span(&nodes));
		ok = sql_do(q, err);
	}
	buf_free(&nodes);
	return ok;
}

/* The n entries from this index on; ERR_REFUSED if there are fewer. */
static bool
read_entries(struct log_entry *out, struct registry *r, uint64_t from, size_t n, struct err *err)
{
	bool ok, row;
	size_t got = 0;

	struct sql_stmt *q = sql_use(r->db, SQL_ENTRIES);
	sql_put_int(q, (int64_t)from);
	sql_put_int(q, (int64_t)(from + n));
	while ((ok = sql_next(q, &row, err)) && row && got < n) {
		out[got].recorded_s = sql_get_int(q);
		sql_get_copy(q, out[got].act_hash, SHA256_BYTES);
		got++;
	}
	sql_end(q);
	if (ok && got < n)
		return err_set(err, ERR_REFUSED, "the log has only %llu entries",
		    (unsigned long long)(from + got));
	return ok;
}

/* The n hashes of a level from this index on; level 0 are the leaves. */
static bool
read_hashes(struct merkle_hash *out, struct registry *r, unsigned level, uint64_t from, size_t n,
    struct err *err)
{
	if (level == 0) {
		struct log_entry *entries = calloc(n > 0 ? n : 1, sizeof *entries);
		if (entries == NULL)
			return err_set(err, ERR_MEMORY, "out of memory");
		bool ok = read_entries(entries, r, from, n, err);
		for (size_t i = 0; ok && i < n; i++)
			out[i] = log_entry_leaf(&entries[i]);
		free(entries);
		return ok;
	}

	bool ok, row;
	size_t got = 0;
	struct sql_stmt *q = sql_use(r->db, SQL_NODES);
	sql_put_int(q, level);
	sql_put_int(q, (int64_t)from);
	sql_put_int(q, (int64_t)(from + n));
	while ((ok = sql_next(q, &row, err)) && row && got < n)
		sql_get_copy(q, out[got++].b, SHA256_BYTES);
	sql_end(q);
	if (ok && got < n)
		return err_set(err, ERR_REFUSED, "the log has no %zu hashes from %llu at level %u",
		    n, (unsigned long long)from, level);
	return ok;
}

/* Each tile that this size has just filled gives a node one level up. */
static bool
put_nodes(struct registry *r, uint64_t size, struct err *err)
{
	struct merkle_hash hash[LOG_TILE_WIDTH];

	for (unsigned level = 0; size % LOG_TILE_WIDTH == 0; level++) {
		size /= LOG_TILE_WIDTH;
		if (!read_hashes(hash, r, level, (size - 1) * LOG_TILE_WIDTH, LOG_TILE_WIDTH, err))
			return false;
		log_tile_fold(hash, hash, LOG_TILE_WIDTH);
		struct sql_stmt *q = sql_use(r->db, SQL_NODE_PUT);
		sql_put_int(q, level + 1);
		sql_put_int(q, (int64_t)(size - 1));
		sql_put_blob(q, span_of(hash[0].b, SHA256_BYTES));
		if (!sql_do(q, err))
			return false;
	}
	return true;
}

bool
store_log_append(
    struct registry *r, struct store_head *head, const struct chain_entry *e, struct err *err)
{
	struct log_entry entry = { .recorded_s = e->recorded_s };
	memcpy(entry.act_hash, e->act.hash, sizeof entry.act_hash);
	struct merkle_hash leaf = log_entry_leaf(&entry);

	merkle_append(&head->frontier, &leaf);
	head->size++;
	head->recorded_s = e->recorded_s;
	head->file_end += ACT_FILE_OVERHEAD + e->act.bytes.len;
	if (r->row != NULL) {
		r->row->head = *head;
		r->row->grown = true;
	}
	return (r->row != NULL || store_head_save(r, head, err)) && put_nodes(r, head->size, err);
}

bool
registry_head(struct registry_head *out, struct registry *r, struct err *err)
{
	struct store_head head;
	if (!store_head_load(&head, r, err))
		return false;
	out->size = head.size;
	out->recorded_s = head.recorded_s;
	out->file_bytes = head.file_end;
	out->root = merkle_frontier_root(&head.frontier);
	return true;
}

/* The first n hashes of a level, owned. */
static bool
all_hashes(
    struct merkle_hash **out, struct registry *r, unsigned level, uint64_t n, struct err *err)
{
	*out = calloc(n > 0 ? n : 1, sizeof **out);
	if (*out == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (read_hashes(*out, r, level, 0, n, err))
		return true;
	free(*out);
	*out = NULL;
	return false;
}

/* Full tiles are taken whole, by the node above them; only the last, partial one leaf by leaf. */
bool
registry_root_at(struct merkle_hash *out, struct registry *r, uint64_t size, struct err *err)
{
	const uint64_t tiles = size / LOG_TILE_WIDTH;
	struct merkle_frontier above = { 0 }, f = { .size = tiles * LOG_TILE_WIDTH };
	struct merkle_hash *node = NULL, leaf[LOG_TILE_WIDTH];
	struct store_head head;

	if (!store_head_load(&head, r, err))
		return false;
	if (size > head.size)
		return err_set(err, ERR_REFUSED, "the log has only %llu entries",
		    (unsigned long long)head.size);
	if (!all_hashes(&node, r, 1, tiles, err))
		return false;
	for (uint64_t i = 0; i < tiles; i++)
		merkle_append(&above, &node[i]);
	free(node);
	for (int k = 0; k + 8 < MERKLE_LEVELS; k++)
		f.node[k + 8] = above.node[k];

	size_t rest = (size_t)(size % LOG_TILE_WIDTH);
	if (!read_hashes(leaf, r, 0, tiles * LOG_TILE_WIDTH, rest, err))
		return false;
	for (size_t i = 0; i < rest; i++)
		merkle_append(&f, &leaf[i]);
	*out = merkle_frontier_root(&f);
	return true;
}

bool
registry_tile(struct buf *out, struct registry *r, const struct log_tile *tile, struct err *err)
{
	const uint64_t from = tile->index * LOG_TILE_WIDTH;
	struct log_entry entries[LOG_TILE_WIDTH];
	struct merkle_hash hashes[LOG_TILE_WIDTH];

	if (tile->width > LOG_TILE_WIDTH)
		return err_set(err, ERR_REFUSED, "a tile is at most %d wide", LOG_TILE_WIDTH);
	if (tile->entries) {
		if (!read_entries(entries, r, from, tile->width, err))
			return false;
		log_entries_encode(out, entries, tile->width);
		return buf_ok(out, err);
	}
	if (!read_hashes(hashes, r, tile->level, from, tile->width, err))
		return false;
	buf_add(out, hashes, tile->width * sizeof hashes[0]);
	return buf_ok(out, err);
}

bool
registry_prove(
    struct merkle_proof *out, struct registry *r, uint64_t index, uint64_t size, struct err *err)
{
	struct merkle_hash *leaves = NULL;

	if (index >= size)
		return err_set(
		    err, ERR_REFUSED, "the log had only %llu entries", (unsigned long long)size);
	if (!all_hashes(&leaves, r, 0, size, err))
		return false;
	merkle_inclusion_prove(out, leaves, size, index);
	free(leaves);
	return true;
}
