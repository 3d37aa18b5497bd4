/*
 * An extension order (顺延): all certificates of a grade that end in a span of days, by one paper. One
 * sitting, an act for each; the list is a table to be looked at before anything is signed.
 */
#include "core/civil.h"
#include "core/csv.h"
#include "core/cursor.h"
#include "core/file.h"
#include "issuer/commands.h"
#include "issuer/order.h"
#include "issuer/order_text.h"
#include "issuer/words.h"

#include <stdlib.h>

#define MONTHS_MAX 24 /* rule LIC-03 */
#define LABEL_COLUMNS 36

/* What becomes of a certificate that ends then. */
enum fate { IN_FORCE, EXPIRED, SUSPENDED, LEFT_SUSPENDED, LEFT_WAITING, LEFT_LATER, CANNOT, FATES };

static const struct {
	bool extended;
	const char *zh, *en, *why_zh,
	    *why_en; /* why: of what is not extended; else what is added */
} fates[FATES] = {
	[IN_FORCE] = { true, "有效", "in force", "", "" },
	[EXPIRED] = { true, "已过期", "expired", "", "" },
	[SUSPENDED] = { true, "已暂停", "suspended", "，仍为暂停", ", and stay suspended" },
	[LEFT_SUSPENDED] = { false, "已暂停", "suspended", "不列入（加 --suspended 列入）",
	    "left out (add --suspended to include)" },
	[LEFT_WAITING] = { false, "另有事项待办", "another act waits", "不列入（先办结）",
	    "left out (answer that first)" },
	[LEFT_LATER] = { false, "已至更晚日期", "ends later already", "不列入", "left out" },
	[CANNOT] = { false, "已吊销、撤销或终止", "revoked, annulled or ended", "不能顺延",
	    "cannot be extended" },
};

/* One certificate that matches. */
struct match {
	struct order_line line; /* its until_s is the new end */
	char uscc[19];
	char holder[LIMIT_HOLDER_BYTES + 1];
	int64_t exp_s, end_s; /* as printed; effective now */
	enum licence_status status;
	enum fate fate;
};

struct extension {
	struct act_body body;
	char grade;               /* 'A' or 'B' */
	int64_t first_s, until_s; /* the last day lies in [first, until) */
	unsigned months;          /* --by; 0: --until, which is */
	int64_t new_end_s;
	bool suspended;
	char (*numbers)[NUMBER_STORED_BYTES]; /* owned: those whose end may lie there */
	size_t n_numbers;
	struct match *matches; /* owned */
	size_t n;
	size_t counts[FATES];
};

static void
extension_free(struct extension *x)
{
	free(x->numbers);
	free(x->matches);
}

/* ---- the command line ---- */

/* "2026-12-01..2027-05-31" */
static bool
read_ending(struct extension *x, const struct command *c, struct err *err)
{
	struct span text;
	struct civil_date first, last;

	if (!command_need(&text, c, OPTION_ENDING, err))
		return false;
	const char *value = c->option[OPTION_ENDING], *dots = strstr(value, "..");
	if (dots == NULL || !civil_parse(&first, span_of(value, (size_t)(dots - value)), NULL) ||
	    !civil_parse(&last, span_text(dots + 2), NULL) ||
	    civil_day_number(first) > civil_day_number(last))
		return err_set(err, ERR_USAGE,
		    "--ending is a span of days like 2026-12-01..2027-05-31, not \"%s\"", value);
	x->first_s = civil_start_s(first);
	x->until_s = civil_start_s(civil_add_days(last, 1));
	return true;
}

/* "6m" */
static bool
read_months(struct extension *x, const char *value, struct err *err)
{
	char *end;
	unsigned long months = strtoul(value, &end, 10);

	if (value[0] < '0' || value[0] > '9' || strcmp(end, "m") != 0 || months == 0 ||
	    months > MONTHS_MAX)
		return err_set(err, ERR_USAGE,
		    "--by is a number of months up to %d, like 6m, not \"%s\"", MONTHS_MAX, value);
	x->months = (unsigned)months;
	return true;
}

