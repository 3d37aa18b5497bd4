#include "issuer/progress.h"

#include "core/wallclock.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define EVERY_MS 250

void
progress_size(char out[PROGRESS_SIZE_BYTES], uint64_t bytes)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	double size = (double)bytes / 1000;
	size_t unit = 0;

	for (; size >= 1000 && unit + 1 < sizeof units / sizeof units[0]; unit++)
		size /= 1000;
	snprintf(out, PROGRESS_SIZE_BYTES, "%.1f %s", size, units[unit]);
}

static void
tell(void *ctx, uint64_t done, uint64_t of)
{
	struct progress *p = ctx;
	char size[PROGRESS_SIZE_BYTES];
	int64_t now_ms = monotonic_ms();

	if (now_ms < p->next_ms)
		return;
	p->next_ms = now_ms + EVERY_MS;
	p->shown = true;
	progress_size(size, done);
	if (of > 0)
		fprintf(
		    stderr, "\r%s, %d %%      ", size, (int)(100.0 * (double)done / (double)of));
	else
		fprintf(stderr, "\r%s      ", size);
}

struct archive_watch
progress_begin(struct progress *p)
{
	*p = (struct progress){ .wanted = isatty(STDERR_FILENO) && getenv("NO_COLOR") == NULL,
		.next_ms = monotonic_ms() + EVERY_MS };
	return (struct archive_watch){ p->wanted ? tell : NULL, p };
}

void
progress_end(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}

bool
progress_archive(struct archive **out, const char *path, struct err *err)
{
	struct progress p;
	bool ok = archive_open(out, path, progress_begin(&p), err);

	progress_end(&p);
	return ok;
}
