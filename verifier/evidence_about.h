/* The member about.json of an evidence file, and what its writer and its reader share. */
#ifndef VERIFIER_EVIDENCE_ABOUT_H
#define VERIFIER_EVIDENCE_ABOUT_H

#include "verifier/evidence.h"

#define EVIDENCE_ABOUT "about.json"
#define EVIDENCE_README "README.txt"
#define EVIDENCE_MANIFEST "MANIFEST"

/* Append it: program, time and bureaus of e, without their files. ERR_MEMORY. */
MUST_CHECK bool evidence_about_encode(struct buf *out, const struct evidence *e, struct err *err);
/* ERR_MALFORMED: anything else than what evidence_about_encode() writes. e is to be freed in both cases. */
MUST_CHECK bool evidence_about_parse(struct evidence *e, struct span text, struct err *err);

/* The member README.txt, for whoever unpacks it. */
extern const char evidence_readme[];

/* Append the line of a member in MANIFEST. */
void evidence_line(struct buf *out, const char *name, struct span content);

#endif
