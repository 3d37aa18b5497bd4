/*
 * What the commands of qualcert share. A command is a row of the table in qualcert.c: name, function, the
 * options it takes, help. main() reads the command line, calls the function and prints what it left: text
 * it printed itself, or with --json one object.
 */
#ifndef ISSUER_COMMAND_H
#define ISSUER_COMMAND_H

#include "issuer/act_make.h"
#include "issuer/defect.h"
#include "issuer/issue.h"
#include "issuer/officer.h"

#include <jansson.h>
#include <stdio.h>

/*
 * Every option of every command: name, its word, its value (NULL: it has none), what it does. All are told
 * apart by their word alone; a command takes those in its row.
 */
/* clang-format off */
#define COMMAND_OPTIONS(X)                                                                         \
	X(DIR, "directory", "DIR", "the bureau's folder, also -C; else QUALCERT_BUREAU")           \
	X(JSON, "json", NULL, "answer with one JSON object")                                       \
	X(LANG, "lang", "zh|en", "language of the screens; else the bureau's")                     \
	X(AS, "as", "OFFICER", "who signs, by his word in the bureau")                             \
	X(KEY, "key", "FILE", "who signs, by his own key file")                                    \
	X(PASSPHRASE_FILE, "passphrase-file", "FILE", "passphrase of that key: first line, mode 0600") \
	X(PASSPHRASE_FD, "passphrase-fd", "N", "passphrase of that key: a line of descriptor N")   \
	X(DRY_RUN, "dry-run", NULL, "show what would be signed, sign and record nothing")          \
	X(IDEMPOTENCY_KEY, "idempotency-key", "TEXT", "the same again answers as the first time")  \
	X(YES, "yes", NULL, "do not ask")                                                          \
	X(EXPORT, "export", "FILE", "write what is to be signed to a new file; record nothing")    \
	X(DOCUMENT, "document", "NO", "number of the notice, decision or order")                   \
	X(GRANT, "grant", NULL, "grant what was applied for")                                      \
	X(REFUSE, "refuse", NULL, "refuse it, with --reason")                                      \
	X(REASON, "reason", "TEXT", "why")                                                         \
	X(EXCEPT, "except", "LINES", "leave these lines out: 2,5-7")                               \
	X(GROUND, "ground", "CODE", "ground of the order: SUS-05")                                 \
	X(FROM, "from", "FROM", "a date 2026-11-16, or a line of the inbox")                       \
	X(MONTHS, "months", "N", "how long at least: 6 to 12")                                     \
	X(AT, "at", "WHEN", "the date or time asked about")                                        \
	X(KNOWN, "known", "WHEN", "as it was known then")                                          \
	X(PREVIEW, "preview", "DIR", "draw the pages of certificates to be signed there")          \
	X(CHANGE, "change", "FILE", "what the certificate is to say from now on")                 \
	X(ROOT, "root", "FILE", "the bureau's root file, as you have it")    \
	X(GRADE, "grade", "A|B", "the grade applied for, or of the certificates meant")      \
	X(ACT, "act", "N", "the act meant: its line in \"qualcert history NUMBER\"")             \
	X(LEAVES, "leaves", "STATUS", "what the ruling leaves: active or suspended")               \
	X(ENDING, "ending", "D1..D2", "certificates whose last day lies between, both included")   \
	X(BY, "by", "Nm", "by so many months: 6m")                                                 \
	X(UNTIL, "until", "DATE", "to this last day")                                              \
	X(SUSPENDED, "suspended", NULL, "suspended ones too")                                      \
	X(TEAM, "team", "OFFICER,OFFICER", "officials of the on-site review; the first leads")     \
	X(VISIT, "visit", "DATE", "first day of the on-site review")                               \
	X(EXPERTS, "experts", "NAME,NAME", "experts who go with them")                             \
	X(PERSON, "person", "OFFICER", "whom it is about; else who signs")                         \
	X(WATCH, "watch", NULL, "go on until told to end")                                         \
	X(SIGN, "sign", NULL, "cosign what the bureau wants to publish, with --key")               \
	X(PROOF, "proof", "WHAT", "prove that this certificate's approval, or this act, is in the log") \
	X(CHECKPOINT, "checkpoint", "FILE", "a checkpoint of the log that was kept elsewhere")     \
	X(SECOND_COPY, "second-copy", "FILE", "a second copy of the acts that was saved")          \
	X(ACCEPT_LOSS, "accept-loss", NULL, "acts are lost for good: go on from what was published last") \
	X(OUT, "out", "FILE", "the file to write; it must not exist yet")                         \
	X(BUNDLE, "bundle", "FILE", "the first trust bundle")                                      \
	X(KEYS, "keys", "DIR", "folder of the role keys; else keys/ of the bureau")                \
	X(POLICY, "policy", "FILE", "the policy that the trust bundle names")                      \
	X(REGION, "region", "NNNNNN", "region in certificate numbers: six digits")                 \
	X(HOST, "host", "HOST", "host name in the codes")                                          \
	X(NAMES, "names", "FILE", "what the bureau calls its officers")                            \
	X(OFFICERS, "officers", "DIR", "folder of enrolments WORD.enrol; else officers/ of the bureau") \
	X(LOCAL_SIGNING, "local-signing", NULL, "officers may sign on this machine: its administrator can act as they")
