#include "verifier/verify.h"

#include "core/cursor.h"
#include "credential/cose_file.h"
#include "credential/number.h"
#include "credential/pdf_envelope.h"
#include "credential/qr_text.h"
#include "keys/cms.h"
#include "registry/quorum.h"
#include "verifier/standing.h"

#include <stdio.h>

/* A proposal is recorded, and its slot reserved, at most this long after its time. */
#define RECORDED_WITHIN_S 3600

/* One verification under way. */
struct road {
	struct answer *a;
	const struct question *q;
	struct published *published;
	const struct trust *trust;
	struct credential credential;
	const struct bundle_key *key; /* that signed the credential */
	bool stolen;                  /* it, or the seal's, was reported stolen */
	bool no_memory;
	struct cose_file acts;
};

static bool
fail(struct answer *a, enum finding f)
{
	answer_reply(a, finding_part(f), REPLY_NO, f);
	return false;
}

/* We could not find out: no answer at all. */
static bool
gave_up(struct road *r)
{
	r->no_memory = true;
	return false;
}

/*
 * What our bundle does not list or allow, a newer one may. Only a fresh snapshot that names the bundle
 * held proves that ours is the newest.
 */
static bool
bundle_is_newest(const struct road *r)
{
	const struct snapshot *s = published_snapshot(r->published);
	return s != NULL && published_trouble(r->published, r->q->now_s) == FINDING_NONE &&
	    s->bundle_seq == trust_bundle(r->trust)->seq;
}

/* Was ours the newest also when this certificate was proposed? Its key is one of ours: its time counts. */
static bool
bundle_covers_it(const struct road *r)
{
	return bundle_is_newest(r) &&
	    published_snapshot(r->published)->iat_s > r->credential.claims.iat_s;
}

static bool
unknown_key(struct road *r, enum finding no)
{
	if (bundle_is_newest(r))
		return fail(r->a, no);
	answer_reply(r->a, PART_AUTHENTIC, REPLY_UNKNOWN, FINDING_KEY_UNKNOWN_HERE);
	return false;
}

static bool
not_allowed(struct road *r, enum finding no)
{
	if (bundle_covers_it(r))
		return fail(r->a, no);
	answer_reply(r->a, PART_AUTHENTIC, REPLY_UNKNOWN, FINDING_TRUST_OLDER);
	return false;
}

/*
 * May a key that was reported stolen still count for this? The register has to list it, and to have known
 * of the report when it did: it lived by the bundle we hold.
 */
static bool
vouched_for(const struct road *r)
{
	const struct snapshot *s = published_snapshot(r->published);
	return s != NULL && s->bundle_seq == trust_bundle(r->trust)->seq &&
	    r->a->parts[PART_REGISTERED].reply == REPLY_YES;
}

static void
copy_text(char *out, size_t room, struct span text)
{
	const size_t n = text.len < room ? text.len : room - 1;
	if (n > 0)
		memcpy(out, text.ptr, n);
	out[n] = '\0';
}

/* What the credential says, for display; whether it may be shown as fact is decided at the end. */
static void
read_claims(struct answer *a, const struct credential *c)
{
	const struct claims *claims = &c->claims;
	struct number number;
	char shown[NUMBER_SHOWN_BYTES];

	a->claims_read = true;
	if (number_parse(&number, claims->sub, NULL)) {
		number_shown(shown, &number);
		copy_text(a->number, sizeof a->number, span_text(shown));
	}
	a->version = claims->version;
	copy_text(a->holder_zh, sizeof a->holder_zh, claims->holder);
	copy_text(a->holder_en, sizeof a->holder_en, claims->holder_en);
	copy_text(a->uscc, sizeof a->uscc, claims->uscc);
	copy_text(a->family, sizeof a->family, span_text(c->family));
	a->grade = (unsigned)claims->grade;
	a->scopes = claims->scopes;
	a->iat_s = claims->iat_s;
	a->from_s = claims_from_s(claims);
	a->printed_end_s = claims->exp_s;
	a->end_s = claims->exp_s;
	credential_hash(a->credential_hash, c->bytes);
	credential_check_code(a->check_code, c->bytes);
}

