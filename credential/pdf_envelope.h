/*
 * The strict reader of our own PDF form (docs/format/pdf.md section 2): it finds the sealed bytes, the
 * seal and the attachment by fixed places and never parses a PDF object. Time is linear in the file.
 *
 * It answers where things are. That the seal is genuine is cms_check()'s to say, and only then do the
 * attachment's place and bytes mean anything.
 */
#ifndef CREDENTIAL_PDF_ENVELOPE_H
#define CREDENTIAL_PDF_ENVELOPE_H

#include "core/buf.h"

enum pdf_finding {
	PDF_UNREAD = 0,  /* a zeroed struct must not read as good */
	PDF_SEALED,      /* the form is ours, whole */
	PDF_NOT_PDF,     /* does not begin like a PDF */
	PDF_TOO_LONG,    /* more than LIMIT_PDF_BYTES; nothing was looked at */
	PDF_UNSEALED,    /* a PDF without any /ByteRange: a scan, a print-out, another document */
	PDF_ADDED_AFTER, /* `extra` bytes follow what was sealed */
	PDF_CUT_SHORT,   /* `extra` bytes of what was sealed are missing */
	PDF_SEVERAL,     /* more than one /ByteRange or %%EOF */
	PDF_MALFORMED    /* a /ByteRange, but not the form we write: `what` says which rule */
};

struct pdf_envelope {
	enum pdf_finding finding;
	const char
	    *what;    /* static English sentence for evidence and logs; never NULL after reading */
	size_t extra; /* PDF_ADDED_AFTER, PDF_CUT_SHORT: bytes */
	/* Only with PDF_SEALED; spans are borrowed from the file: */
	struct span signed_1; /* from the beginning to the seal */
	struct span signed_2; /* from the seal to the end */
	struct span attachment;
	struct buf seal; /* owned: the DER of the seal, without padding */
};

/*
 * False only if we could not do the job (ERR_MEMORY); whatever the file is, is an answer in
 * out->finding. Free `out` in both cases.
 */
MUST_CHECK bool pdf_envelope_read(struct pdf_envelope *out, struct span file, struct err *err);
void pdf_envelope_free(struct pdf_envelope *e);

#endif
