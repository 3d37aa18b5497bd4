#include "verifier/upload.h"

#include "core/limits.h"

#include <microhttpd.h>
#include <stdlib.h>

#define PROCESSOR_BYTES 16384 /* what the library keeps of a part's headers and a boundary */

static const char *const names[HTTP_FIELDS] = { "file", "number", "check_code", "holder", "at",
	"for", "lang" };

struct upload {
	struct MHD_PostProcessor *processor;
	struct buf fields[HTTP_FIELDS];
	bool bad;
};

static size_t
room(size_t field)
{
	return field == HTTP_FIELD_FILE ? LIMIT_PDF_BYTES : LIMIT_FORM_FIELD_BYTES;
}

/* A piece of one field; off is 0 where the field begins. */
static enum MHD_Result
take(void *cls, enum MHD_ValueKind kind, const char *key, const char *filename, const char *type,
    const char *encoding, const char *data, uint64_t off, size_t size)
{
	struct upload *u = cls;
	size_t i = 0;

	(void)kind;
	(void)filename;
	(void)type;
	(void)encoding;
	while (i < HTTP_FIELDS && (key == NULL || strcmp(key, names[i]) != 0))
		i++;
	if (i == HTTP_FIELDS || (off == 0 && u->fields[i].len > 0) || size > room(i) ||
	    u->fields[i].len > room(i) - size) {
		u->bad = true;
		return MHD_NO;
	}
	buf_add(&u->fields[i], data, size);
	return MHD_YES;
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
	for (size_t i = 0; i < HTTP_FIELDS; i++)
		buf_free(&u->fields[i]);
	free(u);
}

bool
upload_add(struct upload *u, const char *bytes, size_t n)
{
	if (!u->bad && MHD_post_process(u->processor, bytes, n) != MHD_YES)
		u->bad = true;
	return !u->bad;
}

struct buf *
upload_fields(struct upload *u)
{
	/* Destroying it delivers what it still holds, and says whether the last boundary was there. */
	if (u->processor != NULL && MHD_destroy_post_processor(u->processor) != MHD_YES)
		u->bad = true;
	u->processor = NULL;
	for (size_t i = 0; i < HTTP_FIELDS; i++)
		u->bad |= !buf_ok(&u->fields[i], NULL);
	return u->bad ? NULL : u->fields;
}
