/*
 * Targets: timestamp_check(). The first byte of the input says of what the rest is a list of changes (place,
 * byte to put there, how many bytes to insert or remove): 1 of a genuine token, which gets to the comparison
 * of its parts; 2 of the TSTInfo in it, which the authority then signs, so that it gets past the signature.
 * After any other first byte the rest is a token of its own.
 */
#include "keys/timestamp.h"
#include "tests/fuzz/change.h"
#include "tests/fuzz/fuzz.h"
#include "tests/keys/authority.h"

static const uint8_t imprint[SHA256_BYTES] = { 1, 2, 3 };

struct desk {
	struct bureau *b;
	struct authority *a;
};

static enum timestamp_answer
judge(const struct desk *desk, struct span token, int64_t *time_s)
{
	struct timestamp out;
	struct err why = { 0 };
	const enum timestamp_answer answer =
	    timestamp_check(&out, desk->b->trust, imprint, token, &why);

	fuzz_promise(answer != TIMESTAMP_UNDECIDED);
	fuzz_promise((answer == TIMESTAMP_HOLDS) == (out.key != NULL));
	fuzz_promise((answer == TIMESTAMP_HOLDS) == (why.code == ERR_NONE));
	*time_s = out.time_s;
	return answer;
}

/* Whatever was changed of it: what still holds says what was signed. */
static void
try_token(const struct desk *desk, struct span changes)
{
	struct buf token = BUF_EMPTY;
	int64_t time_s;

	authority_token(&token, desk->a, imprint, BUREAU_NOW_S);
	change_all(&token, changes);
	const enum timestamp_answer answer = judge(desk, buf_span(&token), &time_s);
	fuzz_promise(answer != TIMESTAMP_HOLDS || time_s == BUREAU_NOW_S);
	fuzz_promise(changes.len >= CHANGE_BYTES || answer == TIMESTAMP_HOLDS);
	buf_free(&token);
}

/* What the authority signed: no fault is found but in the contents. */
static void
try_info(const struct desk *desk, struct span changes)
{
	struct buf info = BUF_EMPTY, token = BUF_EMPTY;
	int64_t time_s;

	authority_info(&info, imprint, BUREAU_NOW_S);
	change_all(&info, changes);
	PKCS7 *signed_info = authority_sign(desk->a, buf_span(&info), "SHA256");
	authority_der(&token, signed_info);
	const enum timestamp_answer answer = judge(desk, buf_span(&token), &time_s);
	fuzz_promise(
	    answer == TIMESTAMP_HOLDS || answer == TIMESTAMP_FORM || answer == TIMESTAMP_OTHER);
	fuzz_promise(answer != TIMESTAMP_HOLDS ||
	    memmem(info.ptr, info.len, imprint, sizeof imprint) != NULL);
	PKCS7_free(signed_info);
	buf_free(&info);
	buf_free(&token);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct desk desk; /* made once; nothing of it changes */
	int64_t time_s;

	if (desk.b == NULL) {
		desk.b = bureau_new();
		desk.a = authority_new(&(struct authority_kind){ 0 });
		authority_list(desk.b, desk.a);
	}
	const struct span rest = size > 1 ? span_of(data + 1, size - 1) : span_of(NULL, 0);
	if (size > 0 && data[0] == 1)
		try_token(&desk, rest);
	else if (size > 0 && data[0] == 2)
		try_info(&desk, rest);
	else
		fuzz_promise(judge(&desk, rest, &time_s) != TIMESTAMP_HOLDS);
	return 0;
}
