/* qualkey: root ceremony, role keys, officers, trust bundles. */
#include "keys/qualkey.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/text.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>

#define NAME_BYTES 64

/* ---- what subcommands share ---- */

static bool
add_source(struct passphrases *secrets, struct passphrase_source source, struct err *err)
{
	assert(secrets != NULL); /* else the options are not there */
	if (secrets->n == QUALKEY_PASSPHRASES)
		return err_set(
		    err, ERR_USAGE, "more than %d sources of passphrases", QUALKEY_PASSPHRASES);
	secrets->source[secrets->n++] = source;
	return true;
}

static bool
add_fd(struct passphrases *secrets, const char *number, struct err *err)
{
	char *end = NULL;
	long fd = strtol(number, &end, 10);

	if (end == number || *end != '\0' || fd < 0 || fd > INT32_MAX)
		return err_set(err, ERR_USAGE, "\"%s\" is no file descriptor", number);
	return add_source(
	    secrets, (struct passphrase_source){ .from = PASSPHRASE_FD, .fd = (int)fd }, err);
}

enum { OPTION_FILE = 1000, OPTION_FD, OPTION_HELP };

/* The call's own options with those every subcommand has. True if -o is among them. */
static bool
all_options(struct option *out, size_t max, const struct option *options, bool secrets)
{
	const struct option common[] = {
		{ "help", no_argument, NULL, OPTION_HELP },
		{ "passphrase-file", required_argument, NULL, OPTION_FILE },
		{ "passphrase-fd", required_argument, NULL, OPTION_FD },
	};
	size_t n = 0;
	bool has_output = false;

	for (; options != NULL && options[n].name != NULL && n < max - 4; n++) {
		out[n] = options[n];
		has_output = has_output || options[n].val == 'o';
	}
	for (size_t i = 0; i < (secrets ? 3u : 1u); i++)
		out[n++] = common[i];
	out[n] = (struct option){ 0 };
	return has_output;
}

int
qualkey_option(
    struct call *call, const struct option *options, struct passphrases *secrets, struct err *err)
{
	struct option all[16];
	bool has_output = all_options(all, sizeof all / sizeof *all, options, secrets != NULL);

	opterr = 0; /* the sentences are ours */
	for (;;) {
		int option =
		    getopt_long(call->argc, call->argv, has_output ? ":ho:" : ":h", all, NULL);
		struct passphrase_source file = { .from = PASSPHRASE_FILE, .path = optarg };
		switch (option) {
		case 'h':
		case OPTION_HELP:
			fputs(call->help, stdout);
			return '?';
		case OPTION_FILE:
			if (!add_source(secrets, file, err))
				return '?';
			break;
		case OPTION_FD:
			if (!add_fd(secrets, optarg, err))
				return '?';
			break;
		case ':':
			err_set(err, ERR_USAGE, "%s needs a value", call->argv[optind - 1]);
			return '?';
		case '?':
			err_set(err, ERR_USAGE, "unknown option %s", call->argv[optind - 1]);
			return '?';
		default:
			return option;
		}
	}
}

const struct passphrase_source *
qualkey_next_passphrase(struct passphrases *secrets)
{
	if (secrets->n == 0)
		return &secrets->source[0]; /* zeroed: the terminal */
	if (secrets->used < secrets->n)
		secrets->used++;
	return &secrets->source[secrets->used - 1];
}

bool
qualkey_check_name(const char *name, struct err *err)
{
	struct span text = span_text(name);

	if (!text_check_field(text, NAME_BYTES, err))
		return err_in(err, "the name");
	if (strchr(name, '/') != NULL || name[0] == '.' || name[0] == '-')
		return err_set(err, ERR_USAGE, "\"%s\" cannot be the name of a file", name);
	return true;
}

const char *
qualkey_path(
    struct buf *out, const char *dir, const char *name, const char *suffix, struct err *err)
{
	*out = BUF_EMPTY;
	buf_printf(out, "%s/%s.%s", dir, name, suffix);
	return buf_ok(out, err) ? buf_text(out) : NULL;
}

bool
qualkey_new_key(struct signer **out, const char *dir, const char *name, enum signer_kind kind,
    enum key_file_cost cost, struct passphrases *secrets, struct err *err)
{
	struct buf path = BUF_EMPTY, prompt = BUF_EMPTY, passphrase = BUF_EMPTY;
	bool ok = false;

