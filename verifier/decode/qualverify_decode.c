/*
 * qualverify-decode: the texts of the QR codes in a picture, for qualverify. It reads a PNG or JPEG picture, or with
 * --scan also a PDF, on standard input and writes a line a code: PAGE TAB TEXT LF. Nothing else comes out.
 *
 * Exit 0, also if there is no code; else a sentence on standard error and EX_DATAERR (the file), EX_NOINPUT (a sound
 * picture, but of a sort that is not read), EX_UNAVAILABLE (something is not installed) or EX_OSERR.
 */
#include "core/file.h"
#include "core/limits.h"
#include "verifier/decode/pages.h"
#include "verifier/decode/read.h"
#include "verifier/decode/sandbox.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

static int
exit_code(enum err_code code)
{
	switch (code) {
	case ERR_MALFORMED:
	case ERR_LIMIT:
		return EX_DATAERR;
	case ERR_REFUSED:
		return EX_NOINPUT;
	case ERR_NOT_FOUND:
		return EX_UNAVAILABLE;
	default:
		return EX_OSERR;
	}
}

static bool
look_at_picture(struct looks *l, struct span bytes, struct err *err)
{
	struct raster picture = { 0 };
	const bool ok = (read_is_png(bytes) ? read_png(&picture, bytes, err)
					    : read_jpeg(&picture, bytes, err)) &&
	    looks_at(l, 1, &picture, true, err);

	raster_free(&picture);
	return ok;
}

static bool
decode(struct looks *l, struct pages *pages, struct span bytes, struct err *err)
{
	if (read_is_png(bytes) || read_is_jpeg(bytes))
		return look_at_picture(l, bytes, err);
	if (pages != NULL && read_is_pdf(bytes))
		return pages_look(l, pages, err);
	return err_set(err, ERR_MALFORMED, "this is no %s",
	    pages != NULL ? "PNG or JPEG picture, and no PDF" : "PNG or JPEG picture");
}

static bool
say(struct span lines, struct err *err)
{
	for (size_t at = 0; at < lines.len;) {
		const ssize_t n = write(STDOUT_FILENO, lines.ptr + at, lines.len - at);
		if (n <= 0)
			return err_errno(err, "write");
		at += (size_t)n;
	}
	return true;
}

/* All that needs the system comes first: to take the bytes in, unseen, and to start who draws pages. */
static bool
run(bool scan, struct err *err)
{
	struct buf bytes = BUF_EMPTY;
	struct looks found = { 0 };
	struct pages *pages = NULL;
	const bool ok = file_read_fd(&bytes, STDIN_FILENO, LIMIT_PDF_BYTES, err) &&
	    (!scan || pages_open(&pages, buf_span(&bytes), err)) && sandbox_decoder(err) &&
	    decode(&found, pages, buf_span(&bytes), err) && say(buf_span(&found.lines), err);

	pages_close(pages);
	looks_free(&found);
	buf_free(&bytes);
	return ok;
}

int
main(int argc, char **argv)
{
	struct err err = { 0 };
	const bool scan = argc == 2 && strcmp(argv[1], "--scan") == 0;

	if (argc > 1 && !scan) {
		fputs("qualverify-decode [--scan] <PICTURE: run by qualverify\n", stderr);
		return EX_USAGE;
	}
	/* what whoever asked left open is none of a picture's business; Linux before 5.9 cannot */
	(void)close_range(STDERR_FILENO + 1, ~0u, 0);
	/* who asked is gone: nobody wants to know */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	const bool ok = run(scan, &err);
	if (!ok)
		fprintf(stderr, "%s\n", err.text);
	/* not exit(): what runs then, such as a sanitizer's last words, is not allowed here */
	_exit(ok ? EX_OK : exit_code(err.code));
}
