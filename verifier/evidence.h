/*
 * An evidence file: what was asked and answered about some inputs, and every byte that the answers rest on, so that
 * they can be worked out again years later (docs/format/evidence.md). A tar archive; its members, in this order:
 *
 *	about.json              when, by which program, under which root sets
 *	README.txt              what it proves and what not
 *	inputs/N.cose or .txt   the credential with its acts, or the text of a code; N from 1. Never a PDF itself
 *	         or .codes      the texts of the codes that were read in a picture, as qualverify-decode tells them
 *	answers/N.json          what was asked about input N, and the answers
 *	bureau-M/root.cose      a root set that was believed, M from 1
 *	bureau-M/public/...     of what its bureau publishes, what was read
 *	MANIFEST                the SHA-256 of each member before it, as sha256sum -c reads them
 */
#ifndef VERIFIER_EVIDENCE_H
#define VERIFIER_EVIDENCE_H

#include "verifier/believed.h"
#include "verifier/picture.h"
#include "verifier/shelf.h"

#include <jansson.h>

#define EVIDENCE_BUREAUS 99
#define EVIDENCE_PROGRAM_BYTES 64 /* "qualverify 1.0.0", and NUL */

/* ---- writing: evidence_write.c ---- */

/* Where the bytes of the file go, piece after piece. */
struct evidence_sink {
	bool (*put)(void *ctx, struct span bytes, struct err *err);
	void *ctx;
};

struct evidence_writer;

/*
 * Begin one.
 *   b        whose bureaus were all added to be kept; must outlive the writer
 *   program  its name and version
 *   now_s    the clock of every question to come
 * ERR_LIMIT  more than EVIDENCE_BUREAUS
 */
MUST_CHECK bool evidence_write_begin(struct evidence_writer **out, struct evidence_sink sink,
    const struct believed *b, const char *program, int64_t now_s, struct err *err);
void evidence_writer_free(struct evidence_writer *w);

/* A question about the next input, and its answer. */
MUST_CHECK bool evidence_write_answer(struct evidence_writer *w, const struct question *question,
    const struct answer *answer, struct err *err);
/*
 * That input: its name, as people call it, and the very bytes that were handed in; where codes read in them answered
 * for them, those too, else NULL.
 */
MUST_CHECK bool evidence_write_input(struct evidence_writer *w, const char *name, struct span input,
    const struct picture *picture, struct err *err);
/* What was read for all of it, and the end. ERR_LIMIT: longer than LIMIT_EVIDENCE_BYTES. */
MUST_CHECK bool evidence_write_end(struct evidence_writer *w, struct err *err);

/* ---- reading: evidence_read.c ---- */

/* A root set that was believed, and what was read of its bureau. */
struct evidence_bureau {
	uint8_t fingerprint[SHA256_BYTES];
	bool guarded;         /* against roll-back, when it was checked */
	struct memory memory; /* what was remembered then */
	struct span root_file;
	struct shelf_files files;
};

struct evidence_record; /* of an input; evidence_input_read() it */

struct evidence {
	char program[EVIDENCE_PROGRAM_BYTES];
	int64_t now_s;                /* when it was checked, says who checked */
	uint8_t sha256[SHA256_BYTES]; /* of the evidence file */
	struct evidence_bureau *bureaus;
	size_t n_bureaus;
	struct evidence_record *records;
	size_t n_records;
	uint8_t *owned; /* the file's bytes, if evidence_open() read them */
};

/*
 * Take an evidence file apart: its form, its sums, that each root file is the one it names. Nothing in it is believed
 * by that. evidence_free() it; NULL on failure.
 *
 *   file  borrowed: must outlive *out
 *
 * ERR_MALFORMED: not as we write it, or damaged, and where; ERR_LIMIT; ERR_MEMORY
 */
MUST_CHECK bool evidence_parse(struct evidence **out, struct span file, struct err *err);
/* The same of a file. ERR_NOT_FOUND, ERR_IO, ERR_LIMIT: longer than LIMIT_EVIDENCE_BYTES. */
MUST_CHECK bool evidence_open(struct evidence **out, const char *path, struct err *err);
void evidence_free(struct evidence *e);

/* An input with what was recorded of it. What it points at is borrowed from e and json. */
struct evidence_input {
	const char *name;             /* as it was given: UTF-8, else anything */
	uint8_t sha256[SHA256_BYTES]; /* of what was handed in then */
	struct span bytes;            /* the credential it came with; empty: none could be read */
	bool is_picture;              /* bytes are the codes that were read in it */
	size_t n_answers;
	json_t *json; /* owned: evidence_input_free() */
};
/* The i-th, from 0. ERR_MEMORY. */
MUST_CHECK bool evidence_input_read(
    struct evidence_input *out, const struct evidence *e, size_t i, struct err *err);
void evidence_input_free(struct evidence_input *in);
/* Which input has this SHA-256, from the i-th on; n_records: none. */
size_t evidence_find(const struct evidence *e, size_t i, const uint8_t sha256[SHA256_BYTES]);

/* ---- judging again: evidence_judge.c ---- */

enum evidence_outcome {
	EVIDENCE_DIFFERS = 0, /* another answer comes out */
	EVIDENCE_SAME,        /* the same answer, all of it worked out again */
	EVIDENCE_SAME_BUT_FILE, /* the same, but for what is in the file itself: a PDF's seal, the reading of a picture */
	EVIDENCE_NEEDS_FILE /* what the answer rests on is in the file itself, which is not here */
};

struct evidence_judged {
	enum evidence_outcome outcome;
	struct question question;
	struct answer
	    answer; /* worked out now; zeroed where it needs the file and there is nothing else */
	const char *verdict, *reason; /* as recorded; reason may be NULL. Borrowed from the input */
	char where[96];               /* of the first difference, as "/parts/bound/answer" */
};

/* The root sets in it, with what was read of them, as they were judged then. b must not outlive e. */
MUST_CHECK bool evidence_believe(struct believed *b, const struct evidence *e, struct err *err);

/* What was handed in then, found by its SHA-256. Zeroed: it is not here. */
struct evidence_handed {
	struct span file;
	const struct picture
	    *picture; /* with its codes read, if is_picture; NULL: it is no picture */
};

/*
 * Put the j-th question about an input again, at the time of the checking.
 *   b  from evidence_believe()
 */
MUST_CHECK bool evidence_judge(struct evidence_judged *out, const struct evidence *e,
    const struct believed *b, const struct evidence_input *in, size_t j,
    const struct evidence_handed *handed, struct err *err);

#endif
