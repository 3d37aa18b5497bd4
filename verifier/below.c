#include "verifier/below.h"

#include "core/file.h"

bool
below_read(
    struct buf *out, bool *found, const char *folder, const char *name, size_t max, struct err *err)
{
	struct buf path = BUF_EMPTY;
	struct err local = { 0 };

	*found = false;
	buf_printf(&path, "%s/%s", folder, name);
	bool ok = buf_ok(&path, err);
	if (ok) {
		*found = file_read(out, buf_text(&path), max, &local);
		ok = *found || local.code == ERR_NOT_FOUND || local.code == ERR_LIMIT;
		if (!ok && err != NULL)
			*err = local;
	}
	buf_free(&path);
	return ok;
}
