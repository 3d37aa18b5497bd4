#include "core/text.h"

#include <stdlib.h>
#include <utf8proc.h>

int32_t
text_next(struct span text, size_t *pos)
{
	utf8proc_int32_t cp;

	if (*pos >= text.len)
		return -1;
	if (text.ptr[*pos] < 0x80)
		return text.ptr[(*pos)++];
	utf8proc_ssize_t n =
	    utf8proc_iterate(text.ptr + *pos, (utf8proc_ssize_t)(text.len - *pos), &cp);
	if (n <= 0)
		return -1;
	*pos += (size_t)n;
	return cp;
}

bool
text_is_utf8(struct span text)
{
	size_t pos = 0;
	while (text_next(text, &pos) >= 0)
		;
	return pos == text.len;
}

/* What a character may do to a reader who cannot see it; NULL if nothing. */
static const char *
hidden_kind(int32_t cp)
{
	switch (utf8proc_category(cp)) {
	case UTF8PROC_CATEGORY_CC:
		return "a control character";
	case UTF8PROC_CATEGORY_CF:
		return "an invisible format or direction control";
	case UTF8PROC_CATEGORY_CO:
		return "a private-use character";
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CS:
		return "not an assigned character";
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return "a line or paragraph separator";
	default:
		return utf8proc_get_property(cp)->ignorable ? "invisible" : NULL;
	}
}

static bool
is_blank(int32_t cp)
{
	return cp == 0x2800 || utf8proc_category(cp) == UTF8PROC_CATEGORY_ZS; /* Braille blank */
}

/* Shown like another character, or in its place; NULL if not. */
static const char *
misleading_kind(int32_t cp)
{
	if (is_blank(cp) && cp != 0x20 && cp != 0x3000)
		return "a blank other than the space and the ideographic space";
	if (cp >= 0x2e80 && cp <= 0x2fdf)
		return "a radical that looks like a hanzi";
	if (cp == 0xfffd)
		return "the mark of a character lost in conversion";
	return NULL;
}

enum script { SCRIPT_NONE, SCRIPT_HOME, SCRIPT_FOREIGN };

/*
 * Letters are either at home in the names we print (Latin, hanzi, kana, bopomofo, hangul) or
 * foreign. The foreign scripts hold the look-alikes of Latin letters: Greek, Cyrillic, Armenian,
 * Cherokee, Lisu...
 */
static enum script
script_of(int32_t cp)
{
	static const struct {
		int32_t first, last;
	} home[] = {
		{ 0x0041, 0x024f },   /* Latin, without the phonetic letters */
		{ 0x1e00, 0x1eff },   /* Latin Extended Additional */
		{ 0x3000, 0x9fff },   /* kana, bopomofo, hanzi, compatibility marks */
		{ 0xac00, 0xd7a3 },   /* hangul */
		{ 0xf900, 0xfaff },   /* compatibility hanzi; NFC keeps the twelve true ones */
		{ 0xff21, 0xffdc },   /* full-width and half-width forms */
		{ 0x20000, 0x3ffff }, /* hanzi beyond the first plane */
	};

	switch (utf8proc_category(cp)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		break;
	default:
		return SCRIPT_NONE;
	}
	for (size_t i = 0; i < sizeof home / sizeof home[0]; i++)
		if (cp >= home[i].first && cp <= home[i].last)
			return SCRIPT_HOME;
	return SCRIPT_FOREIGN;
}

static bool
check_characters(struct span text, struct err *err)
{
	enum script seen = SCRIPT_NONE;
	size_t pos = 0;
	size_t nth = 0;
	int32_t cp;

	while ((cp = text_next(text, &pos)) >= 0) {
		nth++;
		const char *fault = hidden_kind(cp);
		if (fault == NULL)
			fault = misleading_kind(cp);
		if (fault != NULL)
			return err_set(err, ERR_REFUSED, "character %zu (U+%04X) is %s", nth,
			    (unsigned)cp, fault);
		if (is_blank(cp) && (nth == 1 || pos == text.len))
			return err_set(err, ERR_REFUSED, "blank (U+%04X) at the %s", (unsigned)cp,
			    nth == 1 ? "beginning" : "end");
		enum script script = script_of(cp);
		if (script != SCRIPT_NONE && seen != SCRIPT_NONE && script != seen)
			return err_set(err, ERR_REFUSED,
			    "character %zu (U+%04X) is of another script than the letters before "
			    "it",
			    nth, (unsigned)cp);
		if (script != SCRIPT_NONE)
			seen = script;
	}
	return true;
}

