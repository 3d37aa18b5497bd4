/* What befell a certificate: on a date, as known at a time, and by which acts. */
#include "core/civil.h"
#include "core/encode.h"
#include "core/text.h"
#include "issuer/commands.h"
#include "issuer/validity.h"
#include "issuer/words.h"
#include "registry/registry_subject.h"

/* One question. */
struct asked {
	int64_t on_s, known_s;
	struct validity validity;
	struct registry_subject subject; /* the licence, as it was folded at known_s */
};

/* ---- the answer ---- */

static void
print_answer(const struct command *c, const struct asked *a, const struct validity_answer *now)
{
	char on[WORD_TIME_BYTES], known[WORD_TIME_BYTES];
	struct buf out = BUF_EMPTY;
	const struct claims *claims = &a->validity.credential.claims;
	const bool zh = c->lang == LANG_ZH;

	word_time(on, a->on_s, c->lang);
	word_time(known, a->known_s, c->lang);
	buf_printf(&out, "%s   ", a->validity.shown);
	text_escape(&out, claims->holder);
	buf_printf(&out, "   %s\n", word_grade(claims->grade, c->lang));
	buf_printf(&out, zh ? "%s，据 %s 所知：%s\n" : "On %s, as known on %s: %s\n", on, known,
	    validity_words(now, c->lang));
	buf_printf(&out, zh ? "  新的涉密业务    %s\n" : "  New contracts   %s\n",
	    validity_work_words(now->contracts, c->lang));
	buf_printf(&out, zh ? "  已承接的业务    %s\n" : "  Existing work   %s\n",
	    validity_work_words(now->existing, c->lang));
	command_print_buf(c, &out);
	buf_free(&out);
}

/* ---- the acts ---- */

static void
act_row(struct buf *out, const struct command *c, const struct chain_entry *e)
{
	char when[WORD_TIME_BYTES], from[CIVIL_TEXT_BYTES], room[OFFICER_NAME_BYTES];
	const struct body_order *body = &e->body.order;

	word_time(when, e->recorded_s, c->lang);
	buf_printf(out, "  %s  ", when);
	size_t at = out->len;
	buf_add_text(out, word_kind(e->act.kind, c->lang));
	word_pad(out, at, 10);
	buf_printf(out, " %s", command_name(room, c, e->who.person));
	if (act_kind_form(e->act.kind) == ACT_PROPOSAL) {
		civil_format(from, civil_of(body->from_s));
		buf_printf(out, LANG_PICK(c->lang, "  自 %s  ", "  from %s  "), from);
		text_escape(out, body->ground);
		buf_add_text(out, "  ");
		text_escape(out, body->document);
	} else if (e->act.kind == ACT_REFUSE) {
		buf_add_text(out, "  ");
		text_escape(out, e->body.answer.reason);
	}
	buf_add_byte(out, '\n');
}

static json_t *
act_json(const struct chain_entry *e)
{
	char hex[2 * BUNDLE_PERSON_BYTES + 1];
	const struct body_order *body = &e->body.order;

	hex_encode(hex, span_of(e->who.person, sizeof e->who.person));
	json_t *out = json_pack("{s:s, s:I, s:s}", "act", act_kind_word(e->act.kind), "recorded_s",
	    (json_int_t)e->recorded_s, "person", hex);
	if (act_kind_form(e->act.kind) != ACT_PROPOSAL)
		return out;
	json_object_set_new(
	    out, "ground", json_stringn((const char *)body->ground.ptr, body->ground.len));
	json_object_set_new(
	    out, "document", json_stringn((const char *)body->document.ptr, body->document.len));
	json_object_set_new(out, "from_s", json_integer((json_int_t)body->from_s));
	if (body->until_s > 0)
		json_object_set_new(out, "until_s", json_integer((json_int_t)body->until_s));
	return out;
}

/* Those recorded by then. */
static bool
print_acts(const struct command *c, const struct asked *a, struct err *err)
{
	struct buf out = BUF_EMPTY;
	json_t *acts = c->answer != NULL ? json_array() : NULL;

	for (size_t i = 0; i < a->subject.chain.n; i++) {
		const struct chain_entry *e = &a->subject.chain.entries[i];
		if (e->recorded_s > a->known_s)
			break;
		if (i == 0)
			buf_printf(&out, "%s\n", LANG_PICK(c->lang, "登记的行为", "Recorded"));
		act_row(&out, c, e);
		if (acts != NULL)
			json_array_append_new(acts, act_json(e));
	}
	command_print_buf(c, &out);
	bool ok = buf_ok(&out, err);
	buf_free(&out);
	if (c->answer != NULL)
		json_object_set_new(c->answer, "acts", acts);
	return ok;
}

static void
fill_answer(const struct command *c, const struct asked *a, const struct validity_answer *now)
{
	json_t *answer = validity_json(&a->validity, now);

	json_object_set_new(answer, "on_s", json_integer((json_int_t)a->on_s));
	json_object_set_new(answer, "known_s", json_integer((json_int_t)a->known_s));
	json_object_update(c->answer, answer);
	json_decref(answer);
}

bool
cmd_history(struct command *c, struct err *err)
{
	struct asked a = { 0 };
	const char *word;

	bool ok = command_one_word(&word, c, err) &&
	    command_moment(&a.on_s, c, OPTION_AT, c->now_s, err) &&
	    command_moment(&a.known_s, c, OPTION_KNOWN, c->now_s, err) &&
	    command_open(c, true, err) &&
	    validity_load(&a.validity, c->bureau, span_text(word), err) &&
	    registry_subject_load(&a.subject, c->bureau->registry,
		span_text(a.validity.instrument.number), a.known_s, err);
	if (ok) {
		struct validity_answer now = validity_ask(&a.validity, a.on_s, a.known_s);
		print_answer(c, &a, &now);
		if (c->answer != NULL)
			fill_answer(c, &a, &now);
		ok = print_acts(c, &a, err);
	}
	registry_subject_free(&a.subject);
	validity_free(&a.validity);
	return ok;
}
