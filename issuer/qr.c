#include "issuer/qr.h"

#include "credential/qr_text.h"

#include <errno.h>
#include <qrencode.h>
#include <stdlib.h>

static bool
dark(const QRcode *code, int x, int y)
{
	return (code->data[y * code->width + x] & 1) != 0;
}

/* Is the row y dark from x to x + w, and is none of it covered yet? */
static bool
run_free(const QRcode *code, const bool *covered, int x, int y, int w)
{
	for (int i = x; i < x + w; i++)
		if (!dark(code, i, y) || covered[y * code->width + i])
			return false;
	return true;
}

/* The largest rectangle that grows from a dark module first to the right, then downwards. */
static struct qr_rect
grow(const QRcode *code, bool *covered, int x, int y)
{
	struct qr_rect r = { x, y, 1, 1 };
	while (x + r.w < code->width && run_free(code, covered, x + r.w, y, 1))
		r.w++;
	while (y + r.h < code->width && run_free(code, covered, x, y + r.h, r.w))
		r.h++;
	for (int row = y; row < y + r.h; row++)
		memset(covered + row * code->width + x, true, (size_t)r.w);
	return r;
}

static bool
merge(struct qr *out, const QRcode *code, struct err *err)
{
	size_t modules = (size_t)code->width * (size_t)code->width;
	bool *covered = calloc(modules, sizeof *covered);
	struct qr_rect *rects = calloc(modules, sizeof *rects);
	if (!covered || !rects) {
		free(covered);
		free(rects);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	*out = (struct qr){ code->version, code->width, rects, 0 };
	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width; x++)
			if (run_free(code, covered, x, y, 1))
				rects[out->count++] = grow(code, covered, x, y);
	free(covered);
	return true;
}

bool
qr_encode(struct qr *out, struct span text, struct err *err)
{
	struct qr_text parts = { 0 };
	if (!qr_text_parse(&parts, text, err))
		return false;
	size_t prefix = text.len - parts.digits.len;
	bool ok = false;
	QRcode *code = NULL;
	QRinput *input = QRinput_new2(0, QR_ECLEVEL_M);
	if (!input)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (QRinput_append(input, QR_MODE_8, (int)prefix, text.ptr) == 0 &&
	    QRinput_append(input, QR_MODE_NUM, (int)parts.digits.len, parts.digits.ptr) == 0)
		code = QRcode_encodeInput(input);
	if (!code)
		err_set(err, errno == ERANGE ? ERR_LIMIT : ERR_MEMORY, "no code holds %zu bytes",
		    text.len);
	else
		ok = merge(out, code, err);
	QRcode_free(code);
	QRinput_free(input);
	return ok;
}

void
qr_free(struct qr *qr)
{
	free(qr->rects);
	*qr = (struct qr){ 0 };
}
