/*
 * What of a page's drawing reaches into a box: for the square of the code, whose quiet zone must stay white, and
 * for texts that would stand on one another. Touching is not reaching. Millimetres.
 */
#ifndef ISSUER_CLEARANCE_H
#define ISSUER_CLEARANCE_H

#include "issuer/template.h"

bool clearance_box(const struct template_box *a, const struct template_box *box);
bool clearance_line(const struct template_line *line, const struct template_box *box);
/* Its edge, with the width of its stroke; not what it fills. */
bool clearance_frame(const struct template_frame *frame, const struct template_box *box);
/* The band of its strands. */
bool clearance_guilloche(const struct template_guilloche *g, const struct template_box *box);

#endif
