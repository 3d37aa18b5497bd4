/* audit --proof: that an act is in the published log, for whoever has the act, without asking anybody. */
#include "core/encode.h"
#include "credential/log_proof.h"
#include "issuer/commands.h"
#include "issuer/publish.h"

/* What is proven. */
struct proven {
	uint64_t index;
	struct log_entry entry;
};

static bool
keep_entry(void *ctx, const struct registry_entry *e, struct err *err)
{
	struct proven *p = ctx;

	(void)err;
	p->index = e->index;
	p->entry.recorded_s = e->recorded_s;
	memcpy(p->entry.act_hash, e->hash, SHA256_BYTES);
	return true;
}

/* A certificate stands for its approval: the last of its acts that its holder has, too, in NUMBER.cose. */
static bool
find_certificate(
    struct proven *out, struct registry *r, const struct number *number, struct err *err)
{
	char stored[NUMBER_STORED_BYTES];
	struct registry_instrument i;

	number_stored(stored, number);
	return registry_find_instrument(&i, r, span_text(stored), err) &&
	    registry_each_act(r, i.approval_index, i.approval_index + 1, keep_entry, out, err);
}

static bool
find_act(struct proven *out, struct registry *r, const uint8_t hash[SHA256_BYTES], struct err *err)
{
	struct registry_entry entry;
	struct buf bytes = BUF_EMPTY;

	bool ok = registry_find_act(&entry, &bytes, r, hash, err) && keep_entry(out, &entry, err);
	buf_free(&bytes);
	return ok;
}

static bool
find(struct proven *out, struct registry *r, const char *what, struct err *err)
{
	struct number number;
	uint8_t hash[SHA256_BYTES];

	if (number_parse(&number, span_text(what), NULL))
		return find_certificate(out, r, &number, err);
	if (hex_decode(hash, sizeof hash, span_text(what), NULL))
		return find_act(out, r, hash, err);
	return err_set(err, ERR_USAGE,
	    "--proof takes a certificate's number, or the SHA-256 of an act in hexadecimal");
}

/* Judged as whoever gets it will. */
static bool
prove(struct buf *out, const struct proven *p, const struct bureau *b, struct err *err)
{
	struct checkpoint c;
	struct merkle_proof path;
	struct buf note = BUF_EMPTY;
	const struct merkle_hash leaf = log_entry_leaf(&p->entry);

	bool ok = publish_read_checkpoint(&c, &note, b, err);
	if (ok && p->index >= c.size)
		ok = err_set(
		    err, ERR_REFUSED, "it is not in the published log yet: qualcert publish first");
	ok = ok && registry_prove(&path, b->registry, p->index, c.size, err) &&
	    (merkle_inclusion_verify(&path, p->index, c.size, &leaf, &c.root) ||
		err_set(err, ERR_REFUSED, "the register's log is damaged: qualcert audit"));
	if (ok)
		log_proof_encode(out, &p->entry, p->index, &path, buf_span(&note));
	buf_free(&note);
	return ok && buf_ok(out, err);
}

bool
audit_proof(struct command *c, struct err *err)
{
	struct proven proven;
	struct buf text = BUF_EMPTY;

	bool ok = command_no_words(c, err) && command_open(c, true, err) &&
	    registry_view_begin(c->bureau->registry, err);
	if (ok) {
		ok = find(&proven, c->bureau->registry, c->option[OPTION_PROOF], err) &&
		    prove(&text, &proven, c->bureau, err);
		registry_view_end(c->bureau->registry);
	}
	if (ok) {
		command_print_buf(c, &text);
		command_answer(c, "proof", buf_text(&text));
	}
	buf_free(&text);
	return ok;
}
