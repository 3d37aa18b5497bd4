#include "credential/note.h"

#include "core/cursor.h"
#include "core/encode.h"
#include "core/text.h"
#include "credential/sha256.h"

#include <assert.h>

#define KEY_BYTES 32
#define HEX_ID_BYTES (2 * NOTE_KEY_ID_BYTES)
#define DASH "\xe2\x80\x94 " /* em dash and blank, before every signature */

static bool
is_blank(int32_t ch)
{
	return ch == ' ' || ch == 0x85 || ch == 0xA0 || ch == 0x1680 ||
	    (ch >= 0x2000 && ch <= 0x200A) || ch == 0x2028 || ch == 0x2029 || ch == 0x202F ||
	    ch == 0x205F || ch == 0x3000;
}

/* A key's name: not empty, no blank of any kind, no plus sign, no control character. */
static bool
name_is_good(struct span name)
{
	if (name.len == 0 || !text_is_utf8(name))
		return false;
	for (size_t pos = 0; pos < name.len;) {
		int32_t ch = text_next(name, &pos);
		if (ch < 0x20 || ch == 0x7F || ch == '+' || is_blank(ch))
			return false;
	}
	return true;
}

/* ---- keys ---- */

void
note_key_id(uint8_t out[NOTE_KEY_ID_BYTES], struct span name, enum note_type type,
    const uint8_t key[KEY_BYTES])
{
	uint8_t hash[SHA256_BYTES];
	uint8_t tail[2 + KEY_BYTES] = { '\n', (uint8_t)type };

	memcpy(tail + 2, key, KEY_BYTES);
	sha256_two(hash, name, span_of(tail, sizeof tail));
	memcpy(out, hash, NOTE_KEY_ID_BYTES);
}

/* type and key from their base64. */
static bool
parse_key_bytes(struct note_key *out, struct span text, struct err *err)
{
	struct buf bytes = BUF_EMPTY;
	bool ok = false;

	if (!base64_decode(&bytes, text, err))
		goto out;
	if (bytes.len < 1 || (bytes.ptr[0] != NOTE_ED25519 && bytes.ptr[0] != NOTE_COSIGNATURE)) {
		ok = err_set(err, ERR_REFUSED, "a type of key we do not read");
		goto out;
	}
	if (bytes.len != 1 + KEY_BYTES) {
		ok = err_set(err, ERR_MALFORMED, "a key of %zu bytes; Ed25519 has %d",
		    bytes.len - 1, KEY_BYTES);
		goto out;
	}
	out->type = (enum note_type)bytes.ptr[0];
	memcpy(out->key, bytes.ptr + 1, KEY_BYTES);
	ok = true;
out:
	buf_free(&bytes);
	return ok;
}

bool
note_key_parse(struct note_key *out, struct span vkey, struct err *err)
{
	struct cursor c = cursor_over(vkey);
	struct span name = cursor_until(&c, '+');
	struct span hex = cursor_until(&c, '+');
	uint8_t id[NOTE_KEY_ID_BYTES];

	if (c.bad || !name_is_good(name) || hex.len != HEX_ID_BYTES ||
	    !hex_decode(id, sizeof id, hex, NULL))
		return err_set(
		    err, ERR_MALFORMED, "a verification key has the form NAME+HEX+BASE64");
	*out = (struct note_key){ .name = name };
	if (!parse_key_bytes(out, cursor_rest(&c), err))
		return err_in(err, "verification key");
	note_key_id(out->id, name, out->type, out->key);
	if (memcmp(out->id, id, sizeof id) != 0)
		return err_set(
		    err, ERR_MALFORMED, "verification key: its id is not that of name and key");
	return true;
}

void
note_key_format(struct buf *out, const struct note_key *key)
{
	uint8_t id[NOTE_KEY_ID_BYTES];
	uint8_t bytes[1 + KEY_BYTES] = { (uint8_t)key->type };
	char hex[HEX_ID_BYTES + 1];

	note_key_id(id, key->name, key->type, key->key);
	hex_encode(hex, span_of(id, sizeof id));
	memcpy(bytes + 1, key->key, KEY_BYTES);
	buf_add_span(out, key->name);
	buf_printf(out, "+%s+", hex);
	base64_encode(out, span_of(bytes, sizeof bytes));
}

/* ---- notes ---- */

/* UTF-8 without control characters but LF. */
static bool
is_plain_text(struct span in)
{
	for (size_t i = 0; i < in.len; i++)
		if ((in.ptr[i] < 0x20 && in.ptr[i] != '\n') || in.ptr[i] == 0x7F)
			return false;
	return text_is_utf8(in);
}

