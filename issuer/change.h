/*
 * What a certificate is to say from now on, as an officer writes it down before a reissue: strict JSON
 * (docs/format/application.md), read like an application. It holds what changes and nothing else; what it
 * says stands in the proposal that two officers sign.
 */
#ifndef ISSUER_CHANGE_H
#define ISSUER_CHANGE_H

#include "credential/credential.h"
#include "issuer/defect.h"

struct change {
	struct json_t *tree; /* owned; every text is borrowed from it */
	struct span name_zh,
	    name_en; /* both empty: the name stays; name_en alone: none from now on */
	struct span legal_representative, address; /* empty: stays */
	struct scopes scopes;                      /* those that are left; none: they stay */
};

/* Does a reissue on this ground take such a paper? */
enum change_need { CHANGE_REFUSED, CHANGE_OPTIONAL, CHANGE_REQUIRED };
enum change_need change_need(struct span ground);
/* Does a blank paper for the ground have this key? "name" for a change of name; all that a misprint can be. */
bool change_takes(struct span ground, const char *key);

/*
 * Parse. Faults of shape and of the paper's own rules are appended to `defects`; nothing may be proposed
 * with an ERROR among them.
 *
 * ALT-01 what the ground changes is missing     ALT-02 a change that is not the ground's
 * REV-08 a paper about another unit             SCOPE-02 an unknown scope, or one twice
 *
 *   out     new object, freed with change_free(); NULL on failure
 *   ground  of the reissue: CHG-01 the name, CHG-02 the legal representative, CHG-03 the address, CHG-04
 *           the scopes. Representative and address may come along with any.
 *   uscc    of the certificate's holder
 *
 * ERR_MALFORMED, ERR_LIMIT as application_parse().
 */
MUST_CHECK bool change_parse(struct change **out, struct defects *defects, struct span in,
    struct span ground, struct span uscc, struct err *err);
void change_free(struct change *change);

#endif
