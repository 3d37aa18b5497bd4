/* A backup written: member by member, the manifest kept beside until the end. */
#include "issuer/archive.h"

#include "core/file.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct archive_writer {
	struct file_new *file;
	FILE *manifest; /* its lines so far, in a file without a name: there may be a million */
	uint64_t manifest_bytes;
	int64_t made_s;
	struct archive_watch watch;
	uint64_t bytes; /* written so far */
	/* The member that is being written. */
	char name[TAR_NAME_BYTES];
	uint64_t size, left;
	struct sha256 *hash;
};

bool
archive_write_begin(struct archive_writer **out, const char *path, int64_t made_s,
    struct archive_watch watch, struct err *err)
{
	struct archive_writer *w = calloc(1, sizeof *w);

	*out = NULL;
	if (w == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	w->made_s = made_s;
	w->watch = watch;
	bool ok = !file_exists(path) ||
	    err_set(err, ERR_CONFLICT,
		"%s exists already: a backup takes no other file's place, give it a name of its "
		"own",
		path);
	ok = ok && file_new_begin(&w->file, path, err);
	if (ok && (w->manifest = tmpfile()) == NULL)
		ok = err_errno(err, "make a temporary file");
	if (!ok) {
		archive_writer_free(w);
		return false;
	}
	*out = w;
	return true;
}

void
archive_writer_free(struct archive_writer *w)
{
	if (w == NULL)
		return;
	if (w->manifest != NULL)
		fclose(w->manifest);
	sha256_free(w->hash);
	file_new_free(w->file);
	free(w);
}

static bool
put(struct archive_writer *w, struct span bytes, struct err *err)
{
	if (!file_new_add(w->file, bytes, err))
		return false;
	w->bytes += bytes.len;
	if (w->watch.tell != NULL)
		w->watch.tell(w->watch.ctx, w->bytes, 0);
	return true;
}

static bool
put_header(struct archive_writer *w, const char *name, uint64_t size, struct err *err)
{
	struct tar_header h = { .size = size, .time_s = w->made_s };
	uint8_t block[TAR_BLOCK_BYTES];

	assert(archive_kind_of(name) != ARCHIVE_NONE);
	snprintf(h.name, sizeof h.name, "%s", name);
	tar_header_encode(block, &h);
	return put(w, span_of(block, sizeof block), err);
}

static bool
put_padding(struct archive_writer *w, uint64_t size, struct err *err)
{
	static const uint8_t zeros[TAR_BLOCK_BYTES];
	return put(w, span_of(zeros, tar_padding(size)), err);
}

/* The member is whole: its line, and its padding. */
static bool
finish_member(struct archive_writer *w, struct err *err)
{
	char line[ARCHIVE_LINE_BYTES];
	uint8_t hash[SHA256_BYTES];

	sha256_final(w->hash, hash);
	w->hash = NULL;
	archive_line(line, hash, w->name);
	if (fputs(line, w->manifest) == EOF)
		return err_errno(err, "write a temporary file");
	w->manifest_bytes += strlen(line);
	return put_padding(w, w->size, err);
}

bool
archive_write_start(struct archive_writer *w, const char *name, uint64_t size, struct err *err)
{
	assert(w->hash == NULL); /* the member before is whole */
	snprintf(w->name, sizeof w->name, "%s", name);
	w->size = w->left = size;
	w->hash = sha256_new();
	return put_header(w, name, size, err) && (size > 0 || finish_member(w, err));
}

bool
archive_write_more(struct archive_writer *w, struct span piece, struct err *err)
{
	assert(piece.len <= w->left);
	if (piece.len == 0)
		return true;
	sha256_update(w->hash, piece);
	w->left -= piece.len;
	return put(w, piece, err) && (w->left > 0 || finish_member(w, err));
}

bool
archive_write(struct archive_writer *w, const char *name, struct span content, struct err *err)
{
	return archive_write_start(w, name, content.len, err) &&
	    archive_write_more(w, content, err);
}

static bool
put_manifest(struct archive_writer *w, struct err *err)
{
	char piece[16u << 10];
	size_t n;

	if (!put_header(w, ARCHIVE_MANIFEST_NAME, w->manifest_bytes, err))
		return false;
	rewind(w->manifest);
	while ((n = fread(piece, 1, sizeof piece, w->manifest)) > 0)
		if (!put(w, span_of(piece, n), err))
			return false;
	if (ferror(w->manifest))
		return err_errno(err, "read a temporary file");
	return put_padding(w, w->manifest_bytes, err);
}

bool
archive_write_end(uint64_t *bytes, struct archive_writer *w, struct err *err)
{
	static const uint8_t end[2 * TAR_BLOCK_BYTES];
	struct archive *again = NULL;
	const char *temporary;

	assert(w->hash == NULL);
	bool ok = put_manifest(w, err) && put(w, span_of(end, sizeof end), err) &&
	    file_new_sync(&temporary, w->file, 0600, err) &&
	    archive_open(&again, temporary, w->watch, err) && file_new_name(w->file, err);
	archive_close(again);
	*bytes = w->bytes;
	return ok;
}
