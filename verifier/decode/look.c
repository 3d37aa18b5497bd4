#include "verifier/decode/look.h"

#include "core/limits.h"
#include "verifier/decode/remake.h"

#include <stdlib.h>
#include <zbar.h>

#define FOURCC_Y800 0x30303859ul /* one byte a pixel: "Y800", first letter lowest */

void
looks_add(struct looks *l, unsigned page, struct span text)
{
	struct buf line = BUF_EMPTY;
	const size_t longest = LIMIT_QR_TEXT_BYTES + 1;
	const size_t n = text.len < longest ? text.len : longest;

	buf_printf(&line, "%u\t", page);
	for (size_t i = 0; i < n; i++)
		buf_add_byte(&line, text.ptr[i] >= ' ' && text.ptr[i] <= '~' ? text.ptr[i] : '?');
	buf_add_text(&line, n > 0 ? "\n" : "?\n");
	/* a TAB stands behind a page number only: these bytes are a line, or not there */
	const bool known = l->lines.len > 0 && line.len > 0 &&
	    memmem(l->lines.ptr, l->lines.len, line.ptr, line.len) != NULL;
	if (!known && l->count < LIMIT_CODES) {
		buf_add_span(&l->lines, buf_span(&line));
		l->count++;
	}
	if (line.bad != ERR_NONE)
		l->lines.bad = line.bad;
	buf_free(&line);
}

/* One look: how many codes there are. */
static size_t
look(struct looks *l, unsigned page, const struct plane *plane)
{
	const size_t n = (size_t)plane->width * plane->height;
	size_t found = 0;
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();

	l->pixels += n;
	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	/* bytes as they are: no guess at a character set, no table of them to be loaded */
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
	zbar_image_set_format(image, FOURCC_Y800);
	zbar_image_set_size(image, plane->width, plane->height);
	zbar_image_set_data(image, plane->px, n, NULL);
	zbar_scan_image(scanner, image);
	for (const zbar_symbol_t *s = zbar_image_first_symbol(image); s != NULL;
	     s = zbar_symbol_next(s), found++)
		looks_add(
		    l, page, span_of(zbar_symbol_get_data(s), zbar_symbol_get_data_length(s)));
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
	return found;
}

/* Ways to make a picture otherwise, in the order in which they are worth their time (tests/print/scan.py). */
static bool
larger(struct plane *out, const struct plane *in)
{
	return remake_sized(out, in, 3);
}

static bool
smaller(struct plane *out, const struct plane *in)
{
	return remake_sized(out, in, 0.85);
}

static bool
sharper(struct plane *out, const struct plane *in)
{
	return remake_sized(out, in, 2) && remake_blur(out, 3, true);
}

static bool
softer(struct plane *out, const struct plane *in)
{
	return remake_sized(out, in, 2) && remake_blur(out, 2, false);
}

/* A way for which the picture is too large is passed over. */
static void
look_again(struct looks *l, unsigned page, const struct plane *red)
{
	bool (*const ways[])(struct plane *, const struct plane *) = { larger, smaller, sharper,
		softer, remake_turned };

	if (l->pixels >= LIMIT_LOOK_PIXELS || look(l, page, red) > 0)
		return;
	for (size_t i = 0; i < sizeof ways / sizeof ways[0] && l->pixels < LIMIT_LOOK_PIXELS; i++) {
		struct plane made = { 0 };
		const size_t found = ways[i](&made, red) ? look(l, page, &made) : 0;
		free(made.px);
		if (found > 0)
			return;
	}
}

bool
looks_at(struct looks *l, unsigned page, const struct raster *picture, bool again, struct err *err)
{
	if (look(l, page, &picture->grey) == 0 && again)
		look_again(l, page, &picture->red);
	return buf_ok(&l->lines, err);
}

void
looks_free(struct looks *l)
{
	buf_free(&l->lines);
	*l = (struct looks){ 0 };
}