static bool
read_new_end(struct extension *x, const struct command *c, struct err *err)
{
	const char *by = c->option[OPTION_BY];

	if ((by == NULL) == (c->option[OPTION_UNTIL] == NULL))
		return err_set(err, ERR_USAGE, "either --by 6m or --until DATE, the new last day");
	if (by != NULL)
		return read_months(x, by, err);
	if (!command_date(&x->new_end_s, c, OPTION_UNTIL, err))
		return false;
	x->new_end_s += CIVIL_DAY_S;
	return true;
}

static bool
read_options(struct extension *x, const struct command *c, struct err *err)
{
	struct body_order *b = &x->body.order;
	struct span grade;

	if (!command_no_words(c, err) || !command_need(&grade, c, OPTION_GRADE, err) ||
	    !read_ending(x, c, err) || !read_new_end(x, c, err) ||
	    !command_need(&b->document, c, OPTION_DOCUMENT, err) ||
	    !command_need(&b->ground, c, OPTION_GROUND, err) ||
	    !command_date(&b->from_s, c, OPTION_FROM, err))
		return false;
	x->grade = span_is(grade, "A") ? 'A' : 'B';
	x->suspended = c->option[OPTION_SUSPENDED] != NULL;
	if (x->grade == 'B' && !span_is(grade, "B"))
		return err_set(
		    err, ERR_USAGE, "--grade is A or B, not \"%s\"", c->option[OPTION_GRADE]);
	return ground_fits(ACT_EXTEND, b->ground) ||
	    err_set(err, ERR_USAGE, "LIC-02: \"%s\" is no ground to extend; EXT-01 is",
		c->option[OPTION_GROUND]);
}

/* ---- which certificates ---- */

/* No order shortens: what is printed to end later does. */
static bool
on_holding(void *ctx, const struct registry_holding *h, struct err *err)
{
	struct extension *x = ctx;

	if (h->number[2] != x->grade || h->exp_s > x->until_s)
		return true;
	char(*grown)[NUMBER_STORED_BYTES] = realloc(x->numbers, (x->n_numbers + 1) * sizeof *grown);
	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	x->numbers = grown;
	memcpy(grown[x->n_numbers++], h->number, sizeof *grown);
	return true;
}

static int64_t
new_end_s(const struct extension *x, int64_t end_s)
{
	if (x->months == 0)
		return x->new_end_s;
	/* The same day so many months later, or the month's last. */
	struct civil_date last = civil_add_months(civil_of(end_s - 1), (int)x->months);
	return civil_start_s(civil_add_days(last, 1));
}

static enum fate
fate_of(const struct extension *x, const struct licence_state *s)
{
	const struct ground *ground = ground_find(x->body.order.ground);

	if ((ground->from & 1u << s->status) == 0)
		return CANNOT;
	if (s->open != NULL || s->making != NULL)
		return LEFT_WAITING;
	if (new_end_s(x, s->end_s) <= s->end_s)
		return LEFT_LATER;
	if (s->status == LICENCE_SUSPENDED)
		return x->suspended ? SUSPENDED : LEFT_SUSPENDED;
	return s->status == LICENCE_EXPIRED ? EXPIRED : IN_FORCE;
}

static bool
add_match(struct extension *x, const struct registry_subject *licence, const char *number,
    struct err *err)
{
	const struct licence_state *s = &licence->licence;
	const struct claims *claims = &licence->credential.claims;

	if (s->end_s <= x->first_s || s->end_s > x->until_s)
		return true;
	struct match *grown = realloc(x->matches, (x->n + 1) * sizeof *grown);
	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	x->matches = grown;
	struct match *m = &grown[x->n++];
	if (!order_number(&m->line, number, err))
		return false;
	m->line.until_s = new_end_s(x, s->end_s);
	snprintf(
	    m->uscc, sizeof m->uscc, "%.*s", (int)claims->uscc.len, (const char *)claims->uscc.ptr);
	snprintf(m->holder, sizeof m->holder, "%.*s", (int)claims->holder.len,
	    (const char *)claims->holder.ptr);
	m->exp_s = s->facts.exp_s;
	m->end_s = s->end_s;
	m->status = s->status;
	m->fate = fate_of(x, s);
	x->counts[m->fate]++;
	return true;
}

