#include "registry/act_file.h"

#include "core/cursor.h"
#include "core/file.h"
#include "core/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_BYTES 12 /* length and time */

static const char magic[ACT_FILE_BEGIN + 1] = "qualcert acts 1\n";

struct act_file {
	int fd;
	char *path;
	uint64_t begin, bytes; /* where the acts lie in a larger file; else 0 and no end */
	struct window *window; /* NULL where the file is written, too */
};

/* What was read last, for the entries behind it. */
struct window {
	uint64_t at;
	size_t n;
	uint8_t byte[65536];
};

#define NO_END (UINT64_MAX / 2)

/* As file_read_at(), within the acts. */
static ssize_t
read_through(const struct act_file *f, uint8_t *out, size_t n, uint64_t at)
{
	const uint64_t left = at <= f->bytes ? f->bytes - at : 0;
	struct window *w = f->window;

	if (n > left)
		n = (size_t)left;
	if (w == NULL)
		return file_read_at(f->fd, out, n, f->begin + at);
	if (at < w->at || at + n > w->at + w->n) {
		const size_t most = left < sizeof w->byte ? (size_t)left : sizeof w->byte;
		ssize_t got = file_read_at(f->fd, w->byte, most, f->begin + at);
		w->at = at;
		w->n = got > 0 ? (size_t)got : 0;
		if (got < 0)
			return -1;
	}
	const size_t there = (size_t)(w->at + w->n - at);
	n = n < there ? n : there;
	memcpy(out, w->byte + (at - w->at), n);
	return (ssize_t)n;
}

/* At least `least` bytes, and up to n if there are so many. */
static bool
read_some(size_t *got, const struct act_file *f, uint8_t *out, size_t least, size_t n, uint64_t at,
    struct err *err)
{
	ssize_t have = read_through(f, out, n, at);

	*got = have > 0 ? (size_t)have : 0;
	if (have < 0)
		return err_errno(err, "read %s", f->path);
	return *got >= least ||
	    err_set(err, ERR_MALFORMED, "%s: the entry at byte %llu is cut off", f->path,
		(unsigned long long)at);
}

static bool
read_or_say(const struct act_file *f, uint8_t *out, size_t n, uint64_t at, struct err *err)
{
	size_t got;
	return read_some(&got, f, out, n, n, at, err);
}