	*out = NULL;
	buf_printf(&prompt, "New passphrase for %s/%s.pem: ", dir, name);
	if (!buf_ok(&prompt, err) || !file_make_folder(dir, 0700, err) ||
	    qualkey_path(&path, dir, name, "pem", err) == NULL)
		goto out;
	if (file_exists(buf_text(&path))) { /* before a passphrase is asked for */
		err_set(err, ERR_CONFLICT, "%s exists already; no key is ever replaced",
		    buf_text(&path));
		goto out;
	}
	ok = passphrase_read_new(
		 &passphrase, qualkey_next_passphrase(secrets), buf_text(&prompt), err) &&
	    signer_generate(out, kind, err) &&
	    key_file_write(buf_text(&path), *out, buf_span(&passphrase), cost, err);
	if (ok && cost == KEY_FILE_LIGHT)
		fprintf(stderr,
		    "%s: --light makes its passphrase cheap to guess; for demonstrations and tests "
		    "only\n",
		    buf_text(&path));
out:
	if (!ok) {
		signer_free(*out);
		*out = NULL;
	}
	buf_wipe(&passphrase);
	buf_free(&prompt);
	buf_free(&path);
	return ok;
}

void
qualkey_print_kid(struct span kid)
{
	char hex[2 * COSE_KID_BYTES + 1];

	hex_encode(hex, kid);
	printf("kid %s", hex);
}

bool
qualkey_print(struct buf *text, struct err *err)
{
	if (!buf_ok(text, err))
		return false;
	return fwrite(text->ptr, 1, text->len, stdout) == text->len ||
	    err_errno(err, "write to standard output");
}

/* ---- main ---- */

static int
usage(FILE *to)
{
	fputs("qualkey: root ceremony, role keys, officers and trust bundles\n\n", to);
	for (const struct command *c = qualkey_commands; c->run != NULL; c++) {
		fprintf(to, "  qualkey %s %-*s %s\n", c->first, 16 - (int)strlen(c->first) - 1,
		    c->second != NULL ? c->second : "", c->line);
	}
	fputs("\nqualkey COMMAND --help explains one, with examples. Passphrases come from the "
	      "terminal,\n--passphrase-file or --passphrase-fd, never from the command line.\n",
	    to);
	return to == stdout ? 0 : EX_USAGE;
}

static const struct command *
find_command(int argc, char **argv)
{
	for (const struct command *c = qualkey_commands; c->run != NULL; c++)
		if (strcmp(argv[1], c->first) == 0 &&
		    (c->second == NULL || (argc > 2 && strcmp(argv[2], c->second) == 0)))
			return c;
	return NULL;
}

static int
exit_status(enum err_code code)
{
	switch (code) {
	case ERR_USAGE:
		return EX_USAGE;
	case ERR_MALFORMED:
	case ERR_LIMIT:
		return EX_DATAERR;
	case ERR_NOT_FOUND:
		return EX_NOINPUT;
	case ERR_CONFLICT:
		return EX_CANTCREAT;
	case ERR_IO:
		return EX_IOERR;
	case ERR_BUSY:
		return EX_TEMPFAIL;
	case ERR_REFUSED:
	case ERR_CRYPTO:
		return EX_NOPERM;
	default:
		return EX_OSERR;
	}
}

int
main(int argc, char **argv)
{
	struct err err = { 0 };

	if (argc < 2)
		return usage(stderr);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return usage(stdout);
	if (strcmp(argv[1], "--version") == 0)
		return puts("qualkey " QUALCERT_VERSION) >= 0 ? 0 : EX_IOERR;
	const struct command *command = find_command(argc, argv);
	if (command == NULL) {
		fprintf(stderr, "qualkey: no such command; qualkey --help lists them\n");
		return EX_USAGE;
	}
	int words = command->second != NULL ? 2 : 1;
	struct call call = { .argc = argc - words,
		.argv = argv + words,
		.help = command->help,
		.now_s = time(NULL) };
	if (!command->run(&call, &err) && err.code != ERR_NONE) {
		fprintf(stderr, "qualkey %s%s%s: %s\n", command->first, words == 2 ? " " : "",
		    words == 2 ? command->second : "", err.text);
		return exit_status(err.code);
	}
	if (fflush(stdout) != 0)
		return EX_IOERR;
	return call.status;
}
