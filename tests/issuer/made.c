#include "tests/issuer/made.h"

#include "issuer/check.h"

#include <assert.h>
#include <stdio.h>

static void
read_file(struct buf *out, const struct workshop *w, const char *file, const char *ending)
{
	char name[64];
	snprintf(name, sizeof name, "issued/%s.%s", file, ending);
	if (!workshop_read(out, w, name))
		fail_msg("there is no %s", name);
}

void
made_read(struct made *m, struct workshop *w, const char *file)
{
	const struct trust *trust;

	*m = (struct made){ 0 };
	read_file(&m->pdf, w, file, "pdf");
	read_file(&m->cose, w, file, "cose");
	REQUIRE(cose_file_parse(&m->file, buf_span(&m->cose), &err));
	REQUIRE(credential_parse(&m->credential, m->file.qc1, &err));
	REQUIRE(chain_entry_parse(&m->proposal, m->file.proposal, &err));
	REQUIRE(bureau_trust(&trust, w->bureau, &err));
	REQUIRE(check_certificate(trust, buf_span(&m->pdf), &m->file, w->now_s, &err));
}

void
made_free(struct made *m)
{
	buf_free(&m->pdf);
	buf_free(&m->cose);
}

void
made_stored(char out[NUMBER_STORED_BYTES], const char *shown)
{
	struct number number;
	REQUIRE(number_parse(&number, span_text(shown), &err));
	number_stored(out, &number);
}

static bool
count_one(void *ctx, const struct registry_instrument *i, struct err *err)
{
	(void)i;
	(void)err;
	++*(size_t *)ctx;
	return true;
}

size_t
made_count(struct workshop *w)
{
	size_t n = 0;
	assert(w->bureau != NULL);
	REQUIRE(registry_each_instrument(w->bureau->registry, count_one, &n, &err));
	return n;
}

void
made_take_names_away(const struct workshop *w, const char *file)
{
	char from[160], to[160];

	for (int i = 0; i < 2; i++) {
		const char *ending = i == 0 ? "pdf" : "cose";
		snprintf(from, sizeof from, "%s/issued/%s.%s", w->folder, file, ending);
		snprintf(to, sizeof to, "%s/issued/.making/%s.%s", w->folder, file, ending);
		assert_int_equal(rename(from, to), 0);
	}
}
