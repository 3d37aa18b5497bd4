/*
 * bench_large FOLDER BYTES: a bureau that publishes now, with one certificate in force whose file has so many
 * bytes: FOLDER/root.cose, FOLDER/v1, FOLDER/large.pdf.
 */
#include "tests/bench/measure.h"
#include "tests/verifier/desk.h"

#define GOOD_FOR_S (30 * DESK_DAY_S)

/* The desk stands in November 2026; whoever asks later has to find it open. */
static void
keep_open(struct desk *d, int64_t now_s)
{
	d->b->bundle.exp_s = now_s + GOOD_FOR_S;
	for (size_t i = 0; i < d->b->bundle.n_keys; i++)
		d->b->keys[i].until_s = now_s + GOOD_FOR_S;
	d->snapshot.iat_s = now_s;
	d->snapshot.exp_s = now_s + 7 * DESK_DAY_S;
}

static void
make_file_of(struct desk *d, size_t bytes)
{
	if (bytes < d->file.len)
		abort();
	d->padding = bytes - d->file.len;
	desk_make(d);
	if (d->file.len != bytes)
		abort();
}

int
main(int argc, char **argv)
{
	struct desk d;

	if (argc != 3)
		return EXIT_FAILURE;
	desk_open(&d);
	keep_open(&d, time(NULL));
	make_file_of(&d, strtoul(argv[2], NULL, 10));
	desk_publish_bundle(&d);
	desk_publish(&d);
	desk_put(&d, "large.pdf", buf_span(&d.file));
	/* Another one in its place, for desk_close() to remove. */
	if (rename(d.folder.path, argv[1]) != 0 || mkdir(d.folder.path, 0700) != 0) {
		perror(argv[1]);
		return EXIT_FAILURE;
	}
	desk_close(&d);
	return EXIT_SUCCESS;
}
