/*
 * bench_append WHAT FOLDER N [GROUP]: N durable things, one commit for each GROUP of them (1 if not said).
 *
 *   append    registry_append() of signed acts, each judged, in a new register with its second copy and lookup.db
 *   sqlite    rows of 300 bytes with a text key, by SQLite with synchronous=FULL
 *   fdatasync 4 KiB overwritten in a file, and fdatasync()
 */
#include "registry/registry.h"
#include "tests/bench/life.h"
#include "tests/bench/measure.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define WIDTH 10 /* cases side by side */
#define BLOCK_BYTES 4096

/* ---- registry_append() ---- */

struct acts {
	struct buf *bytes;
	int64_t *recorded_s;
	size_t n;
};

static void
collect(void *ctx, struct span act, int64_t recorded_s)
{
	struct acts *a = ctx;

	buf_add_span(&a->bytes[a->n], act);
	a->recorded_s[a->n++] = recorded_s;
}

static void
append_some(struct registry *r, const struct acts *a, size_t from, size_t n)
{
	struct registry_item *items = calloc(n, sizeof *items);

	for (size_t i = 0; i < n; i++)
		items[i].act = buf_span(&a->bytes[from + i]);
	MEASURE_MUST(registry_append(r, items, n, false, a->recorded_s[from + n - 1], &err));
	for (size_t i = 0; i < n; i++)
		if (!items[i].recorded) {
			fprintf(stderr, "%s\n", items[i].err.text);
			exit(EXIT_FAILURE);
		}
	free(items);
}

static void
bench_append(const char *folder, size_t n, size_t group)
{
	struct acts acts = { calloc(n + 1, sizeof(struct buf)), calloc(n + 1, sizeof(int64_t)), 0 };
	struct bureau *b = bureau_new("standard");
	struct registry *r = NULL;
	char db[256], second[256], lookup[256];

	snprintf(db, sizeof db, "%s/registry.db", folder);
	snprintf(second, sizeof second, "%s/acts.log", folder);
	snprintf(lookup, sizeof lookup, "%s/lookup.db", folder);
	life_live(b, WIDTH, n + 1, collect, &acts);
	MEASURE_MUST(registry_create(db, &err) &&
	    registry_open(&r,
		&(struct registry_config){ .path = db,
		    .second_copy = second,
		    .lookup = lookup,
		    .command = "the bench",
		    .policies = &b->policy,
		    .n_policies = 1 },
		&err));
	append_some(r, &acts, 0, 1); /* the one that opens the register */
	const struct measure begun = measure_begin();
	for (size_t i = 1; i <= n; i += group)
		append_some(r, &acts, i, i + group <= n + 1 ? group : n + 1 - i);
	measure_end(&begun, n);
	registry_close(r);
	bureau_free(b);
	for (size_t i = 0; i < acts.n; i++)
		buf_free(&acts.bytes[i]);
	free(acts.bytes);
	free(acts.recorded_s);
}

/* ---- beside it ---- */

static void
must(bool done)
{
	if (!done)
		abort();
}

static void
bench_sqlite(const char *folder, size_t n, size_t group)
{
	char path[256], key[32];
	uint8_t blob[200];
	sqlite3 *db;
	sqlite3_stmt *put;

	snprintf(path, sizeof path, "%s/peer.db", folder);
	must(sqlite3_open(path, &db) == SQLITE_OK);
	must(sqlite3_exec(db,
		 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id TEXT "
		 "PRIMARY KEY, state INTEGER, a INTEGER, b INTEGER, rest BLOB) WITHOUT ROWID",
		 NULL, NULL, NULL) == SQLITE_OK);
	must(sqlite3_prepare_v2(db, "INSERT INTO t VALUES (?, 1, 2, 3, ?)", -1, &put, NULL) ==
	    SQLITE_OK);
	memset(blob, 'x', sizeof blob);
	srandom(7);
	const struct measure begun = measure_begin();
	for (size_t i = 0; i < n; i++) {
		if (i % group == 0)
			must(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK);
		snprintf(key, sizeof key, "QC26-%010ld%05zu", random(), i % 100000);
		memcpy(blob, &i, sizeof i);
		sqlite3_bind_text(put, 1, key, -1, SQLITE_STATIC);
		sqlite3_bind_blob(put, 2, blob, sizeof blob, SQLITE_STATIC);
		must(sqlite3_step(put) == SQLITE_DONE);
		sqlite3_reset(put);
		if (i % group == group - 1 || i == n - 1)
			must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
	}
	measure_end(&begun, n);
	sqlite3_finalize(put);
	sqlite3_close(db);
}

static void
bench_fdatasync(const char *folder, size_t n)
{
	char path[256];
	uint8_t block[BLOCK_BYTES] = { 0 };

	snprintf(path, sizeof path, "%s/block", folder);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	must(fd >= 0 && pwrite(fd, block, sizeof block, 0) == BLOCK_BYTES && fsync(fd) == 0);
	const struct measure begun = measure_begin();
	for (size_t i = 0; i < n; i++) {
		memcpy(block, &i, sizeof i);
		must(pwrite(fd, block, sizeof block, 0) == BLOCK_BYTES && fdatasync(fd) == 0);
	}
	measure_end(&begun, n);
	close(fd);
}

int
main(int argc, char **argv)
{
	if (argc != 4 && argc != 5) {
		fputs("bench_append append|sqlite|fdatasync FOLDER N [GROUP]\n", stderr);
		return EXIT_FAILURE;
	}
	const size_t n = strtoul(argv[3], NULL, 10);
	const size_t group = argc == 5 ? strtoul(argv[4], NULL, 10) : 1;
	if (n == 0 || group == 0)
		return EXIT_FAILURE;
	if (strcmp(argv[1], "append") == 0)
		bench_append(argv[2], n, group);
	else if (strcmp(argv[1], "sqlite") == 0)
		bench_sqlite(argv[2], n, group);
	else
		bench_fdatasync(argv[2], n);
	return EXIT_SUCCESS;
}
