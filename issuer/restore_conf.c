#include "issuer/restore_conf.h"

#include "core/cursor.h"

static struct span
trim(struct span s)
{
	while (s.len > 0 && memchr(" \t\r", s.ptr[0], 3) != NULL)
		s = span_of(s.ptr + 1, s.len - 1);
	while (s.len > 0 && memchr(" \t\r", s.ptr[s.len - 1], 3) != NULL)
		s.len--;
	return s;
}

/* "key = value" or "key: value", as inih takes them; both empty for any other line. */
static void
split(struct span *key, struct span *value, struct span line)
{
	size_t at = 0;

	*key = *value = span_of(NULL, 0);
	while (at < line.len && line.ptr[at] != '=' && line.ptr[at] != ':')
		at++;
	if (at == line.len)
		return;
	*key = trim(span_of(line.ptr, at));
	*value = trim(span_of(line.ptr + at + 1, line.len - at - 1));
}

/* Absolute, or up and out. */
static bool
leads_out(struct span path)
{
	struct cursor c = cursor_over(path);
	return path.len > 0 && (path.ptr[0] == '/' || cursor_find(&c, span_text("..")));
}

bool
restore_conf(struct buf *out, bool *moved, struct span conf, struct err *err)
{
	struct cursor c = cursor_over(conf);
	struct span key, value;

	*moved = false;
	while (cursor_left(&c) > 0) {
		struct span rest = cursor_rest(&c);
		struct span line = cursor_until(&c, '\n');
		if (c.bad)
			line = rest; /* the last one, without its end */
		split(&key, &value, line);
		if (span_is(key, "templates")) {
			buf_add_text(out, "templates = templates");
		} else {
			if (span_is(key, "second_copy") && leads_out(value)) {
				*moved = true;
				buf_add_text(out, "# ");
			}
			buf_add_span(out, line);
		}
		buf_add_byte(out, '\n');
	}
	return buf_ok(out, err);
}