/* The folder, too, so that the name of a new file lasts. */
static bool
sync_name(const char *path, struct err *err)
{
	char *copy = strdup(path);
	if (copy == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	bool ok = file_sync_folder(dirname(copy), err);
	free(copy);
	return ok;
}

/* A new file, or one whose making was interrupted, gets its first line. */
static bool
check_magic(struct act_file *f, bool write, struct err *err)
{
	uint8_t head[ACT_FILE_BEGIN];
	uint64_t size;

	if (!act_file_size(&size, f, err))
		return false;
	if (write && size < ACT_FILE_BEGIN)
		return act_file_write(f, 0, span_text(magic), err) && sync_name(f->path, err);
	if (!read_or_say(f, head, sizeof head, 0, err))
		return false;
	return memcmp(head, magic, sizeof head) == 0 ||
	    err_set(err, ERR_MALFORMED, "%s is no second copy of a register", f->path);
}

/* No link, but for a part: then whoever opened the larger file followed it, too. Nothing is waited for. */
static bool
open_regular(struct act_file *f, bool write, struct err *err)
{
	const int flags = O_NONBLOCK | O_CLOEXEC | (f->bytes < NO_END ? 0 : O_NOFOLLOW) |
	    (write ? O_RDWR | O_CREAT : O_RDONLY);
	struct stat st;

	f->fd = open(f->path, flags, 0600);
	if (f->fd < 0 && errno == ENOENT && !write)
		return err_set(err, ERR_NOT_FOUND, "there is no %s", f->path);
	if (f->fd < 0 || fstat(f->fd, &st) != 0)
		return err_errno(err, "open %s", f->path);
	return S_ISREG(st.st_mode) || err_set(err, ERR_IO, "%s is not a regular file", f->path);
}

static bool
open_part(struct act_file **out, const char *path, uint64_t begin, uint64_t bytes, bool write,
    struct err *err)
{
	*out = NULL;
	struct act_file *f = calloc(1, sizeof *f);
	if (f == NULL || (f->path = strdup(path)) == NULL) {
		free(f);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	f->begin = begin;
	f->bytes = bytes;
	f->window = write ? NULL : calloc(1, sizeof *f->window); /* NULL is slower, and no harm */
	if (!open_regular(f, write, err) || !check_magic(f, write, err)) {
		act_file_close(f);
		return false;
	}
	*out = f;
	return true;
}

bool
act_file_open(struct act_file **out, const char *path, bool write, struct err *err)
{
	return open_part(out, path, 0, NO_END, write, err);
}

bool
act_file_open_part(
    struct act_file **out, const char *path, uint64_t begin, uint64_t bytes, struct err *err)
{
	return open_part(out, path, begin, bytes, false, err);
}

void
act_file_close(struct act_file *f)
{
	if (f == NULL)
		return;
	if (f->fd >= 0)
		close(f->fd);
	free(f->window);
	free(f->path);
	free(f);
}

const char *
act_file_path(const struct act_file *f)
{
	return f->path;
}

bool
act_file_size(uint64_t *out, const struct act_file *f, struct err *err)
{
	struct stat st;

	*out = f->bytes;
	if (f->bytes < NO_END)
		return true;
	if (fstat(f->fd, &st) != 0)
		return err_errno(err, "stat %s", f->path);
	*out = (uint64_t)st.st_size;
	return true;
}

/* In parts: no more room is taken than there are bytes. */
static bool
read_rest(struct buf *bytes, size_t len, const struct act_file *f, uint64_t at, struct err *err)
{
	uint8_t chunk[4096];

	while (bytes->len < len) {
		const size_t left = len - bytes->len;
		const size_t n = left < sizeof chunk ? left : sizeof chunk;
		if (!read_or_say(f, chunk, n, at + bytes->len, err))
			return false;
		buf_add(bytes, chunk, n);
		if (!buf_ok(bytes, err))
			return false;
	}
	return true;
}

static bool
read_entry(struct act_file_entry *out, struct buf *bytes, const struct act_file *f, uint64_t at,
    struct err *err)
{
	uint8_t first[1024]; /* of most entries all, and of the next one something */
	size_t got;

	if (!read_some(&got, f, first, HEAD_BYTES, sizeof first, at, err))
		return false;
	struct cursor c = cursor_over(span_of(first, HEAD_BYTES));
	size_t len = (size_t)cursor_be(&c, 4);
	uint64_t recorded = cursor_be(&c, 8);
	if (len > LIMIT_ACT_BYTES || recorded > INT64_MAX)
		goto damaged;

	buf_free(bytes);
	got -= HEAD_BYTES;
	buf_add(bytes, first + HEAD_BYTES, got < len + SHA256_BYTES ? got : len + SHA256_BYTES);
	if (!buf_ok(bytes, err) || !read_rest(bytes, len + SHA256_BYTES, f, at + HEAD_BYTES, err))
		return false;
	out->act = span_of(bytes->ptr, len);
	out->log.recorded_s = (int64_t)recorded;
	sha256(out->log.act_hash, out->act);
	out->end = at + ACT_FILE_OVERHEAD + len;
	struct merkle_hash leaf = log_entry_leaf(&out->log);
	if (memcmp(leaf.b, bytes->ptr + len, sizeof leaf.b) == 0)
		return true;
damaged:
	return err_set(err, ERR_MALFORMED, "%s: the entry at byte %llu is damaged", f->path,
	    (unsigned long long)at);
}

/* What does not fit may have been written anew since the window was filled. */
bool
act_file_read(struct act_file_entry *out, struct buf *bytes, const struct act_file *f, uint64_t at,
    struct err *err)
{
	struct err first = { 0 };

	if (f->window == NULL)
		return read_entry(out, bytes, f, at, err);
	if (read_entry(out, bytes, f, at, &first))
		return true;
	f->window->n = 0;
	return read_entry(out, bytes, f, at, err);
}

void
act_file_encode_begin(struct buf *out)
{
	buf_add_text(out, magic);
}

void
act_file_encode(struct buf *out, struct span act, int64_t recorded_s)
{
	struct log_entry entry = { .recorded_s = recorded_s };
	sha256(entry.act_hash, act);
	struct merkle_hash leaf = log_entry_leaf(&entry);

	buf_add_be(out, act.len, 4);
	buf_add_be(out, (uint64_t)recorded_s, 8);
	buf_add_span(out, act);
	buf_add(out, leaf.b, sizeof leaf.b);
}

bool
act_file_write(struct act_file *f, uint64_t at, struct span bytes, struct err *err)
{
	struct stat st;
	const uint8_t *next = bytes.ptr;
	size_t left = bytes.len;
	uint64_t to = at;

	while (left > 0) {
		ssize_t put = pwrite(f->fd, next, left, (off_t)to);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_errno(err, "write %s", f->path);
		next += put;
		to += (size_t)put;
		left -= (size_t)put;
	}
	/* Its length is part of what fdatasync() makes last. */
	if (fstat(f->fd, &st) != 0 ||
	    (st.st_size != (off_t)to && ftruncate(f->fd, (off_t)to) != 0) || fdatasync(f->fd) != 0)
		return err_errno(err, "write %s", f->path);
	return true;
}