/* Unicode normalisation form C (UAX 15). */
static bool
check_nfc(struct span text, struct err *err)
{
	utf8proc_uint8_t *nfc = NULL;
	utf8proc_ssize_t len = utf8proc_map(
	    text.ptr, (utf8proc_ssize_t)text.len, &nfc, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (len < 0)
		return err_set(err, ERR_MEMORY, "%s", utf8proc_errmsg(len));

	struct span want = span_of(nfc, (size_t)len);
	size_t nth = 0;
	size_t pos = 0;
	size_t want_pos = 0;
	int32_t cp = 0;
	bool same = span_equal(text, want);
	while (!same) { /* the first character that differs */
		nth++;
		cp = text_next(text, &pos);
		if (cp < 0 || cp != text_next(want, &want_pos))
			break;
	}
	free(nfc);
	if (!same && cp < 0)
		return err_set(err, ERR_REFUSED, "not in Unicode normalisation form C");
	if (!same)
		return err_set(err, ERR_REFUSED,
		    "not in Unicode normalisation form C from character %zu (U+%04X) on", nth,
		    (unsigned)cp);
	return true;
}

/* One of the characters that names are made of: printable ASCII but the blank, or U+4E00 to U+9FA5. */
static size_t
plain_length(const uint8_t *at, size_t left)
{
	if (at[0] > 0x20 && at[0] < 0x7f)
		return 1;
	if (left < 3 || at[0] < 0xe4 || at[0] > 0xe9 || (at[1] & 0xc0) != 0x80 ||
	    (at[2] & 0xc0) != 0x80)
		return 0;
	const unsigned cp = (at[0] & 0x0fu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
	return cp >= 0x4e00 && cp <= 0x9fa5 ? 3 : 0;
}

/* Nothing else than these, with blanks between them: what all checks below let pass. */
static bool
is_plain(struct span text)
{
	size_t n = 0;

	if (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ')
		return false;
	for (size_t at = 0; at < text.len; at += n) {
		n = text.ptr[at] == ' ' ? 1 : plain_length(text.ptr + at, text.len - at);
		if (n == 0)
			return false;
	}
	return true;
}

bool
text_check_field(struct span text, size_t max_bytes, struct err *err)
{
	if (text.len == 0)
		return err_set(err, ERR_LIMIT, "empty");
	if (text.len > max_bytes)
		return err_set(
		    err, ERR_LIMIT, "%zu bytes long; at most %zu are allowed", text.len, max_bytes);
	if (is_plain(text))
		return true;
	if (!text_is_utf8(text))
		return err_set(err, ERR_MALFORMED, "not UTF-8");
	return check_characters(text, err) && check_nfc(text, err);
}

void
text_escape(struct buf *out, struct span text)
{
	size_t pos = 0;
	while (pos < text.len) {
		size_t start = pos;
		int32_t cp = text_next(text, &pos);
		if (cp < 0)
			buf_printf(out, "\\x{%02X}", (unsigned)text.ptr[pos++]);
		else if (cp == '\\' || hidden_kind(cp) != NULL)
			buf_printf(out, "\\u{%04X}", (unsigned)cp);
		else
			buf_add(out, text.ptr + start, pos - start);
	}
}

size_t
text_columns(struct span text)
{
	size_t columns = 0;
	size_t pos = 0;
	while (pos < text.len) {
		int32_t cp = text_next(text, &pos);
		if (cp >= 0) {
			columns += (size_t)utf8proc_charwidth(cp);
		} else {
			columns++;
			pos++;
		}
	}
	return columns;
}
