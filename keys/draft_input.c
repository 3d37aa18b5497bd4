#include "keys/draft_input.h"

#include "core/civil.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/rfc3339.h"
#include "keys/pem.h"

#include <stdlib.h>

bool
draft_malformed(struct err *err, const char *what, const json_error_t *error)
{
	return err_set(err, ERR_MALFORMED, "%s: %s", what, error->text);
}

static bool
parse(json_t **out, struct span text, struct err *err)
{
	json_error_t error;

	*out = json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, &error);
	return *out != NULL || err_set(err, ERR_MALFORMED, "line %d: %s", error.line, error.text);
}

bool
draft_input_open(struct draft_input *out, const char *path, struct err *err)
{
	struct buf text = BUF_EMPTY;
	const char *slash = strrchr(path, '/');

	*out = (struct draft_input){ 0 };
	out->folder = strndup(path, slash != NULL ? (size_t)(slash - path) + 1 : 0);
	bool ok = out->folder != NULL || err_set(err, ERR_MEMORY, "out of memory");
	ok = ok && file_read(&text, path, LIMIT_JSON_BYTES, err) &&
	    (parse(&out->json, buf_span(&text), err) || err_in(err, "%s", path));
	buf_free(&text);
	return ok;
}

void
draft_input_close(struct draft_input *in)
{
	for (size_t i = 0; i < in->n_files; i++)
		buf_free(&in->files[i]);
	free(in->files);
	free(in->folder);
	json_decref(in->json);
	*in = (struct draft_input){ 0 };
}

/* Room for one more file, empty. NULL when out of memory. */
static struct buf *
new_file(struct draft_input *in)
{
	struct buf *more = reallocarray(in->files, in->n_files + 1, sizeof *more);
	if (more == NULL)
		return NULL;
	in->files = more;
	in->files[in->n_files] = BUF_EMPTY;
	return &in->files[in->n_files++];
}

bool
draft_input_file(
    struct span *out, struct draft_input *in, const char *name, size_t max_bytes, struct err *err)
{
	struct buf path = BUF_EMPTY;
	struct buf *file = new_file(in);
	bool ok = false;

	buf_printf(&path, "%s%s", name[0] == '/' ? "" : in->folder, name);
	if (file == NULL)
		err_set(err, ERR_MEMORY, "out of memory");
	else if (buf_ok(&path, err))
		ok = file_read(file, buf_text(&path), max_bytes, err);
	if (ok)
		*out = buf_span(file);
	buf_free(&path);
	return ok;
}

bool
draft_input_pem(
    struct span *out, struct draft_input *in, const char *name, const char *label, struct err *err)
{
	struct span text;

	if (!draft_input_file(&text, in, name, LIMIT_KEY_FILE_BYTES, err))
		return false;
	struct buf *der = new_file(in);
	if (der == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!pem_decode(der, label, text, err))
		return err_in(err, "%s", name);
	*out = buf_span(der);
	return true;
}

bool
draft_time(int64_t *out_s, const char *text, enum draft_end end, struct err *err)
{
	struct civil_date day;

	if (strchr(text, 'T') != NULL)
		return rfc3339_parse(out_s, span_text(text), err) || err_in(err, "\"%s\"", text);
	if (!civil_parse(&day, span_text(text), err))
		return err_in(err, "\"%s\"", text);
	*out_s = civil_start_s(day) + (end == DRAFT_UNTIL ? CIVIL_DAY_S - 1 : 0);
	return true;
}

bool
draft_window(
    int64_t *from_s, int64_t *until_s, const char *from, const char *until, struct err *err)
{
	return draft_time(from_s, from, DRAFT_FROM, err) &&
	    draft_time(until_s, until, DRAFT_UNTIL, err) &&
	    (*from_s <= *until_s || err_set(err, ERR_MALFORMED, "%s is before %s", until, from));
}

bool
draft_list(
    void **out, size_t *n, const json_t *list, size_t item_bytes, const char *what, struct err *err)
{
	if (!json_is_array(list))
		return err_set(err, ERR_MALFORMED, "%s: not a list", what);
	*n = json_array_size(list);
	*out = *n > 0 ? calloc(*n, item_bytes) : NULL;
	return *n == 0 || *out != NULL || err_set(err, ERR_MEMORY, "out of memory");
}

struct span
draft_text(const json_t *value)
{
	return span_of(json_string_value(value), json_string_length(value));
}
