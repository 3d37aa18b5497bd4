#include "keys/bundle_file.h"

#include "core/file.h"
#include "core/limits.h"

#define COSE_SIGN_TAG 0xd8 /* first byte of tag 98; a bundle alone begins with a map */

bool
bundle_file_open(struct bundle_file *out, const char *path, struct err *err)
{
	*out = (struct bundle_file){ 0 };
	if (!file_read(&out->bytes, path, LIMIT_BUNDLE_BYTES, err))
		return false;
	struct span payload = buf_span(&out->bytes);
	out->is_signed = payload.len > 0 && payload.ptr[0] == COSE_SIGN_TAG;
	if (out->is_signed) {
		if (!cose_sign_parse(&out->envelope, payload, BUNDLE_TYP, err))
			return err_in(err, "%s", path);
		payload = out->envelope.payload;
	}
	return bundle_parse(&out->bundle, payload, err) || err_in(err, "%s", path);
}

void
bundle_file_close(struct bundle_file *f)
{
	bundle_free(f->bundle);
	buf_free(&f->bytes);
	*f = (struct bundle_file){ 0 };
}
