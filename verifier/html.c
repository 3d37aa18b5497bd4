#include "verifier/html.h"

#include "core/text.h"

void
html_text(struct buf *out, struct span text)
{
	struct buf plain = BUF_EMPTY;

	text_escape(&plain, text);
	for (size_t i = 0; i < plain.len; i++) {
		switch (plain.ptr[i]) {
		case '<':
			buf_add_text(out, "&lt;");
			break;
		case '>':
			buf_add_text(out, "&gt;");
			break;
		case '&':
			buf_add_text(out, "&amp;");
			break;
		case '"':
			buf_add_text(out, "&quot;");
			break;
		case '\'':
			buf_add_text(out, "&#39;");
			break;
		default:
			buf_add_byte(out, plain.ptr[i]);
		}
	}
	buf_free(&plain);
}