static void
read_issuer(struct answer *a, const struct bundle_issuer *issuer)
{
	copy_text(a->iss, sizeof a->iss, issuer->iss);
	copy_text(a->authority_zh, sizeof a->authority_zh, issuer->name_zh);
	copy_text(a->authority_en, sizeof a->authority_en,
	    issuer->name_en.len > 0 ? issuer->name_en : issuer->name_zh);
	copy_text(a->contact, sizeof a->contact, issuer->contact);
}

/* Signature, key, issuer and its power. Nothing of the payload is read before the signature holds. */
static bool
check_credential(struct road *r, struct span qc1)
{
	struct credential *c = &r->credential;
	struct err why = { 0 };

	if (!credential_parse(c, qc1, &why))
		return why.code == ERR_MEMORY ? gave_up(r) : fail(r->a, FINDING_FORMAT_NOT_OURS);
	switch (trust_verify_credential(&r->key, r->trust, c)) {
	case TRUST_YES:
		break;
	case TRUST_UNDECIDED:
		return gave_up(r);
	case TRUST_UNKNOWN_KEY:
		return unknown_key(r, FINDING_KEY_UNKNOWN);
	default:
		r->a->recognised = true;
		return fail(r->a, FINDING_SIGNATURE_BAD);
	}
	r->a->recognised = true;
	read_claims(r->a, c);
	const struct bundle_issuer *issuer =
	    bundle_find_issuer(trust_bundle(r->trust), c->claims.iss);
	if (issuer == NULL || !span_equal(r->key->issuer, c->claims.iss))
		return fail(r->a, FINDING_KEY_UNKNOWN);
	read_issuer(r->a, issuer);
	if (!bundle_key_served(r->key, c->claims.iat_s))
		return not_allowed(r, FINDING_KEY_DATES);
	if (!bundle_issuer_may(
		issuer, "issue", span_text(c->family), (unsigned)c->claims.grade, c->claims.iat_s))
		return not_allowed(r, FINDING_ISSUER_POWER);
	r->stolen = r->key->state == KEY_COMPROMISED;
	return true;
}

static bool
check_envelope(struct road *r, const struct pdf_envelope *e)
{
	switch (e->finding) {
	case PDF_SEALED:
		return true;
	case PDF_NOT_PDF:
	case PDF_TOO_LONG:
		return fail(r->a, FINDING_FORMAT_NOT_OURS);
	case PDF_UNSEALED:
		return fail(r->a, FINDING_FILE_NO_SEAL);
	case PDF_ADDED_AFTER:
	case PDF_CUT_SHORT:
		r->a->extra_bytes = e->extra;
		r->a->added_bytes = e->finding == PDF_ADDED_AFTER;
		return fail(r->a, FINDING_FILE_CHANGED);
	default:
		return fail(r->a, FINDING_FILE_FORM);
	}
}

static bool take_cose_file(struct road *r, struct span bytes, enum finding otherwise);

/* Ours should know the authority only if it is newer than the certificate: that has to be read first. */
static bool
stamp_unlisted(struct road *r, const struct pdf_envelope *e)
{
	return take_cose_file(r, e->attachment, FINDING_ATTACHMENT_OTHER) &&
	    not_allowed(r, FINDING_TIMESTAMP_UNLISTED);
}

