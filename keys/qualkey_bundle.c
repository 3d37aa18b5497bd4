#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "keys/bundle_draft.h"
#include "keys/bundle_file.h"
#include "keys/bundle_text.h"
#include "keys/draft_input.h"
#include "keys/qualkey.h"
#include "keys/trust.h"

#include <getopt.h>
#include <stdio.h>

#define BUNDLES_MAX 64 /* of one call */

enum { OPTION_PREVIOUS = OPTION_FIRST + 16, OPTION_ROOT, OPTION_HELD, OPTION_AT };

/* What one bundle changes after another, or all it says if it is the first. */
static bool
print_changes(const struct bundle *before, const struct bundle *after, struct err *err)
{
	struct buf text = BUF_EMPTY;
	bool ok = true;

	if (before == NULL)
		bundle_text(&text, after);
	else
		ok = bundle_text_changes(&text, before, after, err);
	ok = ok && qualkey_print(&text, err);
	buf_free(&text);
	return ok;
}

/* ---- draft ---- */

/* The payload, once it has passed for a bundle. */
static bool
encode_draft(struct buf *out, struct bundle **parsed, const struct bundle_draft *d, struct err *err)
{
	bundle_encode(out, bundle_draft_value(d));
	return buf_ok(out, err) && bundle_parse(parsed, buf_span(out), err);
}

static bool
make_draft(const char *json, const char *output, const struct bundle *previous, int64_t now_s,
    struct err *err)
{
	struct bundle_draft *d = NULL;
	struct bundle *parsed = NULL;
	struct buf payload = BUF_EMPTY;
	bool ok = bundle_draft_open(&d, json, previous, now_s, err) &&
	    encode_draft(&payload, &parsed, d, err) && print_changes(previous, parsed, err) &&
	    file_write(output, buf_span(&payload), 0644, err);

	bundle_free(parsed);
	buf_free(&payload);
	bundle_draft_free(d);
	return ok;
}

bool
qualkey_bundle_draft(struct call *call, struct err *err)
{
	static const struct option options[] = {
		{ "previous", required_argument, NULL, OPTION_PREVIOUS },
		{ "output", required_argument, NULL, 'o' },
		{ 0 },
	};
	const char *previous = NULL, *output = NULL;
	struct bundle_file held = { 0 };

	for (int o; (o = qualkey_option(call, options, NULL, err)) != -1;) {
		if (o == OPTION_PREVIOUS)
			previous = optarg;
		else if (o == 'o')
			output = optarg;
		else
			return false;
	}
	if (call->argc != optind + 1 || output == NULL)
		return err_set(err, ERR_USAGE, "one description and -o");
	bool ok = (previous == NULL || bundle_file_open(&held, previous, err)) &&
	    make_draft(call->argv[optind], output, held.bundle, call->now_s, err);
	bundle_file_close(&held);
	return ok;
}

/* ---- sign ---- */

struct signing {
	const char *key[ROOT_SET_KEYS * 2]; /* two sets, when they change */
	size_t n_keys;
	const char *output;
	struct passphrases secrets;
};

static bool
read_signing(struct signing *s, struct call *call, struct err *err)
{
	static const struct option options[] = {
		{ "key", required_argument, NULL, OPTION_ROOT },
		{ "output", required_argument, NULL, 'o' },
		{ 0 },
	};

	for (int o; (o = qualkey_option(call, options, &s->secrets, err)) != -1;) {
		if (o == 'o')
			s->output = optarg;
		else if (o == OPTION_ROOT && s->n_keys < sizeof s->key / sizeof *s->key)
			s->key[s->n_keys++] = optarg;
		else if (o == OPTION_ROOT)
			return err_set(err, ERR_USAGE, "too many keys");
		else
			return false;
	}
	if (call->argc != optind + 1 || s->n_keys == 0 || s->output == NULL)
		return err_set(err, ERR_USAGE, "one draft, --key and -o");
	return true;
}

/* `file` with one signature more. */
static bool
sign_once(struct buf *file, bool is_signed, const char *path, struct passphrases *secrets,
    struct err *err)
{
	struct signer *s = NULL;
	struct buf more = BUF_EMPTY;
	bool ok = false;

	if (!key_file_unlock(&s, path, qualkey_next_passphrase(secrets), err))
		return false;
	ok = is_signed ? signer_sign_too(&more, s, BUNDLE_TYP, buf_span(file), err)
		       : signer_sign(&more, s, BUNDLE_TYP, buf_span(file), err);
	if (ok) {
		buf_free(file);
		*file = more;
		printf("signed by ");
		qualkey_print_kid(signer_kid(s));
		printf("  %s\n", path);
	} else {
		buf_free(&more);
		err_in(err, "%s", path);
	}
	signer_free(s);
	return ok;
}

bool
qualkey_bundle_sign(struct call *call, struct err *err)
{
	struct signing s = { 0 };
	struct bundle_file f = { 0 };
	bool ok = read_signing(&s, call, err) && bundle_file_open(&f, call->argv[optind], err) &&
	    print_changes(NULL, f.bundle, err);

	fflush(stdout); /* read before the passphrase is asked for */
	for (size_t i = 0; i < s.n_keys && ok; i++)
		ok = sign_once(&f.bytes, f.is_signed || i > 0, s.key[i], &s.secrets, err);
	ok = ok && file_write(s.output, buf_span(&f.bytes), 0644, err);
	bundle_file_close(&f);
	return ok;
}

/* ---- assemble ---- */

