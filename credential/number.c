#include "credential/number.h"

#include "core/text.h"

#include <stdio.h>

#define BODY_LENGTH 18 /* all but the check character, without hyphens */

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* The two forms: L a capital letter, d a digit, c either of them, - a hyphen. */
static const char stored_form[] = "LLLdddddddddddddddc";
static const char shown_form[] = "LL-L-dddddd-dddd-ddddd-c";

/* ISO/IEC 7064 MOD 37,36, the hybrid system. */
static char
check_character(const char body[BODY_LENGTH])
{
	unsigned product = 36;
	for (size_t i = 0; i < BODY_LENGTH; i++) {
		unsigned value = (unsigned)(strchr(alphabet, body[i]) - alphabet);
		unsigned sum = (product + value) % 36;
		product = (sum == 0 ? 36 : sum) * 2 % 37;
	}
	return alphabet[(37 - product) % 36];
}

static bool
fits(char class, int32_t cp)
{
	bool digit = cp >= '0' && cp <= '9';
	bool letter = cp >= 'A' && cp <= 'Z';
	switch (class) {
	case 'L':
		return letter;
	case 'd':
		return digit;
	case 'c':
		return letter || digit;
	default:
		return cp == class;
	}
}

static const char *
class_name(char class)
{
	switch (class) {
	case 'L':
		return "a capital letter";
	case 'd':
		return "a digit";
	case 'c':
		return "a digit or a capital letter";
	default:
		return "a hyphen";
	}
}

/* Read `text` along `form` into the nineteen characters without hyphens. */
static bool
read_form(char out[NUMBER_STORED_BYTES], struct span text, const char *form, struct err *err)
{
	size_t pos = 0;
	size_t n = 0;
	for (size_t i = 0; form[i] != '\0'; i++) {
		int32_t cp = text_next(text, &pos);
		if (!fits(form[i], cp))
			return err_set(err, ERR_MALFORMED,
			    "character %zu of a certificate number must be %s, half width", i + 1,
			    class_name(form[i]));
		if (form[i] != '-')
			out[n++] = (char)cp;
	}
	out[n] = '\0';
	return true;
}

static int
decimal(const char *digits, size_t count)
{
	int value = 0;
	for (size_t i = 0; i < count; i++)
		value = value * 10 + (digits[i] - '0');
	return value;
}

bool
number_is_family(const char *letters)
{
	static const char *const families[] = { "JC", "YZ", "JG", "JS" };
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		if (strcmp(letters, families[i]) == 0)
			return true;
	return false;
}

bool
number_make(struct number *out, const char *family, char grade, const char *region, int year,
    int serial, struct err *err)
{
	if (!number_is_family(family))
		return err_set(err, ERR_REFUSED, "there is no family %.8s", family);
	if (grade != 'A' && grade != 'B')
		return err_set(err, ERR_REFUSED, "there is no grade %c", grade);
	if (strlen(region) != 6 || strspn(region, "0123456789") != 6)
		return err_set(err, ERR_REFUSED, "a region is six digits, not %.16s", region);
	if (year < 2000 || year > 2099)
		return err_set(err, ERR_REFUSED, "year %d is not of 2000 to 2099", year);
	if (serial < 0 || serial > NUMBER_SERIAL_MAX)
		return err_set(
		    err, ERR_REFUSED, "serial %d is not of 0 to %d", serial, NUMBER_SERIAL_MAX);
	*out = (struct number){ .grade = grade, .year = year, .serial = serial };
	memcpy(out->family, family, sizeof out->family);
	memcpy(out->region, region, sizeof out->region);
	return true;
}

bool
number_parse(struct number *out, struct span text, struct err *err)
{
	char code[NUMBER_STORED_BYTES];

	const char *form = text.len == NUMBER_STORED_BYTES - 1 ? stored_form : shown_form;
	if (text.len != strlen(form))
		return err_set(err, ERR_MALFORMED,
		    "a certificate number is written JC-A-999900-2026-48213-6, or without hyphens; "
		    "this has %zu bytes",
		    text.len);
	if (!read_form(code, text, form, err))
		return false;

	char want = check_character(code);
	if (code[BODY_LENGTH] != want)
		return err_set(err, ERR_MALFORMED,
		    "check character of the certificate number is %c, want %c: at least one "
		    "character was copied wrongly",
		    code[BODY_LENGTH], want);

	const char family[] = { code[0], code[1], '\0' };
	char region[7] = "";
	memcpy(region, code + 3, 6);
	return number_make(
	    out, family, code[2], region, decimal(code + 9, 4), decimal(code + 13, 5), err);
}

unsigned
number_class(const struct number *n)
{
	unsigned class = 0;

	while (class < NUMBER_CLASSES && (n->serial >> class & 1) == 0)
		class ++;
	return class;
}

int
number_serial(unsigned class, uint64_t random)
{
	const uint64_t first = UINT64_C(1) << class, step = 2 * first;
	return (int)(first + step * (random % ((NUMBER_SERIAL_MAX - first) / step + 1)));
}

void
number_stored(char out[NUMBER_STORED_BYTES], const struct number *n)
{
	snprintf(out, NUMBER_STORED_BYTES, "%s%c%s%04u%05u", n->family, n->grade, n->region,
	    (unsigned)n->year % 10000, (unsigned)n->serial % 100000);
	out[BODY_LENGTH] = check_character(out);
	out[BODY_LENGTH + 1] = '\0';
}

void
number_shown(char out[NUMBER_SHOWN_BYTES], const struct number *n)
{
	char stored[NUMBER_STORED_BYTES];
	number_stored(stored, n);
	const char *from = stored;
	for (size_t i = 0; i < NUMBER_SHOWN_BYTES; i++) /* the form's NUL takes that of stored */
		out[i] = shown_form[i] == '-' ? '-' : *from++;
}

void
number_file(char out[NUMBER_FILE_BYTES], const struct number *n, unsigned version)
{
	char shown[NUMBER_SHOWN_BYTES];

	number_shown(shown, n);
	if (version > 1)
		snprintf(out, NUMBER_FILE_BYTES, "%s.v%u", shown, version % 65536);
	else
		snprintf(out, NUMBER_FILE_BYTES, "%s", shown);
}
