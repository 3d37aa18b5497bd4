#include "issuer/issue_parts.h"

#include "credential/qr_text.h"
#include "issuer/check.h"
#include "issuer/credential_sign.h"
#include "issuer/face_make.h"
#include "keys/seal.h"

/* Of a seal, beside its certificate and the time-stamp: two names, digests, a signature. */
#define SEAL_BESIDE_BYTES 1024u

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

/* ---- the seal ---- */

/* What sealing takes from the register, and what stamping adds to it. */
struct sealing {
	const struct signer *key;
	const struct bundle_key *entry;
	struct tsa *tsa; /* NULL: no time-stamp */
	bool required;
	const struct trust *trust;
	int64_t iat_s, now_s;
	struct err *unstamped;
};

static bool
sealing_open(struct sealing *out, struct bureau *b, const struct trust *trust,
    const struct issue_making *m, int64_t now_s, struct err *err)
{
	out->required = b->conf.tsa_required;
	out->trust = trust;
	out->iat_s = m->claims.iat_s;
	out->now_s = now_s;
	return bureau_signer(&out->key, &out->entry, b, ROLE_KEY_SEAL, now_s, err) &&
	    bureau_tsa(&out->tsa, b, err);
}

/* Is there room for it in the page, with all the rest of the seal? */
static bool
fits(const struct sealing *s, size_t token_bytes, struct err *err)
{
	return s->entry->key.len + SEAL_BESIDE_BYTES + token_bytes <= PDF_SEAL_BYTES ||
	    err_set(err, ERR_LIMIT,
		"the time-stamp with its authority's certificates is %zu bytes: a seal has room "
		"for %zu",
		token_bytes, PDF_SEAL_BYTES - SEAL_BESIDE_BYTES - s->entry->key.len);
}

/* A token that would not count never gets into a seal. */
static bool
stamp(struct buf *token, void *ctx, const uint8_t imprint[SHA256_BYTES], struct err *err)
{
	const struct sealing *s = ctx;
	struct err why = { 0 };

	if (tsa_ask(token, s->tsa, imprint, &why) && fits(s, token->len, &why) &&
	    check_timestamp(s->trust, imprint, buf_span(token), s->iat_s, s->now_s, &why))
		return true;
	if (s->required)
		return err_set(err, why.code,
		    "%s; it stays approved, and is made when there is a time-stamp "
		    "(tsa_required = yes)",
		    why.text);
	*s->unstamped = why;
	buf_free(token);
	return true;
}

/* Asks nothing of the register: an authority may take its time. */
static bool
seal(struct buf *pdf, const struct pdf_layout *at, struct sealing *s, struct err *err)
{
	struct buf der = BUF_EMPTY;
	const struct seal_stamper stamper = { stamp, s };
	size_t behind = at->contents_at + at->contents_len;

	bool ok = seal_make(&der, s->key, s->entry->key, span_of(pdf->ptr, at->contents_at),
		      span_of(pdf->ptr + behind, pdf->len - behind),
		      s->tsa != NULL ? &stamper : NULL, err) &&
	    pdf_seal_insert(pdf, at, buf_span(&der), err);
	buf_free(&der);
	return ok;
}

/* ---- */

/* In one view: no other bundle comes between. */
static bool
draw(struct buf *qc1, struct buf *cose, struct buf *pdf, struct pdf_layout *at,
    struct sealing *sealing, struct bureau *b, const struct issue_making *m, int64_t now_s,
    struct err *err)
{
	struct cose_file file = { .proposal = m->proposal->act.bytes,
		.approval = m->approval->act.bytes };
	const struct trust *trust;

	if (!registry_view_begin(b->registry, err))
		return false;
	bool ok = bureau_trust(&trust, b, err) && sign(qc1, b, trust, m, now_s, err);
	if (ok) {
		file.qc1 = buf_span(qc1);
		cose_file_encode(cose, &file);
		ok = buf_ok(cose, err) &&
		    render(pdf, at, b, trust, m, file.qc1, buf_span(cose), err) &&
		    sealing_open(sealing, b, trust, m, now_s, err);
	}
	registry_view_end(b->registry);
	return ok;
}

/* Under the bundle adopted last, whatever came while the seal was made. */
static bool
check(struct bureau *b, const struct buf *pdf, const struct buf *qc1, const struct issue_making *m,
    int64_t now_s, struct err *err)
{
	const struct cose_file file = { buf_span(qc1), m->proposal->act.bytes,
		m->approval->act.bytes };
	const struct trust *trust;

	return bureau_trust(&trust, b, err) &&
	    check_certificate(trust, buf_span(pdf), &file, now_s, err);
}

bool
issue_draw(struct buf *qc1, struct buf *cose, struct buf *pdf, struct err *unstamped,
    struct bureau *b, const struct issue_making *m, int64_t now_s, struct err *err)
{
	struct pdf_layout at;
	struct sealing sealing = { .unstamped = unstamped };

	return draw(qc1, cose, pdf, &at, &sealing, b, m, now_s, err) &&
	    seal(pdf, &at, &sealing, err) && check(b, pdf, qc1, m, now_s, err);
}
