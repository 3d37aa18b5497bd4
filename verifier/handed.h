/*
 * What somebody hands in: a file's bytes and, where it is a picture or may be a scan, the codes on it. It is read
 * once, and asked about as often as there are questions, under every bureau believed.
 */
#ifndef VERIFIER_HANDED_H
#define VERIFIER_HANDED_H

#include "verifier/believed.h"
#include "verifier/verify.h"

struct handed {
	struct span bytes; /* borrowed */
	bool too_long;     /* more than LIMIT_PDF_BYTES: bytes are only its beginning */
	bool scan;         /* a PDF that nobody sealed is the picture of a paper */
	bool is_picture;   /* answered as its codes are */
	struct picture picture;
	/* With scan: why the code on the page of a file whose seal fails was not read; ERR_NONE: it was, or none was sought. */
	struct err unshown;
};

/*
 * Take it in: of a picture, or with `scan` of a PDF that nobody sealed, the codes are read by the helper.
 *
 *   out  zeroed; handed_free() it in any case
 *
 * As picture_read(); ERR_LIMIT also for a picture that is too long to be read; ERR_REFUSED also for one that is
 * neither PNG nor JPEG.
 */
MUST_CHECK bool handed_take(
    struct handed *out, struct span bytes, bool too_long, bool scan, struct err *err);
void handed_free(struct handed *h);

/* The answer of the bureau that recognises it (believed_ask). False: we could not do the job. */
MUST_CHECK bool handed_ask(struct answer *out, struct handed *h, const struct believed *b,
    const struct question *question, struct err *err);
/* The answer by what one bureau published, and by its register's newer word, if there is one (verify). */
MUST_CHECK bool handed_ask_one(struct answer *out, struct handed *h, struct published *published,
    const struct live *live, const struct question *question, struct err *err);

#endif
