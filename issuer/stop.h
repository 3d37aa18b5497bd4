/* An officer stopped the making of certificates: who, when and why, until two resume it. */
#ifndef ISSUER_STOP_H
#define ISSUER_STOP_H

#include "issuer/officer.h"

struct stop {
	bool stopped;
	int64_t since_s; /* of the first stop that nobody resumed from */
	uint8_t person[BUNDLE_PERSON_BYTES];
	struct buf reason; /* owned */
};

/* As the register has it at now_s. stop_free() it, also after a failure. */
MUST_CHECK bool stop_load(struct stop *out, const struct bureau *b, int64_t now_s, struct err *err);
void stop_free(struct stop *s);

/* "An Li stopped the making of certificates on ...: a key may be stolen", appended. */
void stop_text(struct buf *out, const struct stop *s, const struct bureau *b, enum lang lang);

/* ERR_REFUSED, STP-01, while it is stopped. */
MUST_CHECK bool stop_refuse(const struct bureau *b, int64_t now_s, struct err *err);

#endif
