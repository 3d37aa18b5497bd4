#include "keys/passphrase.h"

#include "core/file.h"
#include "core/limits.h"
#include "keys/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

/* One line, byte by byte: what follows it is the next reader's. */
static bool
read_line(struct buf *out, int fd, struct err *err)
{
	char ch;

	for (;;) {
		ssize_t n = read(fd, &ch, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "read the passphrase");
		if (n == 0 || ch == '\n')
			break;
		if (out->len == LIMIT_PASSPHRASE_BYTES)
			return err_set(err, ERR_LIMIT, "the passphrase is longer than %d bytes",
			    LIMIT_PASSPHRASE_BYTES);
		buf_add(out, &ch, 1);
	}
	if (out->len == 0)
		return err_set(err, ERR_REFUSED, "the passphrase is empty");
	return buf_ok(out, err);
}

static bool
ask(struct buf *out, const char *prompt, struct err *err)
{
	struct termios before, silent;
	bool ok = false;

	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_set(err, ERR_IO,
		    "no terminal to ask for the passphrase: use --passphrase-file or "
		    "--passphrase-fd");
	if (tcgetattr(fd, &before) != 0) {
		err_errno(err, "look at the terminal");
		goto out;
	}
	silent = before;
	/* Without ISIG, so that no interrupt leaves the terminal silent. */
	silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	/* Silent before the prompt, so that no answer to it is shown, however quick. */
	if (tcsetattr(fd, TCSAFLUSH, &silent) != 0) {
		err_errno(err, "silence the terminal");
		goto out;
	}
	ok = dprintf(fd, "%s", prompt) >= 0 ? read_line(out, fd, err)
					    : err_errno(err, "ask at the terminal");
	tcsetattr(fd, TCSAFLUSH, &before);
	(void)dprintf(fd, "\n");
out:
	close(fd);
	return ok;
}

static bool
read_file(struct buf *out, const char *path, struct err *err)
{
	struct buf all = BUF_EMPTY;
	bool ok = secret_file_read(&all, path, LIMIT_PASSPHRASE_BYTES + 1, err);

	if (ok) {
		const uint8_t *end = all.len > 0 ? memchr(all.ptr, '\n', all.len) : NULL;
		buf_add(out, all.ptr, end != NULL ? (size_t)(end - all.ptr) : all.len);
		ok = out->len > 0 ? buf_ok(out, err)
				  : err_set(err, ERR_REFUSED, "%s: the passphrase is empty", path);
	}
	buf_wipe(&all);
	return ok;
}

bool
passphrase_read(
    struct buf *out, const struct passphrase_source *source, const char *prompt, struct err *err)
{
	switch (source->from) {
	case PASSPHRASE_FD:
		return read_line(out, source->fd, err);
	case PASSPHRASE_FILE:
		return read_file(out, source->path, err);
	default:
		return ask(out, prompt, err);
	}
}

/* Only a person can mistype unseen. */
static bool
ask_again(const struct buf *first, struct err *err)
{
	struct buf again = BUF_EMPTY;
	bool ok = ask(&again, "The same once more: ", err) &&
	    (span_equal(buf_span(first), buf_span(&again)) ||
		err_set(err, ERR_REFUSED, "the two passphrases differ"));

	buf_wipe(&again);
	return ok;
}

bool
passphrase_read_new(
    struct buf *out, const struct passphrase_source *source, const char *prompt, struct err *err)
{
	if (!passphrase_read(out, source, prompt, err))
		return false;
	if (out->len < PASSPHRASE_MIN_BYTES)
		return err_set(
		    err, ERR_REFUSED, "a passphrase has at least %d bytes", PASSPHRASE_MIN_BYTES);
	return source->from != PASSPHRASE_TERMINAL || ask_again(out, err);
}
