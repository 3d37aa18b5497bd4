#include "issuer/waiting.h"

#include "core/file.h"
#include "core/limits.h"

/* Signed by the roots, in its dates, and not of the past: the register should have adopted it. */
static bool
must_be_adopted(enum trust_answer answer)
{
	return answer == TRUST_YES || answer == TRUST_GAP || answer == TRUST_ALARM;
}

/* Whatever cannot be read as a bundle is none: only the roots' signatures may stop a bureau. */
static bool
look_at(uint64_t *seq, struct registry *r, struct span file, int64_t now_s, struct err *err)
{
	const struct trust *trust;
	struct cose_sign envelope;
	struct bundle *bundle = NULL;
	struct err why = { 0 };

	if (!registry_trust(&trust, r, err))
		return false;
	if (!bundle_parse_file(&envelope, &bundle, file, &why))
		return why.code != ERR_MEMORY || err_set(err, ERR_MEMORY, "%s", why.text);
	uint64_t offered = bundle->seq;
	bundle_free(bundle);
	if (offered <= trust_bundle(trust)->seq)
		return true;
	enum trust_answer answer = registry_try_bundle(r, file, now_s, &why);
	if (answer == TRUST_UNDECIDED)
		return err_set(err, why.code, "%s", why.text);
	if (must_be_adopted(answer) && offered > *seq)
		*seq = offered;
	return true;
}

bool
waiting_look(uint64_t *seq, struct registry *r, const char *path, int64_t now_s, struct err *err)
{
	struct buf file = BUF_EMPTY;
	struct err why = { 0 };
	bool ok = true;

	if (file_read(&file, path, LIMIT_BUNDLE_BYTES, &why))
		ok = look_at(seq, r, buf_span(&file), now_s, err);
	else if (why.code != ERR_NOT_FOUND && why.code != ERR_LIMIT)
		ok = err_set(err, why.code, "%s", why.text);
	buf_free(&file);
	return ok;
}

static bool
look_for(uint64_t *seq, struct bureau *b, const char *name, int64_t now_s, struct err *err)
{
	struct buf path = BUF_EMPTY;

	bool ok = bureau_path(&path, b, err, "%s", name) &&
	    waiting_look(seq, b->registry, buf_text(&path), now_s, err);
	buf_free(&path);
	return ok;
}

bool
waiting_bundle(uint64_t *seq, struct bureau *b, int64_t now_s, struct err *err)
{
	*seq = 0;
	return look_for(seq, b, "trust-bundle", now_s, err) &&
	    look_for(seq, b, "public/v1/trust-bundle", now_s, err);
}

bool
waiting_refuse(struct bureau *b, int64_t now_s, struct err *err)
{
	uint64_t seq;

	if (!waiting_bundle(&seq, b, now_s, err))
		return false;
	return seq == 0 ||
	    err_set(err, ERR_REFUSED,
		"ACT-06: trust bundle %llu has come and is not adopted; nothing is signed before "
		"it is: qualcert adopt FILE",
		(unsigned long long)seq);
}
