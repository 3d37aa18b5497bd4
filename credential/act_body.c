#include "credential/act_body.h"

#include "core/text.h"
#include "credential/act_body_parts.h"

bool
act_body_check_text(struct span text, const char *what, struct err *err)
{
	return text_check_field(text, LIMIT_FIELD_BYTES, err) || err_in(err, "%s", what);
}

/* ---- register, adopt, made ---- */

static void
put_register(struct buf *out, const struct act_body *body)
{
	const struct body_register *b = &body->reg;

	cbor_put_map(out, 6);
	cbor_put_uint(out, 1);
	cbor_put_text(out, b->iss);
	cbor_put_uint(out, 2);
	cbor_put_bytes(out, span_of(b->bureau, sizeof b->bureau));
	cbor_put_uint(out, 3);
	cbor_put_bytes(out, span_of(b->root_fingerprint, sizeof b->root_fingerprint));
	cbor_put_uint(out, 4);
	cbor_put_bytes(out, b->bundle);
	cbor_put_uint(out, 5);
	cbor_put_text(out, b->origin);
	cbor_put_uint(out, 6);
	cbor_put_bytes(out, b->root);
}

static void
take_register(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	struct body_register *b = &body->reg;

	cbor_in_key(c, m, 1);
	b->iss = cbor_in_text(c, 1, ACT_BODY_ID_BYTES);
	cbor_in_key(c, m, 2);
	cbor_in_copy(c, b->bureau, sizeof b->bureau);
	cbor_in_key(c, m, 3);
	cbor_in_copy(c, b->root_fingerprint, sizeof b->root_fingerprint);
	cbor_in_key(c, m, 4);
	b->bundle = cbor_in_bytes(c, 1, LIMIT_BUNDLE_BYTES);
	cbor_in_key(c, m, 5);
	b->origin = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
	cbor_in_key(c, m, 6);
	b->root = cbor_in_bytes(c, 1, LIMIT_BUNDLE_BYTES);
}

static bool
check_register(const struct act_body *body, struct err *err)
{
	return act_body_check_text(body->reg.iss, "issuer", err) &&
	    act_body_check_text(body->reg.origin, "origin of the log", err);
}

static void
put_adopt(struct buf *out, const struct act_body *body)
{
	cbor_put_map(out, 1);
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, body->adopt.bundle);
}

static void
take_adopt(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	cbor_in_key(c, m, 1);
	body->adopt.bundle = cbor_in_bytes(c, 1, LIMIT_BUNDLE_BYTES);
}

static void
put_made(struct buf *out, const struct act_body *body)
{
	const struct body_made *b = &body->made;

	cbor_put_map(out, 3);
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, b->qc1);
	cbor_put_uint(out, 2);
	cbor_put_bytes(out, span_of(b->pdf_hash, sizeof b->pdf_hash));
	cbor_put_uint(out, 3);
	cbor_put_uint(out, b->pdf_bytes);
}

static void
take_made(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	struct body_made *b = &body->made;

	cbor_in_key(c, m, 1);
	b->qc1 = cbor_in_bytes(c, 1, LIMIT_QC1_BYTES);
	cbor_in_key(c, m, 2);
	cbor_in_copy(c, b->pdf_hash, sizeof b->pdf_hash);
	cbor_in_key(c, m, 3);
	b->pdf_bytes = cbor_in_uint(c, LIMIT_PDF_BYTES);
}

static bool
check_made(const struct act_body *body, struct err *err)
{
	struct credential credential;

	return credential_parse(&credential, body->made.qc1, err);
}

/* ---- approve, refuse, cancel ---- */

static void
put_answer(struct buf *out, const struct act_body *body)
{
	const struct body_answer *b = &body->answer;
	bool reasoned = body->kind == ACT_REFUSE;

	cbor_put_map(out, reasoned ? 3 : 2);
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, span_of(b->proposal, sizeof b->proposal));
	cbor_put_uint(out, 2);
	cbor_put_uint(out, b->proposal_kind);
	if (reasoned) {
		cbor_put_uint(out, 3);
		cbor_put_text(out, b->reason);
	}
}

static void
take_answer(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	struct body_answer *b = &body->answer;

	cbor_in_key(c, m, 1);
	cbor_in_copy(c, b->proposal, sizeof b->proposal);
	cbor_in_key(c, m, 2);
	b->proposal_kind = (enum act_kind)cbor_in_uint(c, UINT16_MAX);
	if (act_kind_form(b->proposal_kind) != ACT_PROPOSAL)
		cbor_in_fail(c, "an answer to something that is no proposal");
	if (body->kind == ACT_REFUSE) {
		cbor_in_key(c, m, 3);
		b->reason = cbor_in_text(c, 1, LIMIT_FIELD_BYTES);
	}
}

static bool
check_answer(const struct act_body *body, struct err *err)
{
	return body->kind != ACT_REFUSE || act_body_check_text(body->answer.reason, "reason", err);
}

/* ---- the table ---- */

