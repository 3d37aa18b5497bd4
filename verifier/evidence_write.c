/* An evidence file written: what is asked and answered as it comes, at the end what all of it rests on. */
#include "core/tar.h"
#include "credential/cose_file.h"
#include "credential/pdf_envelope.h"
#include "verifier/answer_json.h"
#include "verifier/ask.h"
#include "verifier/evidence_about.h"
#include "verifier/verify.h"

#include <stdio.h>
#include <stdlib.h>

struct evidence_writer {
	struct evidence_sink sink;
	const struct believed *believed;
	struct evidence about; /* its bureaus have no files */
	struct buf manifest;
	uint64_t bytes;
	size_t n_inputs;
	json_t *answers; /* about the input to come */
};

static bool
put(struct evidence_writer *w, const struct buf *bytes, struct err *err)
{
	w->bytes += bytes->len;
	if (w->bytes > LIMIT_EVIDENCE_BYTES)
		return err_set(err, ERR_LIMIT,
		    "the evidence would be longer than %u MiB: check fewer files at once",
		    LIMIT_EVIDENCE_BYTES >> 20);
	return buf_ok(bytes, err) && w->sink.put(w->sink.ctx, buf_span(bytes), err);
}

static bool
put_member(struct evidence_writer *w, const char *name, struct span content, struct err *err)
{
	struct buf member = BUF_EMPTY;

	tar_put(&member, name, content, w->about.now_s);
	evidence_line(&w->manifest, name, content);
	const bool ok = put(w, &member, err);
	buf_free(&member);
	return ok;
}

/* ---- the beginning ---- */

