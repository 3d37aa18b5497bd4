#include "verifier/daemon/consult.h"

#include "credential/number.h"
#include "verifier/daemon/connection.h"
#include "verifier/daemon/log.h"
#include "verifier/daemon/typed.h"
#include "verifier/evidence.h"
#include "verifier/handed.h"

#define CHECK_CODE_LENGTH (CREDENTIAL_CHECK_CODE_BYTES - 1)

static bool
ask_view(struct answer *out, const struct view *v, const struct question *question,
    struct handed *handed, struct err *err)
{
	const bool ok =
	    handed_ask_one(out, handed, v->published, v->has_live ? &v->live : NULL, question, err);

	out->unguarded = !v->guarded;
	return ok;
}

bool
consult_is_slow(const struct consult_input *in)
{
	return in->scan || verify_is_picture(in->bytes);
}

/* Many pictures in one request must not keep a thread from everybody else. */
bool
consult_is_late(const struct consult_input *in)
{
	return in->until_ms > 0 && consult_is_slow(in) && connection_clock_ms() > in->until_ms;
}

/* A failure that is nobody's fault but this host's: the reason is for its log alone. */
static bool
ours(bool ok, struct err *err)
{
	if (ok)
		return true;
	log_warning("trouble", json_pack("{s:s}", "reason", err->text));
	return err_set(err, ERR_IO, "this host cannot do it just now");
}

static bool
take_in(struct handed *out, const struct consult_input *in, struct err *err)
{
	if (consult_is_late(in))
		return err_set(err, ERR_LIMIT,
		    "the pictures of this request took too long to read: send fewer at once");
	if (handed_take(out, in->bytes, false, in->scan, err))
		return true;
	return err->code == ERR_NOT_FOUND || err->code == ERR_MALFORMED ||
		err->code == ERR_REFUSED || err->code == ERR_LIMIT
	    ? false
	    : ours(false, err);
}

static bool
ask_now(struct answer *out, const struct service *s, const struct question *question,
    struct handed *handed, struct err *err)
{
	struct view v = feed_take(s->feed);
	const bool ok = ask_view(out, &v, question, handed, err);

	feed_release(&v);
	return ok;
}

bool
consult_input(struct answer *out, const struct service *s, const struct question *question,
    const struct consult_input *in, struct err *err)
{
	struct handed handed = { 0 };
	const bool ok =
	    take_in(&handed, in, err) && ours(ask_now(out, s, question, &handed, err), err);

	handed_free(&handed);
	return ok;
}

/* ---- evidence ---- */

static bool
put(void *ctx, struct span bytes, struct err *err)
{
	buf_add_span(ctx, bytes);
	return buf_ok(ctx, err);
}

/* Do both say the same of the certificate's state? */
static bool
says_the_same(const struct answer *a, const struct answer *b)
{
	return a->verdict == b->verdict && a->reason == b->reason &&
	    a->status_read == b->status_read && a->status == b->status && a->end_s == b->end_s &&
	    a->effects.new_work == b->effects.new_work &&
	    a->effects.existing_work == b->effects.existing_work;
}

/* One input's answer and what it rests on; it must not be better than what is known beyond the published files. */
static bool
write_one(struct evidence_writer *w, struct answer *known, const struct service *s,
    const struct believed *b, const struct question *question, const struct consult_named *input,
    struct err *err)
{
	struct handed handed = { 0 };
	struct answer published;
	bool ok = take_in(&handed, &input->in, err) &&
	    ours(ask_now(known, s, question, &handed, err) &&
		    handed_ask(&published, &handed, b, question, err),
		err);

	if (ok && !says_the_same(&published, known))
		ok = err_set(err, ERR_BUSY,
		    "the register knows what is not published yet: come back in a moment");
	ok = ok &&
	    ours(evidence_write_answer(w, question, &published, err) &&
		    evidence_write_input(w, input->name != NULL ? input->name : "", handed.bytes,
			handed.is_picture ? &handed.picture : NULL, err),
		err);
	handed_free(&handed);
	return ok;
}

