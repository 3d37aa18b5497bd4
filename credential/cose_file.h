/*
 * NUMBER.cose, which is also the attachment of the PDF: a credential and the two officers' acts that
 * made it lawful, as [ bstr QC1, bstr proposal, bstr approval ] in deterministic CBOR.
 */
#ifndef CREDENTIAL_COSE_FILE_H
#define CREDENTIAL_COSE_FILE_H

#include "core/buf.h"

struct cose_file {
	struct span qc1;
	struct span proposal; /* act bytes */
	struct span approval; /* act bytes */
};

void cose_file_encode(struct buf *out, const struct cose_file *f);

/*
 * Spans are borrowed from `in`; what they hold is parsed by credential_parse() and act_parse().
 * ERR_MALFORMED, ERR_LIMIT (the whole, or one of the three, is too long)
 */
MUST_CHECK bool cose_file_parse(struct cose_file *out, struct span in, struct err *err);

#endif
