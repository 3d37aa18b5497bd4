/* qualcert: applications, decisions, certificates, sanctions. Reads the command line; cmd_*.c do the work. */
#include "issuer/command.h"
#include "issuer/commands.h"
#include "registry/judge.h"

#include <getopt.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>

static const struct {
	const char *word, *value, *help;
} options[COMMAND_OPTION_COUNT] = {
#define OPTION_ROW(name, word, value, help) [OPTION_##name] = { word, value, help },
	COMMAND_OPTIONS(OPTION_ROW)
#undef OPTION_ROW
};

enum { GETOPT_FIRST = 256, GETOPT_HELP = GETOPT_FIRST + COMMAND_OPTION_COUNT, GETOPT_VERSION };

/* ---- help ---- */

static void
help_all(FILE *to)
{
	fputs("qualcert: applications, decisions, certificates and what becomes of them\n\n"
	      "  qualcert -C BUREAU COMMAND ...      options may stand anywhere\n\n",
	    to);
	for (const struct command_row *row = commands; row->name != NULL; row++)
		fprintf(to, "  %-15s %s\n", row->name, row->line);
	fputs(
	    "\nqualcert help COMMAND explains one, with examples. Exit: 0 done; 1 refused, or not "
	    "all done;\n64 and above: called wrongly, or something could not be used "
	    "(sysexits).\n",
	    to);
}

static void
help_one(const struct command_row *row)
{
	char room[48];

	printf("qualcert %s%s%s\n\n%s.\n", row->name, row->usage[0] != '\0' ? " " : "", row->usage,
	    row->line);
	if (row->detail != NULL)
		printf("\n%s", row->detail);
	puts("\nOptions");
	for (size_t i = 0; i < COMMAND_OPTION_COUNT; i++) {
		if (((row->takes | TAKES_ALWAYS) & UINT64_C(1) << i) == 0)
			continue;
		snprintf(room, sizeof room, "--%s%s%s", options[i].word,
		    options[i].value != NULL ? " " : "",
		    options[i].value != NULL ? options[i].value : "");
		printf("  %-26s %s\n", room, options[i].help);
	}
}

/* ---- which command ---- */

/* How many words of the row's name the line begins with; 0 if it is not this one. */
static size_t
match(const struct command_row *row, char **words, size_t n)
{
	const char *blank = strchr(row->name, ' ');

	if (n == 0)
		return 0;
	if (blank == NULL)
		return strcmp(row->name, words[0]) == 0 ? 1 : 0;
	size_t first = (size_t)(blank - row->name);
	return n > 1 && strlen(words[0]) == first && memcmp(row->name, words[0], first) == 0 &&
		strcmp(blank + 1, words[1]) == 0
	    ? 2
	    : 0;
}

static const struct command_row *
find(size_t *taken, char **words, size_t n)
{
	for (const struct command_row *row = commands; row->name != NULL; row++)
		if ((*taken = match(row, words, n)) > 0)
			return row;
	return NULL;
}

/* The row whose name shares the longest beginning with the word. */
static const char *
nearest(const char *word)
{
	const char *best = NULL;
	size_t best_len = 1;

	for (const struct command_row *row = commands; row->name != NULL; row++) {
		size_t len = 0;
		while (word[len] != '\0' && word[len] == row->name[len])
			len++;
		if (len > best_len) {
			best_len = len;
			best = row->name;
		}
	}
	return best;
}

static bool
unknown(char **words, size_t n, struct err *err)
{
	const char *hint = nearest(words[0]);
	bool two = n > 1 && strcmp(words[0], "case") == 0;

	if (hint == NULL)
		return err_set(err, ERR_USAGE,
		    "there is no command \"%s\"; qualcert help lists all", words[0]);
	return err_set(err, ERR_USAGE, "there is no command \"%s%s%s\"; did you mean \"%s\"?",
	    words[0], two ? " " : "", two ? words[1] : "", hint);
}

/* ---- reading the line ---- */

