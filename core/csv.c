#include "core/csv.h"

static bool
holds(struct span text, const char *any)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '\0' && strchr(any, text.ptr[i]) != NULL)
			return true;
	return false;
}

void
csv_cell(struct buf *out, bool first, struct span text)
{
	const bool formula = text.len > 0 && holds(span_of(text.ptr, 1), "=+-@\t\r");
	const bool quoted = holds(text, ",\"\r\n\t");

	buf_add_text(out, first ? "" : ",");
	buf_add_text(out, quoted ? "\"" : "");
	buf_add_text(out, formula ? "'" : "");
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_add_byte(out, '"');
		buf_add_byte(out, text.ptr[i]);
	}
	buf_add_text(out, quoted ? "\"" : "");
}

void
csv_end_line(struct buf *out)
{
	buf_add_text(out, "\r\n");
}
