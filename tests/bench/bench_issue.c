/*
 * A bureau with certificates to be made, for qualcert approve: second signatures recorded, credentials signed,
 * pages drawn and sealed, checked, put on disk, recorded.
 *
 *	bench_issue make FOLDER N   a bureau in FOLDER with N cases, each proposed for issue; FOLDER/sitting is the
 *	                            ID of the sitting, FOLDER/keys/countersign.pem the key of who approves it
 *	bench_issue one FOLDER      approve and make one that waits, from unlocked keys
 *	bench_issue key FOLDER      open one key file in FOLDER, and tell how long it took
 *
 * The bureau's keys are protected lightly, so that it is not their opening that is measured.
 */
#include "keys/key_file.h"
#include "tests/bench/measure.h"
#include "tests/issuer/workshop.h"

#include <string.h>
#include <sys/resource.h>

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
	MEASURE_MUST(issue_propose(&s, id, wishes, n, NULL, &err));
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

/* ---- one ---- */

static bool
keep_last(void *ctx, const struct registry_proposal *p, struct err *err)
{
	(void)err;
	*(struct registry_proposal *)ctx = *p;
	return true;
}

static void
approve(struct bureau *b, const struct registry_proposal *p, const struct signer *officer)
{
	struct sitting s = { .bureau = b, .now_s = (int64_t)time(NULL) };
	struct act_body body = { .kind = ACT_APPROVE, .answer = { .proposal_kind = p->kind } };
	struct registry_item recorded;
	struct buf act = BUF_EMPTY;

	memcpy(body.answer.proposal, p->hash, sizeof body.answer.proposal);
	MEASURE_MUST(sitting_add(&s, span_text(p->subject), &body, &err));
	MEASURE_MUST(sitting_record(&recorded, &act, &s, officer, &err));
	MEASURE_MUST(recorded.recorded || (err = recorded.err, false));
	buf_free(&act);
	sitting_free(&s);
}

static void
one(const char *folder)
{
	static const enum role_key used[] = { ROLE_KEY_CREDENTIAL, ROLE_KEY_SEAL,
		ROLE_KEY_SERVICE };
	struct bureau *b = NULL;
	struct signer *officer = NULL;
	const struct signer *role;
	struct registry_proposal p = { .index = 0 };
	char path[512];
	struct rusage self;

	MEASURE_MUST(bureau_open(&b, folder, false, "bench", &err));
	for (size_t i = 0; i < sizeof used / sizeof used[0]; i++)
		MEASURE_MUST(bureau_signer(&role, NULL, b, used[i], (int64_t)time(NULL), &err));
	snprintf(path, sizeof path, "%s/" KEY, folder);
	MEASURE_MUST(key_file_open(&officer, path, span_text(WORKSHOP_PASSPHRASE), &err));
	const struct measure begun = measure_begin();
	MEASURE_MUST(registry_each_open_proposal(b->registry, keep_last, &p, &err));
	approve(b, &p, officer);
	struct issue_item item = issue_item(p.hash);
	MEASURE_MUST(issue_make(b, &item, 1, (int64_t)time(NULL), &err));
	MEASURE_MUST(item.made || (err = item.err, false));
	const struct measure now = measure_begin();
	getrusage(RUSAGE_SELF, &self);
	printf("{\"n\":1,\"wall_s\":%.6f,\"cpu_s\":%.6f,\"rss_kb\":%ld}\n",
	    now.wall_s - begun.wall_s, now.cpu_s - begun.cpu_s, self.ru_maxrss);
	signer_free(officer);
	bureau_close(b);
}

/* ---- key ---- */

/* One key file, protected as keys are where nobody says otherwise. */
static void
open_key(const char *folder)
{
	char path[512];
	struct signer *key = NULL, *opened = NULL;
	const struct span passphrase = span_text(WORKSHOP_PASSPHRASE);

	snprintf(path, sizeof path, "%s/key.pem", folder);
	MEASURE_MUST(signer_generate(&key, SIGNER_ES256, &err));
	MEASURE_MUST(key_file_write(path, key, passphrase, KEY_FILE_STANDARD, &err));
	const struct measure begun = measure_begin();
	MEASURE_MUST(key_file_open(&opened, path, passphrase, &err));
	measure_end(&begun, 1);
	signer_free(opened);
	signer_free(key);
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "make") == 0)
		make(argv[2], strtoul(argv[3], NULL, 10));
	else if (argc == 3 && strcmp(argv[1], "one") == 0)
		one(argv[2]);
	else if (argc == 3 && strcmp(argv[1], "key") == 0)
		open_key(argv[2]);
	else
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
