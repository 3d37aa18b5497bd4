/* Pictures of codes, for the tests of who reads them. What goes wrong ends the test. */
#ifndef TESTS_VERIFIER_CODES_H
#define TESTS_VERIFIER_CODES_H

#include "verifier/decode/raster.h"

#include "core/buf.h"

/* A picture of at most four codes side by side, a module `px` pixels wide, on white. raster_free() it. */
void codes_raster(struct raster *out, const char *const *texts, size_t n, unsigned px);

/* The same as a PNG, appended. */
void codes_png(struct buf *out, const char *const *texts, size_t n, unsigned px);

#endif
