#include "keys/head.h"

#include "core/cursor.h"
#include "core/encode.h"
#include "core/file.h"

#define HEAD_BYTES 256

static void
head_encode(struct buf *out, const struct head *h)
{
	char root[2 * SHA256_BYTES + 1];

	hex_encode(root, span_of(h->root.b, SHA256_BYTES));
	buf_printf(out, "qualcert head 2\nepoch %llu\nsequence %llu\nsize %llu\nroot %s\n",
	    (unsigned long long)h->epoch, (unsigned long long)h->seq, (unsigned long long)h->size,
	    root);
}

static bool
head_parse(struct head *out, struct span text)
{
	struct cursor c = cursor_over(text);
	struct head h = { 0 };

	cursor_expect(&c, span_text("qualcert head 2\nepoch "));
	h.epoch = cursor_number(&c, '\n');
	cursor_expect(&c, span_text("sequence "));
	h.seq = cursor_number(&c, '\n');
	cursor_expect(&c, span_text("size "));
	h.size = cursor_number(&c, '\n');
	cursor_expect(&c, span_text("root "));
	struct span root = cursor_take(&c, 2 * SHA256_BYTES);
	cursor_expect(&c, span_text("\n"));
	if (!cursor_done(&c) || !hex_decode(h.root.b, SHA256_BYTES, root, NULL))
		return false;
	*out = h;
	return true;
}

bool
head_read(struct head *out, const char *path, struct err *err)
{
	struct buf text = BUF_EMPTY;
	bool ok = file_read(&text, path, HEAD_BYTES, err);

	if (ok && !head_parse(out, buf_span(&text)))
		ok = err_set(err, ERR_MALFORMED, "%s is not a head file of ours", path);
	buf_free(&text);
	return ok;
}

bool
head_extends(const struct head *last, const struct head *next, const struct merkle_hash *root_then,
    struct err *err)
{
	bool numbered = last->seq > 0 || next->seq > 0;

	if (numbered && next->seq <= last->seq)
		return err_set(err, ERR_REFUSED,
		    "sequence %llu is not above %llu, which was signed already",
		    (unsigned long long)next->seq, (unsigned long long)last->seq);
	if (next->epoch < last->epoch)
		return err_set(err, ERR_REFUSED,
		    "the log's epoch is %llu, and something was signed in epoch %llu already",
		    (unsigned long long)next->epoch, (unsigned long long)last->epoch);
	if (next->epoch > last->epoch)
		return true;
	if (next->size < last->size)
		return err_set(err, ERR_REFUSED,
		    "the log has %llu entries and had %llu when it was signed last: the register "
		    "was "
		    "put back",
		    (unsigned long long)next->size, (unsigned long long)last->size);
	if (root_then == NULL || !merkle_equal(root_then, &last->root))
		return err_set(err, ERR_REFUSED,
		    "the first %llu entries of the log are not those that were signed last: the "
		    "register was changed",
		    (unsigned long long)last->size);
	return true;
}

bool
head_advance(
    const char *path, const struct head *next, const struct merkle_hash *root_then, struct err *err)
{
	struct head last;
	struct err none = { 0 };
	struct buf text = BUF_EMPTY;

	if (head_read(&last, path, &none)) {
		if (!head_extends(&last, next, root_then, err))
			return err_in(err, "%s", path);
	} else if (none.code != ERR_NOT_FOUND) {
		return err_set(err, none.code, "%s", none.text);
	}
	head_encode(&text, next);
	bool ok = buf_ok(&text, err) && file_write(path, buf_span(&text), 0600, err);
	buf_free(&text);
	return ok;
}
