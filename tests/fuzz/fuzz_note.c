/* Targets: credential/note.c, credential/checkpoint.c, credential/log_tile.c (entries). */
#include "credential/checkpoint.h"
#include "credential/log_tile.h"
#include "credential/note.h"
#include "tests/fuzz/fuzz.h"

static void
try_note(struct span in)
{
	struct note note;
	struct checkpoint c;
	struct err err = { 0 };

	if (!note_parse(&note, in, &err)) {
		fuzz_promise(err.code != ERR_NONE);
		return;
	}
	fuzz_promise(note.signatures > 0 && note.text.len < in.len);
	if (checkpoint_parse(&c, note.text, NULL)) {
		struct buf again = BUF_EMPTY;
		checkpoint_encode(&again, &c);
		fuzz_promise(span_equal(buf_span(&again), note.text));
		buf_free(&again);
	}
}

static void
try_key(struct span in)
{
	struct note_key key;
	struct buf again = BUF_EMPTY;

	if (!note_key_parse(&key, in, NULL))
		return;
	note_key_format(&again, &key);
	fuzz_promise(span_equal(buf_span(&again), in));
	buf_free(&again);
}

static void
try_entries(struct span in)
{
	static struct log_entry entries[LOG_TILE_WIDTH];
	struct buf again = BUF_EMPTY;
	size_t n = in.len / (2 + LOG_ENTRY_BYTES);

	if (n > LOG_TILE_WIDTH || !log_entries_parse(entries, n, in, NULL))
		return;
	log_entries_encode(&again, entries, n);
	fuzz_promise(span_equal(buf_span(&again), in));
	buf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_of(data, size);
	try_note(in);
	try_key(in);
	try_entries(in);
	return 0;
}
