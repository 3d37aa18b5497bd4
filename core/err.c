#include "core/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Was the text cut? Then drop its last character if that is not ASCII: it may have been cut in two.
 */
static void
end_at_character(char text[ERR_TEXT_BYTES], int wanted)
{
	if (wanted < ERR_TEXT_BYTES)
		return;
	size_t start = ERR_TEXT_BYTES - 1;
	while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start > 0 && ((unsigned char)text[start - 1] & 0x80) != 0)
		start--;
	text[start] = '\0';
}

/* Write "head: tail" (or only head when tail is NULL) into err->text; tail may lie in err->text. */
__attribute__((format(printf, 3, 0))) static void
set_text(struct err *err, const char *tail, const char *fmt, va_list args)
{
	char head[ERR_TEXT_BYTES] = "";
	char text[ERR_TEXT_BYTES] = "";

	end_at_character(head, vsnprintf(head, sizeof head, fmt, args));
	int wanted = snprintf(
	    text, sizeof text, "%s%s%s", head, tail == NULL ? "" : ": ", tail == NULL ? "" : tail);
	end_at_character(text, wanted);
	memcpy(err->text, text, sizeof text);
}

void
err_write(struct err *err, enum err_code code, const char *fmt, ...)
{
	if (err == NULL)
		return;
	va_list args;
	va_start(args, fmt);
	set_text(err, NULL, fmt, args);
	va_end(args);
	err->code = code;
}

void
err_write_in(struct err *err, const char *fmt, ...)
{
	if (err == NULL)
		return;
	va_list args;
	va_start(args, fmt);
	set_text(err, err->text, fmt, args);
	va_end(args);
}

void
err_write_errno(struct err *err, const char *fmt, ...)
{
	char reason[128];
	/* The GNU form: it returns the text, which need not be in the buffer. */
	const char *why = strerror_r(errno, reason, sizeof reason);

	if (err == NULL)
		return;
	va_list args;
	va_start(args, fmt);
	set_text(err, why, fmt, args);
	va_end(args);
	err->code = ERR_IO;
}
