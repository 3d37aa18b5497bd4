/*
 * The answer as sections of a page: the verdict large and first, what to do, the facts, what it allows, the checks,
 * how old the data are, the evidence. Their looks are those of page.css. The truth in a sentence is an h2, so that an
 * answer can stand under the heading of any page; of .verdict, `data-reason` is the finding's word and
 * `data-line` what a list of many says of it.
 */
#ifndef VERIFIER_ANSWER_HTML_H
#define VERIFIER_ANSWER_HTML_H

#include "core/buf.h"
#include "core/lang.h"
#include "verifier/answer.h"

enum answer_html_place {
	ANSWER_HTML_SERVED, /* by a daemon: its data are not the reader's, nor is it to be trusted blindly */
	ANSWER_HTML_SERVED_LOOK_UP, /* and its form takes number and check code */
	ANSWER_HTML_PRINTED         /* of what was checked on one's own computer */
};
void answer_html(
    struct buf *out, const struct answer *a, enum lang lang, enum answer_html_place place);
/* The same in two, where something stands between: the verdict, and all that follows it. */
void answer_html_verdict(
    struct buf *out, const struct answer *a, enum lang lang, enum answer_html_place place);
void answer_html_rest(
    struct buf *out, const struct answer *a, enum lang lang, enum answer_html_place place);
/* For a list: its verdict alone, with TEST before it where that is so; and what stands beside it. */
void answer_html_word(struct buf *out, const struct answer *a, enum lang lang);
void answer_html_line(
    struct buf *out, const struct answer *a, enum lang lang, enum answer_html_place place);

#endif
