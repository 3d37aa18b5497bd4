#include "verifier/daemon/files.h"

#include "credential/status_token.h"
#include "verifier/daemon/kept.h"

#include <errno.h>
#include <inttypes.h>

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

/* Without a word of how long it may be kept. False: it is not there, and that is the reply. */
static bool
find_file(struct response *out, const struct service *s, const struct request *q, const char *type)
{
	int fd = -1;
	struct view v = feed_take(s->feed);
	struct kept *k = kept_find(&fd, s->files, v.paths->public_folder, q->path + 1);

	if (k == NULL)
		say_why_not(out, q, errno);
	feed_release(&v);
	if (k == NULL)
		return false;
	if (!http_is_held(out, q, k->etag))
		http_begin(out, 200, type);
	out->file_bytes = k->size; /* a 304 has the length of the 200 (RFC 9110 8.6), and no body */
	out->fd = fd;
	http_shared(out);
	out->kept = k;
	return true;
}

static void
send_file(struct response *out, const struct service *s, const struct request *q, const char *type,
    const char *cache)
{
	if (find_file(out, s, q, type))
		http_header(out, "Cache-Control", "%s", cache);
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

/* From when on its end is nearer than its ttl. A file that is none has no such time: nobody believes it. */
static int64_t
near_end_s(struct kept *k)
{
	int64_t near_s = atomic_load(&k->reply_until_s);
	uint8_t list[LIMIT_LIST_BYTES];
	struct cose_sign1 envelope;
	struct status_token t;

	if (near_s == INT64_MAX &&
	    status_token_parse_file(&envelope, &t, list, buf_span(&k->bytes), NULL)) {
		near_s = t.exp_s - STATUS_TOKEN_TTL_S;
		atomic_store(&k->reply_until_s, near_s);
	}
	return near_s;
}

/* formats, "HTTP": no longer than its ttl, and than it is good for. */
void
files_status(struct response *out, const struct service *s, const struct request *q)
{
	if (!find_file(out, s, q, STATUS_TOKEN_TYP))
		return;
	const int64_t near_s = near_end_s(out->kept);
	int64_t age_s = STATUS_TOKEN_TTL_S;
	if (q->now_s > near_s)
		age_s -= q->now_s - near_s < age_s ? q->now_s - near_s : age_s;
	http_header(out, "Cache-Control", "public, max-age=%" PRId64, age_s);
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
