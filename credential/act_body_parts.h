/*
 * Internal to act_body: writing, reading and checking bodies, in files by what they are about.
 * `put` and `take` know the shape; `check` runs after it and knows what texts must be.
 */
#ifndef CREDENTIAL_ACT_BODY_PARTS_H
#define CREDENTIAL_ACT_BODY_PARTS_H

#include "credential/act_body.h"
#include "credential/cbor.h"

#define ACT_BODY_ID_BYTES 64 /* issuer, ground, template, name of a printed field */

/* One line of text that may be signed; `what` names it. */
MUST_CHECK bool act_body_check_text(struct span text, const char *what, struct err *err);

/* What every proposal has: not-after and sitting. */
void act_body_put_proposal(struct buf *out, const struct act_body *body);
void act_body_take_proposal(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_sitting(struct span sitting, struct err *err);

/* An order as a map of its own; `has`: act_body_order_has() of the kind. */
void act_body_put_order_map(struct buf *out, const struct body_order *b, unsigned has);
struct body_order act_body_take_order_map(struct cbor_in *c, unsigned has);
MUST_CHECK bool act_body_check_order_texts(const struct body_order *b, struct err *err);

void act_body_put_submit(struct buf *out, const struct act_body *body);
void act_body_take_submit(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
void act_body_put_result(struct buf *out, const struct act_body *body);
void act_body_take_result(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
void act_body_put_document(struct buf *out, const struct act_body *body);
void act_body_take_document(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_document(const struct act_body *body, struct err *err);
void act_body_put_notice(struct buf *out, const struct act_body *body);
void act_body_take_notice(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_notice(const struct act_body *body, struct err *err);
void act_body_put_ask(struct buf *out, const struct act_body *body);
void act_body_take_ask(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_ask(const struct act_body *body, struct err *err);
void act_body_put_schedule(struct buf *out, const struct act_body *body);
void act_body_take_schedule(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_schedule(const struct act_body *body, struct err *err);
void act_body_put_recuse(struct buf *out, const struct act_body *body);
void act_body_take_recuse(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_recuse(const struct act_body *body, struct err *err);
void act_body_put_decide(struct buf *out, const struct act_body *body);
void act_body_take_decide(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_decide(const struct act_body *body, struct err *err);
void act_body_put_issue(struct buf *out, const struct act_body *body);
void act_body_take_issue(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_issue(const struct act_body *body, struct err *err);
void act_body_put_order(struct buf *out, const struct act_body *body);
void act_body_take_order(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_order(const struct act_body *body, struct err *err);
void act_body_put_loss(struct buf *out, const struct act_body *body);
void act_body_take_loss(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_loss(const struct act_body *body, struct err *err);

#endif
