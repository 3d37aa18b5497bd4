#include "verifier/daemon/body_json.h"

#include "core/cursor.h"
#include "core/limits.h"

struct count {
	size_t depth, deepest, values;
};

/* One byte outside of strings. */
static void
count_byte(struct count *n, uint8_t byte)
{
	switch (byte) {
	case '{':
	case '[':
		n->depth++;
		n->deepest = n->depth > n->deepest ? n->depth : n->deepest;
		n->values++;
		break;
	case '}':
	case ']':
		n->depth -= n->depth > 0;
		break;
	case ',':
	case ':':
		n->values++;
		break;
	default:
		break;
	}
}

/* Whatever is no JSON is counted somehow, and refused by who reads it. */
static struct count
count(struct span body)
{
	struct count n = { 0 };
	struct cursor c = cursor_over(body);
	bool quoted = false;

	while (cursor_left(&c) > 0) {
		const uint8_t byte = cursor_u8(&c);
		if (byte == '"')
			quoted = !quoted;
		else if (quoted && byte == '\\')
			(void)cursor_u8(&c);
		else if (!quoted)
			count_byte(&n, byte);
	}
	return n;
}

bool
body_json_read(json_t **out, struct span body, size_t values, struct err *err)
{
	const struct count n = count(body);

	*out = NULL;
	if (n.deepest > LIMIT_BODY_JSON_DEPTH || n.values > values)
		return err_set(err, ERR_LIMIT,
		    "the JSON has more values, or is nested deeper, than anything asked here");
	*out = json_loadb((const char *)body.ptr, body.len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(*out))
		return true;
	json_decref(*out);
	*out = NULL;
	return err_set(
	    err, ERR_MALFORMED, "the body is no JSON object (RFC 8259), or a member stands twice");
}
