#include "verifier/fetch.h"

#include "verifier/helper.h"

#include <stdio.h>
#include <stdlib.h>

struct fetch {
	struct helper *helper;
	unsigned wait_s;
};

bool
fetch_open(struct fetch **out, const struct fetch_place *place, struct err *err)
{
	char silence[16];
	const char *argv[8] = { place->helper, "--silence", silence };
	size_t n = 3;
	struct fetch *f = calloc(1, sizeof *f);

	*out = NULL;
	if (f == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	snprintf(silence, sizeof silence, "%u", place->silence_s);
	if (place->ca_file != NULL) {
		argv[n++] = "--ca-file";
		argv[n++] = place->ca_file;
	}
	argv[n++] = place->url;
	argv[n] = NULL;
	f->wait_s = place->wait_s;
	if (!helper_start(&f->helper, argv, err)) {
		free(f);
		return false;
	}
	*out = f;
	return true;
}

void
fetch_close(struct fetch *f)
{
	if (f == NULL)
		return;
	helper_stop(f->helper);
	free(f);
}

bool
fetch_get(struct fetch_answer *out, struct buf *body, struct fetch *f,
    const struct fetch_request *request, struct err *err)
{
	const int64_t deadline_ms = helper_deadline_ms(f->wait_s);
	struct buf line = BUF_EMPTY;

	buf_free(body);
	*out = (struct fetch_answer){ .status = FETCH_FAILED };
	fetch_request_encode(&line, request);
	bool ok = buf_ok(&line, err) && helper_write(f->helper, buf_span(&line), deadline_ms, err);
	buf_free(&line);
	ok = ok && helper_read_line(&line, f->helper, FETCH_LINE_BYTES, deadline_ms, err) &&
	    fetch_answer_parse(out, buf_span(&line), err);
	if (ok && out->status == FETCH_FOUND && out->len > request->max)
		ok = err_set(err, ERR_MALFORMED, "it gave more than it was asked for");
	ok = ok && helper_read(body, f->helper, out->len, deadline_ms, err);
	buf_free(&line);
	return ok || err_in(err, FETCH_HELPER);
}
