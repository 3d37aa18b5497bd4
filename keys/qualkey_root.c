#include "core/encode.h"
#include "core/file.h"
#include "credential/root_set.h"
#include "keys/qualkey.h"
#include "keys/trust.h"

#include <getopt.h>
#include <stdio.h>
#include <sys/random.h>

struct ceremony {
	const char *dir, *iss;
	const char *name[ROOT_SET_KEYS];
	size_t n_names;
	enum key_file_cost cost;
	struct passphrases secrets;
	struct signer *root[ROOT_SET_KEYS];
};

enum { OPTION_ISS = OPTION_FIRST + 16, OPTION_NAME };

static bool
read_options(struct ceremony *c, struct call *call, struct err *err)
{
	static const struct option options[] = {
		{ "iss", required_argument, NULL, OPTION_ISS },
		{ "name", required_argument, NULL, OPTION_NAME },
		{ "light", no_argument, NULL, OPTION_LIGHT },
		{ 0 },
	};

	for (int o; (o = qualkey_option(call, options, &c->secrets, err)) != -1;) {
		if (o == OPTION_ISS)
			c->iss = optarg;
		else if (o == OPTION_LIGHT)
			c->cost = KEY_FILE_LIGHT;
		else if (o == OPTION_NAME && c->n_names < ROOT_SET_KEYS)
			c->name[c->n_names++] = optarg;
		else if (o == OPTION_NAME)
			return err_set(err, ERR_USAGE, "there are three roots, no more");
		else
			return false;
	}
	if (call->argc != optind + 1 || c->iss == NULL || c->n_names != ROOT_SET_KEYS)
		return err_set(err, ERR_USAGE, "one folder, --iss and --name three times");
	c->dir = call->argv[optind];
	return true;
}

static bool
check_names(const struct ceremony *c, struct err *err)
{
	for (size_t i = 0; i < ROOT_SET_KEYS; i++) {
		if (!qualkey_check_name(c->name[i], err))
			return false;
		for (size_t k = 0; k < i; k++)
			if (strcmp(c->name[i], c->name[k]) == 0)
				return err_set(err, ERR_USAGE, "%s stands twice", c->name[i]);
	}
	size_t len = strlen(c->iss);
	if (len < ISS_MIN_BYTES || len > ISS_MAX_BYTES)
		return err_set(
		    err, ERR_USAGE, "--iss has %d to %d bytes", ISS_MIN_BYTES, ISS_MAX_BYTES);
	return true;
}

/* The root file: every root signs, and whoever opens it checks that. */
static bool
make_root_file(struct buf *out, const struct ceremony *c, struct err *err)
{
	struct root_set set = { .issuer = span_text(c->iss) };
	struct buf payload = BUF_EMPTY, one = BUF_EMPTY, two = BUF_EMPTY;

	for (size_t i = 0; i < ROOT_SET_KEYS; i++)
		set.root[i] = signer_spki(c->root[i]);
	bool ok = getrandom(set.bureau_id, BUREAU_ID_BYTES, 0) == BUREAU_ID_BYTES ||
	    err_errno(err, "getrandom");
	root_set_encode(&payload, &set);
	ok = ok && buf_ok(&payload, err) &&
	    signer_sign(&one, c->root[0], ROOT_SET_TYP, buf_span(&payload), err) &&
	    signer_sign_too(&two, c->root[1], ROOT_SET_TYP, buf_span(&one), err) &&
	    signer_sign_too(out, c->root[2], ROOT_SET_TYP, buf_span(&two), err);
	buf_free(&two);
	buf_free(&one);
	buf_free(&payload);
	return ok;
}

/* In groups of four, as people read it out and type it. */
static void
print_fingerprint(const uint8_t fingerprint[SHA256_BYTES])
{
	char hex[2 * SHA256_BYTES + 1];

	hex_encode(hex, span_of(fingerprint, SHA256_BYTES));
	printf("fingerprint ");
	for (size_t i = 0; i < sizeof hex - 1; i += 4)
		printf("%.4s%s", hex + i, i + 4 < sizeof hex - 1 ? " " : "\n");
}

static bool
finish(const struct ceremony *c, struct err *err)
{
	struct buf file = BUF_EMPTY, path = BUF_EMPTY;
	struct trust *trust = NULL;
	bool ok = make_root_file(&file, c, err) && trust_open(&trust, buf_span(&file), err) &&
	    qualkey_path(&path, c->dir, "root", "cose", err) != NULL &&
	    file_write_new(buf_text(&path), buf_span(&file), 0644, err);

	for (size_t i = 0; i < ROOT_SET_KEYS && ok; i++) {
		qualkey_print_kid(signer_kid(c->root[i]));
		printf("  %s/%s.pem\n", c->dir, c->name[i]);
	}
	if (ok) {
		printf("root set    %s\n", buf_text(&path));
		print_fingerprint(trust_fingerprint(trust));
	}
	trust_free(trust);
	buf_free(&path);
	buf_free(&file);
	return ok;
}

bool
qualkey_root_new(struct call *call, struct err *err)
{
	struct ceremony c = { 0 };
	bool ok = read_options(&c, call, err) && check_names(&c, err);

	for (size_t i = 0; i < ROOT_SET_KEYS && ok; i++)
		ok = qualkey_new_key(
		    &c.root[i], c.dir, c.name[i], SIGNER_ES256, c.cost, &c.secrets, err);
	ok = ok && finish(&c, err);
	for (size_t i = 0; i < ROOT_SET_KEYS; i++)
		signer_free(c.root[i]);
	return ok;
}
