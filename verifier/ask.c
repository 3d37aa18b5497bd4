#include "verifier/ask.h"

#include "core/rfc3339.h"
#include "credential/uscc.h"
#include "registry/codes.h"

#include <stdio.h>

const char *const ask_words[ASK_WORDS] = { "at", "known", "holder", "grade", "scope", "for" };

/* A bare date, or a time with or without seconds and zone; without zone it is +08:00. Numbers have no other years. */
static bool
parse_when(int64_t *out_s, bool *whole_day, const char *word, const char *text, struct err *err)
{
	struct civil_date date;
	char full[64];
	const size_t len = strlen(text);
	const bool of_these_years = strncmp(text, "20", 2) == 0;

	*whole_day = of_these_years && civil_parse(&date, span_text(text), NULL);
	if (*whole_day) {
		*out_s = civil_start_s(date);
		return true;
	}
	if (len == strlen("2026-11-20T14:00"))
		snprintf(full, sizeof full, "%s:00+08:00", text);
	else if (len == strlen("2026-11-20T14:00:00"))
		snprintf(full, sizeof full, "%s+08:00", text);
	else
		snprintf(full, sizeof full, "%.40s", text);
	return (of_these_years && rfc3339_parse(out_s, span_text(full), NULL)) ||
	    err_set(err, ERR_USAGE,
		"%s: \"%.40s\" is neither a date (2026-11-20) nor a time (2026-11-20T14:00) "
		"of the years 2000 to 2099",
		word, text);
}

static bool
set_at(struct question *q, const char *word, const char *value, struct err *err)
{
	q->at_given = parse_when(&q->at_s, &q->at_whole_day, word, value, err);
	return q->at_given;
}

static bool
set_known(struct question *q, const char *word, const char *value, struct err *err)
{
	bool whole = false;

	q->known_given = parse_when(&q->known_s, &whole, word, value, err);
	if (whole)
		q->known_s += CIVIL_DAY_S - 1;
	return q->known_given;
}

static bool
set_holder(struct question *q, const char *word, const char *value, struct err *err)
{
	struct err why = { 0 };

	if (!uscc_require(span_text(value), &why))
		return err_set(err, ERR_USAGE, "%s: %s", word, why.text);
	q->holder = value;
	return true;
}

static bool
set_grade(struct question *q, const char *word, const char *value, struct err *err)
{
	q->grade = strcmp(value, "A") == 0 ? 1 : strcmp(value, "B") == 0 ? 2 : 0;
	return q->grade != 0 || err_set(err, ERR_USAGE, "%s is A or B, not \"%.40s\"", word, value);
}

static bool
set_scope(struct question *q, const char *word, const char *value, struct err *err)
{
	const struct code *scope = codes_find_word(CODES_SCOPES, span_text(value));

	if (scope == NULL)
		return err_set(err, ERR_USAGE, "%s: there is no scope \"%.40s\"", word, value);
	q->scope = scope->number;
	return true;
}

static bool
set_for(struct question *q, const char *word, const char *value, struct err *err)
{
	q->existing = strcmp(value, "existing") == 0;
	return q->existing || strcmp(value, "new") == 0 ||
	    err_set(err, ERR_USAGE, "%s is new or existing, not \"%.40s\"", word, value);
}

bool
ask_set(struct question *q, const char *word, const char *value, struct err *err)
{
	static bool (*const set[ASK_WORDS])(struct question *, const char *, const char *,
	    struct err *) = { set_at, set_known, set_holder, set_grade, set_scope, set_for };

	for (size_t i = 0; i < ASK_WORDS; i++) {
		if (strcmp(word, ask_words[i]) == 0)
			return set[i](q, word, value, err);
	}
	return err_set(err, ERR_USAGE, "\"%.40s\" is nothing that can be asked", word);
}

static void
add_when(struct buf *out, int64_t t_s, bool whole_day)
{
	char text[RFC3339_TEXT_BYTES];

	if (whole_day)
		civil_format(text, civil_of(t_s));
	else
		rfc3339_format(text, t_s);
	buf_add_text(out, text);
}

static bool
value_at(struct buf *out, const struct question *q)
{
	if (q->at_given)
		add_when(out, q->at_s, q->at_whole_day);
	return q->at_given;
}

static bool
value_known(struct buf *out, const struct question *q)
{
	if (q->known_given)
		add_when(out, q->known_s, false);
	return q->known_given;
}

static bool
value_holder(struct buf *out, const struct question *q)
{
	if (q->holder != NULL)
		buf_add_text(out, q->holder);
	return q->holder != NULL;
}

static bool
value_grade(struct buf *out, const struct question *q)
{
	if (q->grade != 0)
		buf_add_text(out, q->grade == 1 ? "A" : "B");
	return q->grade != 0;
}

static bool
value_scope(struct buf *out, const struct question *q)
{
	const struct code *scope = q->scope != 0 ? codes_find_number(CODES_SCOPES, q->scope) : NULL;

	if (scope != NULL)
		buf_add_text(out, scope->word);
	return scope != NULL;
}

static bool
value_for(struct buf *out, const struct question *q)
{
	if (q->existing)
		buf_add_text(out, "existing");
	return q->existing;
}

bool
ask_value(struct buf *out, const struct question *q, size_t i)
{
	static bool (*const value[ASK_WORDS])(struct buf *, const struct question *) = { value_at,
		value_known, value_holder, value_grade, value_scope, value_for };

	return value[i](out, q);
}