static bool
check_seal(struct road *r, struct cms_seal *seal, const struct pdf_envelope *e,
    const uint8_t digest[SHA256_BYTES])
{
	if (trust_bundle(r->trust) == NULL)
		return unknown_key(r, FINDING_SEAL_UNLISTED);
	const enum cms_answer answer = cms_check(seal, r->trust, digest, buf_span(&e->seal), NULL);
	r->a->recognised = answer != CMS_UNDECIDED && answer != CMS_FORM && answer != CMS_UNLISTED;
	switch (answer) {
	case CMS_SEALED:
		return true;
	case CMS_UNDECIDED:
		return gave_up(r);
	case CMS_UNLISTED:
		return unknown_key(r, FINDING_SEAL_UNLISTED);
	case CMS_CHANGED:
		return fail(r->a, FINDING_FILE_CHANGED);
	case CMS_TIMESTAMP:
		return fail(r->a, FINDING_TIMESTAMP_BAD);
	case CMS_TIMESTAMP_UNLISTED:
		return stamp_unlisted(r, e);
	default:
		return fail(r->a, FINDING_SEAL_BAD);
	}
}

/* The credential and the two acts of a `.cose` file or an attachment. */
static bool
take_cose_file(struct road *r, struct span bytes, enum finding otherwise)
{
	if (!cose_file_parse(&r->acts, bytes, NULL))
		return fail(r->a, otherwise);
	return check_credential(r, r->acts.qc1);
}

/*
 * A time-stamp takes nothing from what the register says, and adds when the seal was there at the latest.
 * That of a stolen key tells nothing, and is no reason against anybody.
 */
static bool
check_timestamp(struct road *r, const struct timestamp *stamp)
{
	struct answer *a = r->a;
	struct buf name = BUF_EMPTY;

	a->stamp = STAMP_NONE;
	if (stamp->key == NULL)
		return true;
	timestamp_authority(&name, stamp->key->key);
	copy_text(a->stamp_by, sizeof a->stamp_by, buf_span(&name));
	buf_free(&name);
	a->stamp_s = stamp->time_s;
	a->stamp = stamp->key->state == KEY_COMPROMISED ? STAMP_NOT_COUNTED : STAMP_COUNTS;
	if (a->stamp == STAMP_NOT_COUNTED)
		return true;
	if (!timestamp_fits(stamp, r->credential.claims.iat_s, r->q->now_s))
		return fail(a, FINDING_TIMESTAMP_DATES);
	return bundle_key_served(stamp->key, stamp->time_s) ||
	    not_allowed(r, FINDING_TIMESTAMP_DATES);
}

/*
 * SHA-256 of a file, and of what is sealed of it, which is all but the seal: what stands before the seal, nearly all,
 * goes through once. In another form than ours nothing is sealed.
 */
static void
hash_file(uint8_t whole[SHA256_BYTES], uint8_t sealed[SHA256_BYTES], struct span file,
    const struct pdf_envelope *e)
{
	struct cursor rest = cursor_over(file);
	struct sha256 *h = sha256_new();

	sha256_update(h, cursor_take(&rest, e->signed_1.len));
	struct sha256 *without_seal = sha256_copy(h);
	sha256_update(h, cursor_rest(&rest));
	sha256_update(without_seal, e->signed_2);
	sha256_final(h, whole);
	sha256_final(without_seal, sealed);
}

static bool
take_pdf(struct road *r, struct span input, struct err *err)
{
	struct pdf_envelope e;
	struct cms_seal seal;
	uint8_t sealed[SHA256_BYTES];
	bool ok = pdf_envelope_read(&e, input, err);

	r->a->kind = INPUT_PDF;
	hash_file(r->a->input_sha256, sealed, input, &e);
	if (ok && check_envelope(r, &e) && check_seal(r, &seal, &e, sealed) &&
	    take_cose_file(r, e.attachment, FINDING_ATTACHMENT_OTHER)) {
		r->stolen |= seal.key->state == KEY_COMPROMISED;
		if (!span_equal(seal.key->issuer, r->credential.claims.iss) ||
		    !bundle_key_served(seal.key, r->credential.claims.iat_s))
			not_allowed(r, FINDING_KEY_DATES);
		else if (check_timestamp(r, &seal.timestamp))
			answer_reply(r->a, PART_AUTHENTIC, REPLY_YES, FINDING_NONE);
	}
	pdf_envelope_free(&e);
	return ok;
}

