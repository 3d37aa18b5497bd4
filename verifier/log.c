#include "verifier/log.h"

#include "core/rfc3339.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void
write_line(const char *level, const char *event, json_t *more)
{
	char now[RFC3339_TEXT_BYTES];
	rfc3339_format(now, time(NULL));
	json_t *line = json_pack("{s:s, s:s, s:s}", "time", now, "level", level, "event", event);

	if (line != NULL && more != NULL)
		json_object_update(line, more);
	char *text = line != NULL ? json_dumps(line, JSON_COMPACT) : NULL;
	if (text != NULL)
		fprintf(stderr, "%s\n", text); /* one call, one line: stderr is locked meanwhile */
	free(text);
	json_decref(line);
	json_decref(more);
}

void
log_info(const char *event, json_t *more)
{
	write_line("info", event, more);
}

void
log_warning(const char *event, json_t *more)
{
	write_line("warning", event, more);
}
