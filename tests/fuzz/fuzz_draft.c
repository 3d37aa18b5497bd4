/* Targets: issuer/draft.c, issuer/draft_show.c, issuer/act_text.c. */
#include "issuer/draft.h"
#include "tests/fuzz/fuzz.h"

/* The parts of an opened draft make the same file again, so nothing in it went unseen. */
static void
promise_same(const struct draft *d, struct span file)
{
	struct buf *claims = calloc(d->n_items + 1, sizeof *claims);
	struct buf *context = calloc(d->n_context + 1, sizeof *context);
	struct buf again = BUF_EMPTY;

	fuzz_promise(claims != NULL && context != NULL);
	for (size_t i = 0; i < d->n_items; i++)
		buf_add_span(&claims[i], d->items[i].claims);
	for (size_t i = 0; i < d->n_context; i++)
		buf_add_span(&context[i], d->context[i].act.bytes);
	draft_encode(&again,
	    &(struct draft_parts){
		d->bureau, d->bundle_file, claims, d->n_items, context, d->n_context });
	fuzz_promise(span_equal(buf_span(&again), file));
	for (size_t i = 0; i < d->n_items; i++)
		buf_free(&claims[i]);
	for (size_t i = 0; i < d->n_context; i++)
		buf_free(&context[i]);
	free(claims);
	free(context);
	buf_free(&again);
}

/* What can be shown in one language can be shown in the other. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct draft *d = NULL;
	struct span *acts = NULL;
	struct buf zh = BUF_EMPTY, en = BUF_EMPTY;
	size_t n;

	if (draft_open(&d, span_of(data, size), NULL)) {
		promise_same(d, span_of(data, size));
		fuzz_promise(draft_show(&zh, d, NULL, LANG_ZH, NULL) ==
		    draft_show(&en, d, NULL, LANG_EN, NULL));
	}
	if (signed_parse(&acts, &n, span_of(data, size), NULL))
		fuzz_promise(n > 0 && acts != NULL);
	free(acts);
	draft_free(d);
	buf_free(&zh);
	buf_free(&en);
	return 0;
}