struct body_row {
	enum act_kind kind;
	void (*put)(struct buf *out, const struct act_body *body);
	void (*take)(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
	bool (*check)(const struct act_body *body, struct err *err); /* NULL: no texts in it */
};

static const struct body_row rows[] = {
	{ ACT_REGISTER, put_register, take_register, check_register },
	{ ACT_ADOPT, put_adopt, take_adopt, NULL },
	{ ACT_MADE, put_made, take_made, check_made },
	{ ACT_SUBMIT, act_body_put_submit, act_body_take_submit, NULL },
	{ ACT_AMEND, act_body_put_submit, act_body_take_submit, NULL },
	{ ACT_EXAMINE, act_body_put_result, act_body_take_result, NULL },
	{ ACT_INSPECT, act_body_put_result, act_body_take_result, NULL },
	{ ACT_ACCEPT, act_body_put_document, act_body_take_document, act_body_check_document },
	{ ACT_RETRACT, act_body_put_document, act_body_take_document, act_body_check_document },
	{ ACT_DELIVER, act_body_put_document, act_body_take_document, act_body_check_document },
	{ ACT_FILE, act_body_put_document, act_body_take_document, act_body_check_document },
	{ ACT_DECLINE, act_body_put_notice, act_body_take_notice, act_body_check_notice },
	{ ACT_TERMINATE, act_body_put_notice, act_body_take_notice, act_body_check_notice },
	{ ACT_PROLONG, act_body_put_notice, act_body_take_notice, act_body_check_notice },
	{ ACT_STOP, act_body_put_notice, act_body_take_notice, act_body_check_notice },
	{ ACT_RESUME, act_body_put_notice, act_body_take_notice, act_body_check_notice },
	{ ACT_ASK, act_body_put_ask, act_body_take_ask, act_body_check_ask },
	{ ACT_SCHEDULE, act_body_put_schedule, act_body_take_schedule, act_body_check_schedule },
	{ ACT_RECUSE, act_body_put_recuse, act_body_take_recuse, act_body_check_recuse },
	{ ACT_DECIDE, act_body_put_decide, act_body_take_decide, act_body_check_decide },
	{ ACT_ISSUE, act_body_put_issue, act_body_take_issue, act_body_check_issue },
	{ ACT_REISSUE, act_body_put_issue, act_body_take_issue, act_body_check_issue },
	{ ACT_REGRADE, act_body_put_issue, act_body_take_issue, act_body_check_issue },
	{ ACT_SUSPEND, act_body_put_order, act_body_take_order, act_body_check_order },
	{ ACT_LIFT, act_body_put_order, act_body_take_order, act_body_check_order },
	{ ACT_REVOKE, act_body_put_order, act_body_take_order, act_body_check_order },
	{ ACT_ANNUL, act_body_put_order, act_body_take_order, act_body_check_order },
	{ ACT_WITHDRAW, act_body_put_order, act_body_take_order, act_body_check_order },
	{ ACT_DEREGISTER, act_body_put_order, act_body_take_order, act_body_check_order },
	{ ACT_EXTEND, act_body_put_order, act_body_take_order, act_body_check_order },
	{ ACT_CORRECT, act_body_put_order, act_body_take_order, act_body_check_order },
	{ ACT_SET_ASIDE, act_body_put_order, act_body_take_order, act_body_check_order },
	{ ACT_ACCEPT_LOSS, act_body_put_loss, act_body_take_loss, act_body_check_loss },
	{ ACT_APPROVE, put_answer, take_answer, check_answer },
	{ ACT_REFUSE, put_answer, take_answer, check_answer },
	{ ACT_CANCEL, put_answer, take_answer, check_answer },
};

static const struct body_row *
row_of(enum act_kind kind)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].kind == kind)
			return &rows[i];
	return NULL;
}

bool
act_body_parse(struct act_body *out, enum act_kind kind, struct span body, struct err *err)
{
	const struct body_row *row = row_of(kind);
	struct cbor_in c = cbor_in_over(body, LIMIT_CBOR_DEPTH);
	struct cbor_map m = cbor_in_map(&c);

	if (row == NULL)
		return err_set(
		    err, ERR_MALFORMED, "kind %u is none this program knows", (unsigned)kind);
	*out = (struct act_body){ .kind = kind };
	row->take(&c, &m, out);
	cbor_in_end(&c, &m);
	if (cbor_in_done(&c, err) && (row->check == NULL || row->check(out, err)))
		return true;
	*out = (struct act_body){ 0 };
	return err_in(err, "body of %s", act_kind_word(kind));
}

bool
act_body_encode(struct buf *out, const struct act_body *body, struct err *err)
{
	const struct body_row *row = row_of(body->kind);
	struct buf bytes = BUF_EMPTY;
	struct act_body again;

	if (row == NULL)
		return err_set(
		    err, ERR_MALFORMED, "kind %u is none this program knows", (unsigned)body->kind);
	row->put(&bytes, body);
	bool good =
	    buf_ok(&bytes, err) && act_body_parse(&again, body->kind, buf_span(&bytes), err);
	if (good)
		buf_add_span(out, buf_span(&bytes));
	buf_free(&bytes);
	return good && buf_ok(out, err);
}
