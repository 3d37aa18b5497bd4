/*
 * Targets: issuer/archive.c, issuer/archive_read.c, core/tar.c. The first byte says what the rest is: the
 * file itself (0), or its members, a name behind its length and a content behind its own (two bytes) each, of
 * which a backup is made with every sum right.
 */
#include "core/cursor.h"
#include "core/file.h"
#include "issuer/archive.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
build(struct buf *out, struct cursor *c)
{
	struct buf manifest = BUF_EMPTY;
	char name[TAR_NAME_BYTES], line[ARCHIVE_LINE_BYTES];
	uint8_t hash[SHA256_BYTES];

	while (cursor_left(c) > 0) {
		struct span word = cursor_take(c, cursor_u8(c) % TAR_NAME_BYTES);
		struct span content = cursor_take(c, (size_t)cursor_be(c, 2));
		snprintf(name, sizeof name, "%.*s", (int)word.len, (const char *)word.ptr);
		if (c->bad || name[0] == '\0')
			break;
		tar_put(out, name, content, 0);
		sha256(hash, content);
		archive_line(line, hash, name);
		buf_add_text(&manifest, line);
	}
	tar_put(out, ARCHIVE_MANIFEST_NAME, buf_span(&manifest), 0);
	tar_put_end(out);
	buf_free(&manifest);
}

static void
read_member(const struct archive *a, const struct archive_member *m, size_t bytes)
{
	struct buf content = BUF_EMPTY;

	fuzz_promise(m->kind != ARCHIVE_NONE && m->kind == archive_kind_of(m->name));
	fuzz_promise(m->at <= bytes && m->size <= bytes - m->at);
	fuzz_promise(archive_read(&content, a, m, NULL) && content.len == m->size);
	buf_free(&content);
}

/* What opens can be read to its end, and its head is the one that was written. */
static void
try_open(struct span bytes)
{
	struct archive *a = NULL;
	char path[64];
	int fd = memfd_create("backup", MFD_CLOEXEC);

	fuzz_promise(fd >= 0);
	fuzz_promise(bytes.len == 0 || write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (archive_open(&a, path, (struct archive_watch){ NULL, NULL }, NULL)) {
		struct archive_member m = { 0 };
		fuzz_promise(archive_acts(a)->kind == ARCHIVE_ACTS);
		fuzz_promise(archive_next(&m, a, NULL));
		do
			read_member(a, &m, bytes.len);
		while (archive_next(&m, a, NULL) && m.kind != ARCHIVE_NONE);
		fuzz_promise(m.kind == ARCHIVE_NONE);
	}
	archive_close(a);
	close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_over(span_of(data, size));
	struct buf built = BUF_EMPTY;

	if (cursor_u8(&c) == 0) {
		try_open(cursor_rest(&c));
		return 0;
	}
	build(&built, &c);
	if (buf_ok(&built, NULL))
		try_open(buf_span(&built));
	buf_free(&built);
	return 0;
}
