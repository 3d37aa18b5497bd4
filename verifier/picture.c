#include "verifier/picture.h"

#include "core/cursor.h"
#include "core/program.h"
#include "core/text.h"
#include "verifier/helper.h"

#include <signal.h>
#include <sysexits.h>

#define HELPER "qualverify-decode"

static bool
is_printable(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < ' ' || text.ptr[i] > '~')
			return false;
	return text.len > 0 && text.len <= LIMIT_QR_TEXT_BYTES + 1;
}

static bool
parse_line(struct picture *out, struct cursor *c)
{
	const uint64_t page = cursor_number(c, '\t'),
		       before = out->n > 0 ? out->codes[out->n - 1].page : 1;
	const struct span text = cursor_until(c, '\n');

	if (c->bad || page < before || page > LIMIT_SCAN_PAGES || !is_printable(text) ||
	    out->n == LIMIT_CODES)
		return false;
	out->codes[out->n++] = (struct picture_code){ (unsigned)page, text };
	return true;
}

bool
picture_parse(struct picture *out, struct err *err)
{
	struct cursor c = cursor_over(buf_span(&out->said));

	out->n = 0;
	while (cursor_left(&c) > 0) {
		if (parse_line(out, &c))
			continue;
		out->n = 0;
		return err_set(
		    err, ERR_IO, HELPER " said what it never says: nothing of it is used");
	}
	return true;
}

/* The first line of what it said, harmless to look at. */
static bool
refused(enum err_code code, struct span said, struct err *err)
{
	struct buf sentence = BUF_EMPTY;
	struct cursor c = cursor_over(said);
	struct span line = cursor_until(&c, '\n');

	text_escape(&sentence, c.bad ? said : line);
	const char *text = sentence.len > 0 ? buf_text(&sentence) : NULL;
	err_set(err, code, "%s", text != NULL ? text : HELPER " failed and did not say why");
	buf_free(&sentence);
	return false;
}

/* How it ended. */
static bool
judge(struct picture *out, int status, struct err *err)
{
	switch (status) {
	case EX_OK:
		return picture_parse(out, err);
	case EX_DATAERR:
		return refused(ERR_MALFORMED, buf_span(&out->said), err);
	case EX_NOINPUT:
		return refused(ERR_REFUSED, buf_span(&out->said), err);
	case EX_UNAVAILABLE:
		return refused(ERR_NOT_FOUND, buf_span(&out->said), err);
	case 128 + SIGXCPU:
	case 128 + SIGKILL:
		return err_set(
		    err, ERR_LIMIT, "reading this picture takes too long: it was given up");
	default:
		return refused(ERR_IO, buf_span(&out->said), err);
	}
}

static bool
missing(const struct err *why, struct err *err)
{
	return err_set(err, ERR_NOT_FOUND,
	    "pictures and scans cannot be read without " HELPER
	    " (%s): install it, or give the text of the code, which any scanner shows",
	    why->text);
}

bool
picture_read(struct picture *out, const char *helper, struct span bytes, bool scan, struct err *err)
{
	struct buf found = BUF_EMPTY;
	struct err why = { 0 };
	int status = -1;
	bool ok = false;

	out->bytes = bytes;
	if (helper != NULL)
		buf_add_text(&found, helper);
	if (helper != NULL || helper_find(&found, HELPER, &why)) {
		const char *const argv[] = { buf_text(&found), scan ? "--scan" : NULL, NULL };
		ok = buf_ok(&found, &why) &&
		    program_feed(
			&status, &out->said, LIMIT_CODES_BYTES, PICTURE_WAIT_S, argv, bytes, &why);
	}
	buf_free(&found);
	if (ok || status == 128 + SIGKILL)
		return judge(out, status, err);
	return why.code == ERR_NOT_FOUND ? missing(&why, err)
					 : err_set(err, why.code, "%s", why.text);
}

void
picture_free(struct picture *p)
{
	buf_free(&p->said);
	*p = (struct picture){ 0 };
}
