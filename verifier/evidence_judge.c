/* The recorded questions asked again, of the recorded bytes, at the recorded time: does the same come out? */
#include "verifier/answer_json.h"
#include "verifier/ask.h"
#include "verifier/evidence.h"
#include "verifier/verify.h"

#include <stdio.h>

bool
evidence_believe(struct believed *b, const struct evidence *e, struct err *err)
{
	bool ok = true;

	for (size_t i = 0; ok && i < e->n_bureaus; i++) {
		struct evidence_bureau *u = &e->bureaus[i];
		const struct shelf shelf = shelf_held(&u->files);
		ok = believed_add_shelf(
		    b, u->root_file, &shelf, &u->memory, u->guarded, e->now_s, err);
	}
	return ok;
}

/* ---- the question ---- */

static bool
read_question(struct question *out, const struct evidence *e, json_t *asked, struct err *err)
{
	const char *word;
	json_t *value;

	*out = (struct question){ .now_s = e->now_s };
	json_object_foreach(asked, word, value)
	{
		const char *text = json_string_value(value);
		if (!ask_set(out, word, text != NULL ? text : "", err))
			return err_in(err, "the evidence asks nothing that can be asked");
	}
	return true;
}

/* ---- asking again ---- */

struct asking {
	const struct question *question;
	const struct evidence_input *input;
	struct span bytes;             /* of the file, or what we hold of it */
	const struct picture *picture; /* instead of them, or NULL */
	bool attachment;               /* they are that of a PDF which is not here */
};

static bool
ask(struct answer *out, struct published *published, const void *ctx, struct err *err)
{
	const struct asking *a = ctx;
	const uint8_t *hash = a->input->sha256;

	if (a->attachment)
		return verify_attachment(out, a->question, published, a->bytes, hash, err);
	if (a->picture == NULL)
		return verify(out, a->question, published, NULL, a->bytes, err);
	if (!verify_picture(out, a->question, published, NULL, a->picture, err))
		return false;
	memcpy(out->input_sha256, hash, SHA256_BYTES); /* where the picture is not here */
	return true;
}

/* What was read in a picture then; nothing, if it is nothing our helper says. */
static bool
read_codes(struct picture *out, const struct evidence_input *in, struct err *err)
{
	buf_add_span(&out->said, in->bytes);
	return buf_ok(&out->said, err) && picture_parse(out, err);
}

/* ---- comparing ---- */

/*
 * Whatever was recorded has to come out again; a later program may say more. Only our own side is as deep as it likes:
 * what is recorded is followed no deeper than that.
 */
static bool
same(json_t *recorded, json_t *again, char *where, size_t room)
{
	const char *key;
	json_t *value;
	const size_t at = strlen(where);

	if (!json_is_object(recorded) || !json_is_object(again))
		return json_equal(recorded, again);
	json_object_foreach(recorded, key, value)
	{
		snprintf(where + at, room - at, "/%s", key);
		if (!same(value, json_object_get(again, key), where, room))
			return false;
	}
	where[at] = '\0';
	return true;
}

static bool
is_yes(json_t *answer)
{
	json_t *parts = json_object_get(answer, "parts");
	const char *word =
	    json_string_value(json_object_get(json_object_get(parts, "authentic"), "answer"));

	return word != NULL && strcmp(word, reply_word(REPLY_YES)) == 0;
}

/* What comes out without the file is no answer about it. */
static void
needs_file(struct evidence_judged *out)
{
	out->outcome = EVIDENCE_NEEDS_FILE;
	out->answer = (struct answer){ 0 };
	out->where[0] = '\0';
}

static bool
compare(struct evidence_judged *out, json_t *recorded, const struct asking *a, bool here,
    struct err *err)
{
	json_t *again = answer_json(&out->answer, NULL);

	if (again == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (a->attachment) /* the seal's: it is in the file */
		json_object_del(recorded, "timestamp");
	json_object_del(recorded, "shown_code"); /* told beside the answer, no part of it */
	if (same(recorded, again, out->where, sizeof out->where))
		out->outcome = !here && (a->attachment || a->picture != NULL)
		    ? EVIDENCE_SAME_BUT_FILE
		    : EVIDENCE_SAME;
	else if (a->attachment && !is_yes(recorded) && is_yes(again))
		needs_file(out);
	json_decref(again);
	return true;
}

bool
evidence_judge(struct evidence_judged *out, const struct evidence *e, const struct believed *b,
    const struct evidence_input *in, size_t j, const struct evidence_handed *handed,
    struct err *err)
{
	json_t *one = json_array_get(json_object_get(in->json, "answers"), j);
	json_t *recorded = json_object_get(one, "answer");
	const bool here = handed->file.len > 0;
	struct picture held = { 0 };
	struct asking asking = {
		.question = &out->question,
		.input = in,
		.bytes = here ? handed->file : in->bytes,
		.picture = handed->picture,
	};

	*out = (struct evidence_judged){ .outcome = EVIDENCE_DIFFERS };
	out->verdict = json_string_value(json_object_get(recorded, "verdict"));
	out->reason = json_string_value(json_object_get(recorded, "reason"));
	if (!read_question(&out->question, e, json_object_get(one, "asked"), err))
		return false;
	if (!here && in->bytes.len == 0 && !in->is_picture) {
		needs_file(out);
		return true;
	}
	const char *kind = json_string_value(json_object_get(recorded, "kind"));
	bool ok = true;
	if (!here && in->is_picture) {
		ok = read_codes(&held, in, err);
		asking.picture = &held;
	} else {
		asking.attachment = !here && strcmp(kind, "pdf") == 0;
	}
	ok = ok && believed_ask(&out->answer, NULL, b, ask, &asking, err) &&
	    compare(out, recorded, &asking, here, err);
	picture_free(&held);
	return ok;
}
