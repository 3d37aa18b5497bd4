#include "issuer/loss.h"

#include "core/file.h"
#include "core/limits.h"
#include "core/rfc3339.h"
#include "credential/checkpoint.h"
#include "keys/head.h"
#include "registry/registry_floor.h"

bool
loss_epoch(uint64_t *out, const struct bureau *b, struct err *err)
{
	const struct trust *trust;
	struct registry_epoch last;
	struct err why = { 0 };

	if (!bureau_trust(&trust, b, err) ||
	    (!registry_epoch(&last, b->registry, &why) && why.code != ERR_NOT_FOUND &&
		!err_set(err, why.code, "%s", why.text)))
		return false;
	*out = trust_bundle(trust)->log.epoch;
	if (last.epoch > *out)
		*out = last.epoch;
	return true;
}

bool
loss_refuse_unnamed(const struct bureau *b, struct err *err)
{
	const struct trust *trust;
	uint64_t epoch;

	return loss_epoch(&epoch, b, err) && bureau_trust(&trust, b, err) &&
	    (epoch == trust_bundle(trust)->log.epoch ||
		err_set(err, ERR_REFUSED,
		    "a loss of acts was accepted: publishing waits for a trust bundle, signed by "
		    "the "
		    "roots and adopted, whose log has epoch %llu and an origin of its own",
		    (unsigned long long)epoch));
}

/* Has the register's log this root at this size? */
static bool
check_held(const struct bureau *b, const char *path, uint64_t size, const struct merkle_hash *root,
    struct err *err)
{
	struct registry_head head;
	struct merkle_hash here;

	if (!registry_head(&head, b->registry, err) ||
	    (size <= head.size && !registry_root_at(&here, b->registry, size, err)))
		return false;
	return (size <= head.size && merkle_equal(&here, root)) ||
	    err_set(err, ERR_REFUSED,
		"acts are lost: %s is of a log of %llu entries that this register, with %llu, does "
		"not "
		"have. qualcert restore --second-copy FILE takes them from wherever they are left; "
		"only "
		"if they are nowhere: qualcert restore --accept-loss DIR",
		path, (unsigned long long)size, (unsigned long long)head.size);
}

static bool
check_head(const struct bureau *b, const char *key, uint64_t epoch, struct err *err)
{
	struct buf path = BUF_EMPTY;
	struct head last;
	struct err why = { 0 };

	bool ok = bureau_path(&path, b, err, "keys/%s.head", key);
	if (ok && head_read(&last, buf_text(&path), &why))
		ok = last.epoch < epoch ||
		    check_held(b, buf_text(&path), last.size, &last.root, err);
	else if (ok)
		ok = why.code == ERR_NOT_FOUND || err_set(err, why.code, "%s", why.text);
	buf_free(&path);
	return ok;
}

/* Only what the log's key signed stops a bureau. */
static bool
check_published(const struct bureau *b, const char *path, uint64_t epoch, struct err *err)
{
	const struct trust *trust;
	struct buf note = BUF_EMPTY;
	struct checkpoint c;
	struct err why = { 0 };
	bool witnessed;

	bool ok = bureau_trust(&trust, b, err);
	if (ok && trust_bundle(trust)->log.epoch == epoch &&
	    file_read(&note, path, LIMIT_NOTE_BYTES, &why) &&
	    trust_verify_checkpoint(&c, &witnessed, trust, buf_span(&note), &why))
		ok = check_held(b, path, c.size, &c.root, err);
	buf_free(&note);
	return ok && (why.code != ERR_MEMORY || err_set(err, why.code, "%s", why.text));
}

bool
loss_refuse(struct bureau *b, const char *checkpoint, struct err *err)
{
	uint64_t epoch;

	return loss_epoch(&epoch, b, err) && check_head(b, "log", epoch, err) &&
	    check_head(b, "status", epoch, err) && check_published(b, checkpoint, epoch, err);
}

bool
loss_refuse_here(struct bureau *b, struct err *err)
{
	struct buf path = BUF_EMPTY;

	bool ok = bureau_path(&path, b, err, "public/log/checkpoint") &&
	    loss_refuse(b, buf_text(&path), err);
	buf_free(&path);
	return ok;
}

bool
loss_text(struct buf *out, const struct bureau *b, const uint8_t snapshot[SHA256_BYTES],
    enum lang lang, struct err *err)
{
	struct registry_loss loss;
	char when[RFC3339_TEXT_BYTES];

	if (!registry_loss(&loss, b->registry, snapshot, err))
		return false;
	rfc3339_format(when, loss.iat_s);
	buf_printf(out,
	    LANG_PICK(lang,
		"快照 %llu（%s）载有 %zu 份证书：其中 %zu 份登记簿中没有，%zu "
		"份此后有变动而登记簿中没有。\n"
		"没有的证书仍然有效，其状态保持公开时的样子，不能再变；有变动的，今后以公开的为准。"
		"\n"
		"号码和状态位不会重复使用；当年的号码改从另一类抽取。等待中的提议作废。\n",
		"Snapshot %llu of %s shows %zu certificates: %zu of them are not in the register, "
		"and to "
		"%zu\nsomething happened that is not. The former stay genuine, with the status "
		"that was "
		"published, for\ngood; the latter go on from what was published. No number and no "
		"slot is "
		"used again: this\nyear's numbers are drawn from another class. Proposals that "
		"wait are "
		"void.\n"),
	    (unsigned long long)loss.seq, when, loss.assigned, loss.unknown, loss.changed);
	return buf_ok(out, err);
}
