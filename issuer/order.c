#include "issuer/order.h"

#include "issuer/words.h"

bool
order_number(struct order_line *out, const char *word, struct err *err)
{
	struct number number;

	*out = (struct order_line){ .until_s = 0 };
	if (!number_parse(&number, span_text(word), err))
		return false;
	number_stored(out->stored, &number);
	number_shown(out->shown, &number);
	return true;
}

/* ---- its ground ---- */

/* The grounds on which it can be done to what stands so. */
static void
list_grounds(enum act_kind verb, enum licence_status status, enum lang lang)
{
	size_t n;
	const struct ground *grounds = ground_all(&n);

	command_warn(
	    "grounds to %s what is %s:", act_kind_word(verb), word_licence(status, LANG_EN));
	for (size_t i = 0; i < n; i++)
		if (grounds[i].verb == verb && (grounds[i].from & 1u << status) != 0)
			command_warn("  %s  %s", grounds[i].code, ground_name(&grounds[i], lang));
}

bool
order_ground(struct span *out, const struct command *c, enum act_kind verb,
    enum licence_status status, bool repeated, struct err *err)
{
	const char *code = c->option[OPTION_GROUND];
	const struct ground *ground = code != NULL ? ground_find(span_text(code)) : NULL;

	if (ground != NULL && ground->verb == verb &&
	    (repeated || (ground->from & 1u << status) != 0)) {
		*out = span_text(code);
		return true;
	}
	list_grounds(verb, status, c->lang);
	if (code == NULL)
		return err_set(err, ERR_USAGE, "--ground is needed");
	if (!ground_fits(verb, span_text(code)))
		return err_set(
		    err, ERR_USAGE, "LIC-02: \"%s\" is no ground to %s", code, act_kind_word(verb));
	return err_set(err, ERR_REFUSED, "LIC-01: the licence is %s: ground %s does not fit",
	    licence_row(status)->word, code);
}

void
order_warn_of_open(
    const struct command *c, const struct licence_state *s, const struct order_line *line)
{
	const struct chain_entry *waits = s->open != NULL ? s->open : s->making;

	if (waits == NULL)
		return;
	struct span id = chain_sitting(waits);
	command_warn(LANG_PICK(c->lang, "%s：%.*s（%s）将因此作废",
			 "%s: %.*s (%s), which waits, becomes void by this"),
	    line->shown, (int)id.len, (const char *)id.ptr, word_kind(waits->act.kind, c->lang));
}

/* ---- proposing ---- */

static bool
add_all(struct sitting *s, const struct act_body *wish, const struct order_line *lines, size_t n,
    struct err *err)
{
	struct act_body body = *wish;

	for (size_t i = 0; i < n; i++) {
		body.order.until_s = lines[i].until_s;
		if (!sitting_add(s, span_text(lines[i].stored), &body, err))
			return err_in(err, "%s", lines[i].shown);
	}
	return true;
}

/* The place of the first that was recorded; n: none was. */
static size_t
report(struct command *c, const struct command_record *record, const char *sitting,
    const struct order_line *lines, size_t n)
{
	json_t *numbers = c->answer != NULL ? json_array() : NULL;
	size_t first = n;

	for (size_t i = 0; i < n; i++) {
		if (!record->items[i].recorded) {
			command_failed(c, lines[i].shown, &record->items[i].err);
			continue;
		}
		first = first == n ? i : first;
		command_print(c, "proposed %s %s\n", sitting, lines[i].shown);
		if (numbers != NULL)
			json_array_append_new(numbers, json_string(lines[i].shown));
	}
	if (c->answer != NULL) {
		command_answer(c, "proposed", sitting);
		json_object_set_new(c->answer, "numbers", numbers);
	}
	return first;
}

bool
order_propose(struct command *c, struct sitting *s, enum act_kind kind,
    const struct body_order *body, const struct order_line *lines, size_t n, struct err *err)
{
	struct command_proposal proposal;
	struct command_record record = { 0 };
	struct act_body wish = { .kind = kind, .order = *body };

	s->now_s = c->now_s;
	if (!command_propose(&proposal, c, s, kind, err))
		return false;
	wish.sitting = span_text(proposal.sitting);
	wish.not_after_s = proposal.not_after_s;
	bool ok = add_all(s, &wish, lines, n, err) && command_finish(&record, c, s, err);
	if (ok && record.done && n == 1 && !record.items[0].recorded) {
		*err = record.items[0].err;
		ok = false;
	} else if (ok && record.done) {
		size_t first = report(c, &record, proposal.sitting, lines, n);
		ok = first == n ||
		    command_tell_who_approves(
			c, span_text(lines[first].stored), proposal.not_after_s, err);
	}
	command_record_free(&record, s);
	return ok;
}
