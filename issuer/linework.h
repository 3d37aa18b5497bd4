/*
 * The line work of a page: guilloches, frames, lines. It depends on the template alone, so its bytes are the
 * same on every certificate made by it.
 */
#ifndef ISSUER_LINEWORK_H
#define ISSUER_LINEWORK_H

#include "issuer/pdf_stencil.h"
#include "issuer/template.h"

/*
 * All of it as one form of the page's size, kept; pdf_stencil_free(). ERR_MEMORY; ERR_LIMIT: libharu cannot
 * draw it
 */
MUST_CHECK bool linework_draw(
    struct pdf_stencil **out, const struct template_page *page, struct err *err);

#endif
