/*
 * libqualverify: is a qualification certificate genuine, does it belong to this file, and is it in force?
 *
 * A program says which bureaus it believes (qualverify_believe), what it asks (qualverify_question_set), and
 * hands in bytes (qualverify_verify). It gets a verdict and the answer in the forms that people and machines
 * read. No network is used, and nothing is fetched that a document names.
 *
 *   struct qualverify *q = NULL;
 *   struct qualverify_question *ask = NULL;
 *   struct qualverify_answer *answer = NULL;
 *   struct qualverify_failure why;
 *
 *   if (!qualverify_new(&q, &why) ||
 *       !qualverify_believe(q, "root.cose", "public", NULL, time(NULL), &why) ||
 *       !qualverify_question_new(&ask, time(NULL), &why) ||
 *       !qualverify_question_set(ask, "grade", "A", &why) ||
 *       !qualverify_verify(&answer, q, ask, pdf, pdf_len, false, &why))
 *           fail(why.text);
 *   else if (qualverify_answer_verdict(answer) == QUALVERIFY_VALID)
 *           ...
 *
 * Objects are opaque. Every *_new and qualverify_verify() gives the caller an object to free, or NULL on
 * failure; every free accepts NULL. There is no state but in these objects: once the last bureau was added,
 * any number of threads may verify with one struct qualverify and one question; each answer is its caller's.
 * Time is an argument: seconds since 1970-01-01 00:00 UTC, leap seconds not counted.
 *
 * Functions that return bool return false only if the job could not be done; a forged certificate is no
 * failure but an answer.
 */
#ifndef LIBQUALVERIFY_H
#define LIBQUALVERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QUALVERIFY_API __attribute__((visibility("default")))
#define QUALVERIFY_MUST_CHECK __attribute__((warn_unused_result))

struct qualverify;
struct qualverify_question;
struct qualverify_answer;

/* Why a job could not be done. */
enum qualverify_trouble {
	QUALVERIFY_NO_TROUBLE = 0,
	QUALVERIFY_NOT_FOUND, /* there is no such file */
	QUALVERIFY_MALFORMED, /* a root set or a memory that cannot be used, a picture that is damaged */
	QUALVERIFY_USAGE,  /* a question that cannot be asked so */
	QUALVERIFY_IO,     /* a file that cannot be read */
	QUALVERIFY_MEMORY, /* no memory */
	QUALVERIFY_HELPER  /* pictures: the helper is missing, has failed, or was stopped on time */
};

struct qualverify_failure {
	enum qualverify_trouble trouble;
	char text[512]; /* a sentence in English, UTF-8, for people */
};

/* The library's version, such as "0.1.0". */
QUALVERIFY_API const char *qualverify_version(void);

/* Nobody is believed yet. */
QUALVERIFY_API QUALVERIFY_MUST_CHECK bool qualverify_new(
    struct qualverify **out, struct qualverify_failure *failure);
QUALVERIFY_API void qualverify_free(struct qualverify *q);

/*
 * Believe a bureau. Several are never merged: whatever is handed in is judged wholly under one of them.
 *
 *   root_file      the bureau's root set, root.cose, whose fingerprint somebody compared
 *   public_folder  a copy of what the bureau publishes; NULL: none is held, and no answer is VALID
 *   memory_folder  where to remember the newest bundle, snapshot and checkpoint accepted, so that older
 *                  files are noticed; NULL: roll-back is unguarded, as every answer then says
 *   now_s          the clock
 *
 * All three paths must stay as they are, and the folder readable, until qualverify_free(): lists are read
 * when they are first asked for. Not to be called while other threads verify.
 */
QUALVERIFY_API QUALVERIFY_MUST_CHECK bool qualverify_believe(struct qualverify *q,
    const char *root_file, const char *public_folder, const char *memory_folder, int64_t now_s,
    struct qualverify_failure *failure);

/*
 * A question: is it in force now? Then what else is asked, in words:
 *
 *   at      2026-11-20, the whole day in +08:00, or 2026-11-20T14:00[:00][+08:00]
 *   known   the same: as it was known then; a bare date means its end
 *   holder  the unified social credit code it must belong to, 18 characters
 *   grade   A or B: at least this good
 *   scope   a kind of work it must cover, such as software
 *   for     new: may the holder take new work (as without it); existing: finish existing work
 */
QUALVERIFY_API QUALVERIFY_MUST_CHECK bool qualverify_question_new(
    struct qualverify_question **out, int64_t now_s, struct qualverify_failure *failure);
QUALVERIFY_API QUALVERIFY_MUST_CHECK bool qualverify_question_set(struct qualverify_question *ask,
    const char *word, const char *value, struct qualverify_failure *failure);
QUALVERIFY_API void qualverify_question_free(struct qualverify_question *ask);

/*
 * Verify a certificate PDF, the text of its code, or a .cose file of up to 8 MiB; what is longer is an
 * answer too, since no certificate is. Or a picture (PNG, JPEG), answered as the code in it is: a process
 * of its own reads it, qualverify-decode of libexec/, within 15 seconds.
 *
 *   input  borrowed during the call
 *   scan   a PDF that nobody ever sealed is taken for the scan of a paper, and answered as the code on it
 */
QUALVERIFY_API QUALVERIFY_MUST_CHECK bool qualverify_verify(struct qualverify_answer **out,
    const struct qualverify *q, const struct qualverify_question *ask, const void *input,
    size_t length, bool scan, struct qualverify_failure *failure);
QUALVERIFY_API void qualverify_answer_free(struct qualverify_answer *answer);

enum qualverify_verdict {
	QUALVERIFY_VALID = 1,
	QUALVERIFY_REJECTED, /* NOT VALID */
	QUALVERIFY_UNDETERMINED /* CANNOT TELL: for want of newer data here, never a reason to reject */
};
QUALVERIFY_API enum qualverify_verdict qualverify_answer_verdict(
    const struct qualverify_answer *answer);
/* Under a bundle for tests: worth nothing outside them. */
QUALVERIFY_API bool qualverify_answer_is_test(const struct qualverify_answer *answer);
/* Only a code was read: somebody must compare the paper with the lines of the screen. */
QUALVERIFY_API bool qualverify_answer_compare(const struct qualverify_answer *answer);
/* The stable word of the finding that decided, such as "STATUS-SUSPENDED" (docs/findings.md); "" for VALID. */
QUALVERIFY_API const char *qualverify_answer_reason(const struct qualverify_answer *answer);

/* How an answer is written: UTF-8, lines ended by LF. */
enum qualverify_form {
	QUALVERIFY_JSON,   /* one line: docs/verdict.schema.json */
	QUALVERIFY_SCREEN, /* all there is to say, at most 84 columns */
	QUALVERIFY_LINE    /* one of many: a line, which goes on in a second if it is too wide */
};
enum qualverify_language { QUALVERIFY_ZH, QUALVERIFY_EN };

/*
 * The answer in a form, NUL-terminated; free() it. NULL: no memory.
 *
 *   name      what was handed in is called, as it is to be shown; NULL: it has no name
 *   language  of the screen and the line; JSON is never translated
 *   colour    mark verdict and every NO with ANSI colours, but in JSON
 */
QUALVERIFY_API char *qualverify_answer_text(const struct qualverify_answer *answer,
    enum qualverify_form form, const char *name, enum qualverify_language language, bool colour);

#ifdef __cplusplus
}
#endif

#endif
