#include "verifier/daemon/header.h"

#include "core/limits.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define VERSION_BYTES 8 /* "HTTP/1.1" */
#define ENTRY_BYTES 64  /* libmicrohttpd's own, for each line, parameter and cookie */

enum line {
	TYPE,
	ENCODING,
	ACCEPT,
	LANGUAGE,
	NONE_MATCH,
	FORWARDED,
	LENGTH,
	CHUNKED,
	HOST,
	COOKIE,
	LINES
};

static const struct {
	const char *name;
	size_t len;
	bool once; /* twice is ambiguous */
} lines[LINES] = {
	[TYPE] = { "Content-Type", 12, true },
	[ENCODING] = { "Content-Encoding", 16, true },
	[ACCEPT] = { "Accept", 6, false },
	[LANGUAGE] = { "Accept-Language", 15, false },
	[NONE_MATCH] = { "If-None-Match", 13, false },
	[FORWARDED] = { "X-Forwarded-For", 15, false },
	[LENGTH] = { "Content-Length", 14, true },
	[CHUNKED] = { "Transfer-Encoding", 17, false },
	[HOST] = { "Host", 4, true },
	[COOKIE] = { "Cookie", 6, false },
};

struct reading {
	const char *next; /* where the next line must begin */
	const char *values[LINES];
	bool ambiguous;
};

enum { TOKEN = 1, HOST_CHARACTER = 2 };

/* RFC 9110 5.6.2 and, for a name with its port, 7.2 */
static const unsigned char characters[256] = {
	['0' ... '9'] = TOKEN | HOST_CHARACTER,
	['A' ... 'Z'] = TOKEN | HOST_CHARACTER,
	['a' ... 'z'] = TOKEN | HOST_CHARACTER,
	['-'] = TOKEN | HOST_CHARACTER,
	['.'] = TOKEN | HOST_CHARACTER,
	['_'] = TOKEN | HOST_CHARACTER,
	['~'] = TOKEN | HOST_CHARACTER,
	['!'] = TOKEN,
	['#' ... '\''] = TOKEN,
	['*'] = TOKEN,
	['+'] = TOKEN,
	['^'] = TOKEN,
	['`'] = TOKEN,
	['|'] = TOKEN,
	[':'] = HOST_CHARACTER,
	['['] = HOST_CHARACTER,
	[']'] = HOST_CHARACTER,
};

static bool
consists_of(const char *text, size_t len, unsigned char kind)
{
	for (size_t i = 0; i < len; i++)
		if ((characters[(unsigned char)text[i]] & kind) == 0)
			return false;
	return len > 0;
}

/* Name, colon, blanks, value, end of line: the two bytes that are NULs now. Gives where the next line begins. */
static const char *
after_line(const char *at, const char *name, size_t name_len, const char *value, size_t value_len)
{
	if (at != name || name[name_len] != '\0')
		return NULL;
	at += name_len + 1;
	while (*at == ' ' || *at == '\t')
		at++;
	if (at != value || memchr(value, '\r', value_len) != NULL)
		return NULL;
	at += value_len;
	return at[0] == '\0' && at[1] == '\0' ? at + 2 : NULL;
}

static enum MHD_Result
see_line(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_len, const char *value,
    size_t value_len)
{
	struct reading *r = cls;

	(void)kind;
	r->next = r->next != NULL ? after_line(r->next, name, name_len, value, value_len) : NULL;
	if (r->next == NULL || !consists_of(name, name_len, TOKEN)) {
		r->ambiguous = true;
		return MHD_NO;
	}
	for (size_t i = 0; i < LINES; i++) {
		if (lines[i].len != name_len || strcasecmp(lines[i].name, name) != 0)
			continue;
		r->ambiguous |= r->values[i] != NULL && lines[i].once;
		if (r->values[i] == NULL || i == FORWARDED)
			r->values[i] = value;
	}
	return MHD_YES;
}

const char *
header_after_address(const char *address)
{
	return address + strlen(address) + 1;
}

size_t
header_before_path(const char *address)
{
	static const char *const schemes[] = { "http://", "https://" };

	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		const size_t n = strlen(schemes[i]);
		if (strncasecmp(address, schemes[i], n) != 0)
			continue;
		const size_t host = strcspn(address + n, "/?#");
		return consists_of(address + n, host, HOST_CHARACTER) ? n + host : 0;
	}
	return 0;
}

static bool
read_length(struct header *out, const char *text)
{
	out->has_length = text != NULL;
	if (text == NULL)
		return true;
	const size_t n = strspn(text, "0123456789");
	if (n == 0 || n > 18 || text[n] != '\0')
		return false;
	out->length = strtoull(text, NULL, 10);
	return true;
}

/* Of the connection's memory, what the request has taken: cookies are copied. */
static size_t
taken(struct MHD_Connection *c, size_t header_bytes, const char *cookie)
{
	const int entries = MHD_get_connection_values_n(
	    c, MHD_HEADER_KIND | MHD_GET_ARGUMENT_KIND | MHD_COOKIE_KIND, NULL, NULL);

	return header_bytes + (size_t)entries * ENTRY_BYTES + (cookie != NULL ? strlen(cookie) : 0);
}

/* From the method to the end of the empty line. */
static size_t
header_bytes(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	return info != NULL ? info->header_size : 0;
}

struct header
header_read(struct MHD_Connection *c, const char *method, const char *path, const char *version,
    const char *after_address)
{
	struct reading r = { .next = version + VERSION_BYTES + 2 };

	r.ambiguous = path != method + strlen(method) + 1 || version != after_address ||
	    strlen(version) != VERSION_BYTES || version[VERSION_BYTES + 1] != '\0';
	if (!r.ambiguous)
		MHD_get_connection_values_n(c, MHD_HEADER_KIND, see_line, &r);
	struct header h = { .type = r.values[TYPE],
		.encoding = r.values[ENCODING],
		.accept = r.values[ACCEPT],
		.accept_language = r.values[LANGUAGE],
		.if_none_match = r.values[NONE_MATCH],
		.forwarded = r.values[FORWARDED],
		.chunked = r.values[CHUNKED] != NULL };
	const bool has_length = read_length(&h, r.values[LENGTH]);
	const char *host = r.values[HOST];
	const size_t bytes = header_bytes(c);
	/* The empty line is what is left. */
	h.ambiguous = r.ambiguous || r.next + 2 != method + bytes || !has_length ||
	    (h.has_length && h.chunked) ||
	    (host != NULL && !consists_of(host, strlen(host), HOST_CHARACTER));
	h.too_long = !h.ambiguous && taken(c, bytes, r.values[COOKIE]) > LIMIT_HEADER_BYTES;
	return h;
}
