#include "issuer/publish_parts.h"

#include "core/file.h"
#include "core/limits.h"

#include <stdio.h>

static bool
put_tile(struct publish_folder *f, const char *path, struct registry *r,
    const struct log_tile *tile, struct err *err)
{
	struct buf bytes = BUF_EMPTY;

	bool ok = registry_tile(&bytes, r, tile, err) &&
	    publish_folder_put(f, path, buf_span(&bytes), err);
	buf_free(&bytes);
	return ok;
}

/* Once a tile is full, the partial ones of its place say nothing more. */
static bool
remove_partial(const struct publish_folder *f, const char *name, struct err *err)
{
	struct buf path = BUF_EMPTY;

	bool ok = publish_folder_path(&path, f, err, "log/%s.p", name) &&
	    publish_folder_remove(buf_text(&path), err);
	buf_free(&path);
	return ok;
}

/* A full tile that was signed over before never changes. */
static bool
tile(struct publish_folder *f, struct registry *r, const struct log_tile *t, bool settled,
    struct err *err)
{
	char name[LOG_TILE_PATH_BYTES];
	struct buf path = BUF_EMPTY;

	log_tile_path(name, t);
	bool ok = publish_folder_path(&path, f, err, "log/%s", name);
	if (ok && !(settled && file_exists(buf_text(&path))))
		ok = put_tile(f, buf_text(&path), r, t, err) &&
		    (t->width < LOG_TILE_WIDTH || remove_partial(f, name, err));
	buf_free(&path);
	return ok;
}

bool
publish_tiles(
    struct publish_folder *f, struct registry *r, uint64_t known, uint64_t size, struct err *err)
{
	for (unsigned level = 0; log_tile_count(size, level) > 0; level++) {
		uint64_t settled = known / LOG_TILE_WIDTH; /* full tiles of this level */
		for (uint64_t i = 0; i < log_tile_count(size, level); i++) {
			struct log_tile t = log_tile_at(size, level, i);
			if (!tile(f, r, &t, i < settled, err))
				return false;
			t.entries = true;
			if (level == 0 && !tile(f, r, &t, i < settled, err))
				return false;
		}
		known = settled;
	}
	return true;
}

static bool
is_another(const char *path, const struct bundle_log *log)
{
	struct buf note = BUF_EMPTY;
	struct checkpoint c;
	struct err none = { 0 };

	bool is = file_read(&note, path, LIMIT_NOTE_BYTES, &none) &&
	    checkpoint_parse_note(&c, buf_span(&note), &none) && !span_equal(c.origin, log->origin);
	buf_free(&note);
	return is;
}

bool
publish_set_log_aside(const struct publish_folder *f, const struct bundle_log *log, struct err *err)
{
	struct buf from = BUF_EMPTY, checkpoint = BUF_EMPTY, to = BUF_EMPTY;

	bool ok = publish_folder_path(&from, f, err, "log") &&
	    publish_folder_path(&checkpoint, f, err, "log/checkpoint") &&
	    publish_folder_path(&to, f, err, "log-before-%llu", (unsigned long long)log->epoch);
	if (ok && is_another(buf_text(&checkpoint), log))
		ok = rename(buf_text(&from), buf_text(&to)) == 0 ||
		    err_errno(err, "move %s to %s", buf_text(&from), buf_text(&to));
	buf_free(&from);
	buf_free(&checkpoint);
	buf_free(&to);
	return ok;
}

/* The public log must be this register's. */
static bool
check_root(const struct checkpoint *c, const struct bureau *b, struct err *err)
{
	struct merkle_hash root;

	return registry_root_at(&root, b->registry, c->size, err) &&
	    (merkle_equal(&root, &c->root) ||
		err_set(err, ERR_REFUSED, "the published log is not the log of this register"));
}

bool
publish_read_checkpoint(
    struct checkpoint *out, struct buf *note, const struct bureau *b, struct err *err)
{
	const struct trust *trust;
	struct buf path = BUF_EMPTY;
	bool witnessed;

	bool ok = bureau_trust(&trust, b, err) &&
	    bureau_path(&path, b, err, "public/log/checkpoint") &&
	    file_read(note, buf_text(&path), LIMIT_NOTE_BYTES, err) &&
	    ((trust_verify_checkpoint(out, &witnessed, trust, buf_span(note), err) &&
		 check_root(out, b, err)) ||
		err_in(err, "public/log/checkpoint"));
	buf_free(&path);
	return ok;
}
