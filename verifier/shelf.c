#include "verifier/shelf.h"

#include "core/file.h"

#include <stdlib.h>

bool
shelf_read(struct buf *out, bool *found, const struct shelf *shelf, const char *name, size_t max,
    struct err *err)
{
	*found = false;
	return shelf->read == NULL || shelf->read(shelf, out, found, name, max, err);
}

static bool
folder_read(const struct shelf *self, struct buf *out, bool *found, const char *name, size_t max,
    struct err *err)
{
	struct buf path = BUF_EMPTY;
	struct err local = { 0 };

	buf_printf(&path, "%s/%s", self->folder, name);
	bool ok = buf_ok(&path, err);
	if (ok) {
		*found = file_read(out, buf_text(&path), max, &local);
		ok = *found || local.code == ERR_NOT_FOUND || local.code == ERR_LIMIT;
		if (!ok && err != NULL)
			*err = local;
	}
	buf_free(&path);
	return ok;
}

struct shelf
shelf_folder(const char *path)
{
	return (struct shelf){ .read = path != NULL ? folder_read : NULL, .folder = path };
}

static int
compare_name(const void *name, const void *file)
{
	return strcmp(name, ((const struct shelf_file *)file)->name);
}

static bool
held_read(const struct shelf *self, struct buf *out, bool *found, const char *name, size_t max,
    struct err *err)
{
	const struct shelf_files *held = self->ctx;
	const struct shelf_file *file =
	    bsearch(name, held->files, held->n, sizeof *held->files, compare_name);

	*found = file != NULL && file->bytes.len <= max;
	if (*found)
		buf_add_span(out, file->bytes);
	return buf_ok(out, err);
}

struct shelf
shelf_held(struct shelf_files *files)
{
	return (struct shelf){ .read = files->n > 0 ? held_read : NULL, .ctx = files };
}

static bool
is_kept(const struct shelf_copies *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++) {
		if (strcmp(c->copies[i].name, name) == 0)
			return true;
	}
	return false;
}

static bool
keep(struct shelf_copies *c, const char *name, struct span bytes, struct err *err)
{
	if (is_kept(c, name))
		return true;
	if (strlen(name) >= sizeof c->copies[0].name)
		return err_set(err, ERR_LIMIT, "the name %.40s... is too long", name);
	if (c->n == c->room) {
		const size_t room = c->room > 0 ? 2 * c->room : 16;
		struct shelf_copy *copies = reallocarray(c->copies, room, sizeof *copies);
		if (copies == NULL)
			return err_set(err, ERR_MEMORY, "out of memory");
		c->copies = copies;
		c->room = room;
	}
	struct shelf_copy *copy = &c->copies[c->n];
	*copy = (struct shelf_copy){ .bytes = BUF_EMPTY };
	memcpy(copy->name, name, strlen(name));
	buf_add_span(&copy->bytes, bytes);
	c->n++;
	return buf_ok(&copy->bytes, err);
}

static bool
copying_read(const struct shelf *self, struct buf *out, bool *found, const char *name, size_t max,
    struct err *err)
{
	struct shelf_copies *c = self->ctx;
	const size_t from = out->len;

	return shelf_read(out, found, &c->from, name, max, err) &&
	    (!*found || keep(c, name, span_of(out->ptr + from, out->len - from), err));
}

struct shelf
shelf_copying(struct shelf_copies *copies)
{
	return (struct shelf){ .read = copying_read, .ctx = copies };
}

void
shelf_copies_free(struct shelf_copies *c)
{
	for (size_t i = 0; i < c->n; i++)
		buf_free(&c->copies[i].bytes);
	free(c->copies);
	*c = (struct shelf_copies){ .from = c->from };
}
