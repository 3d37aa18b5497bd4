#include "credential/act_body_parts.h"

/* ---- submit, amend ---- */

void
act_body_put_submit(struct buf *out, const struct act_body *body)
{
	cbor_put_map(out, 1);
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, body->submit.application);
}

void
act_body_take_submit(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	cbor_in_key(c, m, 1);
	body->submit.application = cbor_in_bytes(c, 1, LIMIT_ACT_BYTES);
}

/* ---- examine, inspect ---- */

void
act_body_put_result(struct buf *out, const struct act_body *body)
{
	cbor_put_map(out, 2);
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, body->result.report);
	cbor_put_uint(out, 2);
	cbor_put_uint(out, body->result.result);
}

void
act_body_take_result(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	cbor_in_key(c, m, 1);
	body->result.report = cbor_in_bytes(c, 1, LIMIT_ACT_BYTES);
	cbor_in_key(c, m, 2);
	body->result.result = (enum act_result)cbor_in_uint(c, RESULT_STOP);
	if (body->result.result == RESULT_NONE ||
	    (body->result.result == RESULT_STOP && body->kind != ACT_INSPECT))
		cbor_in_fail(c, "a result is 1 (pass), 2 (fail) or, on site, 3 (stopped)");
}

/* ---- accept, retract, deliver, file: the number of a paper ---- */

void
act_body_put_document(struct buf *out, const struct act_body *body)
{
	cbor_put_map(out, 1);
	cbor_put_uint(out, 1);
	cbor_put_text(out, body->notice.document);
}

void
act_body_take_document(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	cbor_in_key(c, m, 1);
	body->notice.document = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
}

bool
act_body_check_document(const struct act_body *body, struct err *err)
{
	return act_body_check_text(body->notice.document, "document", err);
}

/* ---- decline, terminate, prolong, stop, resume: a paper with a reason ---- */

static bool
has_ground(enum act_kind kind)
{
	return kind == ACT_DECLINE || kind == ACT_TERMINATE;
}

static bool
has_document(enum act_kind kind)
{
	return kind != ACT_STOP && kind != ACT_RESUME;
}

void
act_body_put_notice(struct buf *out, const struct act_body *body)
{
	const struct body_notice *b = &body->notice;
	bool proposal = act_kind_form(body->kind) == ACT_PROPOSAL;

	cbor_put_map(out, proposal ? 3 : 1);
	cbor_put_uint(out, 1);
	cbor_put_map(out, 1u + has_ground(body->kind) + has_document(body->kind));
	if (has_ground(body->kind)) {
		cbor_put_uint(out, 1);
		cbor_put_text(out, b->ground);
	}
	if (has_document(body->kind)) {
		cbor_put_uint(out, 2);
		cbor_put_text(out, b->document);
	}
	cbor_put_uint(out, 3);
	cbor_put_text(out, b->reason);
	if (proposal)
		act_body_put_proposal(out, body);
}

void
act_body_take_notice(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	struct body_notice *b = &body->notice;

	cbor_in_key(c, m, 1);
	struct cbor_map inner = cbor_in_map(c);
	if (has_ground(body->kind)) {
		cbor_in_key(c, &inner, 1);
		b->ground = cbor_in_text(c, 1, ACT_BODY_ID_BYTES);
	}
	if (has_document(body->kind)) {
		cbor_in_key(c, &inner, 2);
		b->document = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
	}
	cbor_in_key(c, &inner, 3);
	b->reason = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
	cbor_in_end(c, &inner);
	if (act_kind_form(body->kind) == ACT_PROPOSAL)
		act_body_take_proposal(c, m, body);
}

bool
act_body_check_notice(const struct act_body *body, struct err *err)
{
	const struct body_notice *b = &body->notice;

	return (!has_ground(body->kind) || act_body_check_text(b->ground, "ground", err)) &&
	    (!has_document(body->kind) || act_body_check_text(b->document, "document", err)) &&
	    act_body_check_text(b->reason, "reason", err) &&
	    (act_kind_form(body->kind) != ACT_PROPOSAL ||
		act_body_check_sitting(body->sitting, err));
}

/* ---- ask ---- */

static void
put_texts(struct buf *out, const struct span *texts, size_t n)
{
	cbor_put_array(out, n);
	for (size_t i = 0; i < n; i++)
		cbor_put_text(out, texts[i]);
}

