/*
 * Targets: cms_check(). The input is a list of changes to a genuine seal (place, byte to put there, how
 * many bytes to insert or remove), made anew by the key each time, so that it gets past the outline to
 * the comparison; with a first byte of 255 to a time-stamped one; or, with a first byte of 0, a seal of its
 * own.
 */
#include "keys/cms.h"
#include "keys/seal.h"
#include "tests/fuzz/change.h"
#include "tests/fuzz/fuzz.h"
#include "tests/keys/authority.h"

#include <stdlib.h>

#define PART_1 "sealed"
#define STAMPED 255

struct desk {
	struct bureau *b;
	struct authority *a; /* listed */
};

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

static enum cms_answer
judge(const struct bureau *b, struct span part_1, struct span der)
{
	struct cms_seal out;
	struct err why = { 0 };
	uint8_t digest[SHA256_BYTES];

	sha256(digest, part_1);
	const enum cms_answer answer = cms_check(&out, b->trust, digest, der, &why);

	promise(answer != CMS_UNDECIDED);
	promise((answer == CMS_SEALED) == (out.key != NULL));
	promise((answer == CMS_SEALED) == (why.code == ERR_NONE));
	return answer;
}

static bool
stamp(struct buf *token, void *ctx, const uint8_t imprint[SHA256_BYTES], struct err *err)
{
	const struct desk *desk = ctx;

	(void)err;
	authority_token(token, desk->a, imprint, BUREAU_NOW_S);
	return true;
}

static void
try_changes(struct desk *desk, bool stamped, struct span in)
{
	const struct bureau *b = desk->b;
	const struct seal_stamper stamper = { stamp, desk };
	struct buf seal = BUF_EMPTY, genuine = BUF_EMPTY;
	struct cursor c = cursor_over(in);

	promise(seal_make(&genuine, b->sealer, span_text(PART_1), span_of(NULL, 0),
	    stamped ? &stamper : NULL, NULL));
	buf_add_span(&seal, buf_span(&genuine));
	while (cursor_left(&c) >= CHANGE_BYTES && seal.len > 1)
		change(&seal, &c);
	bool same = span_equal(buf_span(&seal), buf_span(&genuine));
	const bool sealed = judge(b, span_text(PART_1), buf_span(&seal)) == CMS_SEALED,
		   changed = judge(b, span_text("other"), buf_span(&seal)) == CMS_CHANGED;
	/* Of a token timestamp_check() decides which bytes matter, and of a changed file not even they do. */
	promise(sealed == same || (stamped && !same));
	promise(changed == same || (stamped && !same));
	buf_free(&seal);
	buf_free(&genuine);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct desk desk; /* made once; nothing of it changes */

	if (desk.b == NULL) {
		desk.b = bureau_new();
		desk.a = authority_new(&(struct authority_kind){ 0 });
		authority_list(desk.b, desk.a);
	}
	if (size > 0 && data[0] == 0)
		promise(
		    judge(desk.b, span_text(PART_1), span_of(data + 1, size - 1)) != CMS_SEALED);
	else if (size > 0 && data[0] == STAMPED)
		try_changes(&desk, true, span_of(data + 1, size - 1));
	else
		try_changes(&desk, false, span_of(data, size));
	return 0;
}