bool
consult_evidence(struct buf *out, struct answer *answers, const struct service *s,
    const struct question *question, const struct consult_named *inputs, size_t n, struct err *err)
{
	struct view v = feed_take(s->feed);
	/* Read anew what is published, so that every byte the answers rest on is kept. */
	const struct believed_paths from = { .root = v.paths->root,
		.folder = v.paths->public_folder,
		.memory = v.paths->memory_folder,
		.keep = true };
	const struct evidence_sink sink = { put, out };
	struct evidence_writer *w = NULL;
	struct believed *b = NULL;
	bool ok = ours(believed_new(&b, err) && believed_add(b, &from, question->now_s, err) &&
		evidence_write_begin(
		    &w, sink, b, "qualverifyd " QUALCERT_VERSION, question->now_s, err),
	    err);

	for (size_t i = 0; ok && i < n; i++)
		ok = write_one(w, &answers[i], s, b, question, &inputs[i], err);
	ok = ok && ours(evidence_write_end(w, err), err);
	evidence_writer_free(w);
	believed_free(b);
	feed_release(&v);
	return ok;
}

/* ---- a number and its check code ---- */

/* The last character may be a letter that looks like a digit; where one does not fit, the other may. */
static bool
parse_number(struct number *number, char *stored)
{
	static const char alike[] = "1I0O", *const other = "I1O0";
	const size_t len = strlen(stored);

	if (number_parse(number, span_text(stored), NULL))
		return true;
	const char *at = len > 0 ? strchr(alike, stored[len - 1]) : NULL;
	if (at == NULL)
		return false;
	stored[len - 1] = other[at - alike];
	return number_parse(number, span_text(stored), NULL);
}

static bool
plain_number(char out[NUMBER_STORED_BYTES], struct span typed)
{
	struct number number;

	if (!typed_plain(out, NUMBER_STORED_BYTES, typed) || !parse_number(&number, out))
		return false;
	number_stored(out, &number);
	return true;
}

static bool
plain_check_code(char out[CREDENTIAL_CHECK_CODE_BYTES], struct span typed)
{
	if (!typed_plain(out, CREDENTIAL_CHECK_CODE_BYTES, typed) ||
	    strlen(out) != CHECK_CODE_LENGTH)
		return false;
	for (char *c = out; *c != '\0'; c++) {
		if (*c == 'O')
			*c = '0';
		else if (*c == 'I' || *c == 'L')
			*c = '1';
	}
	return strspn(out, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == CHECK_CODE_LENGTH;
}

/* The answer to what one keyed read found, as of the same code. */
static bool
answer_found(struct confirmation *out, const struct service *s, const struct question *question,
    bool found, struct err *err)
{
	struct handed handed = { .bytes = buf_span(&out->code) };
	struct view v = feed_take(s->feed);
	bool ok = true;

	if (found)
		ok = ask_view(&out->answer, &v, question, &handed, err);
	else
		verify_no_such(&out->answer, question, v.published);
	out->answer.confirmed = found;
	out->answer.unguarded = !v.guarded;
	feed_release(&v);
	return ok;
}

static enum consult_confirmed
look_up(struct confirmation *out, bool *found, const struct service *s,
    const struct question *question, const char *number, const char *check_code, struct err *err)
{
	if (!feed_confirm(
		found, &out->code, s->feed, span_text(number), span_text(check_code), err))
		return err->code == ERR_NOT_FOUND ? CONSULT_NOT_NOW : CONSULT_FAILED;
	/* That an old table of ours lacks it says nothing about the certificate. */
	if (!*found && feed_lookup(s->feed) == FEED_LOOKUP_BEHIND)
		return CONSULT_NOT_NOW;
	return ours(answer_found(out, s, question, *found, err), err) ? CONSULT_ANSWERED
								      : CONSULT_FAILED;
}

enum consult_confirmed
consult_number(struct confirmation *out, const struct service *s, const struct request *q,
    const struct question *question, struct span number, struct span check_code, struct err *err)
{
	char stored[NUMBER_STORED_BYTES], code[CREDENTIAL_CHECK_CODE_BYTES];

	if (feed_lookup(s->feed) == FEED_LOOKUP_NONE)
		return CONSULT_NOWHERE;
	if (!plain_number(stored, number))
		return CONSULT_NUMBER;
	if (!plain_check_code(code, check_code))
		return CONSULT_CHECK_CODE;
	out->wait_s = clients_guess(s->clients, q->client, q->now_s);
	if (out->wait_s > 0)
		return CONSULT_LATER;
	bool found = false;
	const enum consult_confirmed result = look_up(out, &found, s, question, stored, code, err);
	clients_guessed(s->clients, q->client, found || result != CONSULT_ANSWERED, q->now_s);
	return result;
}
