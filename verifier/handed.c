#include "verifier/handed.h"

bool
handed_take(struct handed *out, struct span bytes, bool too_long, bool scan, struct err *err)
{
	out->bytes = bytes;
	out->too_long = too_long;
	out->scan = scan;
	out->is_picture = verify_is_picture(bytes) || (scan && verify_is_scan(bytes));
	if (verify_is_other_picture(bytes))
		return err_set(err, ERR_REFUSED,
		    "only JPEG and PNG pictures are read here: take the photo again, or save it "
		    "as JPEG");
	if (out->is_picture && too_long)
		return err_set(
		    err, ERR_LIMIT, "longer than 8 MiB, and not read: hand in a smaller picture");
	return !out->is_picture || picture_read(&out->picture, NULL, bytes, scan, err);
}

void
handed_free(struct handed *h)
{
	picture_free(&h->picture);
}

/* What is asked, about what; and whom: all who are believed, or one. */
struct asked {
	const struct question *question;
	const struct handed *handed;
	bool as_picture;
	const struct believed *believed; /* NULL: this one, and its register */
	struct published *published;
	const struct live *live;
};

static bool
judge(struct answer *out, struct published *published, const void *input, struct err *err)
{
	const struct asked *asked = input;
	const struct handed *h = asked->handed;

	if (h->too_long) {
		verify_too_long(out, asked->question, published);
		return true;
	}
	return asked->as_picture
	    ? verify_picture(out, asked->question, published, asked->live, &h->picture, err)
	    : verify(out, asked->question, published, asked->live, h->bytes, err);
}

static bool
put(struct answer *out, const struct asked *asked, struct err *err)
{
	return asked->believed != NULL ? believed_ask(out, NULL, asked->believed, judge, asked, err)
				       : judge(out, asked->published, asked, err);
}

/* What the code on the page of a failed file says, to be told beside it. The verdict stands without it. */
static bool
show_code(struct answer *out, struct handed *h, const struct asked *about, struct err *err)
{
	struct asked asked = *about;
	struct answer code;

	if (h->unshown.code != ERR_NONE ||
	    (h->picture.bytes.len == 0 &&
		!picture_read(&h->picture, NULL, h->bytes, true, &h->unshown)))
		return true;
	asked.as_picture = true;
	if (!put(&code, &asked, err))
		return false;
	verify_show_code(out, &code);
	return true;
}

static bool
ask(struct answer *out, struct handed *h, const struct asked *asked, struct err *err)
{
	if (!put(out, asked, err))
		return false;
	return !h->scan || h->too_long || !answer_is_failed_file(out) ||
	    show_code(out, h, asked, err);
}

bool
handed_ask(struct answer *out, struct handed *h, const struct believed *b,
    const struct question *question, struct err *err)
{
	const struct asked asked = {
		.question = question, .handed = h, .as_picture = h->is_picture, .believed = b
	};

	return ask(out, h, &asked, err);
}

bool
handed_ask_one(struct answer *out, struct handed *h, struct published *published,
    const struct live *live, const struct question *question, struct err *err)
{
	const struct asked asked = { .question = question,
		.handed = h,
		.as_picture = h->is_picture,
		.published = published,
		.live = live };

	return ask(out, h, &asked, err);
}
