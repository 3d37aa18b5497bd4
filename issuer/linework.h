/*
 * The line work of a page: guilloches, frames, lines. It depends on the template alone, so its bytes are the
 * same on every certificate made by it.
 */
#ifndef ISSUER_LINEWORK_H
#define ISSUER_LINEWORK_H

#include "issuer/pdf_object.h"
#include "issuer/template.h"

/*
 * All of it as one form of the page's size, with forms of its own among its resources; to be placed once
 * with pdf_form_draw(). What goes wrong is said by pdf_doc_save().
 */
struct pdf_object *linework_form(struct pdf_doc *doc, const struct template_page *page);

#endif
