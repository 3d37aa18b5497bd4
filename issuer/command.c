#include "issuer/command.h"

#include "core/civil.h"
#include "core/file.h"
#include "core/rfc3339.h"
#include "issuer/refusal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char *const option_words[COMMAND_OPTION_COUNT] = {
#define PROGRESS_LEAST 33 /* less is done at once */
#define PROGRESS_COLUMNS 24
#define COMMAND_OPTION_WORD(name, word, value, help) [OPTION_##name] = (word),
	COMMAND_OPTIONS(COMMAND_OPTION_WORD)
#undef COMMAND_OPTION_WORD
};

/* ---- words and options ---- */

static bool
usage(const struct command *c, struct err *err)
{
	return err_set(err, ERR_USAGE, "usage: qualcert %s %s", c->row->name, c->row->usage);
}

bool
command_one_word(const char **out, const struct command *c, struct err *err)
{
	if (c->n_words != 1)
		return usage(c, err);
	*out = c->words[0];
	return true;
}

bool
command_no_words(const struct command *c, struct err *err)
{
	return c->n_words == 0 || usage(c, err);
}

bool
command_need(struct span *out, const struct command *c, enum command_option option, struct err *err)
{
	const char *value = c->option[option];

	if (value == NULL || value[0] == '\0')
		return err_set(err, ERR_USAGE, "--%s is needed: qualcert %s %s",
		    option_words[option], c->row->name, c->row->usage);
	*out = span_text(value);
	return true;
}

bool
command_number(unsigned *out, const struct command *c, enum command_option option, unsigned max,
    struct err *err)
{
	struct span text;
	char *end;

	if (!command_need(&text, c, option, err))
		return false;
	const char *value = c->option[option];
	unsigned long number = strtoul(value, &end, 10);
	if (value[0] < '0' || value[0] > '9' || *end != '\0' || number == 0 || number > max)
		return err_set(err, ERR_USAGE, "--%s is a number from 1 to %u, not \"%s\"",
		    option_words[option], max, value);
	*out = (unsigned)number;
	return true;
}

bool
command_date(int64_t *out_s, const struct command *c, enum command_option option, struct err *err)
{
	struct span text;
	struct civil_date date;

	if (!command_need(&text, c, option, err))
		return false;
	if (!civil_parse(&date, text, NULL))
		return err_set(err, ERR_USAGE, "--%s is a date like 2026-11-16, not \"%s\"",
		    option_words[option], c->option[option]);
	*out_s = civil_start_s(date);
	return true;
}

bool
command_moment(int64_t *out_s, const struct command *c, enum command_option option,
    int64_t otherwise_s, struct err *err)
{
	const char *value = c->option[option];
	struct civil_date date;
	char full[64];

	*out_s = otherwise_s;
	if (value == NULL)
		return true;
	if (civil_parse(&date, span_text(value), NULL)) {
		*out_s = civil_start_s(date) + CIVIL_DAY_S - 1;
		return true;
	}
	snprintf(full, sizeof full, "%.40s%s", value,
	    strlen(value) == 16       ? ":00+08:00"
		: strlen(value) == 19 ? "+08:00"
				      : "");
	return rfc3339_parse(out_s, span_text(full), NULL) ||
	    err_set(err, ERR_USAGE,
		"--%s is a date (2026-11-20) or a time (2026-11-20T14:00), not \"%s\"",
		option_words[option], value);
}

bool
command_read(struct buf *out, const char *path, size_t max_bytes, struct err *err)
{
	if (strcmp(path, "-") == 0)
		return file_read_fd(out, STDIN_FILENO, max_bytes, err) ||
		    err_in(err, "standard input");
	return file_read(out, path, max_bytes, err);
}

/* ---- talking ---- */

