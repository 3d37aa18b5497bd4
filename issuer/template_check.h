/*
 * What is wrong with a layout, all of it at once: by its own numbers, and by what other people's programs read on
 * the pages drawn from it. Defects name file, page and text, and say what to do.
 *
 * LAY-01 it cannot be read                          LAY-06 too near the edge of the page
 * LAY-02 a text does not fit its box                LAY-07 two texts have places that overlap
 * LAY-03 a character that no font can draw          LAY-08 a text does not come back (pdftotext)
 * LAY-04 the code is too fine                       LAY-09 the code is not read (pdftoppm, zbarimg)
 * LAY-05 something reaches into the code's square   LAY-10 a program is missing, or stops
 * LAY-11 people cannot read a text: too faint, too small, or with a line through it
 */
#ifndef ISSUER_TEMPLATE_CHECK_H
#define ISSUER_TEMPLATE_CHECK_H

#include "credential/credential.h"
#include "issuer/defect.h"
#include "issuer/pdf.h"

#define TEMPLATE_TEXT_EDGE_MM 5.0 /* printers do not print to the edge of the paper */
#define TEMPLATE_CODE_EDGE_MM 8.0

/* A layout in question; all borrowed. */
struct template_question {
	const char *file; /* as people called it */
	const struct template *layout;
	enum grade grade; /* of the specimens */
	const struct pdf_maker *maker;
};

/* LAY-02 to LAY-07 and LAY-11: with the longest and the shortest texts a certificate can have. */
MUST_CHECK bool template_check(
    struct defects *out, const struct template_question *q, struct err *err);

/*
 * LAY-08 to LAY-10: the same specimens drawn, and read again. Of a layout that template_check() found fault
 * with, it may say the same again.
 *   folder  a private one, for the files in between
 */
MUST_CHECK bool template_reread(
    struct defects *out, const struct template_question *q, const char *folder, struct err *err);

#endif