static bool
begins(struct span input, const char *with)
{
	return input.len >= strlen(with) && memcmp(input.ptr, with, strlen(with)) == 0;
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Without what editors put around a text: a byte order mark, blanks and ends of lines. */
static struct span
trimmed(struct span text)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (begins(text, mark))
		text = span_of(text.ptr + strlen(mark), text.len - strlen(mark));
	while (text.len > 0 && is_blank(text.ptr[0]))
		text = span_of(text.ptr + 1, text.len - 1);
	while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
		text.len--;
	return text;
}

static bool
is_line_of_text(struct span input)
{
	for (size_t i = 0; i < input.len; i++)
		if (input.ptr[i] < ' ' || input.ptr[i] > '~')
			return false;
	return input.len > 0;
}

/* The marks of what people hand in instead of a certificate. Office's newer documents are archives too. */
static enum looks
looks_of(struct span input)
{
	static const char types[] = "[Content_Types].xml";

	if (begins(input, "\xd0\xcf\x11\xe0"))
		return LOOKS_OFFICE;
	if (begins(input, "PK\x03\x04"))
		return memmem(input.ptr, input.len, types, sizeof types - 1) != NULL
		    ? LOOKS_OFFICE
		    : LOOKS_ARCHIVE;
	if (begins(input, "Rar!"))
		return LOOKS_ARCHIVE;
	return is_line_of_text(trimmed(input)) ? LOOKS_ADDRESS : LOOKS_STRANGE;
}

static void
take_cose(struct road *r, struct span input)
{
	r->a->kind = INPUT_COSE;
	sha256(r->a->input_sha256, input);
	if (take_cose_file(r, input, FINDING_FORMAT_NOT_OURS))
		answer_reply(r->a, PART_AUTHENTIC, REPLY_YES, FINDING_NONE);
	else if (r->a->parts[PART_AUTHENTIC].finding == FINDING_FORMAT_NOT_OURS)
		r->a->looks = looks_of(input);
}

/* The host proves nothing; but a code of ours never has a host that the bundle does not list. */
static bool
take_code(struct road *r, struct span input, struct buf *qc1, struct err *err)
{
	struct qr_text text;

	r->a->kind = INPUT_CODE;
	sha256(r->a->input_sha256, input);
	if (!qr_text_parse(&text, trimmed(input), NULL) ||
	    !qr_text_decode(qc1, text.digits, NULL)) {
		fail(r->a, FINDING_FORMAT_NOT_OURS);
		return buf_ok(qc1, err);
	}
	if (!check_credential(r, buf_span(qc1)))
		return true;
	if (bundle_lists_host(trust_bundle(r->trust), text.host))
		answer_reply(r->a, PART_AUTHENTIC, REPLY_YES, FINDING_NONE);
	else
		not_allowed(r, FINDING_CODE_HOST);
	return true;
}

static void
reply_by_quorum(struct road *r)
{
	struct answer *a = r->a;
	struct quorum *agreed = NULL;
	struct err why = { 0 };
	const enum quorum_answer q = quorum_check(&agreed, r->trust, r->credential.envelope.payload,
	    r->acts.proposal, r->acts.approval, &why);

	quorum_free(agreed);
	if (q == QUORUM_AGREED || (q == QUORUM_COMPROMISED && vouched_for(r)))
		answer_reply(a, PART_APPROVED, REPLY_YES, FINDING_NONE);
	else if (q == QUORUM_UNDECIDED)
		gave_up(r);
	else if (q == QUORUM_COMPROMISED)
		answer_reply(a, PART_APPROVED, REPLY_UNKNOWN, FINDING_KEY_COMPROMISED);
	else if (q == QUORUM_UNKNOWN_KEY && !bundle_covers_it(r))
		answer_reply(a, PART_APPROVED, REPLY_UNKNOWN, FINDING_KEY_UNKNOWN_HERE);
	else if (q == QUORUM_ROLES && !bundle_covers_it(r))
		answer_reply(a, PART_APPROVED, REPLY_UNKNOWN, FINDING_TRUST_OLDER);
	else
		fail(a, FINDING_APPROVAL_BAD);
}

