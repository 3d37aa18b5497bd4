/*
 * A bureau's folder, opened: configuration, register, policies, trust, and the role keys when something
 * has to be signed. The folder belongs to the service account; no officer's key need ever lie in it.
 *
 *	qualcert.conf  registry.db  lookup.db  root.cose  ca.pem  names.json
 *	policy.json (older ones, which acts of their time were judged by, beside it as policy-*.json)
 *	keys/ (role keys)  issued/  public/  second/acts.log (or where the configuration says)
 *	officers/ (a demonstration's only)
 *
 * names.json says what the bureau calls its officers: { PERSON-IN-HEX: { "word", "zh", "en" } }. It is
 * for people to read and proves nothing: in public and in acts officers are ids.
 */
#ifndef ISSUER_BUREAU_H
#define ISSUER_BUREAU_H

#include "issuer/bureau_conf.h"
#include "issuer/calendar.h"
#include "issuer/pdf.h"
#include "issuer/tsa.h"
#include "keys/key_file.h"
#include "registry/policy.h"
#include "registry/registry_find.h"

enum role_key {
	ROLE_KEY_CREDENTIAL,
	ROLE_KEY_SEAL,
	ROLE_KEY_STATUS,
	ROLE_KEY_LOG,
	ROLE_KEY_SERVICE,
	ROLE_KEYS
};

/* Everything is borrowed from the bureau; read it, do not change it. */
struct bureau {
	char *folder;
	struct bureau_conf conf;
	struct registry *registry;
	struct policy *policies; /* every policy file of the folder */
	size_t n_policies;
	struct json_t *names;              /* names.json; NULL: there is none */
	struct pdf_maker *maker;           /* fonts; opened by bureau_maker() */
	struct calendar *calendar;         /* read by bureau_calendar() */
	struct template *layouts[2];       /* of Grade A and B; read by bureau_layout() */
	struct signer *signers[ROLE_KEYS]; /* opened by bureau_signer() */
	struct tsa *tsa;                   /* opened by bureau_tsa() */
	struct buf paths[3];               /* of register, second copy, lookup.db */
};

/*
 *   out        new object; bureau_close(). NULL on failure.
 *   folder     of the bureau
 *   read_only  nothing will be recorded: needs no right to write
 *   command    what this process does, for whoever has to wait for it; must outlive the bureau
 *
 * ERR_NOT_FOUND  no such bureau
 * ERR_MALFORMED  configuration, policy, register
 * ERR_REFUSED    the register is another issuer's than the configuration says, or lives by a policy
 *                that is not in the folder
 */
MUST_CHECK bool bureau_open(
    struct bureau **out, const char *folder, bool read_only, const char *command, struct err *err);
void bureau_close(struct bureau *b);

/* Every policy file of a folder; free() them, also after a failure. ERR_NOT_FOUND: there is none. */
MUST_CHECK bool bureau_policies(
    struct policy **out, size_t *n, const char *folder, struct err *err);

/* A path of the configuration: absolute, or below the folder. Appended; buf_text() gives it. */
MUST_CHECK bool bureau_path(struct buf *out, const struct bureau *b, struct err *err,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The trust the register lives by now: root set and the bundle adopted last. Borrowed. */
MUST_CHECK bool bureau_trust(const struct trust **out, const struct bureau *b, struct err *err);

/* The policy that bundle names. Borrowed. ERR_NOT_FOUND: its file is not in the folder. */
MUST_CHECK bool bureau_policy(const struct policy **out, const struct bureau *b, struct err *err);

/* The issuer's entry in that bundle. ERR_REFUSED if it does not list conf.iss. */
MUST_CHECK bool bureau_issuer(
    const struct bundle_issuer **out, const struct bureau *b, struct err *err);

/* Fonts and colour profile, opened on first use. */
MUST_CHECK bool bureau_maker(const struct pdf_maker **out, struct bureau *b, struct err *err);

/* Working days, of calendar.json of the templates, read on first use; without the file it knows no year. */
MUST_CHECK bool bureau_calendar(const struct calendar **out, struct bureau *b, struct err *err);

/*
 * The key keys/USE.pem, unlocked on first use; every time checked against the bundle adopted last: listed
 * for that use, active, in its dates.
 *   entry  how the bundle lists it (of a seal with its certificate); NULL: not asked. Borrowed like the
 *          bundle, NULL for the log's key, which has no such entry.
 */
MUST_CHECK bool bureau_signer(const struct signer **out, const struct bundle_key **entry,
    struct bureau *b, enum role_key use, int64_t now_s, struct err *err);

/* The authority that time-stamps seals, opened on first use; NULL: none is configured. */
MUST_CHECK bool bureau_tsa(struct tsa **out, struct bureau *b, struct err *err);

/* The layout for a grade, grade-a.json or grade-b.json of the templates, read on first use. */
MUST_CHECK bool bureau_layout(
    const struct template **out, struct bureau *b, enum grade grade, struct err *err);

/* The same, read anew; `b` is NULL on a machine that has no bureau. template_free() it. */
MUST_CHECK bool bureau_template(
    struct template **out, const struct bureau *b, enum grade grade, struct err *err);

/*
 * Append the path of a file of the templates: in the folder the configuration names; where it names none,
 * or `b` is NULL, in the one installed with the program, or else in the source tree it was built from.
 */
MUST_CHECK bool bureau_template_path(
    struct buf *out, const struct bureau *b, const char *file, struct err *err);

#endif
