/*
 * C2SP signed notes and the keys that sign them: a text of lines, a blank line, signature lines.
 * Checkpoints of the log are such notes (checkpoint.h). Structure only: signatures are checked in
 * keys/, over note.text (Ed25519) or the bytes of note_cosigned() (a witness's cosignature).
 */
#ifndef CREDENTIAL_NOTE_H
#define CREDENTIAL_NOTE_H

#include "core/buf.h"
#include "core/limits.h"

#define NOTE_KEY_ID_BYTES 4
#define NOTE_ED25519_BYTES 64
#define NOTE_COSIGNATURE_BYTES 72 /* time, 8 bytes big-endian, then Ed25519 */

enum note_type {
	NOTE_ED25519 = 0x01,
	NOTE_COSIGNATURE = 0x04 /* timestamped Ed25519: a witness */
};

/* A verification key, "vkey": NAME+HEX+BASE64. */
struct note_key {
	struct span name; /* borrowed */
	enum note_type type;
	uint8_t id[NOTE_KEY_ID_BYTES]; /* SHA-256(name LF type key), first 4 */
	uint8_t key[32];               /* Ed25519 public key */
};

/*
 * ERR_MALFORMED  not of that form, or the id is not that of name and key
 * ERR_REFUSED    a type of key we do not read
 */
MUST_CHECK bool note_key_parse(struct note_key *out, struct span vkey, struct err *err);
/* Append the vkey; id is computed, not taken from the struct. */
void note_key_format(struct buf *out, const struct note_key *key);
void note_key_id(
    uint8_t out[NOTE_KEY_ID_BYTES], struct span name, enum note_type type, const uint8_t key[32]);

struct note_signature {
	struct span name; /* borrowed from the note */
	uint8_t id[NOTE_KEY_ID_BYTES];
	size_t len; /* of sig; 0 for a longer one, which is none that we read */
	uint8_t sig[NOTE_COSIGNATURE_BYTES];
};

struct note {
	struct span text; /* with its last LF; borrowed */
	size_t signatures;
	struct note_signature signature[LIMIT_NOTE_SIGNATURES];
};

/*
 * Spans are borrowed from `in`.
 *
 * ERR_MALFORMED  not UTF-8, a control character, no blank line, a bad signature line, none at all
 * ERR_LIMIT      longer than LIMIT_NOTE_BYTES, more than LIMIT_NOTE_SIGNATURES signatures
 */
MUST_CHECK bool note_parse(struct note *out, struct span in, struct err *err);

/*
 * The signature by this key, from `*at` on (0 for the first); NULL if there is no other. *at moves
 * behind it.
 */
const struct note_signature *note_find(
    const struct note *note, const struct note_key *key, size_t *at);

/* Writing: the text (which ends in LF) and a blank line, then one call for each signature. */
void note_begin(struct buf *out, struct span text);
void note_add_signature(struct buf *out, const struct note_key *key, struct span sig);

/* The bytes a witness signs: "cosignature/v1", its time, the text. */
void note_cosigned(struct buf *out, uint64_t time_s, struct span text);

#endif