/* clang-format on */

enum command_option {
#define COMMAND_OPTION_ENUM(name, word, value, help) OPTION_##name,
	COMMAND_OPTIONS(COMMAND_OPTION_ENUM)
#undef COMMAND_OPTION_ENUM
	    COMMAND_OPTION_COUNT
};

/* Sets of options, for the table. */
#define TAKES(option) (UINT64_C(1) << OPTION_##option)
#define TAKES_ALWAYS (TAKES(JSON) | TAKES(LANG) | TAKES(DIR))
#define TAKES_OFFICER (TAKES(AS) | TAKES(KEY) | TAKES(PASSPHRASE_FILE) | TAKES(PASSPHRASE_FD))
#define TAKES_ACT                                                                                  \
	(TAKES_OFFICER | TAKES(DRY_RUN) | TAKES(IDEMPOTENCY_KEY) | TAKES(YES) | TAKES(EXPORT))

struct command {
	const struct command_row *row;
	const char *option[COMMAND_OPTION_COUNT]; /* value; "" of one without; NULL: not given */
	char **words;                             /* what stands behind the command's name */
	size_t n_words;
	enum lang lang;
	int64_t now_s; /* the clock, read anew after somebody was asked */
	int status;    /* exit code of an answer that is no error: EXIT_SUCCESS, or 1 */
	json_t *
	    answer; /* with --json: the object to print; else NULL. json_object_set_new() takes a NULL */
	struct bureau *bureau;
	struct officer officer;
};

/* False with `err` set; main() prints it. */
typedef bool command_fn(struct command *c, struct err *err);

struct command_row {
	const char *name;  /* one or two words: "case submit" */
	const char *usage; /* what stands behind it: "CASE --document NO" */
	const char *line;  /* one line of help */
	command_fn *run;
	uint64_t takes;     /* set of options beside TAKES_ALWAYS */
	const char *detail; /* further help with examples; or NULL */
};

/* ---- words and options ---- */

/* Exactly one word behind the name. ERR_USAGE with the usage. */
MUST_CHECK bool command_one_word(const char **out, const struct command *c, struct err *err);
MUST_CHECK bool command_no_words(const struct command *c, struct err *err);
/* The value of an option that must be given. */
MUST_CHECK bool command_need(
    struct span *out, const struct command *c, enum command_option option, struct err *err);
/* 1 to max. */
MUST_CHECK bool command_number(unsigned *out, const struct command *c, enum command_option option,
    unsigned max, struct err *err);
/* A date: 00:00 +08:00 of that day. */
MUST_CHECK bool command_date(
    int64_t *out_s, const struct command *c, enum command_option option, struct err *err);
/*
 * A date (its last second) or an RFC 3339 time, which may lack seconds and zone (+08:00); `otherwise_s`
 * if the option is not given.
 */
MUST_CHECK bool command_moment(int64_t *out_s, const struct command *c, enum command_option option,
    int64_t otherwise_s, struct err *err);
/* A file named on the command line, or "-": at most max_bytes, appended. */
MUST_CHECK bool command_read(struct buf *out, const char *path, size_t max_bytes, struct err *err);

/* ---- the bureau and who signs ---- */

/* Is a bureau named, by -C or QUALCERT_BUREAU? */
bool command_names_bureau(const struct command *c);
/* The folder named so; ERR_USAGE if none is. */
MUST_CHECK bool command_folder(const char **out, const struct command *c, struct err *err);
/* Open the bureau named by -C or QUALCERT_BUREAU, and take its language unless --lang says another. */
MUST_CHECK bool command_open(struct command *c, bool read_only, struct err *err);
/* By --as or --key; ERR_USAGE if neither was given. His passphrase is asked for a --key only. */
MUST_CHECK bool command_officer(struct command *c, struct err *err);
/* Where the passphrase of his key comes from. */
MUST_CHECK bool command_passphrase(
    struct passphrase_source *out, const struct command *c, struct err *err);
/* "An Li", in the language of the screens; borrowed from the bureau or `room`. */
const char *command_name(char room[OFFICER_NAME_BYTES], const struct command *c,
    const uint8_t person[BUNDLE_PERSON_BYTES]);

/* "Fu He, keeper of the seal      Monday 2026-11-23 09:10 +08:00", appended with its line end. */
void command_heading(struct buf *out, const struct command *c);

