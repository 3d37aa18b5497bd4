/*
 * Text that people read and sign: UTF-8 in Unicode normalisation form C (UAX 15), without anything
 * invisible, unassigned or made to mislead. Uses utf8proc.
 */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "core/buf.h"

/* Well-formed UTF-8 (no surrogates, no overlong forms), nothing else asked. */
bool text_is_utf8(struct span text);

/* Why a text may not be signed: a sentence of each language, without a full stop. */
struct text_fault {
	enum err_code code;
	char zh[160], en[160];
};

/*
 * May this text be signed and printed as a field of one line? 1 to `max_bytes` bytes. A refused
 * character is named by code point and position (in characters, from 1). `why` is set if not.
 *
 * ERR_LIMIT      empty or too long
 * ERR_MALFORMED  not UTF-8
 * ERR_REFUSED    a control, format, bidi, zero-width, private-use or unassigned character
 *                a blank at either end, or one that is neither U+0020 nor U+3000
 *                a radical in a hanzi's place, a picture (emoji), or U+FFFD
 *                letters of two scripts, Latin, hanzi, kana, bopomofo and hangul counting as one:
 *                Greek and Cyrillic letters look like Latin ones
 *                not NFC
 */
MUST_CHECK bool text_is_field(struct text_fault *why, struct span text, size_t max_bytes);

/* The same, for those who tell it in English. */
MUST_CHECK bool text_check_field(struct span text, size_t max_bytes, struct err *err);

/*
 * May this be drawn as a piece of text, between others: 1 to `max_bytes` bytes with nothing that people cannot see?
 * ERR_LIMIT, ERR_MALFORMED; ERR_REFUSED: a control, format, private-use or unassigned character, a separator
 */
MUST_CHECK bool text_check_shown(struct span text, size_t max_bytes, struct err *err);

/*
 * What is printed stands in a PDF as it is, where some words are the file's own: "%%EOF", "/ByteRange". The one that
 * stands in this text; NULL: none does.
 */
const char *text_reserved(struct span text);

/* Read the next code point, moving *pos; -1, *pos unmoved, at the end or on bad UTF-8. */
int32_t text_next(struct span text, size_t *pos);

/*
 * The ASCII character that a Chinese input method means by this one: full-width forms (U+FF01 to U+FF5E), the
 * ideographic blank, dashes (U+2010 to U+2015) and the minus sign. Any other is given back as it is.
 */
int32_t text_half_width(int32_t cp);

/*
 * Append `text` with everything that could steer a terminal or a log written as \u{XXXX}, a backslash
 * too, and bytes that are no UTF-8 as \x{XX}.
 */
void text_escape(struct buf *out, struct span text);

/* Columns on a terminal: hanzi and full-width forms count 2, combining marks 0. */
size_t text_columns(struct span text);

#endif
