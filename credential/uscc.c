#include "credential/uscc.h"

#include "core/text.h"

/* GB 32100-2015 table 2: no I, O, S, V, Z. A character's value is its place. */
static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
#define MODULUS 31

/* GB 11714-1997: letters are A = 10 to Z = 35, unlike above. */
static const char organisation_alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Where the parts stand, from 0. */
#define REGION_AT 2
#define REGION_LENGTH 6
#define ORGANISATION_AT 8
#define ORGANISATION_LENGTH 8 /* and its check character behind it */
#define CHECK_AT 17

/* -1 if the character is not of the alphabet. */
static int
value_in(const char *letters, int32_t cp)
{
	const char *at = cp > 0 && cp < 0x80 ? strchr(letters, cp) : NULL;
	return at != NULL ? (int)(at - letters) : -1;
}

static char
check_character(const char code[USCC_LENGTH])
{
	unsigned sum = 0;
	unsigned weight = 1; /* 3^i mod 31 */
	for (size_t i = 0; i < CHECK_AT; i++) {
		sum += (unsigned)value_in(alphabet, code[i]) * weight;
		weight = weight * 3 % MODULUS;
	}
	return alphabet[(MODULUS - sum % MODULUS) % MODULUS];
}

static char
organisation_check(const char code[USCC_LENGTH])
{
	static const unsigned weights[ORGANISATION_LENGTH] = { 3, 7, 9, 10, 5, 8, 4, 2 };
	unsigned sum = 0;
	for (size_t i = 0; i < ORGANISATION_LENGTH; i++)
		sum += (unsigned)value_in(organisation_alphabet, code[ORGANISATION_AT + i]) *
		    weights[i];
	return "0X987654321"[sum % 11]; /* 11 - remainder; 10 is written X, 11 is written 0 */
}

/* The next character; a byte that is no UTF-8 counts as one, with value -1. */
static int32_t
next_character(struct span *bytes, struct span text, size_t *pos)
{
	size_t start = *pos;
	int32_t cp = text_next(text, pos);
	if (cp < 0)
		(*pos)++;
	*bytes = span_of(text.ptr + start, *pos - start);
	return cp;
}

static size_t
characters_of(struct span text)
{
	struct span bytes;
	size_t count = 0;
	for (size_t pos = 0; pos < text.len; count++)
		next_character(&bytes, text, &pos);
	return count;
}

/*
 * The eighteen characters as ASCII, each of the alphabet and of its field's; else the first that is
 * not is named in *v.
 */
static enum uscc_answer
read_characters(char code[USCC_LENGTH], struct span text, struct uscc_verdict *v)
{
	size_t pos = 0;
	for (size_t i = 0; i < USCC_LENGTH; i++) {
		v->position = i + 1;
		int32_t cp = next_character(&v->character, text, &pos);
		int value = value_in(alphabet, cp);
		if (value < 0)
			return USCC_BAD_CHARACTER;
		if (value > 9 && i >= REGION_AT && i < REGION_AT + REGION_LENGTH)
			return USCC_BAD_REGION;
		code[i] = (char)cp;
	}
	return USCC_VALID;
}

struct uscc_verdict
uscc_check(struct span text)
{
	struct uscc_verdict v = { .length = characters_of(text) };
	char code[USCC_LENGTH];

	if (v.length != USCC_LENGTH) {
		v.answer = USCC_BAD_LENGTH;
		return v;
	}
	v.answer = read_characters(code, text, &v);
	if (v.answer != USCC_VALID)
		return v;
	v.have = code[CHECK_AT];
	v.want = check_character(code);
	if (v.have != v.want) {
		v.answer = USCC_BAD_CHECK;
		return v;
	}
	v.have = code[ORGANISATION_AT + ORGANISATION_LENGTH];
	v.want = organisation_check(code);
	v.answer = v.have == v.want ? USCC_VALID : USCC_VALID_OLD_ORGANISATION;
	return v;
}

bool
uscc_is_valid(const struct uscc_verdict *v)
{
	return v->answer == USCC_VALID || v->answer == USCC_VALID_OLD_ORGANISATION;
}

static void
explain_character(struct buf *out, const struct uscc_verdict *v, bool zh)
{
	buf_add_text(out, zh ? "字符“" : "bad character '");
	text_escape(out, v->character);
	if (zh)
		buf_printf(out,
		    "”（第 %zu 位）不属于统一社会信用代码的字符集：只用半角数字和大写字母，不含 "
		    "I、O、S、V、Z",
		    v->position);
	else
		buf_printf(out,
		    "' at position %zu: only half-width digits and capital letters other than I, "
		    "O, "
		    "S, V and Z are used",
		    v->position);
}

void
uscc_explain(struct buf *out, const struct uscc_verdict *v, enum lang lang)
{
	bool zh = lang == LANG_ZH;

	switch (v->answer) {
	case USCC_UNDECIDED:
	case USCC_VALID:
		break;
	case USCC_VALID_OLD_ORGANISATION:
		buf_printf(out,
		    zh ? "校验码正确，但其中组织机构代码的校验码是 %c，应为 "
			 "%c：早年的代码可能如此，请与登记信息核对"
		       : "check digit ok, but embedded organisation code check is %c, want %c: "
			 "codes "
			 "of early years may deviate, compare with the registration",
		    v->have, v->want);
		break;
	case USCC_BAD_LENGTH:
		buf_printf(out,
		    zh ? "长度不对：有 %zu 个字符，应为 %d 个"
		       : "bad length: %zu characters, want %d",
		    v->length, USCC_LENGTH);
		break;
	case USCC_BAD_CHARACTER:
		explain_character(out, v, zh);
		break;
	case USCC_BAD_REGION:
		buf_printf(out,
		    zh ? "第 3 至 8 位应为 6 位数字的登记管理机关行政区划码：第 %zu 位是“%.*s”"
		       : "region field not 6 digits: position %zu is '%.*s'",
		    v->position, (int)v->character.len, (const char *)v->character.ptr);
		break;
	case USCC_BAD_CHECK:
		buf_printf(out,
		    zh ? "校验码是 %c，应为 %c：至少有一个字符抄错"
		       : "check digit is %c, want %c: at least one character was copied wrongly",
		    v->have, v->want);
		break;
	}
}

bool
uscc_require(struct span text, struct err *err)
{
	struct uscc_verdict v = uscc_check(text);
	struct buf why = BUF_EMPTY;

	if (uscc_is_valid(&v))
		return true;
	uscc_explain(&why, &v, LANG_EN);
	const char *sentence = buf_text(&why);
	err_set(err, ERR_MALFORMED, "unified social credit code: %s",
	    sentence != NULL ? sentence : "not valid");
	buf_free(&why);
	return false;
}
