/*
 * A sitting of certificates, made as a bureau makes them, by qualcert approve: second signatures recorded,
 * credentials signed, pages drawn and sealed, checked, put on disk, recorded.
 *
 *	bench_issue make FOLDER N        a bureau in FOLDER with N cases, each proposed for issue
 *	bench_issue approve FOLDER BIN   approve and make them all; the program is in BIN
 *
 * The keys are protected lightly, so that it is not their opening that is measured.
 */
#include "core/file.h"
#include "keys/key_file.h"
#include "tests/bench/measure.h"
#include "tests/issuer/workshop.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEY "keys/countersign.pem" /* of the officer who approves */
#define SITTING "sitting"

static const struct workshop_wish wish = { .example = "star-bridge" };

/* ---- make ---- */

static void
propose_all(char id[REGISTRY_SITTING_BYTES], struct workshop *w,
    char (*subjects)[ACT_SUBJECT_BYTES + 1], size_t n)
{
	struct sitting s = { .bureau = w->bureau, .now_s = w->now_s };
	struct issue_wish *wishes = calloc(n, sizeof *wishes);
	struct registry_item *items = calloc(n, sizeof *items);
	struct buf *acts = calloc(n, sizeof *acts);

	if (wishes == NULL || items == NULL || acts == NULL)
		abort();
	for (size_t i = 0; i < n; i++)
		wishes[i] =
		    (struct issue_wish){ .kind = ACT_ISSUE, .subject = span_text(subjects[i]) };
	MEASURE_MUST(sitting_new_id(id, w->bureau, &err));
	MEASURE_MUST(issue_propose(&s, id, wishes, n, &err));
	MEASURE_MUST(sitting_record(items, acts, &s, w->keys.officer[YIN], &err));
	for (size_t i = 0; i < n; i++) {
		MEASURE_MUST(items[i].recorded || (err = items[i].err, false));
		buf_free(&acts[i]);
	}
	sitting_free(&s);
	free(wishes);
	free(items);
	free(acts);
}

static void
make(const char *folder, size_t n)
{
	struct workshop w;
	char path[512], id[REGISTRY_SITTING_BYTES];
	char(*subjects)[ACT_SUBJECT_BYTES + 1] = calloc(n, sizeof *subjects);

	if (subjects == NULL)
		abort();
	workshop_open(&w, "standard");
	w.now_s = (int64_t)time(NULL);
	w.pace_s = 0;
	for (size_t i = 0; i < n; i++)
		workshop_case(subjects[i], &w, &wish);
	propose_all(id, &w, subjects, n);
	workshop_write(&w, SITTING, span_text(id));
	snprintf(path, sizeof path, "%s/" KEY, w.folder);
	MEASURE_MUST(key_file_write(
	    path, w.keys.officer[FU], span_text(WORKSHOP_PASSPHRASE), KEY_FILE_LIGHT, &err));
	bureau_close(w.bureau);
	if (rename(w.folder, folder) != 0) {
		perror(folder);
		exit(EXIT_FAILURE);
	}
	free(subjects);
}

/* ---- approve ---- */

static void
run(const char *folder, const char *bin, const char *id)
{
	char program[512], key[512], passphrase[512];

	snprintf(program, sizeof program, "%s/qualcert", bin);
	snprintf(key, sizeof key, "%s/" KEY, folder);
	snprintf(passphrase, sizeof passphrase, "%s/keys/passphrase", folder);
	if (freopen("/dev/null", "w", stdout) == NULL)
		_exit(126);
	execl(program, "qualcert", "-C", folder, "--key", key, "--passphrase-file", passphrase,
	    "--yes", "approve", id, (char *)NULL);
	_exit(127);
}

static double
seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static void
approve(const char *folder, const char *bin)
{
	struct buf path = BUF_EMPTY, id = BUF_EMPTY;
	struct rusage used;
	int status;
	glob_t issued;

	buf_printf(&path, "%s/" SITTING, folder);
	MEASURE_MUST(file_read(&id, buf_text(&path), REGISTRY_SITTING_BYTES, &err));
	const struct measure begun = measure_begin();
	pid_t child = fork();
	if (child == 0)
		run(folder, bin, buf_text(&id));
	if (child < 0 || wait4(child, &status, 0, &used) < 0 || status != 0)
		abort();
	const double wall_s = measure_begin().wall_s - begun.wall_s;
	buf_free(&path);
	buf_printf(&path, "%s/issued", folder);
	MEASURE_MUST(file_find(&issued, buf_text(&path), "*.pdf", &err));
	printf("{\"n\":%zu,\"wall_s\":%.6f,\"cpu_s\":%.6f,\"rss_kb\":%ld}\n", issued.gl_pathc,
	    wall_s, seconds(&used.ru_utime) + seconds(&used.ru_stime), used.ru_maxrss);
	globfree(&issued);
	buf_free(&path);
	buf_free(&id);
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "make") == 0)
		make(argv[2], strtoul(argv[3], NULL, 10));
	else if (argc == 4 && strcmp(argv[1], "approve") == 0)
		approve(argv[2], argv[3]);
	else
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
