#include "verifier/files.h"

#include "credential/status_token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOR_EVER "public, max-age=31536000, immutable"

/* Letters, digits, dots and hyphens in parts that begin with none of the marks: no way out of the folder. */
static bool
plain_path(const char *path)
{
	for (const char *c = path; *c != '\0'; c++) {
		const bool first = c == path || c[-1] == '/';
		const bool word = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') ||
		    (*c >= 'A' && *c <= 'Z');
		const bool mark = *c == '.' || *c == '-' || *c == '_' || *c == '/';
		if (!word && (first || !mark))
			return false;
	}
	return true;
}

static bool
open_file(int *fd, struct stat *st, const char *folder, const char *path)
{
	char name[4096];

	if (snprintf(name, sizeof name, "%s/%s", folder, path) >= (int)sizeof name)
		return false;
	*fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (*fd < 0)
		return false;
	if (fstat(*fd, st) == 0 && S_ISREG(st->st_mode))
		return true;
	close(*fd);
	*fd = -1;
	return false;
}

static void
send_file(struct response *out, const struct service *s, const struct request *q, const char *type,
    const char *cache)
{
	struct stat st = { 0 };
	char etag[64];
	int fd = -1;
	struct view v = feed_take(s->feed);
	const bool found =
	    plain_path(q->path + 1) && open_file(&fd, &st, v.paths->public_folder, q->path + 1);

	feed_release(&v);
	if (!found) {
		http_problem(out, q, &problem_nowhere, "there is nothing at this address");
		http_shared(out);
		return;
	}
	/* Files are replaced, never written in place: size and time name the content. */
	snprintf(etag, sizeof etag, "\"%llx-%llx%08lx\"", (unsigned long long)st.st_size,
	    (unsigned long long)st.st_mtim.tv_sec, (unsigned long)st.st_mtim.tv_nsec);
	if (http_is_held(out, q, etag)) {
		close(fd);
	} else {
		http_begin(out, 200, type);
		out->fd = fd;
		out->file_bytes = (uint64_t)st.st_size;
	}
	http_header(out, "Cache-Control", "%s", cache);
	http_shared(out);
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
