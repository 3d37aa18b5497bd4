/*
 * Each allocation of each parser made to fail in turn: it says so, owns nothing, and is never taken
 * for a mistake in the input. The linker puts ours before the allocator (tests.cmake).
 */
#include "core/err.h"
#include "credential/checkpoint.h"
#include "credential/note.h"
#include "credential/parts.h"
#include "credential/snapshot.h"
#include "tests/credential/bundle_sample.h"
#include "tests/test.h"

#include <stdlib.h>

static size_t granted = SIZE_MAX; /* allocations still granted */

/* NOLINTBEGIN(cert-dcl51-cpp): the linker chose these names */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t n);
/* NOLINTEND(cert-dcl51-cpp) */

static bool
grant(void)
{
	if (granted == 0)
		return false;
	granted--;
	return true;
}

void *
__wrap_malloc(size_t n)
{
	return grant() ? __real_malloc(n) : NULL;
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return grant() ? __real_calloc(n, size) : NULL;
}

void *
__wrap_realloc(void *old, size_t n)
{
	return grant() ? __real_realloc(old, n) : NULL;
}

/* ---- what is parsed ---- */

static bool
parse_bundle(struct span in, struct err *err)
{
	struct bundle *b;
	bool ok = bundle_parse(&b, in, err);
	bundle_free(b);
	return ok;
}

static bool
parse_snapshot(struct span in, struct err *err)
{
	struct snapshot *s;
	bool ok = snapshot_parse(&s, in, err);
	snapshot_free(s);
	return ok;
}

static bool
parse_fingerprints(struct span in, struct err *err)
{
	struct fingerprints *f;
	bool ok = fingerprints_parse(&f, in, err);
	fingerprints_free(f);
	return ok;
}

static bool
parse_history(struct span in, struct err *err)
{
	struct history_part *h;
	bool ok = history_part_parse(&h, in, err);
	history_part_free(h);
	return ok;
}

static bool
parse_orders(struct span in, struct err *err)
{
	struct orders_part *o;
	bool ok = orders_part_parse(&o, in, err);
	orders_part_free(o);
	return ok;
}

static bool
parse_note(struct span in, struct err *err)
{
	struct note note;
	return note_parse(&note, in, err);
}

static bool
parse_note_key(struct span in, struct err *err)
{
	struct note_key key;
	return note_key_parse(&key, in, err);
}

static bool
parse_checkpoint(struct span in, struct err *err)
{
	struct checkpoint c;
	return checkpoint_parse(&c, in, err);
}

/* ---- good inputs ---- */

static void
good_bundle(struct buf *out)
{
	struct bundle_sample sample;
	bundle_sample_fill(&sample);
	bundle_encode(out, &sample.bundle);
	bundle_sample_free(&sample);
}

static void
good_snapshot(struct buf *out)
{
	struct snapshot_list list = { .list = 1 };
	snapshot_encode(out,
	    &(struct snapshot){ .seq = 1,
		.exp_s = 1,
		.issuer = span_text("TEST"),
		.checkpoint = span_text("c"),
		.lists = &list,
		.n_lists = 1 });
}

static void
good_fingerprints(struct buf *out)
{
	static const uint8_t file[FINGERPRINT_BYTES];
	fingerprints_add(out, &(struct fingerprint){ 1, { 0 }, span_of(file, sizeof file), 1 });
}

static void
good_history(struct buf *out)
{
	static struct history_entry entries[100]; /* enough for the parser to need more room */
	for (size_t i = 0; i < COUNT_OF(entries); i++)
		entries[i] = (struct history_entry){ STATUS_SUSPENDED, 1, 2, 3, 0 };
	history_part_encode(out, &(struct slot_history){ 1, entries, COUNT_OF(entries) }, 1);
}

static void
good_orders(struct buf *out)
{
	static const struct history_slot slot = { 1, 1 };
	struct history_order orders[] = { { span_text("order/1"), &slot, 1, 1, 1, 1 },
		{ span_text("order/2"), &slot, 1, 1, 1, 1 } };
	orders_part_encode(out, orders, COUNT_OF(orders));
}

static void
good_note(struct buf *out)
{
	buf_add_text(out, "text\n\n\xe2\x80\x94 n AAAAAAE=\n\xe2\x80\x94 m AAAAAAE=\n");
}

static void
good_note_key(struct buf *out)
{
	buf_add_text(out, "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
}

static void
good_checkpoint(struct buf *out)
{
	buf_add_text(out, "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");
}

static void
no_parser_takes_missing_memory_for_a_mistake(void **state)
{
	static const struct {
		const char *row;
		void (*good)(struct buf *out);
		bool (*parse)(struct span in, struct err *err);
	} rows[] = {
		{ "bundle", good_bundle, parse_bundle },
		{ "snapshot", good_snapshot, parse_snapshot },
		{ "fingerprints", good_fingerprints, parse_fingerprints },
		{ "history", good_history, parse_history },
		{ "orders", good_orders, parse_orders },
		{ "note", good_note, parse_note },
		{ "verification key", good_note_key, parse_note_key },
		{ "checkpoint", good_checkpoint, parse_checkpoint },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf in = BUF_EMPTY;
		bool ok = false;
		size_t n;
		rows[i].good(&in);
		for (n = 0; !ok; n++) {
			struct err err = { 0 };
			granted = n;
			ok = rows[i].parse(buf_span(&in), &err);
			granted = SIZE_MAX;
			CHECK_ROW(ok || err.code == ERR_MEMORY, rows[i].row);
		}
		CHECK_ROW(n > 1, rows[i].row); /* it allocated, so at least once it failed */
		buf_free(&in);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_parser_takes_missing_memory_for_a_mistake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