static size_t
take_texts(struct span *texts, struct cbor_in *c, size_t least, size_t most)
{
	size_t n = cbor_in_array(c, least, most);
	for (size_t i = 0; i < n; i++)
		texts[i] = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
	return n;
}

static bool
check_texts(const struct span *texts, size_t n, const char *what, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (!act_body_check_text(texts[i], what, err))
			return false;
	return true;
}

void
act_body_put_asked(struct buf *out, const struct asked *asked)
{
	put_texts(out, asked->item, asked->count);
}

bool
act_body_asked(struct asked *out, struct span items, struct err *err)
{
	struct cbor_in c = cbor_in_over(items, 1);

	out->count = take_texts(out->item, &c, 1, LIMIT_ASKED);
	return (cbor_in_done(&c, err) || err_in(err, "corrections")) &&
	    check_texts(out->item, out->count, "correction", err);
}

void
act_body_put_ask(struct buf *out, const struct act_body *body)
{
	cbor_put_map(out, 2);
	cbor_put_uint(out, 1);
	cbor_put_text(out, body->ask.document);
	cbor_put_uint(out, 2);
	cbor_put_raw(out, body->ask.items);
}

void
act_body_take_ask(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	cbor_in_key(c, m, 1);
	body->ask.document = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
	cbor_in_key(c, m, 2);
	body->ask.items = cbor_in_raw(c);
}

bool
act_body_check_ask(const struct act_body *body, struct err *err)
{
	struct asked asked;

	return act_body_check_text(body->ask.document, "document", err) &&
	    act_body_asked(&asked, body->ask.items, err);
}

/* ---- schedule ---- */

void
act_body_put_schedule(struct buf *out, const struct act_body *body)
{
	const struct body_schedule *b = &body->schedule;

	cbor_put_map(out, b->n_experts > 0 ? 4 : 3);
	cbor_put_uint(out, 1);
	cbor_put_text(out, b->document);
	cbor_put_uint(out, 2);
	cbor_put_array(out, b->n_team);
	for (size_t i = 0; i < b->n_team && i < LIMIT_TEAM; i++)
		cbor_put_bytes(out, span_of(b->team[i].id, sizeof b->team[i].id));
	cbor_put_uint(out, 3);
	cbor_put_int(out, b->visit_s);
	if (b->n_experts > 0) {
		cbor_put_uint(out, 4);
		put_texts(out, b->experts, b->n_experts);
	}
}

void
act_body_take_schedule(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	struct body_schedule *b = &body->schedule;

	cbor_in_key(c, m, 1);
	b->document = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
	cbor_in_key(c, m, 2);
	b->n_team = cbor_in_array(c, 2, LIMIT_TEAM);
	for (size_t i = 0; i < b->n_team; i++) {
		cbor_in_copy(c, b->team[i].id, sizeof b->team[i].id);
		for (size_t k = 0; k < i; k++)
			if (memcmp(b->team[k].id, b->team[i].id, sizeof b->team[i].id) == 0)
				cbor_in_fail(c, "an official stands twice in the team");
	}
	cbor_in_key(c, m, 3);
	b->visit_s = cbor_in_time(c);
	if (cbor_in_try_key(c, m, 4))
		b->n_experts = take_texts(b->experts, c, 1, LIMIT_TEAM);
}

bool
act_body_check_schedule(const struct act_body *body, struct err *err)
{
	return act_body_check_text(body->schedule.document, "document", err) &&
	    check_texts(body->schedule.experts, body->schedule.n_experts, "expert", err);
}

/* ---- recuse ---- */

void
act_body_put_recuse(struct buf *out, const struct act_body *body)
{
	cbor_put_map(out, 2);
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, span_of(body->recuse.person.id, sizeof body->recuse.person.id));
	cbor_put_uint(out, 2);
	cbor_put_text(out, body->recuse.reason);
}

void
act_body_take_recuse(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	cbor_in_key(c, m, 1);
	cbor_in_copy(c, body->recuse.person.id, sizeof body->recuse.person.id);
	cbor_in_key(c, m, 2);
	body->recuse.reason = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
}

bool
act_body_check_recuse(const struct act_body *body, struct err *err)
{
	return act_body_check_text(body->recuse.reason, "reason", err);
}
