#include "verifier/daemon/accept.h"

#include <string.h>
#include <strings.h>

#define WHOLE 1000

/* "0", "0.5", "1.000"; anything else is nothing. */
static unsigned
thousandths(const char *text, size_t len)
{
	unsigned value = 0, place = WHOLE / 10;

	if (len == 0 || len > 5 || (text[0] != '0' && text[0] != '1') ||
	    (len > 1 && text[1] != '.'))
		return 0;
	for (size_t i = 2; i < len; i++, place /= 10) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		value += (unsigned)(text[i] - '0') * place;
	}
	if (text[0] == '1')
		return value == 0 ? WHOLE : 0;
	return value;
}

/* The weight among an item's parameters; whole, if none is said. */
static unsigned
weight(const char *parameters)
{
	for (const char *at = parameters; *at == ';';) {
		at += strspn(at, "; \t");
		const size_t len = strcspn(at, ";, \t");
		if (len >= 2 && strncasecmp(at, "q=", 2) == 0)
			return thousandths(at + 2, len - 2);
		at += strcspn(at, ";,");
	}
	return WHOLE;
}

typedef bool fits_fn(const char *range, size_t len, const char *wanted);

struct range {
	const char *at; /* NULL: none fits */
	unsigned weight;
};

/* The range of the best weight among those that fit; the first of several. */
static struct range
best(const char *header, const char *wanted, fits_fn *fits)
{
	struct range most = { 0 };

	for (const char *at = header; *at != '\0';) {
		at += strspn(at, ", \t");
		const size_t len = strcspn(at, ",; \t");
		if (len > 0 && fits(at, len, wanted)) {
			const unsigned w = weight(at + len + strspn(at + len, " \t"));
			if (most.at == NULL || w > most.weight)
				most = (struct range){ at, w };
		}
		at += strcspn(at, ",");
	}
	return most;
}

static bool
is_same(const char *range, size_t len, const char *wanted)
{
	return len == strlen(wanted) && strncasecmp(range, wanted, len) == 0;
}

static bool
is_of_language(const char *range, size_t len, const char *wanted)
{
	const size_t n = strlen(wanted);

	return len >= n && strncasecmp(range, wanted, n) == 0 && (len == n || range[n] == '-');
}

unsigned
accept_language(const char *header, const char *language)
{
	const struct range named = best(header, language, is_of_language);

	return named.at != NULL ? named.weight : best(header, "*", is_same).weight;
}

bool
accept_rather(const char *header, const char *type, const char *other)
{
	const struct range one = best(header, type, is_same), two = best(header, other, is_same);

	return one.weight > two.weight ||
	    (one.weight > 0 && one.weight == two.weight && one.at < two.at);
}