static void
check_approval(struct road *r)
{
	if (r->a->kind != INPUT_CODE) /* which has no room for it; the register has looked */
		reply_by_quorum(r);
}

/* Is this slot's record the one of this credential, and is this file in it? */
static void
check_register(struct road *r, const struct published_slot *slot)
{
	struct answer *a = r->a;
	const struct snapshot *s = published_snapshot(r->published);
	const bool covered = s != NULL && s->iat_s >= a->iat_s + RECORDED_WITHIN_S;

	if (s == NULL || !slot->read) {
		answer_reply(a, PART_REGISTERED, REPLY_UNKNOWN, FINDING_REGISTRY_MISSING);
	} else if (!slot->assigned && slot->status == STATUS_PENDING) {
		answer_reply(a, PART_REGISTERED, REPLY_UNKNOWN, FINDING_REGISTRY_PENDING);
	} else if (!slot->assigned) {
		answer_reply(a, PART_REGISTERED, covered ? REPLY_NO : REPLY_UNKNOWN,
		    covered ? FINDING_REGISTRY_UNKNOWN : FINDING_REGISTRY_PENDING);
	} else if (!fingerprint_is_of(&slot->fingerprint, a->credential_hash)) {
		answer_reply(a, PART_REGISTERED, REPLY_NO, FINDING_REGISTRY_UNKNOWN);
	} else {
		answer_reply(a, PART_REGISTERED, REPLY_YES, FINDING_NONE);
	}
	if (a->kind != INPUT_PDF)
		return;
	if (a->parts[PART_REGISTERED].reply != REPLY_YES)
		answer_reply(a, PART_BOUND, REPLY_UNKNOWN, a->parts[PART_REGISTERED].finding);
	else if (fingerprint_has_file(&slot->fingerprint, r->a->input_sha256))
		answer_reply(a, PART_BOUND, REPLY_YES, FINDING_NONE);
	else
		answer_reply(a, PART_BOUND, REPLY_NO, FINDING_FILE_UNREGISTERED);
}

/*
 * News from data too old for the question are none. Only that a slot is another's, or was nobody's, stays
 * so: files may have come since.
 */
static void
forget_stale(struct answer *a, enum part p)
{
	const struct part_answer age = a->parts[PART_STATUS_AGE];
	const bool stays = p == PART_REGISTERED && a->parts[p].reply == REPLY_NO;

	if (age.reply != REPLY_YES && a->parts[p].reply != REPLY_NOT_ASKED && !stays)
		answer_reply(a, p, REPLY_UNKNOWN, age.finding);
}

static void
check_fit(struct road *r)
{
	const struct question *q = r->q;
	const struct answer *a = r->a;
	bool has_scope = q->scope == 0;

	if (q->holder == NULL && q->grade == 0 && q->scope == 0)
		return;
	for (size_t i = 0; i < a->scopes.count; i++)
		has_scope |= a->scopes.no[i] == q->scope;
	if (q->holder != NULL && strcmp(q->holder, a->uscc) != 0)
		fail(r->a, FINDING_FIT_HOLDER);
	else if (q->grade != 0 && a->grade > q->grade)
		fail(r->a, FINDING_FIT_GRADE);
	else if (!has_scope)
		fail(r->a, FINDING_FIT_SCOPE);
	else
		answer_reply(r->a, PART_FIT, REPLY_YES, FINDING_NONE);
}

