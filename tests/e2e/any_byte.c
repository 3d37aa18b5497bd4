/*
 * any_byte [--step N] ROOT PUBLIC FILE...: change every byte of each file (or one of N), one bit in each place and every other
 * value in every SAMPLEth place, add one byte and cut one off, and ask for a verdict each time. A changed
 * PDF or code must be NOT VALID; in a .cose, where a changed kid names a key that a newer bundle might
 * list, it must at least not be VALID. Ends with 1 and names the places if not.
 */
#include "core/file.h"
#include "verifier/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SAMPLE 2003 /* a prime: the sampled places fall on no structure */

struct asked {
	struct published *published;
	int64_t now_s;
	size_t step;
	size_t asked, wrong;
};

static void
stop(const char *what, const struct err *err)
{
	fprintf(stderr, "any_byte: %s: %s\n", what, err->text);
	exit(EXIT_FAILURE);
}

static enum verdict
ask(struct asked *a, struct span input, enum input_kind *kind)
{
	const struct question question = { .now_s = a->now_s };
	struct answer answer;
	struct err err = { 0 };

	if (!verify(&answer, &question, a->published, NULL, input, &err))
		stop("verify", &err);
	a->asked++;
	if (kind != NULL)
		*kind = answer.kind;
	return answer.verdict;
}

static void
expect_no(struct asked *a, struct span input, enum input_kind kind, const char *change, size_t at)
{
	const enum verdict v = ask(a, input, NULL);
	if (v == VERDICT_REJECTED || (kind == INPUT_COSE && v == VERDICT_UNDETERMINED))
		return;
	if (a->wrong++ < 20)
		fprintf(stderr, "  %s at %zu: %s\n", change, at, verdict_word(v));
}

static void
change_each(struct asked *a, struct buf *file, enum input_kind kind)
{
	for (size_t i = 0; i < file->len; i += a->step) {
		const uint8_t was = file->ptr[i];
		const unsigned values = i % SAMPLE == 0 ? 256 : 0;

		file->ptr[i] = (uint8_t)(was ^ (1U << (i % 8)));
		expect_no(a, buf_span(file), kind, "one bit", i);
		for (unsigned v = 0; v < values; v++) {
			file->ptr[i] = (uint8_t)v;
			if (v != was)
				expect_no(a, buf_span(file), kind, "another value", i);
		}
		file->ptr[i] = was;
	}
}

static void
change_length(struct asked *a, struct buf *file, enum input_kind kind)
{
	const size_t len = file->len;
	const char *const added[] = { "\n", " ", "x", "%%EOF\n" };

	for (size_t i = 0; i < sizeof added / sizeof added[0]; i++) {
		buf_add_text(file, added[i]);
		expect_no(a, buf_span(file), kind, "added", len);
		file->len = len;
	}
	for (size_t cut = 1; cut < len; cut *= 2)
		expect_no(a, span_of(file->ptr, len - cut), kind, "cut off", len - cut);
}

static void
change(struct asked *a, const char *path)
{
	struct buf file = BUF_EMPTY;
	struct err err = { 0 };
	enum input_kind kind = INPUT_NOTHING_OF_OURS;

	if (!file_read(&file, path, LIMIT_PDF_BYTES, &err))
		stop(path, &err);
	if (ask(a, buf_span(&file), &kind) != VERDICT_VALID) {
		fprintf(stderr, "any_byte: %s is not VALID to begin with\n", path);
		exit(EXIT_FAILURE);
	}
	change_each(a, &file, kind);
	if (kind != INPUT_CODE) /* a line end after a code is how it comes out of a scanner */
		change_length(a, &file, kind);
	buf_free(&file);
}

int
main(int argc, char **argv)
{
	struct asked a = { .now_s = time(NULL), .step = 1 };
	struct memory memory = { 0 };
	struct err err = { 0 };

	if (argc > 2 && strcmp(argv[1], "--step") == 0) {
		a.step = strtoul(argv[2], NULL, 10);
		argv += 2;
		argc -= 2;
	}
	if (argc < 4 || a.step == 0) {
		fputs("any_byte [--step N] ROOT PUBLIC FILE...\n", stderr);
		return EXIT_FAILURE;
	}
	if (!published_open_paths(&a.published, argv[1], argv[2], &memory, a.now_s, &err))
		stop(argv[1], &err);
	published_load_all(a.published);
	for (int i = 3; i < argc; i++)
		change(&a, argv[i]);
	published_close(a.published);
	printf("%zu changed files, %zu not refused\n", a.asked - (size_t)(argc - 3), a.wrong);
	return a.wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
