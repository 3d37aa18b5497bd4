/*
 * A bureau's folder, opened: configuration, register, policy, trust, and the role keys when something
 * has to be signed. The folder belongs to the service account; no officer's key need ever lie in it.
 *
 *	qualcert.conf  registry.db  lookup.db  policy.json  root.cose  ca.pem
 *	keys/ (role keys)  issued/  public/  second/acts.log (or where the configuration says)
 */
#ifndef ISSUER_BUREAU_H
#define ISSUER_BUREAU_H

#include "core/lang.h"
#include "issuer/pdf.h"
#include "keys/key_file.h"
#include "registry/policy.h"
#include "registry/registry_find.h"

/* qualcert.conf, section [bureau]. Strings are owned; every key may stand once. */
struct bureau_conf {
	char *iss;         /* issuer id in the bundle */
	char *region;      /* six digits of the certificate numbers */
	char *host;        /* printed in the code */
	char *templates;   /* folder of layouts; default: the one installed with the program */
	char *second_copy; /* file of the second copy of acts; default second/acts.log */
	char *role_passphrase_file; /* one passphrase for all role keys; default: asked */
	bool
	    local_signing; /* officers may sign on this host: the administrator can then act as them */
	enum lang lang;
};

/*
 * Parse the text of qualcert.conf. ERR_MALFORMED names file and line: an over-long line, an unknown or
 * repeated key, a value out of its range.
 */
MUST_CHECK bool bureau_conf_parse(
    struct bureau_conf *out, struct span text, const char *name, struct err *err);
void bureau_conf_free(struct bureau_conf *conf);

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
	struct policy policy;
	struct buf policy_bytes;
	const char *command;               /* what this process does, for whoever waits */
	struct pdf_maker *maker;           /* fonts; opened by bureau_maker() */
	struct signer *signers[ROLE_KEYS]; /* opened by bureau_signer() */
};

/*
 *   out        new object; bureau_close(). NULL on failure.
 *   folder     of the bureau
 *   read_only  nothing will be recorded: needs no right to write
 *
 * ERR_NOT_FOUND (no such bureau), ERR_MALFORMED (configuration, register), ERR_REFUSED (the policy is not
 * the one the trust bundle names)
 */
MUST_CHECK bool bureau_open(
    struct bureau **out, const char *folder, bool read_only, const char *command, struct err *err);
void bureau_close(struct bureau *b);

/* A path below the folder, appended with its NUL; buf_text() gives it. */
MUST_CHECK bool bureau_path(struct buf *out, const struct bureau *b, struct err *err,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The trust the register lives by now: root set and the bundle adopted last. Borrowed. */
MUST_CHECK bool bureau_trust(const struct trust **out, struct bureau *b, struct err *err);

/* Fonts and colour profile, opened on first use. */
MUST_CHECK bool bureau_maker(const struct pdf_maker **out, struct bureau *b, struct err *err);

/* keys/USE.pem, unlocked on first use, checked against the bundle: listed, active, in its dates. */
MUST_CHECK bool bureau_signer(
    const struct signer **out, struct bureau *b, enum role_key use, int64_t now_s, struct err *err);

/* The layout for a grade: templates/grade-a.json, grade-b.json. The caller frees it. */
MUST_CHECK bool bureau_template(
    struct template **out, struct bureau *b, enum grade grade, struct err *err);

/* The issuer's entry in the bundle. ERR_REFUSED if the bundle does not list conf.iss. */
MUST_CHECK bool bureau_issuer(const struct bundle_issuer **out, struct bureau *b, struct err *err);

#endif