static bool
find_all(struct extension *x, const struct command *c, struct err *err)
{
	struct registry *r = c->bureau->registry;

	if (!registry_each_holding(r, on_holding, x, err))
		return false;
	for (size_t i = 0; i < x->n_numbers; i++) {
		struct registry_subject licence;
		bool ok =
		    registry_subject_load(&licence, r, span_text(x->numbers[i]), c->now_s, err) &&
		    add_match(x, &licence, x->numbers[i], err);
		registry_subject_free(&licence);
		if (!ok)
			return false;
	}
	return true;
}

/* ---- the list ---- */

static void
day_cell(struct buf *out, int64_t end_s)
{
	char text[CIVIL_TEXT_BYTES];
	civil_format(text, civil_of(end_s - 1));
	csv_cell(out, false, span_text(text));
}

static void
list_line(struct buf *out, const struct match *m, enum lang lang)
{
	const bool extended = fates[m->fate].extended;

	csv_cell(out, true, span_text(m->line.shown));
	csv_cell(out, false, span_text(m->holder));
	csv_cell(out, false, span_text(m->uscc));
	csv_cell(out, false, span_text(word_licence(m->status, lang)));
	day_cell(out, m->exp_s);
	day_cell(out, m->end_s);
	day_cell(out, extended ? m->line.until_s : m->end_s);
	csv_cell(out, false,
	    span_text(extended ? LANG_PICK(lang, "顺延", "extended")
			       : LANG_PICK(lang, fates[m->fate].why_zh, fates[m->fate].why_en)));
	csv_end_line(out);
}

static void
list(struct buf *out, const struct extension *x, enum lang lang)
{
	static const char *const zh[] = { "编号", "持证单位", "统一社会信用代码", "状态",
		"证面截止", "现截止", "顺延至", "处理" };
	static const char *const en[] = { "number", "holder", "uscc", "status", "printed end",
		"end", "new end", "result" };

	buf_add_text(out, CSV_MARK);
	for (size_t i = 0; i < sizeof zh / sizeof zh[0]; i++)
		csv_cell(out, i == 0, span_text(LANG_PICK(lang, zh[i], en[i])));
	csv_end_line(out);
	for (size_t i = 0; i < x->n; i++)
		list_line(out, &x->matches[i], lang);
}

/* extend-2026-11-22.csv in the working folder. */
static bool
write_list(char path[32], const struct extension *x, const struct command *c, struct err *err)
{
	char day[CIVIL_TEXT_BYTES];
	struct buf table = BUF_EMPTY;

	civil_format(day, civil_of(x->body.order.from_s));
	snprintf(path, 32, "extend-%s.csv", day);
	list(&table, x, c->lang);
	bool ok = buf_ok(&table, err) && file_write(path, buf_span(&table), 0600, err);
	buf_free(&table);
	return ok;
}

/* ---- the screen ---- */

static size_t
count_extended(const struct extension *x)
{
	size_t n = 0;
	for (size_t i = 0; i < FATES; i++)
		n += fates[i].extended ? x->counts[i] : 0;
	return n;
}

/* "by 6 months", "to 2031-12-31" */
static void
how_far(struct buf *out, const struct extension *x, enum lang lang)
{
	char day[CIVIL_TEXT_BYTES];

	civil_format(day, civil_of(x->new_end_s - 1));
	if (x->months == 0)
		buf_printf(out, LANG_PICK(lang, "至 %s", "to %s"), day);
	else if (lang == LANG_ZH)
		buf_printf(out, " %u 个月", x->months);
	else
		buf_printf(out, "by %u month%s", x->months, x->months == 1 ? "" : "s");
}

static void
title(struct buf *out, const struct extension *x, enum lang lang)
{
	buf_add_text(out, LANG_PICK(lang, "顺延", "EXTEND (顺延) "));
	how_far(out, x, lang);
	if (lang == LANG_ZH)
		buf_printf(out, "：符合条件的证书 %zu 份\n", x->n);
	else
		buf_printf(out, ": %zu certificate%s\n", x->n, x->n == 1 ? " matches" : "s match");
}

