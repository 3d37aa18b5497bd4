#include "issuer/issue_parts.h"

#include "credential/qr_text.h"
#include "issuer/check.h"
#include "issuer/credential_sign.h"
#include "issuer/face_make.h"
#include "keys/seal.h"

/* ---- the credential ---- */

/* Both acts, from the register's bytes, under the bundle adopted last. */
static bool
agree(struct quorum **out, const struct trust *trust, const struct issue_making *m, int64_t now_s,
    struct err *err)
{
	struct err why = { 0 };

	if (quorum_check(out, trust, m->proposal->body.issue.claims, m->proposal->act.bytes,
		m->approval->act.bytes, &why) != QUORUM_AGREED)
		return err_set(err, ERR_REFUSED, "%s", why.text);
	return now_s < quorum_not_after_s(*out) ||
	    err_set(err, ERR_REFUSED, "APP-03: the time for making it has passed");
}

static bool
sign(struct buf *qc1, struct bureau *b, const struct trust *trust, const struct issue_making *m,
    int64_t now_s, struct err *err)
{
	struct quorum *agreement = NULL;
	const struct signer *key;

	bool ok = agree(&agreement, trust, m, now_s, err) &&
	    bureau_signer(&key, NULL, b, ROLE_KEY_CREDENTIAL, now_s, err) &&
	    credential_sign(qc1, agreement, key, err);
	quorum_free(agreement);
	return ok;
}

/* ---- the page ---- */

static bool
put_qr_text(
    struct buf *out, const struct trust *trust, const char *host, struct span qc1, struct err *err)
{
	if (!bundle_lists_host(trust_bundle(trust), span_text(host)))
		return err_set(
		    err, ERR_REFUSED, "the trust bundle does not list the host %s", host);
	if (!qr_text_prefix(out, span_text(host), err))
		return false;
	qr_text_digits(out, qc1);
	return buf_ok(out, err);
}

/* The page but for the seal: the same bytes for the same credential and acts. */
static bool
render(struct buf *pdf, struct pdf_layout *at, struct bureau *b, const struct trust *trust,
    const struct issue_making *m, struct span qc1, struct span cose, struct err *err)
{
	struct template *layout = NULL;
	struct face face = { NULL, 0 };
	struct buf qr = BUF_EMPTY;
	char check_code[CREDENTIAL_CHECK_CODE_BYTES];
	const struct body_issue *body = &m->proposal->body.issue;
	const struct pdf_maker *maker;

	credential_check_code(check_code, qc1);
	bool ok = issue_layout(&layout, b, m->claims.grade, body, err) &&
	    bureau_maker(&maker, b, err) && face_read(&face, body->face, err) &&
	    put_qr_text(&qr, trust, face_find(&face, "host"), qc1, err) &&
	    pdf_render(pdf, at, maker,
		&(struct pdf_input){ .layout = layout,
		    .face = &face,
		    .check_code = check_code,
		    .qr_text = buf_span(&qr),
		    .attachment = cose,
		    .now_s = m->claims.iat_s },
		err);
	buf_free(&qr);
	face_free(&face);
	template_free(layout);
	return ok;
}

static bool
seal(struct buf *pdf, const struct pdf_layout *at, struct bureau *b, int64_t now_s, struct err *err)
{
	struct buf der = BUF_EMPTY;
	const struct bundle_key *entry;
	const struct signer *key;
	size_t behind = at->contents_at + at->contents_len;

	bool ok = bureau_signer(&key, &entry, b, ROLE_KEY_SEAL, now_s, err) &&
	    seal_make(&der, key, entry->key, span_of(pdf->ptr, at->contents_at),
		span_of(pdf->ptr + behind, pdf->len - behind), NULL, err) &&
	    pdf_seal_insert(pdf, at, buf_span(&der), err);
	buf_free(&der);
	return ok;
}

/* ---- */

static bool
draw(struct buf *qc1, struct buf *cose, struct buf *pdf, struct bureau *b,
    const struct issue_making *m, int64_t now_s, struct err *err)
{
	struct cose_file file = { .proposal = m->proposal->act.bytes,
		.approval = m->approval->act.bytes };
	const struct trust *trust;
	struct pdf_layout at;

	if (!bureau_trust(&trust, b, err) || !sign(qc1, b, trust, m, now_s, err))
		return false;
	file.qc1 = buf_span(qc1);
	cose_file_encode(cose, &file);
	return buf_ok(cose, err) && render(pdf, &at, b, trust, m, file.qc1, buf_span(cose), err) &&
	    seal(pdf, &at, b, now_s, err) &&
	    check_certificate(trust, buf_span(pdf), &file, now_s, err);
}

/* In one view: no other bundle comes between. */
bool
issue_draw(struct buf *qc1, struct buf *cose, struct buf *pdf, struct bureau *b,
    const struct issue_making *m, int64_t now_s, struct err *err)
{
	if (!registry_view_begin(b->registry, err))
		return false;
	bool ok = draw(qc1, cose, pdf, b, m, now_s, err);
	registry_view_end(b->registry);
	return ok;
}
