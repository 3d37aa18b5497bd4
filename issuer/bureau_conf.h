/* qualcert.conf: an INI file with one section, [bureau]. */
#ifndef ISSUER_BUREAU_CONF_H
#define ISSUER_BUREAU_CONF_H

#include "core/err.h"
#include "core/lang.h"
#include "core/span.h"

#define BUREAU_CONF_SECOND_COPY "second/acts.log" /* where the file does not say another place */

/* Strings are owned. Those that the file does not set have their default, or NULL where it says so. */
struct bureau_conf {
	char *iss;         /* issuer id in the bundle; must be set */
	char *region;      /* six digits of the certificate numbers; must be set */
	char *host;        /* printed in the code; must be set */
	char *templates;   /* folder of layouts; NULL: the one installed with the program */
	char *second_copy; /* file of the second copy of acts */
	char *role_passphrase_file; /* one passphrase for all role keys; NULL: asked */
	bool
	    local_signing; /* officers may sign on this host: its administrator can then act as them */
	enum lang lang;    /* zh */
	char *tsa_url;     /* of the authority that time-stamps seals; NULL: none does */
	bool
	    tsa_required; /* without its time-stamp no certificate is made; false without tsa_url */
};

/*
 * Parse the text of the file (core/conf.h), whose name is for messages.
 *
 *   out  bureau_conf_free(); zeroed on failure
 *
 * ERR_MALFORMED  naming file and line, or the key that is missing
 */
MUST_CHECK bool bureau_conf_parse(
    struct bureau_conf *out, struct span text, const char *name, struct err *err);
void bureau_conf_free(struct bureau_conf *conf);

#endif
