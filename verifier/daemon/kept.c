#include "verifier/daemon/kept.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/wallclock.h"
#include "credential/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATH_BYTES 128 /* of those published, the longest is log/tile/entries/ and its number */
#define PIECE_BYTES 65536

/* What tells one file under a name from the next: files are replaced, never written in place. */
struct facts {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct place {
	pthread_mutex_t lock;
	char path[PATH_BYTES]; /* "": free */
	struct kept *kept;
	struct facts facts;
	int64_t looked_ms;
};

struct kept_files {
	struct place places[KEPT_PLACES];
};

bool
kept_new(struct kept_files **out, struct err *err)
{
	struct kept_files *f = calloc(1, sizeof *f);

	*out = f;
	if (f == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < KEPT_PLACES; i++)
		pthread_mutex_init(&f->places[i].lock, NULL);
	return true;
}

void
kept_free(struct kept_files *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < KEPT_PLACES; i++) {
		kept_release(f->places[i].kept);
		pthread_mutex_destroy(&f->places[i].lock);
	}
	free(f);
}

void
kept_release(struct kept *k)
{
	if (k == NULL || atomic_fetch_sub(&k->holders, 1) != 1)
		return;
	void *reply = atomic_load(&k->reply);
	if (reply != NULL)
		k->reply_free(reply);
	buf_free(&k->bytes);
	free(k);
}

static struct kept *
hold(struct kept *k)
{
	if (k != NULL)
		atomic_fetch_add(&k->holders, 1);
	return k;
}

/* Letters, digits, dots and hyphens in parts that begin with none of the marks: no way out of the folder. */
static bool
is_plain(const char *path)
{
	for (const char *c = path; *c != '\0'; c++) {
		const bool first = c == path || c[-1] == '/';
		const bool word = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') ||
		    (*c >= 'A' && *c <= 'Z');
		const bool mark = *c == '.' || *c == '-' || *c == '_' || *c == '/';
		if (!word && (first || !mark))
			return false;
	}
	return strlen(path) < PATH_BYTES;
}

/* FNV-1a. Whoever makes addresses meet only has files read again. */
static struct place *
place_of(struct kept_files *f, const char *path)
{
	uint32_t h = 2166136261u;

	for (const char *c = path; *c != '\0'; c++)
		h = (h ^ (uint8_t)*c) * 16777619u;
	return &f->places[h % KEPT_PLACES];
}

/* ---- from disk ---- */

static bool
open_file(int *fd, struct facts *facts, const char *folder, const char *path)
{
	char name[4096];
	struct stat st;

	if (snprintf(name, sizeof name, "%s/%s", folder, path) >= (int)sizeof name)
		return false;
	*fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (*fd < 0)
		return false;
	if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode)) {
		*facts = (struct facts){ st.st_dev, st.st_ino, st.st_size, st.st_mtim };
		return true;
	}
	close(*fd);
	*fd = -1;
	errno = ENOENT;
	return false;
}

static bool
is_same(const struct facts *a, const struct facts *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	    a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

static bool
hash_file(uint8_t out[SHA256_BYTES], int fd)
{
	uint8_t piece[PIECE_BYTES];
	uint64_t at = 0;
	ssize_t n;
	struct sha256 *h = sha256_new();

	for (; (n = file_read_at(fd, piece, sizeof piece, at)) > 0; at += (uint64_t)n)
		sha256_update(h, span_of(piece, (size_t)n));
	sha256_final(h, out);
	return n == 0;
}

static struct kept *
read_file(int fd, const struct facts *facts)
{
	uint8_t hash[SHA256_BYTES];
	char digits[2 * SHA256_BYTES + 1];
	struct kept *k = calloc(1, sizeof *k);

	if (k == NULL)
		return NULL;
	errno = EIO;
	atomic_init(&k->holders, 1);
	atomic_init(&k->reply_until_s, INT64_MAX);
	k->size = (uint64_t)facts->size;
	bool ok;
	if (k->size <= KEPT_BYTES_MOST) {
		buf_reserve(&k->bytes, k->size + 2); /* so that reading finds its end in it */
		ok = file_read_fd(&k->bytes, fd, KEPT_BYTES_MOST, NULL) && k->bytes.len == k->size;
		sha256(hash, buf_span(&k->bytes));
	} else {
		ok = hash_file(hash, fd);
	}
	hex_encode(digits, span_of(hash, sizeof hash));
	snprintf(k->etag, sizeof k->etag, "\"%.32s\"", digits);
	if (ok)
		return k;
	kept_release(k);
	return NULL;
}

/* ---- the table ---- */

static bool
is_of(const struct place *p, const char *path)
{
	return p->kept != NULL && strcmp(p->path, path) == 0;
}

struct kept *
kept_peek(struct kept_files *f, const char *path)
{
	struct place *p = place_of(f, path);
	const int64_t now_ms = monotonic_ms();

	pthread_mutex_lock(&p->lock);
	const bool good = is_of(p, path) && now_ms - p->looked_ms < KEPT_LOOK_MS;
	struct kept *k = good ? hold(p->kept) : NULL;
	pthread_mutex_unlock(&p->lock);
	return k;
}

/* What is held of this very file. Meanwhile others go on with it: they need not look as well. */
static struct kept *
held_still(struct place *p, const char *path, const struct facts *facts, int64_t now_ms)
{
	pthread_mutex_lock(&p->lock);
	struct kept *k = is_of(p, path) && is_same(&p->facts, facts) ? hold(p->kept) : NULL;
	if (k != NULL)
		p->looked_ms = now_ms;
	pthread_mutex_unlock(&p->lock);
	return k;
}

static void
put(struct place *p, const char *path, struct kept *k, const struct facts *facts, int64_t looked_ms)
{
	pthread_mutex_lock(&p->lock);
	struct kept *old = p->kept;
	snprintf(p->path, sizeof p->path, "%s", path);
	p->kept = hold(k);
	p->facts = *facts;
	p->looked_ms = looked_ms;
	pthread_mutex_unlock(&p->lock);
	kept_release(old);
}

struct kept *
kept_find(int *fd, struct kept_files *f, const char *folder, const char *path)
{
	struct facts facts;
	struct place *p = place_of(f, path);
	const int64_t now_ms = monotonic_ms();

	*fd = -1;
	errno = ENOENT;
	if (!is_plain(path) || !open_file(fd, &facts, folder, path))
		return NULL;
	struct kept *k = held_still(p, path, &facts, now_ms);
	if (k == NULL && (k = read_file(*fd, &facts)) != NULL)
		put(p, path, k, &facts, now_ms);
	if (k == NULL || k->size <= KEPT_BYTES_MOST) {
		close(*fd);
		*fd = -1;
	}
	return k;
}