/* ---- acts ---- */

/*
 * Begin to write: open the bureau, finish or clear what was left half made, find the officer (with --export
 * he need not be named), begin a sitting.
 */
MUST_CHECK bool command_begin(struct command *c, struct sitting *s, struct err *err);
/* The same, but what is half made stays so: for who stops the making. */
MUST_CHECK bool command_begin_at_once(struct command *c, struct sitting *s, struct err *err);

/*
 * Could the officer sign an act of this kind on the subject now? Asked before he is shown anything; true
 * where nobody is named. A repetition under an idempotency key passes: it is answered, not judged.
 */
MUST_CHECK bool command_may(const struct command *c, const struct sitting *s, struct span subject,
    enum act_kind kind, struct err *err);

/* Is the sitting's next act in the register already, under its idempotency key? */
MUST_CHECK bool command_repeats(bool *out, const struct sitting *s, struct err *err);

/*
 * The ID and the not-after of the sitting's proposals: new ones, or where the sitting repeats an earlier one
 * under its idempotency key those of that.
 */
struct command_proposal {
	char sitting[REGISTRY_SITTING_BYTES];
	int64_t not_after_s;
};
MUST_CHECK bool command_propose(struct command_proposal *out, const struct command *c,
    const struct sitting *s, enum act_kind kind, struct err *err);

/* "Fu He or He Qian may approve it by 2026-12-22", on stderr, of a proposal just recorded. */
MUST_CHECK bool command_tell_who_approves(
    const struct command *c, struct span subject, int64_t not_after_s, struct err *err);

/* Finish or clear what a crash, or an approval recorded from elsewhere, left half made; said on stderr. */
MUST_CHECK bool command_recover(const struct command *c, enum issue_wait wait, struct err *err);

/* Which acts of the sitting were recorded. */
struct command_record {
	bool done;                   /* false: --dry-run or --export, nothing was to be recorded */
	struct registry_item *items; /* n_claims of the sitting */
	struct buf *acts;
};

/*
 * Sign and record the sitting's acts; with --dry-run show them instead, with --export write the draft. True:
 * each act has its answer in out->items, refusals among them. command_record_free() it, also after a
 * failure.
 */
MUST_CHECK bool command_finish(
    struct command_record *out, struct command *c, struct sitting *s, struct err *err);
void command_record_free(struct command_record *r, const struct sitting *s);

/* The same for a sitting of one act, which must be recorded. *done: it was; see command_record. */
MUST_CHECK bool command_finish_one(
    bool *done, struct command *c, struct sitting *s, struct err *err);

/*
 * Make the certificates that are approved, at most ISSUE_GROUP, and print "issued NUMBER" for each, of a later
 * version "issued NUMBER v2"; the number of those made. With --json they are added to the lists "issued" and
 * "files" (names without ending). Why another could not be made was said; recovery will try again.
 */
size_t command_make(struct command *c, struct issue_item *items, size_t n);

/* ---- talking ---- */

/* For people on stdout; nothing with --json. */
void command_print(const struct command *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void command_print_buf(const struct command *c, const struct buf *text);
/* With --json a text in the answer; else nothing. */
void command_answer(const struct command *c, const char *key, const char *text);
/*
 * One of several things went wrong and leaves the others: said on stderr, with --json also in the list
 * "failed", and the exit code is 1.
 */
void command_failed(struct command *c, const char *what, const struct err *why);
/* With --json what is wrong with a paper, in the answer; for people on stderr, if there is any. */
MUST_CHECK bool command_answer_defects(
    const struct command *c, const struct defects *defects, struct err *err);
void command_warn_defects(const struct command *c, const struct defects *defects);
/* What somebody should read before he signs: on stderr. */
void command_tell(const struct buf *text);
/* On stderr, after "qualcert: ". */
void command_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same of an error, in the language of the screens; `what` it happened to, NULL if the sentence says so. */
void command_warn_refusal(const struct command *c, const char *what, const struct err *why);

/* How far long work is, on stderr if somebody looks on: over the line before, and wiped out at the end. */
void command_progress(size_t done, size_t n);

/* Is there a person to ask? */
bool command_has_terminal(void);
/* Ask a line at the terminal; appended without its end. ERR_IO at end of file. */
MUST_CHECK bool command_ask(struct buf *out, const char *prompt, struct err *err);
/*
 * Go on only if the answer is `want`, or with --yes, or where nothing will be signed. ERR_USAGE without a
 * terminal; ERR_REFUSED if the answer is another. The clock is read anew.
 */
MUST_CHECK bool command_confirm(
    struct command *c, const char *prompt, const char *want, struct err *err);
/* The same by the last 5 characters of the code of the holder it is about. */
MUST_CHECK bool command_confirm_holder(struct command *c, struct span uscc, struct err *err);

#endif
