/*
 * A form that is the same in every document, drawn once: its bytes are compressed and kept, and each document
 * gets them as they are. Threads may share it.
 */
#ifndef ISSUER_PDF_STENCIL_H
#define ISSUER_PDF_STENCIL_H

#include "issuer/pdf_object.h"

struct pdf_stencil;

/*
 * Keep a form, drawn to its end, with the forms it draws. The document may be freed then; pdf_stencil_free().
 * ERR_MEMORY; ERR_LIMIT: it is not all there, since libharu could not draw it
 */
MUST_CHECK bool pdf_stencil_new(struct pdf_stencil **out, const struct pdf_doc *doc,
    const struct pdf_object *form, struct err *err);
void pdf_stencil_free(struct pdf_stencil *s);

/* The form in another document, for pdf_form_draw(); NULL if it could not be made, which pdf_doc_save() says. */
struct pdf_object *pdf_stencil_form(struct pdf_doc *doc, const struct pdf_stencil *s);

#endif
