#include "core/conf.h"

#include "core/cursor.h"
#include "core/limits.h"
#include "core/text.h"

#include <assert.h>
#include <ini.h>

/* One reading: inih asks it for lines and hands it keys. */
struct reading {
	const struct conf_format *format;
	void *ctx;
	struct cursor rest;
	const char *name; /* of the file */
	unsigned line;    /* the one handed out last, from 1 */
	unsigned *lines;
	bool failed;
	struct buf *mistakes;
	struct err *err; /* the first */
};

static void
fault(struct reading *r, struct err *what)
{
	err_in(what, "%s:%u", r->name, r->line);
	if (r->mistakes != NULL)
		buf_printf(r->mistakes, "%s\n", what->text);
	if (!r->failed)
		*r->err = *what;
	r->failed = true;
}

static void
fault_of(struct reading *r, const char *sentence)
{
	struct err err = { 0 };

	(void)err_set(&err, ERR_MALFORMED, "%s", sentence);
	fault(r, &err);
}

static bool
is_over(const struct reading *r)
{
	return r->failed && r->mistakes == NULL;
}

static void
take(struct reading *r, const char *section, const char *name, const char *value)
{
	const struct conf_format *f = r->format;
	struct err err = { 0 };
	size_t key = 0;

	if (strcmp(section, f->section) != 0) {
		(void)err_set(&err, ERR_MALFORMED,
		    section[0] == '\0' ? "this key must stand below the line [%s]"
				       : "the only section is [%s]",
		    f->section);
		fault(r, &err);
		return;
	}
	while (key < f->n_keys && strcmp(name, f->keys[key]) != 0)
		key++;
	if (key == f->n_keys) {
		fault_of(r, "unknown key");
	} else if (r->lines[key] != 0) {
		fault_of(r, "this key stands there twice");
	} else {
		r->lines[key] = r->line;
		if (value[0] == '\0')
			fault_of(r, "the value is missing");
		else if (!f->set(r->ctx, key, value, &err))
			fault(r, &err);
	}
}

/* What is wrong with a key is kept here: to the library all are well. */
static int
on_key(void *ctx, const char *section, const char *name, const char *value)
{
	struct reading *r = ctx;

	if (!is_over(r))
		take(r, section, name, value);
	return 1;
}

/* Lines may end as on other systems, with a carriage return, which means nothing elsewhere. */
static bool
is_clean(struct span line)
{
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	for (size_t i = 0; i < line.len; i++)
		if ((line.ptr[i] < 0x20 && line.ptr[i] != '\t') || line.ptr[i] == 0x7f)
			return false;
	return text_is_utf8(line);
}

/* The next line for inih, which would cut a longer one without a word. A bad one is handed on empty. */
static char *
next_line(char *out, int room, void *ctx)
{
	struct reading *r = ctx;
	struct span line = cursor_rest(&r->rest);

	if (is_over(r) || line.len == 0)
		return NULL;
	const uint8_t *end = memchr(line.ptr, '\n', line.len);
	if (end != NULL)
		line.len = (size_t)(end - line.ptr);
	cursor_take(&r->rest, line.len + (end != NULL));
	r->line++;
	const bool long_one = line.len > LIMIT_CONF_LINE_BYTES || line.len + 2 > (size_t)room;
	if (long_one)
		fault_of(r, "the line is too long");
	else if (!is_clean(line))
		fault_of(r, "control characters, or bytes that are no UTF-8");
	if (long_one || !is_clean(line))
		line.len = 0;
	if (line.len > 0)
		memcpy(out, line.ptr, line.len);
	memcpy(out + line.len, "\n", 2);
	return out;
}

bool
conf_parse(unsigned lines[], const struct conf_format *format, void *ctx, struct span text,
    const char *name, struct buf *mistakes, struct err *err)
{
	struct reading r = { .format = format,
		.ctx = ctx,
		.rest = cursor_over(text),
		.name = name,
		.lines = lines,
		.mistakes = mistakes,
		.err = err };

	assert(format->n_keys <= CONF_KEYS);
	memset(lines, 0, format->n_keys * sizeof *lines);
	const int line = ini_parse_stream(next_line, &r, on_key, &r);
	if (line != 0 && !is_over(&r)) {
		struct err no_key = { 0 };
		r.line = (unsigned)line;
		(void)err_set(
		    &no_key, ERR_MALFORMED, "neither [%s] nor \"key = value\"", format->section);
		fault(&r, &no_key);
	}
	return !r.failed;
}
