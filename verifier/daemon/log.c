#include "verifier/daemon/log.h"

#include "core/buf.h"
#include "core/rfc3339.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LAST_MS 1000 /* at the end, for a reader that takes nothing */

/* What waits to be written, and the thread that does it. */
struct writer {
	pthread_mutex_t lock; /* over all below */
	pthread_cond_t more;
	struct buf lines; /* whole ones */
	unsigned long long lost;
	atomic_bool end;
	pthread_t thread;
};

/* As global as standard error is. NULL: whoever has a line writes it. */
static _Atomic(struct writer *) the_writer;

/* ---- a line ---- */

static char *
line_of(const char *level, const char *event, json_t *more)
{
	char now[RFC3339_TEXT_BYTES];
	rfc3339_format(now, time(NULL));
	json_t *line = json_pack("{s:s, s:s, s:s}", "time", now, "level", level, "event", event);

	if (line != NULL && more != NULL)
		json_object_update(line, more);
	char *text = line != NULL ? json_dumps(line, JSON_COMPACT) : NULL;
	json_decref(line);
	json_decref(more);
	return text;
}

/* All of it; at the end, what is taken without a pause. A pipe that has room has room for PIPE_BUF: no write waits. */
static void
write_all(struct span s, const atomic_bool *end)
{
	struct pollfd to = { STDERR_FILENO, POLLOUT, 0 };

	while (s.len > 0) {
		if (poll(&to, 1, LAST_MS) <= 0) {
			if (*end)
				return;
			continue;
		}
		const ssize_t n = write(STDERR_FILENO, s.ptr, s.len < PIPE_BUF ? s.len : PIPE_BUF);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (n > 0)
			s = span_of(s.ptr + n, s.len - (size_t)n);
	}
}

static void
add_line(struct buf *out, const char *text)
{
	buf_add_text(out, text);
	buf_add_byte(out, '\n');
}

/* ---- the thread ---- */

static void
add_lost(struct buf *out, unsigned long long lost)
{
	char *text = line_of("warning", "log", json_pack("{s:I}", "lost", (json_int_t)lost));

	if (text != NULL)
		add_line(out, text);
	free(text);
}

/* With the lock held, which is let go while it writes. */
static void
write_waiting(struct writer *w)
{
	struct buf lines = w->lines;
	const unsigned long long lost = w->lost;

	w->lines = BUF_EMPTY;
	w->lost = 0;
	pthread_mutex_unlock(&w->lock);
	if (lost > 0)
		add_lost(&lines, lost);
	write_all(buf_span(&lines), &w->end);
	buf_free(&lines);
	pthread_mutex_lock(&w->lock);
}

static void *
keep_writing(void *ctx)
{
	struct writer *w = ctx;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (w->lines.len == 0 && w->lost == 0 && !w->end)
			pthread_cond_wait(&w->more, &w->lock);
		if (w->lines.len == 0 && w->lost == 0)
			break;
		write_waiting(w);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

bool
log_open(struct err *err)
{
	struct writer *w = calloc(1, sizeof *w);

	if (w == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->more, NULL);
	errno = pthread_create(&w->thread, NULL, keep_writing, w);
	if (errno != 0) {
		free(w);
		return err_errno(err, "a thread");
	}
	atomic_store(&the_writer, w);
	return true;
}

void
log_close(void)
{
	struct writer *w = atomic_exchange(&the_writer, NULL);

	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->end = true;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->more);
	pthread_mutex_destroy(&w->lock);
	buf_free(&w->lines);
	free(w);
}

/* ---- whoever has something to say ---- */

static void
hand_over(struct writer *w, const char *text)
{
	pthread_mutex_lock(&w->lock);
	if (w->lines.len + strlen(text) < LOG_BYTES)
		add_line(&w->lines, text);
	else
		w->lost++;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
}

static void
say(const char *level, const char *event, json_t *more)
{
	struct writer *w = atomic_load(&the_writer);
	char *text = line_of(level, event, more);

	if (text != NULL && w != NULL)
		hand_over(w, text);
	else if (text != NULL)
		fprintf(stderr, "%s\n", text); /* one call, one line: stderr is locked meanwhile */
	free(text);
}

void
log_info(const char *event, json_t *more)
{
	say("info", event, more);
}

void
log_warning(const char *event, json_t *more)
{
	say("warning", event, more);
}