static void
counts(struct buf *out, const struct extension *x, enum lang lang)
{
	for (size_t i = 0; i < FATES; i++) {
		if (x->counts[i] == 0)
			continue;
		size_t from = out->len;
		buf_printf(
		    out, "%5zu  %s", x->counts[i], LANG_PICK(lang, fates[i].zh, fates[i].en));
		word_pad(out, from, LABEL_COLUMNS);
		buf_add_byte(out, ' ');
		if (fates[i].extended) {
			buf_add_text(out, LANG_PICK(lang, "将顺延", "end moved "));
			how_far(out, x, lang);
		}
		buf_printf(out, "%s\n", LANG_PICK(lang, fates[i].why_zh, fates[i].why_en));
	}
}

static bool
tell(const struct extension *x, struct command *c, const char *list, struct err *err)
{
	const bool dry = c->option[OPTION_DRY_RUN] != NULL;
	struct buf screen = BUF_EMPTY;

	title(&screen, x, c->lang);
	counts(&screen, x, c->lang);
	buf_printf(&screen,
	    LANG_PICK(c->lang, "新旧截止日期一览：%s（%zu 行）\n",
		"List with old and new end dates: %s (%zu line%s)\n"),
	    list, x->n, x->n == 1 ? "" : "s");
	if (dry)
		buf_add_text(
		    &screen, LANG_PICK(c->lang, "未签署任何内容。\n", "Nothing was signed.\n"));
	if (count_extended(x) > 0)
		buf_printf(&screen,
		    LANG_PICK(c->lang,
			"第二人将批准的正是这 %zu 项。\n"
			"证面日期不变，核验者同时看到两个日期和文号。\n",
			"The second officer will approve exactly these %zu.\n"
			"Printed dates stay; whoever checks sees both dates and the order's "
			"number.\n"),
		    count_extended(x));
	bool ok = buf_ok(&screen, err);
	if (dry)
		command_print_buf(c, &screen);
	else
		command_tell(&screen);
	buf_free(&screen);
	return ok;
}

static void
answer(const struct extension *x, const struct command *c, const char *list)
{
	static const char *const words[FATES] = { "in_force", "expired", "suspended",
		"left_suspended", "left_waiting", "left_later", "cannot" };

	if (c->answer == NULL)
		return;
	for (size_t i = 0; i < FATES; i++)
		json_object_set_new(c->answer, words[i], json_integer((json_int_t)x->counts[i]));
	json_object_set_new(c->answer, "matches", json_integer((json_int_t)x->n));
	json_object_set_new(c->answer, "extended", json_integer((json_int_t)count_extended(x)));
	command_answer(c, "list", list);
}

/* ---- the proposal ---- */

static bool
propose(const struct extension *x, struct command *c, struct sitting *s, struct err *err)
{
	const size_t n = count_extended(x);
	struct order_line *lines = calloc(n + 1, sizeof *lines);
	size_t at = 0;

	if (lines == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < x->n; i++)
		if (fates[x->matches[i].fate].extended)
			lines[at++] = x->matches[i].line;
	bool ok = command_may(c, s, span_text(lines[0].stored), ACT_EXTEND, err) &&
	    order_propose(c, s, ACT_EXTEND, &x->body.order, lines, n, err);
	free(lines);
	return ok;
}

static bool
confirm(const struct extension *x, struct command *c, struct err *err)
{
	char number[24];

	snprintf(number, sizeof number, "%zu", count_extended(x));
	return command_confirm(c,
	    LANG_PICK(
		c->lang, "请输入要顺延的份数：", "Type the number of certificates to extend: "),
	    number, err);
}

bool
cmd_extend(struct command *c, struct err *err)
{
	struct extension x = { .body = { .kind = ACT_EXTEND } };
	struct sitting s = { 0 };
	char list[32];

	bool ok = read_options(&x, c, err) && command_begin(c, &s, err) && find_all(&x, c, err) &&
	    write_list(list, &x, c, err) && tell(&x, c, list, err);
	if (ok)
		answer(&x, c, list);
	if (ok && c->option[OPTION_DRY_RUN] == NULL)
		ok = count_extended(&x) > 0
		    ? confirm(&x, c, err) && propose(&x, c, &s, err)
		    : err_set(err, ERR_REFUSED, "no certificate is left to extend");
	extension_free(&x);
	sitting_free(&s);
	return ok;
}
