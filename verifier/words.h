/*
 * The sentences people read about an answer, in Chinese and English: one catalogue for the terminal,
 * the page and the daemon.
 */
#ifndef VERIFIER_WORDS_H
#define VERIFIER_WORDS_H

#include "core/buf.h"
#include "core/lang.h"
#include "verifier/answer.h"

/* "VALID", "核验不通过"; under a test bundle "TEST VALID", "测试 核验通过". */
void words_verdict(struct buf *out, const struct answer *a, enum lang lang);

/* The rest of the first line: the truth in a sentence, first whether the thing is genuine. */
void words_headline(struct buf *out, const struct answer *a, enum lang lang);

/*
 * What to do next, one paragraph after another, each ended by LF; nothing when the verdict is VALID.
 * Names the bureau's contact where that helps. To somebody at a terminal it gives the commands to type; to somebody
 * at a daemon's form what to choose there, and number and check code only where they can be asked.
 */
enum words_reader {
	WORDS_ON_PAGE, /* that stands alone: kept, or printed */
	WORDS_AT_FORM,
	WORDS_AT_FORM_WITH_LOOK_UP,
	WORDS_AT_TERMINAL
};
void words_what_now(
    struct buf *out, const struct answer *a, enum lang lang, enum words_reader reader);

/* What the form calls its box for the scan of a paper. */
const char *words_scan(enum lang lang);

/* Is it known what it allows? Old data tell what was, and allow nothing. */
bool words_has_effects(const struct answer *a);

/*
 * In one line for the three parts that hang on status data: "this file in the registry, in force on 2026-12-04: not
 * known here". False, and nothing is said, if more is known.
 */
bool words_unknown_here(struct buf *out, const struct answer *a, enum lang lang);

/* What a part is called where there is room for a word: "in force". */
const char *words_part_name(enum part p, enum lang lang);
/* "code only: compare the paper": said of a VALID that rests on a code, or on what the registry says of a number. */
const char *words_code_only(const struct answer *a, enum lang lang);
/*
 * Beside the verdict in a list of many: the holder where it is VALID, and what he may not do all the same, "HOLDER
 * (suspended: existing work only, under supervision)"; else what is wrong.
 */
void words_line(struct buf *out, const struct answer *a, enum lang lang);

/* Is there something to say of this part? Not of what is unknown for the very reason of the verdict. */
bool words_has_part(const struct answer *a, enum part p);
/* A line about one part, without its yes or no: "in force on 2026-11-22: suspended (STATUS-SUSPENDED)". */
void words_part(struct buf *out, const struct answer *a, enum part p, enum lang lang);

/* "Changed", or "Its seal" where it is not known to have been changed: what words_change() is about. */
const char *words_change_label(const struct answer *a, enum lang lang);
/* "23 bytes were added after the sealed part (FILE-CHANGED)": what is wrong with a file. */
void words_change(struct buf *out, const struct answer *a, enum lang lang);

/*
 * The code on the page of a failed file: "was read from page 1. The code alone is genuine and belongs to", then the
 * holder, and that it saves nothing, each in a line; or what is wrong with it, in one.
 */
void words_shown_code(struct buf *out, const struct answer *a, enum lang lang);

/* "system integration, Grade A"; "overall integration; software development". */
void words_qualification(struct buf *out, const struct answer *a, enum lang lang);
void words_scopes(struct buf *out, const struct answer *a, enum lang lang);

/*
 * "2026-11-20 to 2031-11-19, suspended from 2026-11-16": last days, not ends. As printed: what the paper says,
 * whatever came after. An order that moved the end: "to 2032-05-19, by 示例延〔2026〕3号"; nothing if there is none.
 */
void words_validity(struct buf *out, const struct answer *a, enum lang lang);
void words_validity_printed(struct buf *out, const struct answer *a, enum lang lang);
void words_extension(struct buf *out, const struct answer *a, enum lang lang);

/* "As of then it was in force.": what old data knew; nothing if they knew nothing. */
void words_then(struct buf *out, const struct answer *a, enum lang lang);

/* "as known on 2026-11-20 23:59:59 +08:00"; nothing where that is now. */
void words_known(struct buf *out, const struct answer *a, enum lang lang);

/* "2026-11-22" for a day, "2026-11-20 14:00 +08:00" for a moment. */
void words_asked(struct buf *out, const struct answer *a, enum lang lang);

const char *words_effect(enum work e, enum lang lang);

/* "12 minutes old": the age of the status data at now. */
void words_age(struct buf *out, int64_t age_s, enum lang lang);

#endif
