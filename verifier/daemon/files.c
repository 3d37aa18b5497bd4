#include "verifier/daemon/files.h"

#include "credential/status_token.h"
#include "verifier/daemon/kept.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define FOR_EVER "public, max-age=31536000, immutable"

/* A descriptor that is wanting is no word about the file. */
static void
say_why_not(struct response *out, const struct request *q, int why)
{
	if (why == EMFILE || why == ENFILE || why == ENOMEM) {
		http_problem(out, q, &problem_busy, "too much is under way: come back in a moment");
		http_header(out, "Retry-After", "5");
	} else {
		http_problem(out, q, &problem_nowhere, "there is nothing at this address");
	}
	http_shared(out);
}

static void
send_file(struct response *out, const struct service *s, const struct request *q, const char *type,
    const char *cache)
{
	int fd = -1;
	struct view v = feed_take(s->feed);
	struct kept *k = kept_find(&fd, s->files, v.paths->public_folder, q->path + 1);

	if (k == NULL)
		say_why_not(out, q, errno);
	feed_release(&v);
	if (k == NULL)
		return;
	if (!http_is_held(out, q, k->etag)) {
		http_begin(out, 200, type);
		out->file_bytes = k->size;
		out->fd = fd;
		fd = -1;
	}
	http_header(out, "Cache-Control", "%s", cache);
	http_shared(out);
	out->kept = k;
	if (fd >= 0)
		close(fd);
}

#define COSE_SIGN "application/cose; cose-type=\"cose-sign\""

void
files_bundle(struct response *out, const struct service *s, const struct request *q)
{
	send_file(out, s, q, COSE_SIGN, "public, max-age=3600");
}

void
files_numbered_bundle(struct response *out, const struct service *s, const struct request *q)
{
	send_file(out, s, q, COSE_SIGN, FOR_EVER);
}

void
files_snapshot(struct response *out, const struct service *s, const struct request *q)
{
	send_file(out, s, q, COSE_SIGN, "public, max-age=60");
}

void
files_status(struct response *out, const struct service *s, const struct request *q)
{
	char cache[32];

	snprintf(cache, sizeof cache, "public, max-age=%d", STATUS_TOKEN_TTL_S);
	send_file(out, s, q, STATUS_TOKEN_TYP, cache);
}

void
files_part(struct response *out, const struct service *s, const struct request *q)
{
	send_file(out, s, q, "application/octet-stream", FOR_EVER);
}

void
files_checkpoint(struct response *out, const struct service *s, const struct request *q)
{
	send_file(out, s, q, "text/plain; charset=utf-8", "public, max-age=5");
}

void
files_tile(struct response *out, const struct service *s, const struct request *q)
{
	send_file(out, s, q, "application/octet-stream", FOR_EVER);
}
