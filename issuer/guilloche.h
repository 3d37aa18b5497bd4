/*
 * Fine line work: the lace of a border and the rosettes of a certificate, drawn from a template's
 * few numbers. One period is drawn once, as a form, and placed all along its path.
 */
#ifndef ISSUER_GUILLOCHE_H
#define ISSUER_GUILLOCHE_H

#include "issuer/pdf_object.h"
#include "issuer/template.h"

/* Draw on a page `height` mm high. What goes wrong is said by pdf_doc_save(). */
void guilloche_draw(struct pdf_doc *doc, const struct template_guilloche *g, double height);

#endif
