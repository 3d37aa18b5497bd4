#include "core/civil.h"
#include "core/file.h"
#include "core/limits.h"
#include "credential/bundle.h"
#include "keys/draft_input.h"
#include "keys/pem.h"
#include "keys/qualkey.h"
#include "keys/x509.h"

#include <getopt.h>
#include <stdio.h>

#define SEAL_YEARS 4
#define CA_YEARS 20
#define CA_NAME "reader-ca"

struct role_call {
	const char *dir, *use, *name, *bureau, *organisation_id, *from, *until;
	enum key_file_cost cost;
	struct passphrases secrets;
	int64_t from_s, until_s, ca_until_s;
};

enum {
	OPTION_USE = OPTION_FIRST + 16,
	OPTION_NAME,
	OPTION_BUREAU,
	OPTION_ORGANISATION,
	OPTION_FROM,
	OPTION_UNTIL
};

static bool
read_options(struct role_call *r, struct call *call, struct err *err)
{
	static const struct option options[] = {
		{ "use", required_argument, NULL, OPTION_USE },
		{ "name", required_argument, NULL, OPTION_NAME },
		{ "bureau", required_argument, NULL, OPTION_BUREAU },
		{ "organisation-id", required_argument, NULL, OPTION_ORGANISATION },
		{ "from", required_argument, NULL, OPTION_FROM },
		{ "until", required_argument, NULL, OPTION_UNTIL },
		{ "light", no_argument, NULL, OPTION_LIGHT },
		{ 0 },
	};
	const char **value[] = { &r->use, &r->name, &r->bureau, &r->organisation_id, &r->from,
		&r->until };

	for (int o; (o = qualkey_option(call, options, &r->secrets, err)) != -1;) {
		if (o == OPTION_LIGHT)
			r->cost = KEY_FILE_LIGHT;
		else if (o >= OPTION_USE && o <= OPTION_UNTIL)
			*value[o - OPTION_USE] = optarg;
		else
			return false;
	}
	if (call->argc != optind + 1 || r->use == NULL)
		return err_set(err, ERR_USAGE, "one folder and --use");
	r->dir = call->argv[optind];
	if (r->name == NULL)
		r->name = r->use;
	return qualkey_check_name(r->name, err);
}

static bool
check_use(const struct role_call *r, struct err *err)
{
	static const char *const uses[] = { "credential", "seal", "status", "audit", "log",
		"service" };
	bool seal = strcmp(r->use, "seal") == 0;
	bool known = false;

	for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
		known = known || strcmp(r->use, uses[i]) == 0;
	if (!known)
		return err_set(err, ERR_USAGE, "\"%s\" is no use of a role key", r->use);
	if (seal != (r->bureau != NULL))
		return err_set(
		    err, ERR_USAGE, "--bureau names the bureau in the seal's certificate");
	if (!seal && (r->organisation_id != NULL || r->from != NULL || r->until != NULL))
		return err_set(err, ERR_USAGE, "only the seal has a certificate");
	return true;
}

/* Days of the certificates; today is the first where none is given. */
static bool
find_days(struct role_call *r, int64_t now_s, struct err *err)
{
	struct civil_date from;

	r->from_s = civil_start_s(civil_of(now_s));
	if (r->from != NULL && !draft_time(&r->from_s, r->from, DRAFT_FROM, err))
		return err_in(err, "--from");
	from = civil_of(r->from_s);
	r->until_s = civil_start_s(civil_anniversary(from, SEAL_YEARS)) - 1;
	if (r->until != NULL && !draft_time(&r->until_s, r->until, DRAFT_UNTIL, err))
		return err_in(err, "--until");
	r->ca_until_s = civil_start_s(civil_anniversary(from, CA_YEARS)) - 1;
	return r->from_s < r->until_s || err_set(err, ERR_USAGE, "--until is before --from");
}

/* ---- public halves ---- */

static bool
write_pem(const char *dir, const char *name, const char *suffix, const char *label, struct span der,
    struct err *err)
{
	struct buf path = BUF_EMPTY, pem = BUF_EMPTY;

