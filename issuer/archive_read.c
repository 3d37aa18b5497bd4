/* A backup read: checked as a whole when it is opened, then member by member. */
#include "issuer/archive.h"

#include "core/encode.h"
#include "core/file.h"

#include <fcntl.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES (16u << 10) /* read at once */

struct archive {
	int fd;
	char *path;
	uint64_t bytes; /* of the whole file */
	struct archive_head head;
	struct archive_member acts;
};

/* ---- one member after the other ---- */

/* The longest content of a kind; where it is 0, any. */
static uint64_t
most_bytes(enum archive_kind kind)
{
	switch (kind) {
	case ARCHIVE_HEAD:
		return 4 * LIMIT_FIELD_BYTES;
	case ARCHIVE_PAPER:
		return LIMIT_JSON_BYTES;
	case ARCHIVE_FLOOR:
		return LIMIT_PART_BYTES;
	case ARCHIVE_PDF:
		return LIMIT_PDF_BYTES;
	default:
		return 0;
	}
}

static bool
damaged(const struct archive *a, uint64_t at, struct err *err, const char *what)
{
	return err_set(err, ERR_MALFORMED,
	    "%s, byte %llu: %s; take another copy of it, or an older backup", a->path,
	    (unsigned long long)at, what);
}

/* Exactly n bytes at this place. */
static bool
read_piece(const struct archive *a, void *out, size_t n, uint64_t at, struct err *err)
{
	ssize_t got = file_read_at(a->fd, out, n, at);

	if (got < 0)
		return err_errno(err, "read %s", a->path);
	return (size_t)got == n || damaged(a, at, err, "the backup is cut short");
}

/* The member whose header stands at *at, which goes on behind its padding. */
static bool
next_member(struct archive_member *out, uint64_t *at, const struct archive *a, struct err *err)
{
	uint8_t block[TAR_BLOCK_BYTES];
	struct tar_header h;

	if (!read_piece(a, block, sizeof block, *at, err))
		return false;
	const bool parsed = tar_header_parse(&h, block, NULL);
	if (*at == 0 && (!parsed || archive_kind_of(h.name) != ARCHIVE_HEAD))
		return damaged(a, 0, err, "it does not begin as qualcert backup begins");
	if (!parsed)
		return damaged(a, *at, err,
		    tar_is_zeros(block) ? "it ends without " ARCHIVE_MANIFEST_NAME
					: "not a member as we write it");
	*out = (struct archive_member){ archive_kind_of(h.name), "", *at + sizeof block, h.size };
	memcpy(out->name, h.name, sizeof out->name);
	if (out->kind == ARCHIVE_NONE)
		return damaged(a, *at, err, "a name that no backup has");
	if (most_bytes(out->kind) > 0 && h.size > most_bytes(out->kind))
		return damaged(a, *at, err, "a member longer than we write it");
	if (h.size > a->bytes - out->at) /* reading the header saw to it that at <= bytes */
		return damaged(a, *at, err, "the backup is cut short");
	*at = out->at + h.size + tar_padding(h.size);
	return true;
}

/* ---- checking the whole ---- */

struct check {
	struct archive *archive;
	struct archive_watch watch;
	struct sha256 *manifest; /* over the lines of the members so far */
	enum archive_kind last;
	uint64_t at;
	void *names; /* of the members so far: a tree for tsearch() */
};

static bool
hash_content(uint8_t out[SHA256_BYTES], const struct check *c, const struct archive_member *m,
    struct err *err)
{
	uint8_t piece[PIECE_BYTES];
	struct sha256 *h = sha256_new();

	for (uint64_t done = 0; done < m->size;) {
		size_t n = m->size - done < sizeof piece ? (size_t)(m->size - done) : sizeof piece;
		if (!read_piece(c->archive, piece, n, m->at + done, err)) {
			sha256_free(h);
			return false;
		}
		sha256_update(h, span_of(piece, n));
		done += n;
		if (c->watch.tell != NULL)
			c->watch.tell(c->watch.ctx, m->at + done, c->archive->bytes);
	}
	sha256_final(h, out);
	return true;
}

static bool
check_padding(const struct check *c, const struct archive_member *m, struct err *err)
{
	uint8_t block[TAR_BLOCK_BYTES] = { 0 };
	const uint64_t at = m->at + m->size;

	return read_piece(c->archive, block, tar_padding(m->size), at, err) &&
	    (tar_is_zeros(block) || damaged(c->archive, at, err, "something behind a member"));
}

static bool
note_member(struct check *c, const struct archive_member *m, struct err *err)
{
	struct archive *a = c->archive;
	struct buf text = BUF_EMPTY;
	bool ok = true;

	if (m->kind == ARCHIVE_ACTS)
		a->acts = *m;
	if (m->kind == ARCHIVE_HEAD) {
		ok = archive_read(&text, a, m, err) &&
		    (archive_head_parse(&a->head, buf_span(&text), err) ||
			err_in(err, "%s", a->path));
		buf_free(&text);
	}
	return ok;
}