void
command_print(const struct command *c, const char *fmt, ...)
{
	va_list ap;

	if (c->answer != NULL)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

void
command_print_buf(const struct command *c, const struct buf *text)
{
	if (c->answer == NULL && text->len > 0)
		fwrite(text->ptr, 1, text->len, stdout);
}

void
command_answer(const struct command *c, const char *key, const char *text)
{
	if (c->answer != NULL)
		json_object_set_new(c->answer, key, json_string(text));
}

void
command_failed(struct command *c, const char *what, const struct err *why)
{
	const bool named = strstr(why->text, what) != NULL; /* by the sentence */

	c->status = EXIT_FAILURE;
	command_warn_refusal(c, named ? NULL : what, why);
	if (c->answer == NULL)
		return;
	json_t *failed = json_object_get(c->answer, "failed");
	if (failed == NULL)
		json_object_set_new(c->answer, "failed", failed = json_array());
	json_array_append_new(failed, json_pack("{s:s, s:s}", "what", what, "text", why->text));
}

bool
command_answer_defects(const struct command *c, const struct defects *defects, struct err *err)
{
	struct buf text = BUF_EMPTY;

	if (c->answer == NULL)
		return true;
	bool ok = defects_json(&text, defects, err);
	json_t *found = ok ? json_loadb((const char *)text.ptr, text.len, 0, NULL) : NULL;
	buf_free(&text);
	if (ok && json_object_update(c->answer, found) != 0)
		ok = err_set(err, ERR_MEMORY, "out of memory");
	json_decref(found);
	return ok;
}

void
command_warn_defects(const struct command *c, const struct defects *defects)
{
	struct buf text = BUF_EMPTY;

	defects_text(&text, defects, c->lang);
	if (text.len > 0)
		fwrite(text.ptr, 1, text.len, stderr);
	buf_free(&text);
}

void
command_tell(const struct buf *text)
{
	if (text->len > 0)
		fwrite(text->ptr, 1, text->len, stderr);
}

void
command_warn(const char *fmt, ...)
{
	va_list ap;

	fputs("qualcert: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void
command_progress(size_t done, size_t n)
{
	if (n < PROGRESS_LEAST || !isatty(STDERR_FILENO) || getenv("NO_COLOR") != NULL)
		return;
	if (done < n)
		fprintf(stderr, "%7zu/%zu\r", done, n);
	else
		fprintf(stderr, "%*s\r", PROGRESS_COLUMNS, "");
}

void
command_warn_refusal(const struct command *c, const char *what, const struct err *why)
{
	struct buf text = BUF_EMPTY;

	refusal_text(&text, why->text, c->lang);
	const char *said = buf_text(&text);
	if (said == NULL) /* out of memory: it must be said all the same */
		said = why->text;
	command_warn("%s%s%s", what != NULL ? what : "", what != NULL ? ": " : "", said);
	buf_free(&text);
}

bool
command_has_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool
command_ask(struct buf *out, const char *prompt, struct err *err)
{
	char *line = NULL;
	size_t room = 0;

	fflush(stdout);
	fputs(prompt, stderr);
	ssize_t len = getline(&line, &room, stdin);
	if (len > 0)
		buf_add(out, line, (size_t)len - (line[len - 1] == '\n'));
	free(line);
	if (len < 0)
		return err_set(err, ERR_IO, "no answer came");
	return buf_ok(out, err);
}

bool
command_confirm(struct command *c, const char *prompt, const char *want, struct err *err)
{
	struct buf answer = BUF_EMPTY;

	/* Without a signature there is nothing to confirm. */
	if (c->option[OPTION_YES] != NULL || c->option[OPTION_DRY_RUN] != NULL ||
	    c->option[OPTION_EXPORT] != NULL)
		return true;
	if (!command_has_terminal())
		return err_set(
		    err, ERR_USAGE, "there is no terminal to ask at; --yes confirms beforehand");
	bool ok = command_ask(&answer, prompt, err) &&
	    (span_is(buf_span(&answer), want) ||
		err_set(err, ERR_REFUSED, "not confirmed; nothing was recorded"));
	buf_free(&answer);
	c->now_s = (int64_t)time(NULL);
	return ok;
}

bool
command_confirm_holder(struct command *c, struct span uscc, struct err *err)
{
	char last[6] = "";

	if (uscc.len >= 5)
		memcpy(last, uscc.ptr + uscc.len - 5, 5);
	return command_confirm(c,
	    LANG_PICK(c->lang, "请输入持证单位代码的末五位以继续：",
		"Type the last 5 characters of the holder's code to go on: "),
	    last, err);
}
