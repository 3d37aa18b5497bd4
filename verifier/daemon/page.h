/*
 * The pages a person sees, made here whole, without scripts needed: the form, the answer, an error. All
 * text that is not ours goes through html_text().
 */
#ifndef VERIFIER_DAEMON_PAGE_H
#define VERIFIER_DAEMON_PAGE_H

#include "core/buf.h"
#include "core/lang.h"
#include "verifier/answer.h"

#define PAGE_TYPE "text/html; charset=utf-8"

/* Around every page. Spans are borrowed and may be empty. */
struct page_frame {
	enum lang lang;
	bool test;          /* under a test bundle every page says so */
	struct span bureau; /* its name */
	struct span contact;
	struct span host;             /* what people should type themselves */
	const struct question *asked; /* on an answer: what; NULL: not told */
	bool confirm;                 /* number and check code can be asked here */
	bool by_code;                 /* a code led here: whoever printed it chose the address */
	const char
	    *other_lang; /* address of this page in the other language; NULL: the first page */
};

void page_home(struct buf *out, const struct page_frame *f);

/*
 * One answer.
 *   name  of the file, as the caller calls it; may be empty
 *   code  its text, where the page may ask it again for evidence; else empty
 */
void page_answer(struct buf *out, const struct page_frame *f, struct span name, struct span code,
    const struct answer *a);

/* Of many files: the worst first, each a line that opens the whole answer. */
struct page_row {
	struct span name;
	const struct answer *answer; /* NULL: there is none, for this reason: */
	const char *problem;
};
void page_answers(
    struct buf *out, const struct page_frame *f, const struct page_row *rows, size_t n);

/*
 *   field     the form's field that the sentence is about, or NULL
 *   sentence  in the language asked for; NULL: one that goes with the status
 */
void page_problem(
    struct buf *out, unsigned status, const char *field, const char *sentence, enum lang lang);

/* The beginning and the end of a page, for the files that make its middle. */
void page_begin(struct buf *out, const struct page_frame *f, const char *title);
void page_end(struct buf *out, const struct page_frame *f);
/* What an evidence file is good for; stands beneath the button that gives it. */
const char *page_offline(const struct page_frame *f);

#endif
