/*
 * pages FOLDER: certificates to be printed, and the text of each one's code: every layout with a typical credential
 * and with the longest whose code is still coarse enough for the page. The same bytes every time.
 */
#include "tests/issuer/certificate.h"

#include <stdlib.h>

#define TYPICAL_BYTES 218 /* a credential with 16 hanzi and 4 scopes */

/* QR text of a credential of so many bytes: groups of 7 bytes are 17 digits, the last may be shorter. */
static struct span
code_of(char out[LIMIT_QR_TEXT_BYTES], size_t bytes)
{
	static const size_t tail[] = { 0, 3, 5, 8, 10, 13, 15 };
	return certificate_code(out, bytes / 7 * 17 + tail[bytes % 7]);
}

/* Render, with a credential of so many bytes; false if its code is too fine. */
static bool
render(struct buf *out, const struct pdf_maker *maker, const char *name, size_t bytes)
{
	struct template *layout = certificate_template(name);
	struct face face = { 0 };
	struct pdf_layout at;
	struct err err = { 0 };
	char code[LIMIT_QR_TEXT_BYTES];

	certificate_face(&face);
	buf_free(out);
	const struct pdf_input in = { .layout = layout,
		.face = &face,
		.check_code = "7K3M9QXW",
		.qr_text = code_of(code, bytes),
		.attachment = span_text("what the acts and the credential would be"),
		.now_s = CERTIFICATE_NOW_S };
	bool ok = pdf_render(out, &at, maker, &in, &err);
	if (!ok && strstr(err.text, "too fine") == NULL)
		fail_msg("%s", err.text);
	face_free(&face);
	template_free(layout);
	return ok;
}

static size_t
longest(const struct pdf_maker *maker, const char *name)
{
	struct buf pdf = BUF_EMPTY;
	size_t bytes = LIMIT_QC1_BYTES;
	while (!render(&pdf, maker, name, bytes))
		bytes--;
	buf_free(&pdf);
	return bytes;
}

static void
write_pages(const char *folder, const struct pdf_maker *maker, const char *name, size_t bytes)
{
	char path[512], code[LIMIT_QR_TEXT_BYTES];
	struct buf pdf = BUF_EMPTY;
	struct err err = { 0 };

	if (!render(&pdf, maker, name, bytes))
		fail_msg("%s: a code of %zu bytes is too fine", name, bytes);
	snprintf(path, sizeof path, "%s/%s-%zu.pdf", folder, name, bytes);
	must(file_write(path, buf_span(&pdf), 0600, &err), &err);
	snprintf(path, sizeof path, "%s/%s-%zu.txt", folder, name, bytes);
	must(file_write(path, code_of(code, bytes), 0600, &err), &err);
	buf_free(&pdf);
}

int
main(int argc, char **argv)
{
	static const char *const layouts[] = { "grade-a", "grade-b" };
	struct pdf_maker *maker = NULL;
	struct err err = { 0 };

	if (argc != 2)
		return EXIT_FAILURE;
	must(pdf_maker_open(&maker, &err), &err);
	for (size_t i = 0; i < COUNT_OF(layouts); i++) {
		write_pages(argv[1], maker, layouts[i], TYPICAL_BYTES);
		write_pages(argv[1], maker, layouts[i], longest(maker, layouts[i]));
	}
	pdf_maker_close(maker);
	return EXIT_SUCCESS;
}
