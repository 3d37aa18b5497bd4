/*
 * The page's form as a browser sends it: multipart/form-data (RFC 7578), read by libmicrohttpd's
 * MHD_PostProcessor, which is used here and nowhere else. Bounded: LIMIT_FORM_FILES files,
 * short fields, none of them twice, names we know; anything else spoils the whole. An empty file right before another
 * of its name is one with it: the library does not tell the two cases apart.
 */
#ifndef VERIFIER_DAEMON_UPLOAD_H
#define VERIFIER_DAEMON_UPLOAD_H

#include "verifier/daemon/http.h"

struct MHD_Connection;
struct upload;

/* ERR_MALFORMED: the Content-Type is no such form. ERR_MEMORY. */
MUST_CHECK bool upload_begin(
    struct upload **out, struct MHD_Connection *connection, struct err *err);
void upload_free(struct upload *u);

/* The next bytes of the body. After a false all that follows is read and dropped. */
bool upload_add(struct upload *u, const char *bytes, size_t n);

/* After the last byte: the form, borrowed. NULL if anything was wrong or cut short. */
struct http_form *upload_form(struct upload *u);

#endif
