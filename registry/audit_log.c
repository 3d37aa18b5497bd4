/* The published log from outside: entries, checkpoint, and one that was kept. */
#include "registry/audit_step.h"

#include "core/limits.h"

#include <stdio.h>
#include <stdlib.h>

#define NAME_BYTES 96

struct reading {
	struct audit *audit;
	struct trust *trust;
	struct buf note;
	struct checkpoint published, outside; /* both borrow */
	struct merkle_frontier log;           /* as far as it was read */
	int64_t last_s;
};

/* A published bundle by its number, in *file; *found says whether there is one. */
static bool
read_bundle(struct buf *file, bool *found, const struct reading *r, uint64_t seq, struct err *err)
{
	char name[NAME_BYTES];

	file->len = 0;
	snprintf(name, sizeof name, "v1/trust-bundles/%llu", (unsigned long long)seq);
	return audit_read(
	    file, found, r->audit->question->published, name, LIMIT_BUNDLE_BYTES, err);
}

/* The numbers of the oldest and the newest that are published; 0: none can be read. */
static bool
find_bundles(uint64_t *first, uint64_t *last, const struct reading *r, struct err *err)
{
	struct buf file = BUF_EMPTY;
	struct cose_sign envelope;
	struct bundle *newest = NULL;
	struct err none = { 0 };
	bool found;

	bool ok = audit_read(&file, &found, r->audit->question->published, "v1/trust-bundle",
	    LIMIT_BUNDLE_BYTES, err);
	*last = ok && found && bundle_parse_file(&envelope, &newest, buf_span(&file), &none)
	    ? newest->seq
	    : 0;
	bundle_free(newest);
	for (*first = *last; ok && found && *first > 1; *first -= found)
		ok = read_bundle(&file, &found, r, *first - 1, err);
	buf_free(&file);
	return ok;
}

/* One after the other: roots may have changed on the way. */
static bool
follow_bundles(struct reading *r, struct err *err)
{
	struct audit *a = r->audit;
	struct buf file = BUF_EMPTY;
	struct err why = { 0 };
	uint64_t first, last;
	bool found;

	bool ok = find_bundles(&first, &last, r, err);
	if (ok && last == 0)
		audit_finds(a, "no trust bundle is published that can be read");
	for (uint64_t seq = first; ok && a->result->clean && seq <= last; seq++) {
		ok = read_bundle(&file, &found, r, seq, err);
		if (ok && !found)
			audit_finds(a, "v1/trust-bundles/%llu is missing", (unsigned long long)seq);
		else if (ok && trust_adopt(r->trust, buf_span(&file), &why) != TRUST_YES)
			audit_finds(
			    a, "v1/trust-bundles/%llu: %s", (unsigned long long)seq, why.text);
	}
	buf_free(&file);
	return ok;
}

static bool
read_checkpoint(struct reading *r, struct err *err)
{
	struct audit *a = r->audit;
	struct err why = { 0 };
	bool found, witnessed;

	if (!audit_read(
		&r->note, &found, a->question->published, "log/checkpoint", LIMIT_NOTE_BYTES, err))
		return false;
	if (!found)
		return audit_finds(a, "no log is published");
	if (!trust_verify_checkpoint(&r->published, &witnessed, r->trust, buf_span(&r->note), &why))
		return audit_finds(a, "the published checkpoint: %s", why.text);
	if (!witnessed)
		audit_skips(
		    a, "whether others were shown another log: no witness cosigned this one");
	a->result->size = r->published.size;
	a->result->root = r->published.root;
	snprintf(a->result->origin, sizeof a->result->origin, "%.*s", (int)r->published.origin.len,
	    (const char *)r->published.origin.ptr);
	return true;
}

/* Does the log, which has grown to just its size, have the root that a checkpoint says? */
static void
compare(struct reading *r, const struct checkpoint *c, const char *what)
{
	const struct merkle_hash root = merkle_frontier_root(&r->log);

	if (!merkle_equal(&root, &c->root))
		audit_finds(r->audit,
		    "%s does not fit the published entries: among the first %llu something was "
		    "changed, removed or put in between",
		    what, (unsigned long long)c->size);
}

static void
add(struct reading *r, const struct log_entry *e)
{
	const struct merkle_hash leaf = log_entry_leaf(e);

	merkle_append(&r->log, &leaf);
	r->last_s = e->recorded_s;
	if (r->outside.size > 0 && r->log.size == r->outside.size) {
		r->audit->result->checkpoint_recorded_s = e->recorded_s;
		compare(r, &r->outside, "the checkpoint kept outside");
	}
}

static bool
read_entries(struct reading *r, uint64_t index, struct err *err)
{
	struct audit *a = r->audit;
	struct log_tile tile = log_tile_at(r->published.size, 0, index);
	struct log_entry entries[LOG_TILE_WIDTH] = { 0 };
	char path[LOG_TILE_PATH_BYTES], name[NAME_BYTES];
	struct buf file = BUF_EMPTY;
	struct err why = { 0 };
	bool found = false;

	tile.entries = true;
	log_tile_path(path, &tile);
	snprintf(name, sizeof name, "log/%s", path);
	bool ok = audit_read(&file, &found, a->question->published, name, LIMIT_PART_BYTES, err);
	if (ok && !found)
		audit_finds(a, "%s is missing", name);
	else if (ok && !log_entries_parse(entries, tile.width, buf_span(&file), &why))
		audit_finds(a, "%s: %s", name, why.text);
	else if (ok && entries[0].recorded_s < r->last_s)
		audit_finds(a, "%s begins before what stands in front of it", name);
	for (size_t i = 0; ok && a->result->clean && i < tile.width; i++)
		add(r, &entries[i]);
	a->result->tiles += ok && a->result->clean;
	buf_free(&file);
	return ok;
}

static bool
read_log(struct reading *r, struct err *err)
{
	struct audit *a = r->audit;
	const uint64_t tiles = log_tile_count(r->published.size, 0);

	if (r->outside.size > r->published.size)
		return audit_finds(a,
		    "the checkpoint kept outside covers %llu entries, but only %llu are published: "
		    "some were removed",
		    (unsigned long long)r->outside.size, (unsigned long long)r->published.size);
	for (uint64_t i = 0; i < tiles && a->result->clean; i++)
		if (!read_entries(r, i, err))
			return false;
	if (a->result->clean)
		compare(r, &r->published, "the published checkpoint");
	a->result->checkpoint_size = r->outside.size;
	audit_skips(a, "what the entries stand for: acts are not published");
	return true;
}

static bool
run(struct reading *r, struct err *err)
{
	struct audit *a = r->audit;

	if (!trust_open(&r->trust, a->question->root, err) || !follow_bundles(r, err) ||
	    (a->result->clean && !read_checkpoint(r, err)) ||
	    (a->result->clean && !audit_parse_outside(&r->outside, a, r->trust, err)) ||
	    (a->result->clean && !audit_outside_log(a, &r->outside)))
		return false;
	return !a->result->clean || read_log(r, err);
}

bool
registry_audit_log(struct audit_result *out, const struct audit_question *question, struct err *err)
{
	struct audit a = { .question = question, .result = out };
	struct reading r = { .audit = &a };

	*out = (struct audit_result){ .clean = true };
	bool ok = run(&r, err);
	trust_free(r.trust);
	buf_free(&r.note);
	return ok;
}
