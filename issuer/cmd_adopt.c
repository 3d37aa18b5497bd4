/* adopt: from now on the register lives by this trust bundle. */
#include "core/file.h"
#include "core/limits.h"
#include "issuer/commands.h"
#include "keys/pem.h"

/* Its policy must be here, or nothing could be judged afterwards. */
static bool
check_policy(const struct bureau *b, const struct bundle *bundle, struct err *err)
{
	for (size_t i = 0; i < b->n_policies; i++)
		if (memcmp(b->policies[i].hash, bundle->policy_hash, SHA256_BYTES) == 0)
			return true;
	return err_set(err, ERR_REFUSED,
	    "trust bundle %llu names a policy that is not in %s: put its file there first, as "
	    "policy-NAME.json",
	    (unsigned long long)bundle->seq, b->folder);
}

/* Always false but for a bundle that would be accepted. */
static bool
check_bundle(
    struct bureau *b, struct span file, const struct bundle *bundle, int64_t now_s, struct err *err)
{
	struct err why = { 0 };

	if (registry_try_bundle(b->registry, file, now_s, &why) != TRUST_YES)
		return err_set(err, ERR_REFUSED, "%s", why.text);
	return check_policy(b, bundle, err);
}

static bool
record(struct bureau *b, struct span file, int64_t now_s, struct err *err)
{
	struct sitting sitting = { .bureau = b, .now_s = now_s };
	struct act_body body = { .kind = ACT_ADOPT, .adopt = { file } };
	struct registry_item item = { 0 };
	struct buf act = BUF_EMPTY;
	const struct signer *service;

	bool ok = bureau_signer(&service, NULL, b, ROLE_KEY_SERVICE, now_s, err) &&
	    sitting_add(&sitting, span_text("register"), &body, err) &&
	    sitting_record(&item, &act, &sitting, service, err);
	if (ok && !item.recorded)
		ok = err_set(err, item.err.code, "%s", item.err.text);
	buf_free(&act);
	sitting_free(&sitting);
	return ok;
}

/* For other people's PDF readers: the reader CA as the newest bundle has it. */
static bool
put_reader_ca(const struct bureau *b, struct span der, struct err *err)
{
	struct buf path = BUF_EMPTY, pem = BUF_EMPTY;

	if (der.len == 0)
		return true;
	pem_encode(&pem, PEM_CERTIFICATE, der);
	bool ok = buf_ok(&pem, err) && bureau_path(&path, b, err, "ca.pem") &&
	    file_write(buf_text(&path), buf_span(&pem), 0640, err);
	buf_free(&path);
	buf_free(&pem);
	return ok;
}

bool
cmd_adopt(struct command *c, struct err *err)
{
	struct cose_sign envelope;
	struct bundle *bundle = NULL;
	struct buf file = BUF_EMPTY;
	const char *path;

	bool ok = command_one_word(&path, c, err) && command_open(c, false, err) &&
	    command_read(&file, path, LIMIT_BUNDLE_BYTES, err) &&
	    bundle_parse_file(&envelope, &bundle, buf_span(&file), err) &&
	    check_bundle(c->bureau, buf_span(&file), bundle, c->now_s, err) &&
	    record(c->bureau, buf_span(&file), c->now_s, err) &&
	    put_reader_ca(c->bureau, bundle->reader_ca, err);
	if (ok) {
		command_print(c, "adopted %llu\n", (unsigned long long)bundle->seq);
		if (c->answer != NULL)
			json_object_set_new(
			    c->answer, "adopted", json_integer((json_int_t)bundle->seq));
	}
	bundle_free(bundle);
	buf_free(&file);
	return ok;
}