/* Everything that needs a credential whose signature holds. */
static void
check_standing(struct road *r, const struct live *live)
{
	struct published_slot slot;
	struct answer *a = r->a;
	const struct claims *claims = &r->credential.claims;

	published_find(&slot, r->published, claims->iss, claims->list, claims->idx);
	check_register(r, &slot);
	check_approval(r);
	standing_check(a, r->q, r->published, &slot, live, claims);
	if (r->stolen && a->parts[PART_AUTHENTIC].reply == REPLY_YES && !vouched_for(r))
		answer_reply(a, PART_AUTHENTIC, REPLY_UNKNOWN, FINDING_KEY_COMPROMISED);
	forget_stale(a, PART_REGISTERED);
	forget_stale(a, PART_BOUND);
	check_fit(r);
	a->claims_proven = a->parts[PART_AUTHENTIC].reply == REPLY_YES &&
	    a->parts[PART_REGISTERED].reply != REPLY_NO &&
	    a->parts[PART_APPROVED].reply != REPLY_NO && a->parts[PART_BOUND].reply != REPLY_NO;
}

static void
read_bureau(struct answer *a, const struct bundle *b)
{
	if (b == NULL)
		return;
	a->test = b->test;
	copy_text(a->host, sizeof a->host, b->hosts[0]); /* a bundle has a host and an issuer */
	read_issuer(a, &b->issuers[0]);
}

static struct road
set_out(struct answer *out, const struct question *question, struct published *published)
{
	struct road r = { .a = out, .q = question, .published = published };

	*out = (struct answer){ 0 };
	r.trust = published_trust(published);
	standing_ask(out, question);
	read_bureau(out, trust_bundle(r.trust));
	return r;
}

/* The credential and its signature were looked at; what follows from them? */
static bool
arrive(struct road *r, const struct live *live, struct err *err)
{
	struct answer *a = r->a;

	if (r->key != NULL && a->parts[PART_AUTHENTIC].reply != REPLY_NO)
		check_standing(r, live);
	a->verdict = verdict_of(a->kind, a->parts, &a->reason);
	return !r->no_memory || err_set(err, ERR_MEMORY, "out of memory");
}

bool
verify(struct answer *out, const struct question *question, struct published *published,
    const struct live *live, struct span input, struct err *err)
{
	struct buf qc1 = BUF_EMPTY;
	bool ok = true;

	struct road r = set_out(out, question, published);
	if (begins(input, "%PDF-"))
		ok = take_pdf(&r, input, err);
	else if (verify_is_code(input))
		ok = take_code(&r, input, &qc1, err);
	else
		take_cose(&r, input);
	ok = ok && arrive(&r, live, err);
	buf_free(&qc1);
	return ok;
}

bool
verify_attachment(struct answer *out, const struct question *question, struct published *published,
    struct span attachment, const uint8_t pdf_sha256[SHA256_BYTES], struct err *err)
{
	struct road r = set_out(out, question, published);

	out->kind = INPUT_PDF;
	memcpy(out->input_sha256, pdf_sha256, SHA256_BYTES);
	if (take_cose_file(&r, attachment, FINDING_ATTACHMENT_OTHER))
		answer_reply(out, PART_AUTHENTIC, REPLY_YES, FINDING_NONE);
	return arrive(&r, NULL, err);
}

/* Why there is no one code to answer for; FINDING_NONE: there is, and it looks like ours. */
static enum finding
without_code(const struct picture *p)
{
	if (p->n == 0)
		return FINDING_CODE_UNREADABLE;
	for (size_t i = 1; i < p->n; i++)
		if (!span_equal(p->codes[i].text, p->codes[0].text))
			return FINDING_CODE_SEVERAL;
	return verify_is_code(p->codes[0].text) ? FINDING_NONE : FINDING_FORMAT_NOT_OURS;
}

