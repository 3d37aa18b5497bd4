#include "issuer/stop.h"

#include "core/text.h"
#include "issuer/words.h"
#include "registry/registry_subject.h"

/* The stop that the present one began with: the first after the last resumption that was approved. */
static const struct chain_entry *
find(const struct registry_chain *chain)
{
	const struct chain_entry *found = NULL;

	for (size_t i = 0; i < chain->n; i++) {
		const struct chain_entry *e = &chain->entries[i];
		if (e->act.kind == ACT_STOP && found == NULL)
			found = e;
		if (e->act.kind == ACT_APPROVE && e->body.answer.proposal_kind == ACT_RESUME)
			found = NULL;
	}
	return found;
}

bool
stop_load(struct stop *out, const struct bureau *b, int64_t now_s, struct err *err)
{
	struct registry_subject subject;

	*out = (struct stop){ 0 };
	bool ok = registry_subject_load(&subject, b->registry, span_text("register"), now_s, err);
	const struct chain_entry *e = ok && subject.judge.stopped ? find(&subject.chain) : NULL;
	if (e != NULL) {
		out->stopped = true;
		out->since_s = e->recorded_s;
		memcpy(out->person, e->who.person, sizeof out->person);
		text_escape(&out->reason, e->body.notice.reason);
		ok = buf_ok(&out->reason, err);
	}
	registry_subject_free(&subject);
	return ok;
}

void
stop_free(struct stop *s)
{
	buf_free(&s->reason);
}

void
stop_text(struct buf *out, const struct stop *s, const struct bureau *b, enum lang lang)
{
	char room[OFFICER_NAME_BYTES], when[WORD_TIME_BYTES];

	word_time(when, s->since_s, lang);
	buf_printf(out,
	    LANG_PICK(lang, "%s 已于 %s 停止签发：", "%s stopped the making of certificates, %s: "),
	    officer_name(room, b, s->person, lang), when);
	buf_add_span(out, buf_span(&s->reason));
}

bool
stop_refuse(const struct bureau *b, int64_t now_s, struct err *err)
{
	struct stop stop;
	struct buf text = BUF_EMPTY;

	bool ok = stop_load(&stop, b, now_s, err);
	if (ok && stop.stopped) {
		stop_text(&text, &stop, b, LANG_EN);
		ok = buf_ok(&text, err) &&
		    err_set(err, ERR_REFUSED, "STP-01: %s; two resume it: qualcert resume",
			buf_text(&text));
	}
	buf_free(&text);
	stop_free(&stop);
	return ok;
}
