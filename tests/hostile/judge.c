/*
 * judge < LIST: of each line "ROOT <tab> PUBLIC <tab> FILE" the verdict on the file, its reason and the milliseconds of
 * processor time it took, a line each; at the end "memory KILOBYTES", the most the process ever had. What is published is
 * read anew where PUBLIC is another one than in the line before, and that time is counted too.
 */
#include "core/file.h"
#include "verifier/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define LONGEST (16 * 1024 * 1024) /* more than verify() looks at */

struct judge {
	struct published *published;
	char *folder; /* it is of */
	int64_t now_s;
};

static void
stop(const char *what, const struct err *err)
{
	fprintf(stderr, "judge: %s: %s\n", what, err->text);
	exit(EXIT_FAILURE);
}

static double
used_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Somebody who remembers nothing: the first published files he sees. */
static bool
open_folder(struct judge *j, const char *root, const char *folder)
{
	struct memory memory = { 0 };

	if (j->folder != NULL && strcmp(j->folder, folder) == 0)
		return j->published != NULL;
	published_close(j->published);
	j->published = NULL;
	free(j->folder);
	j->folder = strdup(folder);
	if (!published_open_paths(&j->published, root, folder, &memory, j->now_s, NULL))
		return false;
	published_load_all(j->published);
	return true;
}

static void
judge(struct judge *j, const char *root, const char *folder, const char *path)
{
	const struct question question = { .now_s = j->now_s };
	struct answer a = { 0 };
	struct buf file = BUF_EMPTY;
	struct err err = { 0 };

	if (!file_read(&file, path, LONGEST, &err))
		stop(path, &err);
	const double before_ms = used_ms();
	const bool usable = open_folder(j, root, folder);
	if (usable && !verify(&a, &question, j->published, NULL, buf_span(&file), &err))
		stop(path, &err);
	printf("%s\t%s\t%.1f\n", usable ? verdict_word(a.verdict) : "unusable",
	    usable ? finding_word(a.reason) : "ROOT", used_ms() - before_ms);
	buf_free(&file);
}

int
main(void)
{
	struct judge j = { .now_s = time(NULL) };
	char line[4096];
	struct rusage used;

	while (fgets(line, sizeof line, stdin) != NULL) {
		char *rest = line;
		const char *root = strsep(&rest, "\t"), *folder = strsep(&rest, "\t");
		const char *path = strsep(&rest, "\n");
		if (path == NULL)
			return EXIT_FAILURE;
		judge(&j, root, folder, path);
	}
	published_close(j.published);
	free(j.folder);
	getrusage(RUSAGE_SELF, &used);
	printf("memory %ld\n", used.ru_maxrss);
	return EXIT_SUCCESS;
}
