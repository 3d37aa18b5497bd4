#include "core/file.h"
#include "keys/enrolment.h"
#include "keys/qualkey.h"

#include <getopt.h>
#include <stdio.h>

struct officer_call {
	const char *dir, *name, *roles;
	enum key_file_cost cost;
	struct passphrases secrets;
};

enum { OPTION_NAME = OPTION_FIRST + 16, OPTION_ROLES };

static bool
read_options(struct officer_call *o, struct call *call, struct err *err)
{
	static const struct option options[] = {
		{ "name", required_argument, NULL, OPTION_NAME },
		{ "roles", required_argument, NULL, OPTION_ROLES },
		{ "light", no_argument, NULL, OPTION_LIGHT },
		{ 0 },
	};

	for (int c; (c = qualkey_option(call, options, &o->secrets, err)) != -1;) {
		if (c == OPTION_NAME)
			o->name = optarg;
		else if (c == OPTION_ROLES)
			o->roles = optarg;
		else if (c == OPTION_LIGHT)
			o->cost = KEY_FILE_LIGHT;
		else
			return false;
	}
	if (call->argc != optind + 1 || o->name == NULL || o->roles == NULL)
		return err_set(err, ERR_USAGE, "one folder, --name and --roles");
	o->dir = call->argv[optind];
	return qualkey_check_name(o->name, err);
}

/* "accept,examine". */
static bool
read_roles(struct enrolment *e, const char *words, struct err *err)
{
	for (;;) {
		size_t len = strcspn(words, ",");
		enum role role = bundle_role_of(span_of(words, len));
		if (role == ROLE_NONE)
			return err_set(err, ERR_USAGE, "\"%.*s\" is no role", (int)len, words);
		for (size_t i = 0; i < e->n_roles; i++)
			if (e->roles[i] == role)
				return err_set(
				    err, ERR_USAGE, "%s stands twice", bundle_role_word(role));
		e->roles[e->n_roles++] = role; /* as many as there are, no more */
		if (words[len] == '\0')
			return true;
		words += len + 1;
	}
}

static bool
write_request(const struct officer_call *o, const struct enrolment *e, const struct signer *s,
    struct err *err)
{
	struct buf payload = BUF_EMPTY, file = BUF_EMPTY, path = BUF_EMPTY;
	struct enrolment again;

	enrolment_encode(&payload, e);
	bool ok = buf_ok(&payload, err) &&
	    signer_sign1(&file, s, ENROLMENT_TYP, buf_span(&payload), span_of(NULL, 0), err) &&
	    enrolment_open(&again, buf_span(&file), err) &&
	    qualkey_path(&path, o->dir, o->name, "enrol", err) != NULL &&
	    file_write_new(buf_text(&path), buf_span(&file), 0644, err);
	if (ok) {
		qualkey_print_kid(signer_kid(s));
		printf("  %s/%s.pem\n%s\n", o->dir, o->name, buf_text(&path));
	}
	buf_free(&path);
	buf_free(&file);
	buf_free(&payload);
	return ok;
}

bool
qualkey_officer_new(struct call *call, struct err *err)
{
	struct officer_call o = { 0 };
	struct enrolment e = { 0 };
	struct signer *s = NULL;
	bool ok = read_options(&o, call, err) && read_roles(&e, o.roles, err) &&
	    qualkey_new_key(&s, o.dir, o.name, SIGNER_ES256, o.cost, &o.secrets, err);

	if (ok) {
		e.name = span_text(o.name);
		e.spki = signer_spki(s);
		ok = write_request(&o, &e, s, err);
	}
	signer_free(s);
	return ok;
}