/* Signatures by keys that are not there yet. */
static bool
merge(struct cose_sign *into, const struct cose_sign *from, struct err *err)
{
	if (!span_equal(into->payload, from->payload))
		return err_set(err, ERR_REFUSED, "the files are not of the same bundle");
	for (size_t i = 0; i < from->signers; i++) {
		bool known = false;
		for (size_t k = 0; k < into->signers; k++)
			known = known || span_equal(into->signer[k].kid, from->signer[i].kid);
		if (known)
			continue;
		if (into->signers == LIMIT_COSE_SIGNERS)
			return err_set(err, ERR_LIMIT, "too many signatures");
		into->signer[into->signers++] = from->signer[i];
	}
	return true;
}

static bool
write_assembled(const char *path, const struct cose_sign *m, struct err *err)
{
	struct buf file = BUF_EMPTY;
	struct cose_sign again;
	struct bundle *bundle = NULL;

	cose_sign_encode(&file, m);
	bool ok = buf_ok(&file, err) && bundle_parse_file(&again, &bundle, buf_span(&file), err) &&
	    file_write(path, buf_span(&file), 0644, err);
	if (ok)
		printf("trust bundle %llu with %zu signatures: %s\n",
		    (unsigned long long)bundle->seq, m->signers, path);
	bundle_free(bundle);
	buf_free(&file);
	return ok;
}

bool
qualkey_bundle_assemble(struct call *call, struct err *err)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ 0 },
	};
	struct bundle_file f[LIMIT_COSE_SIGNERS] = { 0 };
	const char *output = NULL;
	size_t n = 0;
	bool ok = true;

	for (int o; (o = qualkey_option(call, options, NULL, err)) != -1;) {
		if (o != 'o')
			return false;
		output = optarg;
	}
	int files = call->argc - optind;
	if (files < 1 || files > LIMIT_COSE_SIGNERS || output == NULL)
		return err_set(err, ERR_USAGE, "1 to %d files and -o", LIMIT_COSE_SIGNERS);
	for (; n < (size_t)files && ok; n++) {
		const char *path = call->argv[optind + (int)n];
		ok = bundle_file_open(&f[n], path, err) &&
		    (f[n].is_signed || err_set(err, ERR_REFUSED, "%s is not signed", path)) &&
		    (n == 0 || merge(&f[0].envelope, &f[n].envelope, err) ||
			err_in(err, "%s", path));
	}
	ok = ok && write_assembled(output, &f[0].envelope, err);
	for (size_t i = 0; i < n; i++)
		bundle_file_close(&f[i]);
	return ok;
}

/* ---- check ---- */

struct checking {
	const char *root, *held[BUNDLES_MAX];
	size_t n_held;
	int64_t at_s;
};

static bool
read_checking(struct checking *c, struct call *call, struct err *err)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, OPTION_ROOT },
		{ "held", required_argument, NULL, OPTION_HELD },
		{ "at", required_argument, NULL, OPTION_AT },
		{ 0 },
	};

	c->at_s = call->now_s;
	for (int o; (o = qualkey_option(call, options, NULL, err)) != -1;) {
		if (o == OPTION_ROOT)
			c->root = optarg;
		else if (o == OPTION_HELD && c->n_held < BUNDLES_MAX)
			c->held[c->n_held++] = optarg;
		else if (o == OPTION_HELD)
			return err_set(err, ERR_USAGE, "too many bundles");
		else if (o != OPTION_AT || !draft_time(&c->at_s, optarg, DRAFT_FROM, err))
			return false;
	}
	return (call->argc == optind + 1 && c->root != NULL) ||
	    err_set(err, ERR_USAGE, "one bundle and --root");
}

static bool
open_roots(struct trust **out, const char *path, struct err *err)
{
	struct buf file = BUF_EMPTY;
	bool ok = file_read(&file, path, LIMIT_BUNDLE_BYTES, err) &&
	    (trust_open(out, buf_span(&file), err) || err_in(err, "%s", path));

	buf_free(&file);
	return ok;
}

/* Bundles held already count whatever the time; the last is asked about. */
static bool
judge(enum trust_answer *answer, struct err *why, struct trust *t, const char *path,
    const int64_t *at_s, struct err *err)
{
	struct buf file = BUF_EMPTY;
	bool ok = file_read(&file, path, LIMIT_BUNDLE_BYTES, err);

	if (ok)
		*answer = at_s != NULL ? trust_accept(t, buf_span(&file), *at_s, why)
				       : trust_adopt(t, buf_span(&file), why);
	buf_free(&file);
	return ok;
}

bool
qualkey_bundle_check(struct call *call, struct err *err)
{
	struct checking c = { 0 };
	struct trust *t = NULL;
	struct err why = { 0 };
	enum trust_answer answer = TRUST_YES;
	bool ok = read_checking(&c, call, err) && open_roots(&t, c.root, err);

	for (size_t i = 0; i < c.n_held && ok; i++) {
		ok = judge(&answer, &why, t, c.held[i], NULL, err);
		if (ok && answer != TRUST_YES)
			ok = err_set(err, ERR_REFUSED, "%s: %s", c.held[i], why.text);
	}
	ok = ok && judge(&answer, &why, t, call->argv[optind], &c.at_s, err);
	if (ok && answer == TRUST_YES) {
		printf("accepted: trust bundle %llu\n", (unsigned long long)trust_bundle(t)->seq);
	} else if (ok) {
		printf("not accepted: %s\n", why.text);
		call->status = 1;
	}
	trust_free(t);
	return ok;
}

/* ---- show ---- */

bool
qualkey_bundle_show(struct call *call, struct err *err)
{
	struct bundle_file f = { 0 };

	if (qualkey_option(call, NULL, NULL, err) != -1)
		return false;
	if (call->argc != optind + 1)
		return err_set(err, ERR_USAGE, "one bundle");
	bool ok =
	    bundle_file_open(&f, call->argv[optind], err) && print_changes(NULL, f.bundle, err);
	bundle_file_close(&f);
	return ok;
}
