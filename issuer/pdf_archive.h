/*
 * What stands beside the page: the parts that make the file a PDF/A-3b (ISO 19005-3), the associated
 * file, and the signature field that a seal fills (ETSI EN 319 142-1).
 */
#ifndef ISSUER_PDF_ARCHIVE_H
#define ISSUER_PDF_ARCHIVE_H

#include "issuer/pdf_object.h"

struct pdf_archive {
	const char *title;
	const char *file_name;  /* of the associated file */
	struct span attachment; /* its bytes */
	struct span profile;    /* ICC profile of sRGB */
	int64_t now_s;          /* every date in the file */
};

/* Information dictionary, XMP, output intent, language, identifier. ERR_MEMORY. */
MUST_CHECK bool pdf_archive_describe(
    struct pdf_doc *doc, const struct pdf_archive *in, struct err *err);

/* The attachment as an associated file. */
void pdf_archive_attach(struct pdf_doc *doc, const struct pdf_archive *in);

/*
 * The signature field, on the first page, and its dictionary, which ends with PDF_SEAL_BLANKS and a hexadecimal string of
 * `seal_bytes` bytes; nothing else in the file can look like the blanks.
 */
MUST_CHECK bool pdf_archive_seal_field(
    struct pdf_doc *doc, const struct pdf_archive *in, size_t seal_bytes, struct err *err);

/* Placeholders as libharu writes them; numbers take their places when the file is whole. */
#define PDF_BYTE_RANGE_BLANK "/ByteRange [ 0 9999999 9999999 9999999 ]"
#define PDF_ATTACHMENT_BLANK "/QualcertAttachment [ 9999999 9999999 ]"
#define PDF_SEAL_BLANKS PDF_BYTE_RANGE_BLANK "\n" PDF_ATTACHMENT_BLANK "\n/Contents "

#endif
