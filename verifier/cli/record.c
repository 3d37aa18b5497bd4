#include "verifier/cli/record.h"

#include "core/encode.h"
#include "core/file.h"
#include "verifier/evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

struct record {
	const struct options *o;
	struct file_new *file;
	struct evidence_writer *writer;
	struct sha256 *hash;
};

static void
free_all(struct record *r)
{
	evidence_writer_free(r->writer);
	file_new_free(r->file);
	sha256_free(r->hash);
	free(r);
}

/* Nothing half made stays behind. */
static void
require(struct record *r, bool ok, const struct err *err)
{
	const char *path = r->o->evidence;

	if (ok)
		return;
	free_all(r);
	options_fail(err->code == ERR_MEMORY ? EX_OSERR : EX_CANTCREAT, "--evidence %s: %s", path,
	    err->text);
}

static bool
put(void *ctx, struct span bytes, struct err *err)
{
	struct record *r = ctx;

	sha256_update(r->hash, bytes);
	return file_new_add(r->file, bytes, err);
}

struct record *
record_begin(const struct options *o, const struct believed *b)
{
	struct record *r = o->evidence != NULL ? calloc(1, sizeof *r) : NULL;
	struct err err = { 0 };

	if (o->evidence == NULL)
		return NULL;
	if (r == NULL || (r->hash = sha256_new()) == NULL)
		options_fail(EX_OSERR, "out of memory");
	r->o = o;
	bool ok = !file_exists(o->evidence) ||
	    err_set(&err, ERR_CONFLICT,
		"it exists already; evidence takes no other file's place, give it a name of its "
		"own");
	ok = ok && file_new_begin(&r->file, o->evidence, &err) &&
	    evidence_write_begin(&r->writer, (struct evidence_sink){ put, r }, b,
		"qualverify " QUALCERT_VERSION, o->question.now_s, &err);
	require(r, ok, &err);
	return r;
}

void
record_answer(struct record *r, const struct question *question, const struct answer *answer)
{
	struct err err = { 0 };

	if (r != NULL)
		require(r, evidence_write_answer(r->writer, question, answer, &err), &err);
}

void
record_input(struct record *r, const char *name, struct span input, const struct picture *picture)
{
	struct err err = { 0 };

	if (r != NULL)
		require(r, evidence_write_input(r->writer, name, input, picture, &err), &err);
}

void
record_end(struct record *r)
{
	uint8_t hash[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	const char *temporary;
	struct err err = { 0 };

	if (r == NULL)
		return;
	/* 0600: it names the holders that were asked about */
	require(r,
	    evidence_write_end(r->writer, &err) && file_new_sync(&temporary, r->file, 0600, &err) &&
		file_new_name(r->file, &err),
	    &err);
	sha256_final(r->hash, hash);
	r->hash = NULL;
	hex_encode(hex, span_of(hash, sizeof hash));
	fprintf(stderr,
	    LANG_PICK(r->o->lang, "qualverify: 证据包 %s，SHA-256 %s\n",
		"qualverify: evidence in %s, SHA-256 %s\n"),
	    r->o->evidence, hex);
	free_all(r);
}
