#include "credential/cose_file.h"
#include "registry/audit_step.h"

static bool
read_issued(struct buf *out, char name[REGISTRY_FILE_BYTES], struct audit *a,
    const struct registry_instrument *i, const char *kind, size_t max_bytes, struct err *err)
{
	bool found = false;
	struct err why = { 0 };

	if (!registry_instrument_file(name, i, kind, err))
		return false;
	audit_names_account_for(a->issued, name);
	if (!audit_read(out, &found, a->question->issued, name, max_bytes, &why))
		return audit_blames(a, &why, err);
	return found || audit_finds(a, "issued/%s is missing", name);
}

static bool
check_pdf(struct audit *a, const struct registry_instrument *i, struct err *err)
{
	struct buf file = BUF_EMPTY;
	char name[REGISTRY_FILE_BYTES];
	uint8_t hash[SHA256_BYTES];

	bool ok = read_issued(&file, name, a, i, "pdf", LIMIT_PDF_BYTES, err);
	sha256(hash, buf_span(&file));
	if (ok && a->result->clean &&
	    (file.len != i->pdf_bytes || memcmp(hash, i->pdf_hash, sizeof hash) != 0))
		audit_finds(
		    a, "issued/%s is not the file that was made: its SHA-256 differs", name);
	buf_free(&file);
	return ok;
}

struct comparison {
	uint8_t hash[SHA256_BYTES];
	bool same;
};

static bool
on_act(void *ctx, const struct registry_entry *entry, struct err *err)
{
	struct comparison *c = ctx;

	(void)err;
	c->same = memcmp(entry->hash, c->hash, sizeof c->hash) == 0;
	return true;
}

static bool
is_act(bool *same, struct audit *a, uint64_t index, struct span bytes, struct err *err)
{
	struct comparison c = { .same = false };

	sha256(c.hash, bytes);
	bool ok = registry_each_act(a->fresh, index, index + 1, on_act, &c, err);

	*same = c.same;
	return ok;
}

static bool
check_cose(struct audit *a, const struct registry_instrument *i, struct err *err)
{
	struct buf file = BUF_EMPTY;
	struct cose_file cose = { 0 };
	struct err why = { 0 };
	char name[REGISTRY_FILE_BYTES];
	bool proposal = false, approval = false;

	bool ok = read_issued(&file, name, a, i, "cose", LIMIT_COSE_FILE_BYTES, err);
	if (ok && a->result->clean && !cose_file_parse(&cose, buf_span(&file), &why))
		audit_finds(a, "issued/%s: %s", name, why.text);
	if (ok && a->result->clean)
		ok = is_act(&proposal, a, i->proposal_index, cose.proposal, err) &&
		    is_act(&approval, a, i->approval_index, cose.approval, err);
	if (ok && a->result->clean &&
	    (!proposal || !approval || !span_equal(cose.qc1, span_of(i->qc1, i->qc1_len))))
		audit_finds(
		    a, "issued/%s does not hold the credential and acts in the register", name);
	buf_free(&file);
	return ok;
}

static bool
check_one(void *ctx, const struct registry_instrument *i, struct err *err)
{
	struct audit *a = ctx;

	if (!a->result->clean)
		return true;
	if (!check_pdf(a, i, err))
		return false;
	a->result->pdfs += a->result->clean;
	if (a->result->clean && !check_cose(a, i, err))
		return false;
	a->result->coses += a->result->clean;
	return true;
}

bool
audit_issued_read(struct audit *a, struct err *err)
{
	if (a->question->issued != NULL)
		return audit_names_read(&a->issued, a->question->issued, err);
	audit_skips(a, "the issued files");
	return true;
}

/* Files that no act here made: those of certificates whose acts are lost, as they were published. */
static bool
check_strangers(struct audit *a, struct err *err)
{
	const char *name;
	bool lost = false;

	while (a->result->clean && (name = audit_names_stranger(a->issued)) != NULL) {
		if (!audit_loss_file(&lost, a, name, err))
			return false;
		if (!lost)
			return audit_finds(a, "issued/%s: no act made it", name);
		audit_names_account_for(a->issued, name);
	}
	if (lost)
		audit_skips(a, "who made the certificates in issued/ whose acts are lost");
	return true;
}

bool
audit_issued(struct audit *a, struct err *err)
{
	if (a->issued == NULL)
		return true;
	if (!registry_each_instrument(a->fresh, check_one, a, err))
		return false;
	return check_strangers(a, err);
}
