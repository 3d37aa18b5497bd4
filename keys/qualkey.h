/* What the subcommands of qualkey share. A subcommand is a row of a table in qualkey.c. */
#ifndef KEYS_QUALKEY_H
#define KEYS_QUALKEY_H

#include "keys/key_file.h"

#define QUALKEY_PASSPHRASES 8

/* Where the passphrases of the keys come from, one after the other; the last source serves the rest. */
struct passphrases {
	struct passphrase_source source[QUALKEY_PASSPHRASES];
	size_t n, used;
};

struct call {
	int argc; /* words after the subcommand's name, argv[0] being that name */
	char **argv;
	const char *help; /* of this subcommand */
	int64_t now_s;
	int status; /* exit status of an answer that is no: 1 */
};

/* False with `err` set; a usage error is ERR_USAGE. */
typedef bool command_fn(struct call *call, struct err *err);

command_fn qualkey_root_new, qualkey_role_new, qualkey_officer_new, qualkey_bundle_draft,
    qualkey_bundle_sign, qualkey_bundle_assemble, qualkey_bundle_check, qualkey_bundle_show,
    qualkey_officers, qualkey_show;

struct command {
	const char *first;  /* word */
	const char *second; /* word, or NULL */
	command_fn *run;
	const char *line; /* what it does */
	const char *help; /* usage, options, examples */
};

/* Ends with a row of NULLs. */
extern const struct command qualkey_commands[];

/*
 * The next option of the call: getopt_long() with the options given here and --help, --passphrase-file
 * and --passphrase-fd (where `secrets` is not NULL), which are taken care of. -1 at the end; '?' when the
 * call must end: with err unset after --help, else with err set.
 */
struct option;
int qualkey_option(
    struct call *call, const struct option *options, struct passphrases *secrets, struct err *err);

/* Options that take no short form: above every character. */
enum { OPTION_FIRST = 256, OPTION_LIGHT };

const struct passphrase_source *qualkey_next_passphrase(struct passphrases *secrets);

/* A name for a key that is also the name of its file. */
MUST_CHECK bool qualkey_check_name(const char *name, struct err *err);

/* "DIR/NAME.SUFFIX"; for the caller to buf_free(). NULL and err when it cannot be. */
const char *qualkey_path(
    struct buf *out, const char *dir, const char *name, const char *suffix, struct err *err);

/* A new key in DIR/NAME.pem, its passphrase asked for. */
MUST_CHECK bool qualkey_new_key(struct signer **out, const char *dir, const char *name,
    enum signer_kind kind, enum key_file_cost cost, struct passphrases *secrets, struct err *err);

/* Print the text on stdout, "kid 0123456789abcdef". */
void qualkey_print_kid(struct span kid);
MUST_CHECK bool qualkey_print(struct buf *text, struct err *err);

#endif
