/*
 * Targets: verifier/evidence_read.c, evidence_about.c, evidence_judge.c, core/tar.c. The first byte says what the rest
 * is: the file itself (0), or its members, a name behind its length and a content behind its own (three bytes) each,
 * of which an evidence file is made with every sum right.
 */
#include "core/cursor.h"
#include "core/tar.h"
#include "tests/fuzz/fuzz.h"
#include "verifier/evidence_about.h"
#include "verifier/evidence_page.h"

#include <stdio.h>
#include <string.h>

#define SEED_S 1795690800 /* the clock of the seeds */

static void
build(struct buf *out, struct cursor *c)
{
	struct buf manifest = BUF_EMPTY;
	char name[TAR_NAME_BYTES];

	while (cursor_left(c) > 0) {
		struct span word = cursor_take(c, cursor_u8(c) % TAR_NAME_BYTES);
		struct span content = cursor_take(c, (size_t)cursor_be(c, 3));
		snprintf(name, sizeof name, "%.*s", (int)word.len, (const char *)word.ptr);
		if (c->bad || name[0] == '\0')
			break;
		tar_put(out, name, content, SEED_S);
		evidence_line(&manifest, name, content);
	}
	tar_put(out, EVIDENCE_MANIFEST, buf_span(&manifest), SEED_S);
	tar_put_end(out);
	buf_free(&manifest);
}

static void
try_judge(struct evidence_page *page, const struct evidence *e, const struct believed *b, size_t i)
{
	static const struct evidence_handed nothing;
	struct evidence_input in;
	struct evidence_judged j;
	struct err err = { 0 };

	fuzz_promise(evidence_input_read(&in, e, i, NULL) && in.n_answers > 0 && in.name != NULL);
	fuzz_promise(evidence_find(e, 0, in.sha256) <= i);
	for (size_t k = 0; k < in.n_answers; k++) {
		if (!evidence_judge(&j, e, b, &in, k, &nothing, &err)) {
			fuzz_promise(err.code != ERR_NONE);
			continue;
		}
		fuzz_promise(j.answer.now_s == e->now_s || j.outcome == EVIDENCE_NEEDS_FILE);
		fuzz_promise(
		    (j.answer.verdict == VERDICT_UNDECIDED) == (j.outcome == EVIDENCE_NEEDS_FILE));
		if (j.outcome == EVIDENCE_SAME || j.outcome == EVIDENCE_SAME_BUT_FILE)
			fuzz_promise(strcmp(j.verdict, verdict_word(j.answer.verdict)) == 0);
		evidence_page_add(page, &in, &j);
	}
	evidence_input_free(&in);
}

static void
try_parse(struct span file)
{
	struct evidence *e = NULL;
	struct believed *b = NULL;
	struct buf html = BUF_EMPTY;
	struct err err = { 0 };

	if (!evidence_parse(&e, file, &err)) {
		fuzz_promise(e == NULL && err.code != ERR_NONE && err.text[0] != '\0');
		return;
	}
	struct evidence_page page = { .lang = LANG_EN, .e = e };
	fuzz_promise(e->n_bureaus > 0 && believed_new(&b, NULL));
	if (evidence_believe(b, e, NULL)) {
		for (size_t i = 0; i < e->n_records; i++)
			try_judge(&page, e, b, i);
		fuzz_promise(evidence_page_end(&html, &page, e->now_s, "fuzz", NULL));
	}
	buf_free(&html);
	believed_free(b);
	evidence_free(e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_over(span_of(data, size));
	struct buf built = BUF_EMPTY;

	if (cursor_u8(&c) == 0) {
		try_parse(cursor_rest(&c));
		return 0;
	}
	build(&built, &c);
	if (buf_ok(&built, NULL))
		try_parse(buf_span(&built));
	buf_free(&built);
	return 0;
}
