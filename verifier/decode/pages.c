#include "verifier/decode/pages.h"

#include "core/limits.h"
#include "verifier/decode/read.h"
#include "verifier/decode/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PDFTOPPM "/usr/bin/pdftoppm"
#define EXIT_NO_PROGRAM 127
#define SIZES 2
#define BLOCK_BYTES 65536

/* Pixels on the longer side: what A4 has at 200 and 300 dpi, whatever a file says its pages measure. */
static const char *const sizes[SIZES] = { "2339", "3508" };

struct renderer {
	pid_t child;
	int go; /* a byte here starts it, an end here ends it */
	FILE *from;
};

struct pages {
	struct renderer renderers[SIZES];
	size_t n;
	char block[SIZES][BLOCK_BYTES]; /* of their streams */
};

/* ---- the child ---- */

static void become_pdftoppm(int go, const char *size) __attribute__((noreturn));

/* Its standard input and output are set; nothing of the file was looked at. */
static void
become_pdftoppm(int go, const char *size)
{
	char last[12], word;
	const char *argv[] = { PDFTOPPM, "-q", "-scale-to", size, "-l", last, "-", NULL };
	char *const environment[] = { (char[]){ "LC_ALL=C" }, NULL };
	struct err err = { 0 };

	/* one more than is looked at, to know that there are more */
	snprintf(last, sizeof last, "%d", LIMIT_SCAN_PAGES + 1);
	if (!sandbox_renderer(&err))
		_exit(EXIT_FAILURE);
	if (read(go, &word, 1) != 1)
		_exit(EXIT_SUCCESS); /* nobody needs it */
	/* the file is shared with the other one, who is done with it */
	if (lseek(STDIN_FILENO, 0, SEEK_SET) == 0)
		execve(argv[0], (char *const *)argv, environment);
	_exit(errno == ENOENT ? EXIT_NO_PROGRAM : EXIT_FAILURE);
}

static void
child(int pdf, int go, int into, const char *size)
{
	const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || nowhere < 0 || dup2(pdf, STDIN_FILENO) < 0 ||
	    dup2(into, STDOUT_FILENO) < 0 || dup2(nowhere, STDERR_FILENO) < 0)
		_exit(EXIT_FAILURE);
	become_pdftoppm(go, size);
}

static bool
start(struct renderer *r, int pdf, const char *size, char *block, struct err *err)
{
	int go[2], out[2];

	r->go = -1;
	if (pipe2(go, O_CLOEXEC) != 0)
		return err_errno(err, "pipe");
	if (pipe2(out, O_CLOEXEC) != 0) {
		err_errno(err, "pipe");
		close(go[0]);
		close(go[1]);
		return false;
	}
	r->child = fork();
	if (r->child == 0) {
		close(go[1]); /* or its own end would never come */
		child(pdf, go[0], out[1], size);
	}
	if (r->child < 0)
		err_errno(err, "fork");
	close(go[0]);
	close(out[1]);
	r->go = go[1];
	r->from = fdopen(out[0], "r"); /* which asks the system something: later it may not */
	if (r->from == NULL) {
		close(out[0]);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	setvbuf(r->from, block, _IOFBF, BLOCK_BYTES);
	return r->child > 0;
}

/* ---- its parent ---- */

static bool
write_all(int fd, struct span bytes, struct err *err)
{
	for (size_t at = 0; at < bytes.len;) {
		const ssize_t n = write(fd, bytes.ptr + at, bytes.len - at);
		if (n < 0 && errno != EINTR)
			return err_errno(err, "write");
		at += n > 0 ? (size_t)n : 0;
	}
	return true;
}

bool
pages_open(struct pages **out, struct span pdf, struct err *err)
{
	struct pages *p = calloc(1, sizeof *p);
	const int file = memfd_create("pdf", MFD_CLOEXEC);
	bool ok = p != NULL ? file >= 0 || err_errno(err, "memfd_create")
			    : err_set(err, ERR_MEMORY, "out of memory");

	*out = NULL;
	ok = ok && write_all(file, pdf, err);
	while (ok && p->n < SIZES) {
		ok = start(&p->renderers[p->n], file, sizes[p->n], p->block[p->n], err);
		p->n++;
	}
	if (file >= 0)
		close(file);
	if (!ok) {
		pages_close(p);
		return false;
	}
	*out = p;
	return true;
}

/* How it ended, after so many pages: well, or the reason why not. */
static bool
ended(struct renderer *r, unsigned drawn, struct err *err)
{
	int status = 0;

	while (waitpid(r->child, &status, 0) < 0)
		if (errno != EINTR)
			return err_errno(err, "wait for pdftoppm");
	r->child = 0;
	if (WIFSIGNALED(status))
		return err_set(err, ERR_LIMIT, "drawing the pages of this PDF takes too long");
	if (WEXITSTATUS(status) == EXIT_NO_PROGRAM)
		return err_set(err, ERR_NOT_FOUND,
		    "pdftoppm is not installed, which draws the pages: apt-get install "
		    "poppler-utils");
	return (WEXITSTATUS(status) == 0 && drawn > 0) ||
	    err_set(err, ERR_MALFORMED, "the PDF is damaged, or locked with a password");
}

static bool
draw_and_look(struct looks *l, struct renderer *r, bool again, struct err *err)
{
	struct raster page = { 0 };
	unsigned drawn = 0;
	bool ok = write(r->go, "", 1) == 1 || err_errno(err, "start pdftoppm");

	for (bool end = false; ok && !end;) {
		ok = read_ppm(&end, &page, r->from, err);
		if (ok && !end && ++drawn > LIMIT_SCAN_PAGES)
			ok = err_set(err, ERR_LIMIT,
			    "the PDF has more than %d pages: give those of the certificate alone",
			    LIMIT_SCAN_PAGES);
		if (ok && !end)
			ok = looks_at(l, drawn, &page, again, err);
		raster_free(&page);
	}
	return ok && ended(r, drawn, err);
}

bool
pages_look(struct looks *l, struct pages *p, struct err *err)
{
	for (size_t i = 0; i < SIZES && l->count == 0; i++)
		if (!draw_and_look(l, &p->renderers[i], i + 1 == SIZES, err))
			return false;
	return true;
}

/* Who waits for its word ends with the end of it; who is drawing, when nobody reads. */
void
pages_close(struct pages *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->n; i++) {
		close(p->renderers[i].go);
		if (p->renderers[i].from != NULL)
			fclose(p->renderers[i].from);
	}
	for (size_t i = 0; i < p->n; i++)
		while (p->renderers[i].child > 0 && waitpid(p->renderers[i].child, NULL, 0) < 0 &&
		    errno == EINTR)
			continue;
	free(p);
}