/* Kinds ascend; the first, the acts and the manifest are there once. */
static bool
check_order(struct check *c, const struct archive_member *m, struct err *err)
{
	const bool once =
	    m->kind == ARCHIVE_HEAD || m->kind == ARCHIVE_ACTS || m->kind == ARCHIVE_MANIFEST;
	const bool first = c->last == ARCHIVE_NONE, acts = c->archive->acts.kind != ARCHIVE_NONE;

	if (m->kind < c->last || (m->kind == c->last && once) ||
	    first != (m->kind == ARCHIVE_HEAD) || acts != (m->kind > ARCHIVE_ACTS))
		return damaged(c->archive, m->at, err, "a member that is not in its place");
	c->last = m->kind;
	return true;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Of two members of one name we would take the first, and tar the last. */
static bool
check_name(struct check *c, const struct archive_member *m, struct err *err)
{
	char *name = strdup(m->name);
	char *const *held = name != NULL ? tsearch(name, &c->names, compare_names) : NULL;

	if (held != NULL && *held == name)
		return true;
	free(name);
	return held == NULL ? err_set(err, ERR_MEMORY, "out of memory")
			    : damaged(c->archive, m->at, err, "a name that stands there twice");
}

static void
add_line(struct sha256 *manifest, const struct archive_member *m, const uint8_t hash[SHA256_BYTES])
{
	char line[ARCHIVE_LINE_BYTES];

	archive_line(line, hash, m->name);
	sha256_update(manifest, span_text(line));
}

static bool
check_member(struct check *c, struct archive_member *m, struct err *err)
{
	uint8_t hash[SHA256_BYTES], want[SHA256_BYTES];

	if (!next_member(m, &c->at, c->archive, err) || !check_order(c, m, err) ||
	    !check_name(c, m, err) || !hash_content(hash, c, m, err) || !check_padding(c, m, err))
		return false;
	if (m->kind != ARCHIVE_MANIFEST) {
		add_line(c->manifest, m, hash);
		return note_member(c, m, err);
	}
	sha256_final(c->manifest, want);
	c->manifest = NULL;
	return memcmp(hash, want, sizeof hash) == 0 ||
	    damaged(c->archive, m->at, err,
		"the members are not those of " ARCHIVE_MANIFEST_NAME ": the backup is damaged");
}

static bool
check_end(const struct check *c, struct err *err)
{
	uint8_t block[2][TAR_BLOCK_BYTES];

	if (!read_piece(c->archive, block, sizeof block, c->at, err))
		return false;
	return (tar_is_zeros(block[0]) && tar_is_zeros(block[1]) &&
		   c->at + sizeof block == c->archive->bytes) ||
	    damaged(c->archive, c->at, err, "something behind the end");
}

static bool
check(struct archive *a, struct archive_watch watch, struct err *err)
{
	struct check c = { .archive = a, .watch = watch, .manifest = sha256_new() };
	struct archive_member m = { 0 };
	bool ok = true;

	while (ok && m.kind != ARCHIVE_MANIFEST)
		ok = check_member(&c, &m, err);
	sha256_free(c.manifest);
	tdestroy(c.names, free);
	return ok && check_end(&c, err);
}

/* ---- */

static bool
open_file(struct archive *a, const char *path, struct err *err)
{
	struct stat st;

	a->path = strdup(path);
	if (a->path == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	a->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (a->fd < 0 && !file_exists(path))
		return err_set(err, ERR_NOT_FOUND, "there is no file %s", path);
	if (a->fd < 0 || fstat(a->fd, &st) != 0)
		return err_errno(err, "open %s", path);
	a->bytes = (uint64_t)st.st_size;
	return S_ISREG(st.st_mode) || err_set(err, ERR_IO, "%s is not a regular file", path);
}

bool
archive_open(struct archive **out, const char *path, struct archive_watch watch, struct err *err)
{
	struct archive *a = calloc(1, sizeof *a);

	*out = NULL;
	if (a == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	a->fd = -1;
	if (!open_file(a, path, err) || !check(a, watch, err)) {
		archive_close(a);
		return false;
	}
	*out = a;
	return true;
}

void
archive_close(struct archive *a)
{
	if (a == NULL)
		return;
	if (a->fd >= 0)
		close(a->fd);
	free(a->path);
	free(a);
}

const struct archive_head *
archive_head(const struct archive *a)
{
	return &a->head;
}

const char *
archive_path(const struct archive *a)
{
	return a->path;
}

const struct archive_member *
archive_acts(const struct archive *a)
{
	return &a->acts;
}

bool
archive_next(struct archive_member *m, const struct archive *a, struct err *err)
{
	uint64_t at = m->kind == ARCHIVE_NONE ? 0 : m->at + m->size + tar_padding(m->size);

	if (m->kind == ARCHIVE_MANIFEST) {
		*m = (struct archive_member){ 0 };
		return true;
	}
	return next_member(m, &at, a, err);
}

bool
archive_read(
    struct buf *out, const struct archive *a, const struct archive_member *m, struct err *err)
{
	uint8_t piece[PIECE_BYTES];

	for (uint64_t done = 0; done < m->size;) {
		size_t n = m->size - done < sizeof piece ? (size_t)(m->size - done) : sizeof piece;
		if (!read_piece(a, piece, n, m->at + done, err))
			return false;
		buf_add(out, piece, n);
		done += n;
	}
	return buf_ok(out, err);
}
