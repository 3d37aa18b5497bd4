/* Bundle files as those who make them meet them: unsigned, signed by one root, signed by enough. */
#ifndef KEYS_BUNDLE_FILE_H
#define KEYS_BUNDLE_FILE_H

#include "credential/bundle.h"

/* A zeroed one is closed. No signature was checked. */
struct bundle_file {
	struct buf bytes;
	bool is_signed;
	struct cose_sign envelope; /* when signed; borrows from bytes */
	struct bundle *bundle;
};

MUST_CHECK bool bundle_file_open(struct bundle_file *out, const char *path, struct err *err);
void bundle_file_close(struct bundle_file *f);

#endif
