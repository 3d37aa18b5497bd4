/*
 * A status list: 65,536 slots of 4 bits, slot i in byte i/2, even i in the low four bits
 * (draft-ietf-oauth-status-list, bits = 4), and what the values mean. The same 32,768 bytes are a
 * part of the snapshot as they are, and stand deflated in a status token.
 */
#ifndef CREDENTIAL_STATUS_LIST_H
#define CREDENTIAL_STATUS_LIST_H

#include "core/buf.h"
#include "core/limits.h"

enum status {
	STATUS_ACTIVE = 0x00,
	STATUS_REVOKED = 0x01,
	STATUS_SUSPENDED = 0x02,
	STATUS_ANNULLED = 0x03,
	STATUS_REPLACED = 0x0C, /* superseded by a newer version, or void */
	STATUS_ENDED = 0x0D,    /* deregistered, withdrawn, licence superseded */
	STATUS_PENDING = 0x0E,  /* reserved: made after this list was, or never */
	STATUS_UNKNOWN = 0x0F   /* no certificate has this slot */
};

/* Is it one of the eight above? The other values are reserved by the standard or by us. */
bool status_is_known(unsigned value);
/* "active", "revoked" ...: the word in machine output, never translated. */
const char *status_word(enum status s);
/*
 * Which of two says less good of a certificate? Newer information without the auditor's signature
 * may only worsen: active, pending, unknown, suspended, replaced, ended, revoked, annulled.
 */
enum status status_worse(enum status a, enum status b);

/* One slot of a whole list; idx < LIMIT_LIST_SLOTS. */
enum status status_list_get(const uint8_t list[LIMIT_LIST_BYTES], uint16_t idx);
void status_list_set(uint8_t list[LIMIT_LIST_BYTES], uint16_t idx, enum status s);
/* Every slot STATUS_UNKNOWN: what a new list holds. */
void status_list_clear(uint8_t list[LIMIT_LIST_BYTES]);

/*
 * Are these the bytes of a list: exactly LIMIT_LIST_BYTES, known values only?
 * ERR_MALFORMED names the first slot that is not.
 */
MUST_CHECK bool status_list_check(struct span list, struct err *err);

/* zlib (RFC 1950), the same bytes for the same list, appended to out; sticky like every write. */
void status_list_deflate(struct buf *out, struct span list);
/*
 * Inflate one zlib stream into exactly n bytes, no byte more is ever written.
 * ERR_MALFORMED  not zlib, shorter or longer than n, bytes after the end
 */
MUST_CHECK bool status_list_inflate(uint8_t *out, size_t n, struct span zlib, struct err *err);

#endif
