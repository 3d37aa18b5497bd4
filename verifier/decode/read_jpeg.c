#include "verifier/decode/read.h"

#include "core/limits.h"

#include <setjmp.h>
#include <stdlib.h>

/* jpeglib.h wants stdio.h before it. */
#include <jpeglib.h>

#include <jerror.h>

/* What libjpeg knows of us while it works. */
struct reading {
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf leave;
	struct err *err;
};

bool
read_is_jpeg(struct span bytes)
{
	static const uint8_t magic[] = { 0xff, 0xd8, 0xff };
	return bytes.len >= sizeof magic && memcmp(bytes.ptr, magic, sizeof magic) == 0;
}

static void give_up(j_common_ptr jpeg) __attribute__((noreturn));

static void
give_up(j_common_ptr jpeg)
{
	/* the error manager is the first member */
	struct reading *r = (struct reading *)jpeg->err;
	char why[JMSG_LENGTH_MAX];

	jpeg->err->format_message(jpeg, why);
	if (jpeg->err->msg_code == JERR_OUT_OF_MEMORY)
		err_set(r->err, ERR_MEMORY, "out of memory");
	else
		err_set(r->err, ERR_MALFORMED, "the JPEG picture is damaged: %s", why);
	longjmp(r->leave, 1);
}

/* Cameras leave oddities that do no harm; a picture that ends early is half of one. */
static void
hear(j_common_ptr jpeg, int level)
{
	if (level < 0 &&
	    (jpeg->err->msg_code == JWRN_JPEG_EOF || jpeg->err->msg_code == JWRN_HIT_MARKER))
		give_up(jpeg);
}

/* Each scan of a progressive picture is a pass over all of it, and costs its sender some bytes. */
static void
count_scans(j_common_ptr jpeg)
{
	struct reading *r = (struct reading *)jpeg->err;

	if (((j_decompress_ptr)jpeg)->input_scan_number <= LIMIT_JPEG_SCANS)
		return;
	err_set(r->err, ERR_LIMIT, "the JPEG picture is drawn in more than %d passes",
	    LIMIT_JPEG_SCANS);
	longjmp(r->leave, 1);
}

static bool
read_rows(struct raster *out, struct jpeg_decompress_struct *jpeg, struct span bytes, uint8_t **row,
    struct err *err)
{
	jpeg_mem_src(jpeg, bytes.ptr, bytes.len);
	jpeg_read_header(jpeg, TRUE);
	if (jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK)
		return err_set(err, ERR_REFUSED,
		    "this JPEG picture is made for printing (its colours are CMYK): save it as an "
		    "ordinary (RGB) JPEG or PNG");
	if (!raster_new(out, jpeg->image_width, jpeg->image_height, err))
		return false;
	jpeg->out_color_space = JCS_RGB;
	jpeg_start_decompress(jpeg);
	*row = malloc((size_t)jpeg->output_width * 3);
	if (*row == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	while (jpeg->output_scanline < jpeg->output_height) {
		const unsigned y = jpeg->output_scanline;
		jpeg_read_scanlines(jpeg, row, 1);
		raster_row(out, y, *row);
	}
	jpeg_finish_decompress(jpeg);
	return true;
}

bool
read_jpeg(struct raster *out, struct span bytes, struct err *err)
{
	struct jpeg_decompress_struct jpeg = { 0 };
	struct reading r = { .err = err, .progress.progress_monitor = count_scans };
	uint8_t *volatile row = NULL; /* outlives a longjmp */
	volatile bool ok = false;

	*out = (struct raster){ 0 };
	jpeg.err = jpeg_std_error(&r.errors);
	r.errors.error_exit = give_up;
	r.errors.emit_message = hear;
	if (setjmp(r.leave) == 0) {
		jpeg_create_decompress(&jpeg);
		jpeg.progress = &r.progress;
		ok = read_rows(out, &jpeg, bytes, (uint8_t **)&row, err);
	}
	jpeg_destroy_decompress(&jpeg);
	free(row);
	return ok;
}
