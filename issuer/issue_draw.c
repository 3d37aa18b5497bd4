#include "issuer/issue_parts.h"

#include "credential/qr_text.h"
#include "issuer/check.h"
#include "issuer/credential_sign.h"
#include "issuer/face_make.h"
#include "issuer/tsa.h"
#include "keys/seal.h"

/* Of a seal, beside its certificate and the time-stamp: two names, digests, a signature. */
#define SEAL_BESIDE_BYTES 1024u

/* ---- the press ---- */

/* Nothing of the register is asked between what is borrowed from it. */
static bool
borrow(struct issue_press *out, struct bureau *b, int64_t now_s, struct err *err)
{
	const struct bundle_key *listed;
	const struct signer *seal;

	if (!bureau_trust(&out->trust, b, err) ||
	    !bureau_signer(&out->credential, NULL, b, ROLE_KEY_CREDENTIAL, now_s, err) ||
	    !bureau_signer(&seal, &listed, b, ROLE_KEY_SEAL, now_s, err) ||
	    !sealer_new(&out->sealer, seal, listed->key, err))
		return false;
	out->seal_certificate = listed->key;
	out->bundle_seq = trust_bundle(out->trust)->seq;
	return true;
}

/* Keys are unlocked first, which may wait for a person; meanwhile another bundle may be adopted. */
static bool
unlock(struct bureau *b, int64_t now_s, struct err *err)
{
	const struct signer *key;

	return bureau_signer(&key, NULL, b, ROLE_KEY_CREDENTIAL, now_s, err) &&
	    bureau_signer(&key, NULL, b, ROLE_KEY_SEAL, now_s, err);
}

bool
issue_press_open(
    struct issue_press *out, struct bureau *b, const struct wallclock *clock, struct err *err)
{
	const int64_t now_s = wallclock_now_s(clock);

	*out = (struct issue_press){ .clock = clock, .tsa_required = b->conf.tsa_required };
	if (!unlock(b, now_s, err) || !bureau_maker(&out->maker, b, err) ||
	    !bureau_tsa(&out->tsa, b, err) || !registry_view_begin(b->registry, err))
		return false;
	bool ok = borrow(out, b, now_s, err);
	registry_view_end(b->registry);
	return ok;
}

void
issue_press_close(struct issue_press *press)
{
	sealer_free(press->sealer);
	press->sealer = NULL;
}

bool
issue_press_holds(const struct issue_press *press, const struct bureau *b, struct err *err)
{
	const struct trust *trust;

	return bureau_trust(&trust, b, err) &&
	    (trust_bundle(trust)->seq == press->bundle_seq ||
		err_set(err, ERR_REFUSED,
		    "another trust bundle was adopted meanwhile: it is made under that by the next "
		    "call"));
}

void
issue_drawn_free(struct issue_drawn *d)
{
	buf_free(&d->qc1);
	buf_free(&d->cose);
	buf_free(&d->pdf);
}

/* ---- the credential ---- */

/* Both acts, from the register's bytes, under the bundle adopted last. */
static bool
agree(struct quorum **out, const struct issue_press *press, const struct issue_making *m,
    struct err *err)
{
	struct err why = { 0 };

	if (quorum_check(out, press->trust, m->proposal->body.issue.claims, m->proposal->act.bytes,
		m->approval->act.bytes, &why) != QUORUM_AGREED)
		return err_set(err, ERR_REFUSED, "%s", why.text);
	return wallclock_now_s(press->clock) < quorum_not_after_s(*out) ||
	    err_set(err, ERR_REFUSED, "APP-03: the time for making it has passed");
}

static bool
sign(
    struct buf *qc1, const struct issue_press *press, const struct issue_making *m, struct err *err)
{
	struct quorum *agreement = NULL;

