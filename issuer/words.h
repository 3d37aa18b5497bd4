/* What the officers' screens call things, in both languages. */
#ifndef ISSUER_WORDS_H
#define ISSUER_WORDS_H

#include "core/lang.h"
#include "credential/act.h"
#include "credential/bundle.h"
#include "credential/credential.h"
#include "registry/applied.h"
#include "registry/case.h"
#include "registry/ground.h"

/* "issue", "签发" */
const char *word_kind(enum act_kind kind, enum lang lang);
/* Who does that: "issuing officer", "签发人" */
const char *word_role(enum role role, enum lang lang);
/* "issue proposed", "已提出签发" */
const char *word_stage(enum case_stage stage, enum lang lang);
/* "renewal", "延续" */
const char *word_type(enum applied_type type, enum lang lang);
/* "passed", "未通过", "stopped" */
const char *word_result(enum act_result result, enum lang lang);
/* Of a licence: "in force", "有效" */
const char *word_licence(enum licence_status status, enum lang lang);
/* "Grade A", "甲级" */
const char *word_grade(enum grade grade, enum lang lang);
/* Kinds of work, "software, consulting", appended. */
void word_scopes(struct buf *out, const struct scopes *scopes, enum lang lang);

/* What an act is about, as people write it: "C-2026-0017", "JC-A-999900-2026-48213-6", "register". Returns room. */
#define WORD_SUBJECT_BYTES (ACT_SUBJECT_BYTES + 1)
const char *word_subject(char room[WORD_SUBJECT_BYTES], struct span subject);

/* "Fri 2026-11-20", "2026-11-20 周五"; with the time "Friday 2026-11-20 16:05 +08:00", "2026-11-20 星期五 16:05" */
#define WORD_TIME_BYTES 48
void word_day(char out[WORD_TIME_BYTES], int64_t t_s, enum lang lang);
void word_time(char out[WORD_TIME_BYTES], int64_t t_s, enum lang lang);

/* Pad text that was appended from `from` on to this many columns of a terminal. */
void word_pad(struct buf *out, size_t from, size_t columns);

#endif
