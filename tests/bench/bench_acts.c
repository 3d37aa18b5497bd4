/*
 * bench_acts FOLDER N: a file of N acts, acts.log, with the root file of the bureau that signed them, and
 * the register they make, registry.db.
 */
#include "core/file.h"
#include "registry/act_file.h"
#include "registry/registry.h"
#include "tests/bench/life.h"
#include "tests/bench/measure.h"

#define WRITE_AT_ONCE (4u << 20)
#define WIDTH 100 /* cases side by side */

struct writing {
	struct act_file *file;
	struct buf bytes;
	uint64_t at;
};

static void
flush(struct writing *w)
{
	MEASURE_MUST(
	    buf_ok(&w->bytes, &err) && act_file_write(w->file, w->at, buf_span(&w->bytes), &err));
	w->at += w->bytes.len;
	buf_free(&w->bytes);
}

static void
put(void *ctx, struct span act, int64_t recorded_s)
{
	struct writing *w = ctx;

	act_file_encode(&w->bytes, act, recorded_s);
	if (w->bytes.len >= WRITE_AT_ONCE)
		flush(w);
}

static void
write_acts(const struct bureau *b, const char *path, uint64_t n)
{
	struct writing w = { .at = ACT_FILE_BEGIN, .bytes = BUF_EMPTY };

	MEASURE_MUST(act_file_open(&w.file, path, true, &err));
	life_live(b, WIDTH, n, put, &w);
	flush(&w);
	act_file_close(w.file);
}

/* An empty register with a full second copy takes in all of it. */
static void
record(const struct bureau *b, const char *db, const char *acts, uint64_t n)
{
	struct registry_config config = { .path = db,
		.second_copy = acts,
		.command = "the bench",
		.policies = &b->policy,
		.n_policies = 1 };
	struct registry_head head;
	struct registry *r = NULL;

	MEASURE_MUST(registry_create(db, &err) && registry_open(&r, &config, &err));
	const struct measure begun = measure_begin();
	MEASURE_MUST(registry_append(r, NULL, 0, false, BUREAU_START_S, &err));
	MEASURE_MUST(registry_head(&head, r, &err));
	measure_end(&begun, head.size);
	registry_close(r);
	if (head.size != n)
		exit(EXIT_FAILURE);
}

int
main(int argc, char **argv)
{
	char acts[256], db[256], root[256];

	if (argc != 3) {
		fputs("bench_acts FOLDER N\n", stderr);
		return EXIT_FAILURE;
	}
	const uint64_t n = strtoull(argv[2], NULL, 10);
	struct bureau *b = bureau_new("standard");
	snprintf(acts, sizeof acts, "%s/acts.log", argv[1]);
	snprintf(db, sizeof db, "%s/registry.db", argv[1]);
	snprintf(root, sizeof root, "%s/root.cose", argv[1]);
	MEASURE_MUST(file_make_folder(argv[1], 0755, &err) &&
	    file_write(root, buf_span(&b->root_file), 0644, &err));
	write_acts(b, acts, n);
	record(b, db, acts, n);
	bureau_free(b);
	return EXIT_SUCCESS;
}