static bool
take_bureaus(struct evidence_writer *w, struct err *err)
{
	struct evidence *e = &w->about;
	const size_t n = believed_count(w->believed);

	if (n == 0 || n > EVIDENCE_BUREAUS)
		return err_set(
		    err, ERR_LIMIT, "evidence names 1 to %d bureaus, not %zu", EVIDENCE_BUREAUS, n);
	e->bureaus = calloc(n, sizeof *e->bureaus);
	if (e->bureaus == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (; e->n_bureaus < n; e->n_bureaus++) {
		const struct believed_kept kept = believed_kept(w->believed, e->n_bureaus);
		struct evidence_bureau *b = &e->bureaus[e->n_bureaus];
		memcpy(b->fingerprint, kept.fingerprint, sizeof b->fingerprint);
		b->guarded = kept.guarded;
		b->memory = kept.memory;
	}
	return true;
}

bool
evidence_write_begin(struct evidence_writer **out, struct evidence_sink sink,
    const struct believed *b, const char *program, int64_t now_s, struct err *err)
{
	struct evidence_writer *w = calloc(1, sizeof *w);
	struct buf about = BUF_EMPTY;

	*out = NULL;
	if (w == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	w->sink = sink;
	w->believed = b;
	w->about.now_s = now_s;
	snprintf(w->about.program, sizeof w->about.program, "%s", program);
	const bool ok = take_bureaus(w, err) && evidence_about_encode(&about, &w->about, err) &&
	    put_member(w, EVIDENCE_ABOUT, buf_span(&about), err) &&
	    put_member(w, EVIDENCE_README, span_text(evidence_readme), err);
	buf_free(&about);
	if (!ok) {
		evidence_writer_free(w);
		return false;
	}
	*out = w;
	return true;
}

void
evidence_writer_free(struct evidence_writer *w)
{
	if (w == NULL)
		return;
	json_decref(w->answers);
	free(w->about.bureaus);
	buf_free(&w->manifest);
	free(w);
}

/* ---- inputs ---- */

/* NULL without memory: a word less would be another question. */
static json_t *
question_json(const struct question *q)
{
	json_t *asked = json_object();
	struct buf value = BUF_EMPTY;
	bool ok = true;

	for (size_t i = 0; i < ASK_WORDS; i++) {
		if (ask_value(&value, q, i))
			ok = ok &&
			    json_object_set_new(
				asked, ask_words[i], json_string(buf_text(&value))) == 0;
		buf_free(&value);
	}
	if (ok)
		return asked;
	json_decref(asked);
	return NULL;
}

bool
evidence_write_answer(struct evidence_writer *w, const struct question *question,
    const struct answer *answer, struct err *err)
{
	if (w->answers == NULL)
		w->answers = json_array();
	if (json_array_append_new(w->answers,
		json_pack("{s:o, s:o}", "asked", question_json(question), "answer",
		    answer_json(answer, NULL))) != 0)
		return err_set(err, ERR_MEMORY, "out of memory");
	return true;
}

/* A PDF is not kept but for its attachment; of what is nothing of ours, nothing. */
static bool
put_credential(
    struct evidence_writer *w, struct span input, const struct picture *picture, struct err *err)
{
	struct pdf_envelope e;
	struct cose_file cose;
	struct span kept = { NULL, 0 };
	char name[TAR_NAME_BYTES];
	const char *ending = "cose";

	if (!pdf_envelope_read(&e, input, err)) {
		pdf_envelope_free(&e);
		return false;
	}
	if (picture != NULL) {
		kept = buf_span(&picture->said);
		ending = "codes";
	} else if (e.finding == PDF_SEALED && cose_file_parse(&cose, e.attachment, NULL)) {
		kept = e.attachment;
	} else if (cose_file_parse(&cose, input, NULL)) {
		kept = input;
	} else if (input.len <= LIMIT_QR_TEXT_BYTES && verify_is_code(input)) {
		kept = input;
		ending = "txt";
	}
	snprintf(name, sizeof name, "inputs/%zu.%s", w->n_inputs, ending);
	const bool none =
	    kept.len == 0 && picture == NULL; /* no code in a picture is an answer too */
	const bool ok = none || put_member(w, name, kept, err);
	pdf_envelope_free(&e);
	return ok;
}

static bool
put_answers(struct evidence_writer *w, const char *input, struct err *err)
{
	char name[TAR_NAME_BYTES];
	struct buf given = BUF_EMPTY;

	answer_json_name(&given, input);
	json_t *root = json_pack("{s:s, s:o}", "input", buf_text(&given), "answers", w->answers);
	w->answers = NULL;
	char *text = root != NULL ? json_dumps(root, JSON_INDENT(1)) : NULL;
	snprintf(name, sizeof name, "answers/%zu.json", w->n_inputs);
	const bool ok = text != NULL ? put_member(w, name, span_text(text), err)
				     : err_set(err, ERR_MEMORY, "out of memory");
	json_decref(root);
	free(text);
	buf_free(&given);
	return ok;
}

bool
evidence_write_input(struct evidence_writer *w, const char *name, struct span input,
    const struct picture *picture, struct err *err)
{
	w->n_inputs++;
	return put_credential(w, input, picture, err) && put_answers(w, name, err);
}

/* ---- the end ---- */

static int
by_name(const void *a, const void *b)
{
	const struct shelf_copy *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static bool
put_files(
    struct evidence_writer *w, size_t number, const struct shelf_copies *files, struct err *err)
{
	const struct shelf_copy **sorted = calloc(files->n + 1, sizeof *sorted);
	char name[40 + sizeof files->copies[0].name];
	bool ok = sorted != NULL || err_set(err, ERR_MEMORY, "out of memory");

	for (size_t i = 0; ok && i < files->n; i++)
		sorted[i] = &files->copies[i];
	if (ok)
		qsort(sorted, files->n, sizeof(const struct shelf_copy *), by_name);
	for (size_t i = 0; ok && i < files->n; i++) {
		const int n =
		    snprintf(name, sizeof name, "bureau-%zu/public/%s", number, sorted[i]->name);
		ok = n < TAR_NAME_BYTES
		    ? put_member(w, name, buf_span(&sorted[i]->bytes), err)
		    : err_set(err, ERR_LIMIT, "the name %s is too long for an archive", name);
	}
	free(sorted);
	return ok;
}

static bool
put_bureau(struct evidence_writer *w, size_t i, struct err *err)
{
	const struct believed_kept kept = believed_kept(w->believed, i);
	char name[TAR_NAME_BYTES];

	snprintf(name, sizeof name, "bureau-%zu/root.cose", i + 1);
	return put_member(w, name, kept.root_file, err) && put_files(w, i + 1, kept.files, err);
}

bool
evidence_write_end(struct evidence_writer *w, struct err *err)
{
	struct buf last = BUF_EMPTY;
	bool ok = true;

	for (size_t i = 0; ok && i < w->about.n_bureaus; i++)
		ok = put_bureau(w, i, err);
	if (ok) {
		tar_put(&last, EVIDENCE_MANIFEST, buf_span(&w->manifest), w->about.now_s);
		tar_put_end(&last);
		ok = put(w, &last, err);
	}
	buf_free(&last);
	return ok;
}
