/*
 * Internal to act_body: writing, reading and checking the bodies of proposals, which have most to say.
 * `put` and `take` know the shape; `check` runs after it and knows what texts must be.
 */
#ifndef CREDENTIAL_ACT_BODY_PARTS_H
#define CREDENTIAL_ACT_BODY_PARTS_H

#include "credential/act_body.h"
#include "credential/cbor.h"

#define ACT_BODY_ID_BYTES 64 /* issuer, ground, template, name of a printed field */

/* One line of text that may be signed; `what` names it. */
MUST_CHECK bool act_body_check_text(struct span text, const char *what, struct err *err);

void act_body_put_decide(struct buf *out, const struct act_body *body);
void act_body_take_decide(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_decide(const struct act_body *body, struct err *err);
void act_body_put_issue(struct buf *out, const struct act_body *body);
void act_body_take_issue(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_issue(const struct act_body *body, struct err *err);
void act_body_put_sanction(struct buf *out, const struct act_body *body);
void act_body_take_sanction(struct cbor_in *c, struct cbor_map *m, struct act_body *body);
MUST_CHECK bool act_body_check_sanction(const struct act_body *body, struct err *err);

#endif
