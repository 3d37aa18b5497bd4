#include "verifier/daemon/upload.h"

#include "core/limits.h"

#include <microhttpd.h>
#include <stdlib.h>

#define PROCESSOR_BYTES 16384 /* what the library keeps of a part's headers and a boundary */

static const char *const names[HTTP_FIELDS] = { "code", "number", "check_code", "holder", "grade",
	"scope", "at", "for", "scan", "lang", "want" };

struct upload {
	struct MHD_PostProcessor *processor;
	struct http_form form;
	bool hollow; /* the last piece was of a file, and nothing of that file came yet */
	bool bad;
};

static size_t
room(size_t field)
{
	return field == HTTP_FIELD_CODE ? LIMIT_QR_TEXT_BYTES : LIMIT_FORM_FIELD_BYTES;
}

static bool
take_field(struct upload *u, const char *key, struct span data, bool begins)
{
	size_t i = 0;

	while (i < HTTP_FIELDS && (key == NULL || strcmp(key, names[i]) != 0))
		i++;
	if (i == HTTP_FIELDS || (begins && u->form.fields[i].len > 0) || data.len > room(i) ||
	    u->form.fields[i].len > room(i) - data.len)
		return false;
	buf_add_span(&u->form.fields[i], data);
	return true;
}

/* At most n bytes, none of them half of a character. */
static struct span
cut(struct span text, size_t n)
{
	if (text.len <= n)
		return text;
	while (n > 0 && (text.ptr[n] & 0xC0) == 0x80)
		n--;
	return span_of(text.ptr, n);
}

/*
 * The library says once more that a part begins if its first piece was empty, which is how it hands over a part of
 * which less has come than a boundary is long.
 */
static bool
begins_again(const struct upload *u, struct span name)
{
	const struct http_form *f = &u->form;

	return u->hollow && f->n_files > 0 &&
	    span_equal(buf_span(&f->files[f->n_files - 1].name), name);
}

/* A browser sends an empty file without a name where none was chosen. */
static bool
take_file(struct upload *u, struct span name, struct span data, bool begins)
{
	struct http_form *f = &u->form;

	if (begins && data.len == 0 && name.len == 0)
		return true;
	begins = begins && !begins_again(u, name);
	f->too_many |= begins && f->n_files == LIMIT_FORM_FILES;
	if (f->too_many)
		return true;
	if (begins)
		buf_add_span(&f->files[f->n_files++].name, name);
	u->hollow = data.len == 0;
	if (f->n_files == 0)
		return false;
	struct http_file *file = &f->files[f->n_files - 1];
	file->too_long |=
	    data.len > LIMIT_PDF_BYTES || file->bytes.len > LIMIT_PDF_BYTES - data.len;
	if (file->too_long)
		buf_free(&file->bytes);
	else
		buf_add_span(&file->bytes, data);
	return true;
}

/* A piece of one part; off is 0 where the part begins. */
static enum MHD_Result
take(void *cls, enum MHD_ValueKind kind, const char *key, const char *filename, const char *type,
    const char *encoding, const char *data, uint64_t off, size_t size)
{
	struct upload *u = cls;
	const struct span piece = span_of(data, size);

	(void)kind;
	(void)type;
	(void)encoding;
	if (key != NULL && strcmp(key, "file") == 0) {
		const struct span name = span_text(filename != NULL ? filename : "");
		u->bad |= !take_file(u, cut(name, LIMIT_FORM_FIELD_BYTES), piece, off == 0);
	} else {
		u->bad |= !take_field(u, key, piece, off == 0);
		u->hollow = false;
	}
	return u->bad ? MHD_NO : MHD_YES;
}

bool
upload_begin(struct upload **out, struct MHD_Connection *connection, struct err *err)
{
	struct upload *u = calloc(1, sizeof *u);

	*out = NULL;
	if (u == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	u->processor = MHD_create_post_processor(connection, PROCESSOR_BYTES, take, u);
	if (u->processor == NULL) {
		free(u);
		return err_set(err, ERR_MALFORMED, "the body is no form with a boundary");
	}
	*out = u;
	return true;
}

void
upload_free(struct upload *u)
{
	if (u == NULL)
		return;
	if (u->processor != NULL)
		MHD_destroy_post_processor(u->processor);
	http_form_free(&u->form);
	free(u);
}

bool
upload_add(struct upload *u, const char *bytes, size_t n)
{
	if (!u->bad && MHD_post_process(u->processor, bytes, n) != MHD_YES)
		u->bad = true;
	return !u->bad;
}

struct http_form *
upload_form(struct upload *u)
{
	struct http_form *f = &u->form;

	/* Destroying it delivers what it still holds, and says whether the last boundary was there. */
	if (u->processor != NULL && MHD_destroy_post_processor(u->processor) != MHD_YES)
		u->bad = true;
	u->processor = NULL;
	for (size_t i = 0; i < HTTP_FIELDS; i++)
		u->bad |= !buf_ok(&f->fields[i], NULL);
	for (size_t i = 0; i < f->n_files; i++)
		u->bad |= !buf_ok(&f->files[i].name, NULL) || !buf_ok(&f->files[i].bytes, NULL);
	return u->bad ? NULL : f;
}
