/* Certificates: all of them, one of them. */
#include "core/civil.h"
#include "core/encode.h"
#include "core/text.h"
#include "credential/qr_text.h"
#include "issuer/commands.h"
#include "issuer/validity.h"
#include "issuer/words.h"

#include <stdlib.h>

/* Read first: a visitor may not ask the register further questions. */
struct all {
	char (*numbers)[NUMBER_STORED_BYTES];
	size_t n;
};

static bool
on_holding(void *ctx, const struct registry_holding *h, struct err *err)
{
	struct all *all = ctx;
	char(*grown)[NUMBER_STORED_BYTES] = realloc(all->numbers, (all->n + 1) * sizeof *grown);

	if (grown == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	all->numbers = grown;
	memcpy(grown[all->n++], h->number, sizeof *grown);
	return true;
}

static void
print_row(const struct command *c, const struct validity *s, const struct validity_answer *now)
{
	struct buf row = BUF_EMPTY;
	char until[CIVIL_TEXT_BYTES];
	const struct claims *claims = &s->credential.claims;

	civil_format(until, civil_of(now->end_s - 1));
	buf_printf(&row, "%s  ", s->shown);
	size_t from = row.len;
	text_escape(&row, claims->holder);
	word_pad(&row, from, 36);
	buf_printf(&row, "  %s  %s", until, validity_words(now, c->lang));
	command_print(c, "%s\n", buf_text(&row) != NULL ? buf_text(&row) : "");
	buf_free(&row);
}

bool
cmd_list(struct command *c, struct err *err)
{
	struct all all = { 0 };
	json_t *lines = NULL;

	bool ok = command_no_words(c, err) && command_open(c, true, err) &&
	    registry_each_holding(c->bureau->registry, on_holding, &all, err);
	if (ok && c->answer != NULL)
		json_object_set_new(c->answer, "certificates", lines = json_array());
	for (size_t i = 0; ok && i < all.n; i++) {
		struct validity s;
		ok = validity_load(&s, c->bureau, span_text(all.numbers[i]), c->now_s, err);
		if (ok) {
			struct validity_answer now = validity_ask(&s, c->now_s);
			print_row(c, &s, &now);
			if (lines != NULL)
				json_array_append_new(lines, validity_json(&s, &now));
		}
		validity_free(&s);
	}
	free(all.numbers);
	return ok;
}

/* ---- one ---- */

static void
print_certificate(const struct command *c, const struct validity *s)
{
	struct buf out = BUF_EMPTY;
	char hex[2 * SHA256_BYTES + 1], made[WORD_TIME_BYTES], room[WORD_SUBJECT_BYTES];
	const struct claims *claims = &s->credential.claims;
	struct validity_answer now = validity_ask(s, c->now_s);
	const bool zh = c->lang == LANG_ZH;

	word_time(made, s->instrument.made_s, c->lang);
	hex_encode(hex, span_of(s->instrument.pdf_hash, SHA256_BYTES));
	buf_printf(&out, "%s   ", s->shown);
	text_escape(&out, claims->holder);
	buf_printf(&out, "   %s\n", word_grade(claims->grade, c->lang));
	buf_printf(&out, zh ? "  代码      %.*s\n" : "  Code      %.*s\n", (int)claims->uscc.len,
	    (const char *)claims->uscc.ptr);
	buf_add_text(&out, zh ? "  业务种类  " : "  Scopes    ");
	word_scopes(&out, &claims->scopes, c->lang);
	buf_add_text(&out, zh ? "\n  有效期    " : "\n  Valid     ");
	validity_days(&out, s, &now, c->lang);
	buf_printf(
	    &out, zh ? "\n  今日      %s\n" : "\n  Today     %s\n", validity_words(&now, c->lang));
	buf_printf(&out, zh ? "  版本      %u，制作于 %s\n" : "  Version   %u, made %s\n",
	    s->instrument.version, made);
	buf_printf(&out, zh ? "  校验码    %s\n" : "  Check     %s\n", s->instrument.check_code);
	buf_printf(&out, zh ? "  状态位置  列表 %u，位置 %u\n" : "  Status    list %u, slot %u\n",
	    s->instrument.list, s->instrument.idx);
	buf_printf(&out, "  SHA-256   %s\n", hex);
	buf_printf(&out, zh ? "  来源      %s\n" : "  Made on   %s\n",
	    word_subject(room, span_text(s->instrument.subject)));
	command_print_buf(c, &out);
	buf_free(&out);
}

static json_t *
certificate_json(const struct validity *s, int64_t now_s)
{
	struct validity_answer now = validity_ask(s, now_s);
	char hex[2 * SHA256_BYTES + 1];
	json_t *out = validity_json(s, &now);

	hex_encode(hex, span_of(s->instrument.pdf_hash, SHA256_BYTES));
	json_object_set_new(out, "made_s", json_integer((json_int_t)s->instrument.made_s));
	json_object_set_new(out, "check_code", json_string(s->instrument.check_code));
	json_object_set_new(out, "pdf_sha256", json_string(hex));
	json_object_set_new(out, "case", json_string(s->instrument.subject));
	return out;
}

/* The text of its code, as any scanner reads it from the paper. */
static json_t *
code_json(const struct command *c, const struct validity *s)
{
	struct buf text = BUF_EMPTY;
	bool ok = qr_text_prefix(&text, span_text(c->bureau->conf.host), NULL);

	qr_text_digits(&text, span_of(s->instrument.qc1, s->instrument.qc1_len));
	json_t *out = ok && buf_ok(&text, NULL) ? json_string(buf_text(&text)) : json_null();
	buf_free(&text);
	return out;
}

bool
cmd_show(struct command *c, struct err *err)
{
	struct validity s = { 0 };
	const char *word;

	bool ok = command_one_word(&word, c, err) && command_open(c, true, err) &&
	    validity_load(&s, c->bureau, span_text(word), c->now_s, err);
	if (ok) {
		print_certificate(c, &s);
		if (c->answer != NULL) {
			json_t *certificate = certificate_json(&s, c->now_s);
			json_object_set_new(certificate, "code_text", code_json(c, &s));
			json_object_set_new(c->answer, "certificate", certificate);
		}
	}
	validity_free(&s);
	return ok;
}