/* How long the text is with its last LF: up to the last blank line. 0 if there is none. */
static size_t
text_length(struct span in)
{
	for (size_t i = in.len; i >= 2; i--)
		if (in.ptr[i - 1] == '\n' && in.ptr[i - 2] == '\n')
			return i - 1;
	return 0;
}

/* Key id and signature from their base64. */
static bool
parse_signature_bytes(struct note_signature *out, struct span text, struct err *err)
{
	struct buf bytes = BUF_EMPTY;
	bool ok = base64_decode(&bytes, text, err);

	if (ok && bytes.len <= NOTE_KEY_ID_BYTES)
		ok = err_set(err, ERR_MALFORMED, "a key id without a signature");
	if (ok) {
		size_t len = bytes.len - NOTE_KEY_ID_BYTES;
		memcpy(out->id, bytes.ptr, NOTE_KEY_ID_BYTES);
		out->len = len <= sizeof out->sig ? len : 0;
		memcpy(out->sig, bytes.ptr + NOTE_KEY_ID_BYTES, out->len);
	}
	buf_free(&bytes);
	return ok;
}

static bool
parse_signature(struct note_signature *out, struct cursor *c, struct err *err)
{
	*out = (struct note_signature){ 0 };
	cursor_expect(c, span_text(DASH));
	out->name = cursor_until(c, ' ');
	struct span base64 = cursor_until(c, '\n');
	if (c->bad || !name_is_good(out->name))
		return err_set(err, ERR_MALFORMED, "a dash, a name and base64 should stand here");
	return parse_signature_bytes(out, base64, err);
}

bool
note_parse(struct note *out, struct span in, struct err *err)
{
	if (in.len > LIMIT_NOTE_BYTES)
		return err_set(err, ERR_LIMIT, "note: %zu bytes; the longest we read is %u", in.len,
		    LIMIT_NOTE_BYTES);
	if (!is_plain_text(in))
		return err_set(err, ERR_MALFORMED, "note: not plain text in UTF-8");

	struct cursor c = cursor_over(in);
	out->signatures = 0;
	out->text = cursor_take(&c, text_length(in));
	if (out->text.len == 0 || !cursor_expect(&c, span_text("\n")))
		return err_set(err, ERR_MALFORMED, "note: no blank line behind a text");
	while (cursor_left(&c) > 0) {
		if (out->signatures == LIMIT_NOTE_SIGNATURES)
			return err_set(
			    err, ERR_LIMIT, "note: more than %d signatures", LIMIT_NOTE_SIGNATURES);
		if (!parse_signature(&out->signature[out->signatures++], &c, err))
			return err_in(err, "note: signature line %zu", out->signatures);
	}
	return out->signatures > 0 || err_set(err, ERR_MALFORMED, "note: no signature");
}

const struct note_signature *
note_find(const struct note *note, const struct note_key *key, size_t *at)
{
	size_t len = key->type == NOTE_ED25519 ? NOTE_ED25519_BYTES : NOTE_COSIGNATURE_BYTES;

	while (*at < note->signatures) {
		const struct note_signature *s = &note->signature[(*at)++];
		if (s->len == len && span_equal(s->name, key->name) &&
		    memcmp(s->id, key->id, NOTE_KEY_ID_BYTES) == 0)
			return s;
	}
	return NULL;
}

void
note_begin(struct buf *out, struct span text)
{
	assert(text.len > 0 && text.ptr[text.len - 1] == '\n');
	buf_add_span(out, text);
	buf_add_byte(out, '\n');
}

void
note_add_signature(struct buf *out, const struct note_key *key, struct span sig)
{
	struct buf bytes = BUF_EMPTY;

	buf_add(&bytes, key->id, NOTE_KEY_ID_BYTES);
	buf_add_span(&bytes, sig);
	if (!buf_ok(&bytes, NULL))
		out->bad = bytes.bad;
	buf_add_text(out, DASH);
	buf_add_span(out, key->name);
	buf_add_byte(out, ' ');
	base64_encode(out, buf_span(&bytes));
	buf_add_byte(out, '\n');
	buf_free(&bytes);
}

void
note_cosigned(struct buf *out, uint64_t time_s, struct span text)
{
	buf_printf(out, "cosignature/v1\ntime %llu\n", (unsigned long long)time_s);
	buf_add_span(out, text);
}
