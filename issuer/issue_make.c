#include "issuer/issue_parts.h"

#include "issuer/loss.h"
#include "issuer/stop.h"
#include "issuer/waiting.h"
#include "issuer/words.h"

/* The third act: from here on the certificate exists. */
static bool
record_made(struct bureau *b, struct span subject, struct span qc1, struct span pdf, int64_t now_s,
    struct err *err)
{
	struct sitting sitting = { .bureau = b, .now_s = now_s };
	struct act_body body = { .kind = ACT_MADE };
	struct registry_item item = { 0 };
	struct buf act = BUF_EMPTY;
	const struct signer *service;

	body.made.qc1 = qc1;
	body.made.pdf_bytes = pdf.len;
	sha256(body.made.pdf_hash, pdf);
	bool ok = bureau_signer(&service, NULL, b, ROLE_KEY_SERVICE, now_s, err) &&
	    sitting_add(&sitting, subject, &body, err) &&
	    sitting_record(&item, &act, &sitting, service, err);
	if (ok && !item.recorded)
		ok = err_set(err, item.err.code, "%s", item.err.text);
	buf_free(&act);
	sitting_free(&sitting);
	return ok;
}

static bool
may_make(struct bureau *b, int64_t now_s, struct err *err)
{
	return waiting_refuse(b, now_s, err) && stop_refuse(b, now_s, err) &&
	    loss_refuse_here(b, err);
}

/* Everything up to commit 2: nothing that is begun here counts if it fails. */
static bool
make(struct err *unstamped, struct bureau *b, const struct issue_folder *folder,
    const struct issue_making *m, int64_t now_s, struct err *err)
{
	struct buf qc1 = BUF_EMPTY, cose = BUF_EMPTY, pdf = BUF_EMPTY;

	bool ok = may_make(b, now_s, err) &&
	    issue_draw(&qc1, &cose, &pdf, unstamped, b, m, now_s, err) &&
	    /* Again, where an authority was awaited: somebody may have stopped it meanwhile. */
	    (b->conf.tsa_url == NULL || may_make(b, now_s, err)) &&
	    issue_folder_put(folder, m->file, "cose", buf_span(&cose), err) &&
	    issue_folder_put(folder, m->file, "pdf", buf_span(&pdf), err) &&
	    record_made(b, m->proposal->act.subject, buf_span(&qc1), buf_span(&pdf), now_s, err);
	buf_free(&qc1);
	buf_free(&cose);
	buf_free(&pdf);
	return ok;
}

/* What is made gets its names. */
static bool
name_files(const struct issue_folder *folder, const struct issue_making *m, struct err *err)
{
	struct buf cose = BUF_EMPTY;
	uint8_t hash[SHA256_BYTES];

	cose_file_encode(&cose,
	    &(struct cose_file){ span_of(m->made.qc1, m->made.qc1_len), m->proposal->act.bytes,
		m->approval->act.bytes });
	bool ok = buf_ok(&cose, err);
	if (ok)
		sha256(hash, buf_span(&cose));
	buf_free(&cose);
	return ok && issue_folder_name(folder, m->file, "pdf", m->made.pdf_hash, err) &&
	    issue_folder_name(folder, m->file, "cose", hash, err);
}

static bool
cannot_make(const struct issue_making *m, struct err *err)
{
	return err_set(err, ERR_REFUSED, "%s",
	    m->approval == NULL
		? "two officers have not approved it"
		: "the time for making it has passed, or another act came in between: have it "
		  "proposed again");
}

/* One step, whichever it waits for; *done when nothing is left to do. */
static bool
step(bool *done, struct issue_made *out, struct bureau *b, const struct issue_folder *folder,
    const uint8_t proposal[SHA256_BYTES], int64_t now_s, struct err *err)
{
	char room[WORD_SUBJECT_BYTES];
	struct issue_making m;

	bool ok = issue_making_load(&m, b, proposal, now_s, err);
	if (ok) {
		memcpy(out->number, m.number, sizeof out->number);
		out->version = m.claims.version;
		*done = m.is_made;
		if (m.is_made)
			ok = name_files(folder, &m, err);
		else
			ok = m.waits ? make(&out->unstamped, b, folder, &m, now_s, err)
				     : cannot_make(&m, err);
		if (!ok)
			err_in(err, "%s: certificate %s",
			    word_subject(room, m.proposal->act.subject), m.file);
	}
	issue_making_free(&m);
	return ok;
}

bool
issue_catch_up(struct bureau *b, int64_t now_s, struct err *err)
{
	return registry_append(b->registry, NULL, 0, false, now_s, err);
}

bool
issue_make_in(struct issue_made *out, struct bureau *b, const struct issue_folder *folder,
    const uint8_t proposal[SHA256_BYTES], int64_t now_s, struct err *err)
{
	bool done = false;

	*out = (struct issue_made){ 0 };
	if (!issue_catch_up(b, now_s, err))
		return false;
	while (!done)
		if (!step(&done, out, b, folder, proposal, now_s, err))
			return false;
	return true;
}

bool
issue_make(struct issue_made *out, struct bureau *b, const uint8_t proposal[SHA256_BYTES],
    int64_t now_s, struct err *err)
{
	struct issue_folder folder;

	bool ok = issue_folder_open(&folder, b, ISSUE_WAIT, err) &&
	    issue_make_in(out, b, &folder, proposal, now_s, err);
	issue_folder_close(&folder);
	return ok;
}
