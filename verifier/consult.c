#include "verifier/consult.h"

#include "credential/number.h"

#include <ctype.h>

#define CHECK_CODE_LENGTH (CREDENTIAL_CHECK_CODE_BYTES - 1)

static bool
verify_view(struct answer *out, const struct view *v, const struct question *question,
    struct span input, struct err *err)
{
	const bool ok =
	    verify(out, question, v->published, v->has_live ? &v->live : NULL, input, err);

	out->unguarded = !v->guarded;
	return ok;
}

bool
consult_input(struct answer *out, const struct service *s, const struct question *question,
    struct span input, struct err *err)
{
	struct view v = feed_take(s->feed);
	const bool ok = verify_view(out, &v, question, input, err);

	feed_release(&v);
	return ok;
}

/* Without blanks and hyphens, in capitals; false if it does not fit. */
static bool
plain(char *out, size_t room, struct span typed)
{
	size_t n = 0;

	for (size_t i = 0; i < typed.len; i++) {
		const int c = typed.ptr[i];
		if (c == ' ' || c == '-')
			continue;
		if (n + 1 == room)
			return false;
		out[n++] = (char)(c < 0x80 ? toupper(c) : c);
	}
	out[n] = '\0';
	return true;
}

static bool
plain_number(char out[NUMBER_STORED_BYTES], struct span typed)
{
	struct number number;

	if (!plain(out, NUMBER_STORED_BYTES, typed) || !number_parse(&number, span_text(out), NULL))
		return false;
	number_stored(out, &number);
	return true;
}

static bool
plain_check_code(char out[CREDENTIAL_CHECK_CODE_BYTES], struct span typed)
{
	if (!plain(out, CREDENTIAL_CHECK_CODE_BYTES, typed) || strlen(out) != CHECK_CODE_LENGTH)
		return false;
	for (char *c = out; *c != '\0'; c++) {
		if (*c == 'O')
			*c = '0';
		else if (*c == 'I' || *c == 'L')
			*c = '1';
	}
	return strspn(out, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == CHECK_CODE_LENGTH;
}

/* One keyed read, then the answer to what it found. */
static enum consult_confirmed
look_up(struct answer *out, const struct service *s, const struct request *q,
    const struct question *question, const char *number, const char *check_code, struct err *err)
{
	struct buf text = BUF_EMPTY;
	bool found = false;
	bool ok =
	    feed_confirm(&found, &text, s->feed, span_text(number), span_text(check_code), err);

	if (ok) {
		struct view v = feed_take(s->feed);
		if (found)
			ok = verify_view(out, &v, question, buf_span(&text), err);
		else
			verify_no_such(out, question, v.published);
		out->unguarded = !v.guarded;
		feed_release(&v);
		if (!found)
			clients_missed(s->clients, q->client, q->now_s);
	}
	buf_free(&text);
	if (!ok && err->code == ERR_NOT_FOUND)
		return CONSULT_NOT_NOW;
	return ok ? CONSULT_ANSWERED : CONSULT_FAILED;
}

enum consult_confirmed
consult_number(struct answer *out, int64_t *wait_s, const struct service *s,
    const struct request *q, const struct question *question, struct span number,
    struct span check_code, struct err *err)
{
	char stored[NUMBER_STORED_BYTES], code[CREDENTIAL_CHECK_CODE_BYTES];

	if (feed_lookup(s->feed) == FEED_LOOKUP_NONE)
		return CONSULT_NOWHERE;
	if (!plain_number(stored, number))
		return CONSULT_NUMBER;
	if (!plain_check_code(code, check_code))
		return CONSULT_CHECK_CODE;
	*wait_s = clients_may_guess(s->clients, q->client, q->now_s);
	if (*wait_s > 0)
		return CONSULT_LATER;
	return look_up(out, s, q, question, stored, code, err);
}