	pem_encode(&pem, label, der);
	bool ok = buf_ok(&pem, err) && qualkey_path(&path, dir, name, suffix, err) != NULL &&
	    file_write_new(buf_text(&path), buf_span(&pem), 0644, err);
	if (ok)
		printf("%s\n", buf_text(&path));
	buf_free(&pem);
	buf_free(&path);
	return ok;
}

/* ---- the reader CA ---- */

static struct x509_subject
subject_of(const struct role_call *r, struct buf *common_name, const char *what)
{
	buf_printf(common_name, "%s%s", r->bureau, what);
	return (struct x509_subject){ .organisation = span_text(r->bureau),
		.organisation_id =
		    r->organisation_id != NULL ? span_text(r->organisation_id) : span_of(NULL, 0),
		.common_name = buf_span(common_name) };
}

static bool
make_ca(struct signer **ca, struct buf *der, struct role_call *r, struct err *err)
{
	struct buf name = BUF_EMPTY;
	struct x509_subject subject = subject_of(r, &name, " Reader CA");
	bool ok = qualkey_new_key(ca, r->dir, CA_NAME, SIGNER_ES256, r->cost, &r->secrets, err) &&
	    x509_make_reader_ca(der, *ca, &subject, r->from_s, r->ca_until_s, err) &&
	    write_pem(r->dir, "ca", "pem", PEM_CERTIFICATE, buf_span(der), err);

	buf_free(&name);
	return ok;
}

static bool
open_ca(struct signer **ca, struct buf *der, struct role_call *r, const char *certificate,
    struct err *err)
{
	struct buf path = BUF_EMPTY, pem = BUF_EMPTY;
	bool ok = file_read(&pem, certificate, LIMIT_X509_BYTES, err) &&
	    (pem_decode(der, PEM_CERTIFICATE, buf_span(&pem), err) ||
		err_in(err, "%s", certificate)) &&
	    qualkey_path(&path, r->dir, CA_NAME, "pem", err) != NULL &&
	    key_file_unlock(ca, buf_text(&path), qualkey_next_passphrase(&r->secrets), err);

	buf_free(&pem);
	buf_free(&path);
	return ok;
}

static bool
certify_seal(struct role_call *r, const struct signer *seal, struct err *err)
{
	struct buf path = BUF_EMPTY, ca_der = BUF_EMPTY, der = BUF_EMPTY, name = BUF_EMPTY;
	struct signer *ca = NULL;
	struct x509_subject subject = subject_of(r, &name, "");
	const char *certificate = qualkey_path(&path, r->dir, "ca", "pem", err);
	bool ok = certificate != NULL &&
	    (file_exists(certificate) ? open_ca(&ca, &ca_der, r, certificate, err)
				      : make_ca(&ca, &ca_der, r, err)) &&
	    x509_make_seal(&der, ca, buf_span(&ca_der), signer_spki(seal), &subject, r->from_s,
		r->until_s, err) &&
	    write_pem(r->dir, r->name, "pub", PEM_CERTIFICATE, buf_span(&der), err);

	signer_free(ca);
	buf_free(&name);
	buf_free(&der);
	buf_free(&ca_der);
	buf_free(&path);
	return ok;
}

bool
qualkey_role_new(struct call *call, struct err *err)
{
	struct role_call r = { 0 };
	struct signer *s = NULL;
	bool ok = read_options(&r, call, err) && check_use(&r, err) &&
	    find_days(&r, call->now_s, err) &&
	    qualkey_new_key(&s, r.dir, r.name,
		strcmp(r.use, "log") == 0 ? SIGNER_ED25519 : SIGNER_ES256, r.cost, &r.secrets, err);

	if (ok && strcmp(r.use, "seal") == 0)
		ok = certify_seal(&r, s, err);
	else if (ok)
		ok = write_pem(r.dir, r.name, "pub", PEM_PUBLIC_KEY, signer_spki(s), err);
	if (ok) {
		qualkey_print_kid(signer_kid(s));
		printf("  %s/%s.pem\n", r.dir, r.name);
	}
	signer_free(s);
	return ok;
}
