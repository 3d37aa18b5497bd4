/*
 * bench_busy: a bureau at work, beside which its daemon is measured. Makes a bureau in a folder of its own, issues
 * certificates, publishes and prints the folder's path. After a line on stdin it suspends and lifts one certificate after
 * another, each act committed durably by two officers and published at once, until stdin ends; then it prints how many
 * acts these were and removes the folder.
 */
#include "issuer/publish.h"
#include "tests/issuer/workshop.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CERTIFICATES 8
#define ACTS_MOST 3000 /* on one of them: a subject has an end */

static const struct workshop_wish wish = { .example = "star-bridge" };

static void
publish_now(struct workshop *w)
{
	char folder[128];
	struct publish_report report;

	snprintf(folder, sizeof folder, "%s/public", w->folder);
	REQUIRE(publish(&report, w->bureau, folder, w->now_s, &err));
}

static bool
is_over(void)
{
	struct pollfd in = { STDIN_FILENO, POLLIN, 0 };
	char line[16];

	return poll(&in, 1, 0) > 0 && read(STDIN_FILENO, line, sizeof line) <= 0;
}

/* Each sanction is a proposal and its approval. */
static unsigned
work(struct workshop *w, char numbers[CERTIFICATES][NUMBER_SHOWN_BYTES])
{
	unsigned sanctions = 0;

	for (; !is_over() && sanctions < ACTS_MOST / 2 * CERTIFICATES; sanctions++) {
		const bool lift = sanctions / CERTIFICATES % 2 != 0;
		w->now_s = time(NULL);
		workshop_sanction(
		    w, numbers[sanctions % CERTIFICATES], lift ? ACT_LIFT : ACT_SUSPEND);
		publish_now(w);
	}
	return 2 * sanctions;
}

int
main(void)
{
	struct workshop w;
	char numbers[CERTIFICATES][NUMBER_SHOWN_BYTES], line[16];
	unsigned acts = 0;

	workshop_open(&w, "standard");
	w.now_s = time(NULL);
	w.pace_s = 0;
	for (size_t i = 0; i < CERTIFICATES; i++)
		workshop_issue(numbers[i], &w, &wish);
	publish_now(&w);
	printf("%s\n", w.folder);
	fflush(stdout);
	if (fgets(line, sizeof line, stdin) != NULL)
		acts = work(&w, numbers);
	printf("%u\n", acts);
	workshop_close(&w);
	return EXIT_SUCCESS;
}