static enum lang
lang_of_environment(void)
{
	const char *lang = getenv("LC_ALL");

	if (lang == NULL || lang[0] == '\0')
		lang = getenv("LANG");
	return lang != NULL && strncmp(lang, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
}

static bool
set_option(struct command *c, size_t i, const char *value, struct err *err)
{
	if (c->option[i] != NULL)
		return err_set(err, ERR_USAGE, "--%s is given twice", options[i].word);
	c->option[i] = value != NULL ? value : "";
	if (i != OPTION_LANG)
		return true;
	c->lang = strcmp(c->option[i], "zh") == 0 ? LANG_ZH : LANG_EN;
	return c->lang == LANG_ZH || strcmp(c->option[i], "en") == 0 ||
	    err_set(err, ERR_USAGE, "--lang is zh or en, not \"%s\"", value);
}

/* All options, wherever they stand; the words are left at the end of argv. */
static bool
read_options(struct command *c, bool *help, int argc, char **argv, struct err *err)
{
	struct option all[COMMAND_OPTION_COUNT + 3] = { 0 };

	for (size_t i = 0; i < COMMAND_OPTION_COUNT; i++)
		all[i] = (struct option){ options[i].word,
			options[i].value != NULL ? required_argument : no_argument, NULL,
			GETOPT_FIRST + (int)i };
	all[COMMAND_OPTION_COUNT] = (struct option){ "help", no_argument, NULL, GETOPT_HELP };
	all[COMMAND_OPTION_COUNT + 1] =
	    (struct option){ "version", no_argument, NULL, GETOPT_VERSION };
	opterr = 0; /* the sentences are ours */
	for (int option; (option = getopt_long(argc, argv, ":C:h", all, NULL)) != -1;) {
		if (option == ':')
			return err_set(err, ERR_USAGE, "%s needs a value", argv[optind - 1]);
		if (option == '?')
			return err_set(err, ERR_USAGE, "there is no option %s", argv[optind - 1]);
		if (option == GETOPT_VERSION) {
			puts("qualcert " QUALCERT_VERSION);
			exit(EXIT_SUCCESS);
		}
		if (option == GETOPT_HELP || option == 'h')
			*help = true;
		else if (!set_option(c,
			     option == 'C' ? OPTION_DIR : (size_t)(option - GETOPT_FIRST), optarg,
			     err))
			return false;
	}
	return true;
}

/* Does the command know every option given? */
static bool
check_options(const struct command *c, struct err *err)
{
	for (size_t i = 0; i < COMMAND_OPTION_COUNT; i++)
		if (c->option[i] != NULL &&
		    ((c->row->takes | TAKES_ALWAYS) & UINT64_C(1) << i) == 0)
			return err_set(err, ERR_USAGE,
			    "qualcert %s takes no --%s; see qualcert help %s", c->row->name,
			    options[i].word, c->row->name);
	return true;
}

/* ---- answering ---- */

static const struct {
	enum err_code code;
	const char *word;
	int status;
} codes[] = {
	{ ERR_USAGE, "usage", EX_USAGE },
	{ ERR_MALFORMED, "malformed", EX_DATAERR },
	{ ERR_LIMIT, "limit", EX_DATAERR },
	{ ERR_REFUSED, "refused", EXIT_FAILURE },
	{ ERR_CONFLICT, "conflict", EXIT_FAILURE },
	{ ERR_NOT_FOUND, "not-found", EX_NOINPUT },
	{ ERR_BUSY, "busy", EX_TEMPFAIL },
	{ ERR_IO, "io", EX_IOERR },
	{ ERR_CRYPTO, "crypto", EX_SOFTWARE },
	{ ERR_MEMORY, "memory", EX_OSERR },
};

static int
fail(struct command *c, const struct err *err)
{
	char rule[JUDGE_RULE_BYTES];
	size_t i = 0;

	while (i + 1 < sizeof codes / sizeof codes[0] && codes[i].code != err->code)
		i++;
	fflush(stdout);
	command_warn_refusal(c, NULL, err);
	if (c->answer != NULL) {
		judge_rule(rule, err);
		json_object_set_new(c->answer, "error",
		    json_pack("{s:s, s:s, s:s*}", "code", codes[i].word, "text", err->text, "rule",
			rule[0] != '\0' ? rule : NULL));
	}
	return codes[i].status;
}

/* Nothing that could not be written was said. */
static int
finish(struct command *c, int status)
{
	if (c->answer != NULL && json_dumpf(c->answer, stdout, JSON_COMPACT) == 0)
		putchar('\n');
	json_decref(c->answer);
	officer_close(&c->officer);
	bureau_close(c->bureau);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		command_warn("standard output cannot be written");
		return EX_IOERR;
	}
	return status;
}

static int
run(struct command *c, struct err *err)
{
	if (c->option[OPTION_JSON] != NULL && (c->answer = json_object()) == NULL)
		return fail(c, &(struct err){ ERR_MEMORY, "out of memory" });
	if (!check_options(c, err) || !c->row->run(c, err))
		return fail(c, err);
	return c->status;
}

int
main(int argc, char **argv)
{
	struct command c = { .lang = lang_of_environment(), .now_s = (int64_t)time(NULL) };
	struct err err = { 0 };
	bool help = false;
	size_t taken;

	if (!read_options(&c, &help, argc, argv, &err))
		return fail(&c, &err);
	c.words = argv + optind;
	c.n_words = (size_t)(argc - optind);
	if (c.n_words > 0 && strcmp(c.words[0], "help") == 0) {
		help = true;
		c.words++;
		c.n_words--;
	}
	if (c.n_words == 0) {
		help_all(help ? stdout : stderr);
		return help ? EXIT_SUCCESS : EX_USAGE;
	}
	c.row = find(&taken, c.words, c.n_words);
	if (c.row == NULL) {
		unknown(c.words, c.n_words, &err);
		return fail(&c, &err);
	}
	if (help) {
		help_one(c.row);
		return EXIT_SUCCESS;
	}
	c.words += taken;
	c.n_words -= taken;
	return finish(&c, run(&c, &err));
}
