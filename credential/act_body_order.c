#include "credential/act_body_parts.h"

static const struct {
	enum act_kind kind;
	unsigned has;
} orders[] = {
	{ ACT_SUSPEND, ORDER_FROM | ORDER_UNTIL },
	{ ACT_LIFT, ORDER_FROM },
	{ ACT_REVOKE, ORDER_FROM },
	{ ACT_ANNUL, ORDER_FROM },
	{ ACT_WITHDRAW, ORDER_FROM },
	{ ACT_DEREGISTER, ORDER_FROM },
	{ ACT_REISSUE, ORDER_FROM },
	{ ACT_REGRADE, ORDER_FROM },
	{ ACT_EXTEND, ORDER_FROM | ORDER_UNTIL },
	{ ACT_CORRECT, ORDER_TARGET },
	{ ACT_SET_ASIDE, ORDER_FROM | ORDER_TARGET | ORDER_STATUS },
};

unsigned
act_body_order_has(enum act_kind kind)
{
	for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
		if (orders[i].kind == kind)
			return orders[i].has;
	return 0;
}

const struct body_order *
act_body_order(const struct act_body *body)
{
	if (act_body_order_has(body->kind) == 0)
		return NULL;
	return act_body_makes(body->kind) ? &body->issue.order : &body->order;
}

static size_t
count_bits(unsigned set)
{
	size_t n = 0;
	for (; set != 0; set &= set - 1)
		n++;
	return n;
}

void
act_body_put_order_map(struct buf *out, const struct body_order *b, unsigned has)
{
	cbor_put_map(out, 2 + count_bits(has));
	cbor_put_uint(out, 1);
	cbor_put_text(out, b->ground);
	cbor_put_uint(out, 2);
	cbor_put_text(out, b->document);
	if ((has & ORDER_FROM) != 0) {
		cbor_put_uint(out, 3);
		cbor_put_int(out, b->from_s);
	}
	if ((has & ORDER_UNTIL) != 0) {
		cbor_put_uint(out, 4);
		cbor_put_int(out, b->until_s);
	}
	if ((has & ORDER_TARGET) != 0) {
		cbor_put_uint(out, 5);
		cbor_put_bytes(out, span_of(b->target, sizeof b->target));
	}
	if ((has & ORDER_STATUS) != 0) {
		cbor_put_uint(out, 6);
		cbor_put_uint(out, b->status);
	}
}

struct body_order
act_body_take_order_map(struct cbor_in *c, unsigned has)
{
	struct body_order b = { .status = STATUS_ACTIVE };
	struct cbor_map m = cbor_in_map(c);

	cbor_in_key(c, &m, 1);
	b.ground = cbor_in_text(c, 1, ACT_BODY_ID_BYTES);
	cbor_in_key(c, &m, 2);
	b.document = cbor_in_text(c, 1, LIMIT_ORDER_BYTES);
	if ((has & ORDER_FROM) != 0) {
		cbor_in_key(c, &m, 3);
		b.from_s = cbor_in_time(c);
	}
	if ((has & ORDER_UNTIL) != 0) {
		cbor_in_key(c, &m, 4);
		b.until_s = cbor_in_time(c);
		if (b.until_s <= b.from_s)
			cbor_in_fail(c, "it ends before it begins");
	}
	if ((has & ORDER_TARGET) != 0) {
		cbor_in_key(c, &m, 5);
		cbor_in_copy(c, b.target, sizeof b.target);
	}
	if ((has & ORDER_STATUS) != 0) {
		cbor_in_key(c, &m, 6);
		b.status = (enum status)cbor_in_uint(c, STATUS_SUSPENDED);
		if (b.status == STATUS_REVOKED)
			cbor_in_fail(c, "a ruling leaves a licence active (0) or suspended (2)");
	}
	cbor_in_end(c, &m);
	return b;
}

bool
act_body_check_order_texts(const struct body_order *b, struct err *err)
{
	return act_body_check_text(b->ground, "ground", err) &&
	    act_body_check_text(b->document, "document", err);
}

void
act_body_put_order(struct buf *out, const struct act_body *body)
{
	cbor_put_map(out, 3);
	cbor_put_uint(out, 1);
	act_body_put_order_map(out, &body->order, act_body_order_has(body->kind));
	act_body_put_proposal(out, body);
}

void
act_body_take_order(struct cbor_in *c, struct cbor_map *m, struct act_body *body)
{
	cbor_in_key(c, m, 1);
	body->order = act_body_take_order_map(c, act_body_order_has(body->kind));
	act_body_take_proposal(c, m, body);
}

bool
act_body_check_order(const struct act_body *body, struct err *err)
{
	return act_body_check_order_texts(&body->order, err) &&
	    act_body_check_sitting(body->sitting, err);
}
