#include "core/text.h"

#include <stdio.h>
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

int32_t
text_half_width(int32_t cp)
{
	if (cp >= 0xff01 && cp <= 0xff5e)
		return cp - 0xff01 + '!';
	if (cp == 0x3000)
		return ' ';
	return (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 ? '-' : cp;
}

bool
text_is_utf8(struct span text)
{
	size_t pos = 0;
	while (text_next(text, &pos) >= 0)
		;
	return pos == text.len;
}

/* What is wrong with a character. */
struct kind {
	const char *zh, *en;
};

/* What a character may do to a reader who cannot see it; NULL if nothing. */
static const struct kind *
hidden_kind(int32_t cp)
{
	static const struct kind control = { "控制字符", "a control character" };
	static const struct kind format = { "不可见的格式或者方向控制符",
		"an invisible format or direction control" };
	static const struct kind private_use = { "私用字符", "a private-use character" };
	static const struct kind unassigned = { "未分配的字符", "not an assigned character" };
	static const struct kind separator = { "行或者段落分隔符",
		"a line or paragraph separator" };
	static const struct kind invisible = { "不可见的字符", "invisible" };

	switch (utf8proc_category(cp)) {
	case UTF8PROC_CATEGORY_CC:
		return &control;
	case UTF8PROC_CATEGORY_CF:
		return &format;
	case UTF8PROC_CATEGORY_CO:
		return &private_use;
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CS:
		return &unassigned;
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return &separator;
	default:
		return utf8proc_get_property(cp)->ignorable ? &invisible : NULL;
	}
}

static bool
is_blank(int32_t cp)
{
	return cp == 0x2800 || utf8proc_category(cp) == UTF8PROC_CATEGORY_ZS; /* Braille blank */
}

/* Shown like another character, or in its place; NULL if not. */
static const struct kind *
misleading_kind(int32_t cp)
{
	static const struct kind blank = { "空格和全角空格以外的空白",
		"a blank other than the space and the ideographic space" };
	static const struct kind radical = { "形似汉字的部首",
		"a radical that looks like a hanzi" };
	static const struct kind picture = { "图形或者表情符号", "a picture" };
	static const struct kind lost = { "转换时丢失的字的标记",
		"the mark of a character lost in conversion" };

	if (is_blank(cp) && cp != 0x20 && cp != 0x3000)
		return &blank;
	if (cp >= 0x2e80 && cp <= 0x2fdf)
		return &radical;
	if (cp >= 0x1f000 && cp <= 0x1faff) /* from mahjong tiles to emoji */
		return &picture;
	if (cp == 0xfffd)
		return &lost;
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

/* The nth character of a text is at fault: the rest of either sentence. */
static bool
fault_at(struct text_fault *why, size_t nth, int32_t cp, const char *zh, const char *en)
{
	why->code = ERR_REFUSED;
	snprintf(why->zh, sizeof why->zh, "第 %zu 个字（U+%04X）%s", nth, (unsigned)cp, zh);
	snprintf(why->en, sizeof why->en, "character %zu (U+%04X) %s", nth, (unsigned)cp, en);
	return false;
}

static bool
fault_kind(struct text_fault *why, size_t nth, int32_t cp, const struct kind *kind)
{
	char zh[96], en[96];
	snprintf(zh, sizeof zh, "是%s", kind->zh);
	snprintf(en, sizeof en, "is %s", kind->en);
	return fault_at(why, nth, cp, zh, en);
}

static bool
fault_blank(struct text_fault *why, int32_t cp, bool first)
{
	why->code = ERR_REFUSED;
	snprintf(
	    why->zh, sizeof why->zh, "%s有空白（U+%04X）", first ? "开头" : "末尾", (unsigned)cp);
	snprintf(why->en, sizeof why->en, "blank (U+%04X) at the %s", (unsigned)cp,
	    first ? "beginning" : "end");
	return false;
}

static bool
check_characters(struct text_fault *why, struct span text)
{
	enum script seen = SCRIPT_NONE;
	size_t pos = 0;
	size_t nth = 0;
	int32_t cp;

	while ((cp = text_next(text, &pos)) >= 0) {
		nth++;
		const struct kind *fault = hidden_kind(cp);
		if (fault == NULL)
			fault = misleading_kind(cp);
		if (fault != NULL)
			return fault_kind(why, nth, cp, fault);
		if (is_blank(cp) && (nth == 1 || pos == text.len))
			return fault_blank(why, cp, nth == 1);
		enum script script = script_of(cp);
		if (script != SCRIPT_NONE && seen != SCRIPT_NONE && script != seen)
			return fault_at(why, nth, cp, "与前面的字母不是同一种文字",
			    "is of another script than the letters before it");
		if (script != SCRIPT_NONE)
			seen = script;
	}
	return true;
}

static bool
fault_plain(struct text_fault *why, enum err_code code, const char *zh, const char *en)
{
	why->code = code;
	snprintf(why->zh, sizeof why->zh, "%s", zh);
	snprintf(why->en, sizeof why->en, "%s", en);
	return false;
}

/* Unicode normalisation form C (UAX 15). */
static bool
check_nfc(struct text_fault *why, struct span text)
{
	utf8proc_uint8_t *nfc = NULL;
	utf8proc_ssize_t len = utf8proc_map(
	    text.ptr, (utf8proc_ssize_t)text.len, &nfc, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (len < 0)
		return fault_plain(why, ERR_MEMORY, "内存不足", utf8proc_errmsg(len));

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
		return fault_plain(why, ERR_REFUSED, "不是 Unicode 规范化形式 C",
		    "not in Unicode normalisation form C");
	return same ||
	    fault_at(why, nth, cp, "起不是 Unicode 规范化形式 C",
		"begins what is not in Unicode normalisation form C");
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

static bool
check_length(struct text_fault *why, struct span text, size_t max_bytes)
{
	if (text.len == 0)
		return fault_plain(why, ERR_LIMIT, "为空", "empty");
	if (text.len <= max_bytes)
		return true;
	why->code = ERR_LIMIT;
	snprintf(why->zh, sizeof why->zh, "长 %zu 字节，最多 %zu 字节", text.len, max_bytes);
	snprintf(why->en, sizeof why->en, "%zu bytes long; at most %zu are allowed", text.len,
	    max_bytes);
	return false;
}

bool
text_is_field(struct text_fault *why, struct span text, size_t max_bytes)
{
	if (!check_length(why, text, max_bytes))
		return false;
	if (is_plain(text))
		return true;
	if (!text_is_utf8(text))
		return fault_plain(why, ERR_MALFORMED, "不是 UTF-8", "not UTF-8");
	return check_characters(why, text) && check_nfc(why, text);
}

bool
text_check_field(struct span text, size_t max_bytes, struct err *err)
{
	struct text_fault why;
	return text_is_field(&why, text, max_bytes) || err_set(err, why.code, "%s", why.en);
}

static bool
check_seen(struct text_fault *why, struct span text)
{
	size_t pos = 0, nth = 0;
	int32_t cp;

	while ((cp = text_next(text, &pos)) >= 0) {
		const struct kind *fault = hidden_kind(cp);
		nth++;
		if (fault != NULL)
			return fault_kind(why, nth, cp, fault);
	}
	return pos == text.len || fault_plain(why, ERR_MALFORMED, "不是 UTF-8", "not UTF-8");
}

bool
text_check_shown(struct span text, size_t max_bytes, struct err *err)
{
	struct text_fault why;
	return (check_length(&why, text, max_bytes) && check_seen(&why, text)) ||
	    err_set(err, why.code, "%s", why.en);
}

const char *
text_reserved(struct span text)
{
	static const char *const words[] = { "%%EOF", "/ByteRange" };

	for (size_t i = 0; text.len > 0 && i < sizeof words / sizeof words[0]; i++)
		if (memmem(text.ptr, text.len, words[i], strlen(words[i])) != NULL)
			return words[i];
	return NULL;
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