	bool ok = agree(&agreement, press, m, err) &&
	    credential_sign(qc1, agreement, press->credential, err);
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
render(struct issue_drawn *out, struct pdf_layout *at, const struct issue_press *press,
    const struct issue_making *m, const struct template *layout, struct err *err)
{
	struct face face = { NULL, 0 };
	struct buf qr = BUF_EMPTY;
	char check_code[CREDENTIAL_CHECK_CODE_BYTES];

	credential_check_code(check_code, buf_span(&out->qc1));
	bool ok = face_read(&face, m->proposal->body.issue.face, err) &&
	    put_qr_text(&qr, press->trust, face_find(&face, "host"), buf_span(&out->qc1), err) &&
	    pdf_render(&out->pdf, at, press->maker,
		&(struct pdf_input){ .layout = layout,
		    .face = &face,
		    .check_code = check_code,
		    .qr_text = buf_span(&qr),
		    .attachment = buf_span(&out->cose),
		    .now_s = m->claims.iat_s },
		err);
	buf_free(&qr);
	face_free(&face);
	return ok;
}

/* ---- the seal ---- */

struct stamping {
	const struct issue_press *press;
	int64_t iat_s;
	struct err *unstamped;
};

/* Is there room for it in the page, with all the rest of the seal? */
static bool
fits(const struct issue_press *press, size_t token_bytes, struct err *err)
{
	const size_t beside = press->seal_certificate.len + SEAL_BESIDE_BYTES;

	return beside + token_bytes <= PDF_SEAL_BYTES ||
	    err_set(err, ERR_LIMIT,
		"the time-stamp with its authority's certificates is %zu bytes: a seal has room "
		"for %zu",
		token_bytes, PDF_SEAL_BYTES - beside);
}

/* A token that would not count never gets into a seal. */
static bool
stamp(struct buf *token, void *ctx, const uint8_t imprint[SHA256_BYTES], struct err *err)
{
	const struct stamping *s = ctx;
	const struct issue_press *press = s->press;
	struct err why = { 0 };

	if (tsa_ask(token, press->tsa, imprint, &why) && fits(press, token->len, &why) &&
	    check_timestamp(press->trust, imprint, buf_span(token), s->iat_s,
		wallclock_now_s(press->clock), &why))
		return true;
	if (press->tsa_required)
		return err_set(err, why.code,
		    "%s; it stays approved, and is made when there is a time-stamp "
		    "(tsa_required = yes)",
		    why.text);
	*s->unstamped = why;
	buf_free(token);
	return true;
}

static bool
seal(struct issue_drawn *d, const struct pdf_layout *at, const struct issue_press *press,
    int64_t iat_s, struct err *err)
{
	struct buf der = BUF_EMPTY;
	struct stamping stamping = { press, iat_s, &d->unstamped };
	const struct seal_stamper stamper = { stamp, &stamping };
	size_t behind = at->contents_at + at->contents_len;

	bool ok = seal_make(&der, press->sealer, span_of(d->pdf.ptr, at->contents_at),
		      span_of(d->pdf.ptr + behind, d->pdf.len - behind),
		      press->tsa != NULL ? &stamper : NULL, err) &&
	    pdf_seal_insert(&d->pdf, at, buf_span(&der), err);
	buf_free(&der);
	return ok;
}

/* ---- */

bool
issue_draw(struct issue_drawn *out, const struct issue_press *press, const struct issue_making *m,
    const struct template *layout, struct err *err)
{
	struct cose_file file = { .proposal = m->proposal->act.bytes,
		.approval = m->approval->act.bytes };
	struct pdf_layout at;

	if (!sign(&out->qc1, press, m, err))
		return false;
	file.qc1 = buf_span(&out->qc1);
	cose_file_encode(&out->cose, &file);
	return buf_ok(&out->cose, err) && render(out, &at, press, m, layout, err) &&
	    seal(out, &at, press, m->claims.iat_s, err) &&
	    check_certificate(
		press->trust, buf_span(&out->pdf), &file, wallclock_now_s(press->clock), err);
}