bool
verify_picture(struct answer *out, const struct question *question, struct published *published,
    const struct live *live, const struct picture *picture, struct err *err)
{
	const enum finding without = without_code(picture);

	if (without == FINDING_NONE) {
		if (!verify(out, question, published, live, picture->codes[0].text, err))
			return false;
		sha256(out->input_sha256, picture->bytes);
	} else {
		set_out(out, question, published);
		sha256(out->input_sha256, picture->bytes);
		out->kind = INPUT_CODE;
		answer_reply(out, finding_part(without),
		    without == FINDING_CODE_UNREADABLE ? REPLY_UNKNOWN : REPLY_NO, without);
		out->verdict = verdict_of(out->kind, out->parts, &out->reason);
	}
	out->page = picture->n > 0 ? picture->codes[0].page : 0;
	return true;
}

void
verify_show_code(struct answer *file, const struct answer *code)
{
	static const enum part both[] = { PART_AUTHENTIC, PART_REGISTERED };
	struct shown_code *s = &file->shown;

	*s = (struct shown_code){ .looked = true, .page = code->page };
	for (size_t i = 0; i < sizeof both / sizeof both[0] && s->wrong == FINDING_NONE; i++)
		if (code->parts[both[i]].reply != REPLY_YES)
			s->wrong = code->parts[both[i]].finding;
	if (s->wrong != FINDING_NONE)
		return;
	memcpy(s->holder_zh, code->holder_zh, sizeof s->holder_zh);
	memcpy(s->uscc, code->uscc, sizeof s->uscc);
	s->grade = code->grade;
}

void
verify_too_long(struct answer *out, const struct question *question, struct published *published)
{
	set_out(out, question, published);
	fail(out, FINDING_FORMAT_NOT_OURS);
	snprintf(out->parts[PART_AUTHENTIC].detail, sizeof out->parts[PART_AUTHENTIC].detail,
	    "> %u MiB", LIMIT_PDF_BYTES >> 20);
	out->verdict = verdict_of(out->kind, out->parts, &out->reason);
}

void
verify_no_such(
    struct answer *out, const struct question *question, const struct published *published)
{
	*out = (struct answer){ .kind = INPUT_CODE };
	standing_ask(out, question);
	read_bureau(out, trust_bundle(published_trust(published)));
	fail(out, FINDING_CONFIRM_UNKNOWN);
	out->verdict = verdict_of(out->kind, out->parts, &out->reason);
}

bool
verify_is_code(struct span input)
{
	return begins(trimmed(input), "https://");
}

bool
verify_is_picture(struct span bytes)
{
	static const uint8_t png[] = { 0x89, 'P', 'N', 'G' }, jpeg[] = { 0xff, 0xd8, 0xff };
	return (bytes.len >= sizeof png && memcmp(bytes.ptr, png, sizeof png) == 0) ||
	    (bytes.len >= sizeof jpeg && memcmp(bytes.ptr, jpeg, sizeof jpeg) == 0);
}

bool
verify_is_other_picture(struct span bytes)
{
	static const struct {
		size_t at, len;
		const char *bytes;
	} marks[] = {
		{ 8, 4, "WEBP" }, { 4, 7, "ftyphei" }, { 4, 8, "ftyphevc" }, { 4, 8, "ftypmif1" },
		{ 4, 8, "ftypmsf1" }, { 4, 8, "ftypavif" }, { 0, 4, "GIF8" }, { 0, 4, "II*\0" },
		{ 0, 4, "MM\0*" }, { 6, 4, "\0\0\0\0" }, /* reserved in a BMP */
	};
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		const bool bmp = marks[i].at == 6;
		if (bytes.len >= marks[i].at + marks[i].len &&
		    memcmp(bytes.ptr + marks[i].at, marks[i].bytes, marks[i].len) == 0 &&
		    (!bmp || begins(bytes, "BM")) && (marks[i].at != 8 || begins(bytes, "RIFF")))
			return true;
	}
	return false;
}

bool
verify_is_scan(struct span bytes)
{
	static const char byte_range[] = "/ByteRange";
	return begins(bytes, "%PDF-") &&
	    memmem(bytes.ptr, bytes.len, byte_range, sizeof byte_range - 1) == NULL;
}
