#include "verifier/cli/options.h"

#include "core/text.h"
#include "verifier/ask.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
    "qualverify: is a qualification certificate genuine, and in force on the day that matters?\n"
    "\n"
    "  qualverify [--bureau DIR | --root root.cose --public DIR] INPUT...\n"
    "  qualverify trust add root.cose --name NAME    believe a bureau (see trust --help)\n"
    "  qualverify update URL|DIR                     fetch its news (see update --help)\n"
    "  qualverify evidence FILE                      check evidence again (see evidence --help)\n"
    "\n"
    "INPUT is a certificate PDF, a photograph or scan of its code (PNG, JPEG), the text of the "
    "code\n"
    "(https://.../q/1/...), a .cose file, a folder of such files, or - for standard input. Many "
    "give a\n"
    "line each, those to look at first, and a summary. No network is used. Without --bureau and "
    "--root\n"
    "every bureau added with trust add is asked, by what was last fetched of it.\n"
    "\n"
    "  --bureau DIR      same as --root DIR/root.cose --public DIR/public\n"
    "  --root FILE       the bureau's root set\n"
    "  --public DIR      a copy of what the bureau publishes\n"
    "  --at DATE|TIME    in force then? 2026-11-20 or 2026-11-20T14:00[:00][+08:00]; may be "
    "repeated\n"
    "  --known TIME      as it was known then\n"
    "  --holder CODE     must belong to this unified social credit code\n"
    "  --grade A|B       must be of this grade or better\n"
    "  --scope WORD      must cover this kind of work, such as software\n"
    "  --for new|existing  may take new work (the default), or finish existing work\n"
    "  --scan            a PDF that nobody sealed may be a scanned paper: read the code on it\n"
    "  --evidence FILE   keep what was answered and all it rests on (see evidence --help)\n"
    "  --bidders F.csv   who is expected in which file: columns file,holder and, where wanted, "
    "grade,\n"
    "                    scope,at; a file is named by its path or the end of it (lot-2/01.pdf)\n"
    "  --json            one JSON object a line\n"
    "  --csv             a table for a spreadsheet, one line an answer\n"
    "  --lang zh|en      language of the text\n"
    "  -q, --quiet       the exit code alone\n"
    "\n"
    "Exit: 0 all VALID, 1 any NOT VALID, 2 any CANNOT TELL, 64 and above: an input could not be "
    "used.\n"
    "\n"
    "Examples\n"
    "  qualverify --bureau demo-bureau demo-bureau/issued/*.pdf\n"
    "  qualverify --bureau demo-bureau --at 2026-12-01 --grade A --scope software bid.pdf\n"
    "  qualverify --bureau demo-bureau photo.jpg\n"
    "  qualverify --bureau demo-bureau --scan scanned-bid.pdf\n"
    "  qualverify --at 2026-12-01T14:00 --bidders bidders.csv --csv bids/ > report.csv\n";

/* A path, or a word of what was handed in, may be in it: nothing there steers a terminal. */
static void
say(const char *fmt, va_list ap, const char *end)
{
	struct buf shown = BUF_EMPTY;
	char *text = NULL;

	if (vasprintf(&text, fmt, ap) >= 0)
		text_escape(&shown, span_text(text)); /* it may name a file that a bidder named */
	fprintf(stderr, "qualverify: %s%s", shown.len > 0 ? buf_text(&shown) : "failed", end);
	buf_free(&shown);
	free(text);
}

void
options_fail(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap, "\n");
	va_end(ap);
	exit(code);
}

void
options_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap, ". See qualverify --help\n");
	va_end(ap);
	exit(EX_USAGE);
}

static void
set_bureau(struct options *o, const char *folder)
{
	buf_printf(&o->root_path, "%s/root.cose", folder);
	buf_printf(&o->public_path, "%s/public", folder);
	o->root = buf_text(&o->root_path);
	o->public_folder = buf_text(&o->public_path);
}

/* One word of the question, said as an option. */
static void
set_question(struct question *q, const char *word, const char *value)
{
	struct err err = { 0 };
	if (!ask_set(q, word, value, &err))
		options_usage("--%s", err.text);
}

static void
set_at(struct options *o, const char *text)
{
	if (o->n_at == OPTIONS_DATES)
		options_usage("--at: no more than 64 dates at once (%s)", text);
	set_question(&o->question, "at", text);
	o->at_s[o->n_at] = o->question.at_s;
	o->at_whole[o->n_at++] = o->question.at_whole_day;
}

static enum lang
lang_of(const char *word)
{
	return word != NULL && strncmp(word, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
}

enum lang
options_lang(const char *word)
{
	const char *all = getenv("LC_ALL"), *lang = getenv("LANG");

	if (word == NULL)
		return lang_of(all != NULL && all[0] != '\0' ? all : lang);
	if (strcmp(word, "zh") != 0 && strcmp(word, "en") != 0)
		options_usage("--lang is zh or en, not \"%s\"", word);
	return lang_of(word);
}

static const struct option long_options[] = {
	{ "bureau", required_argument, NULL, 'b' },
	{ "root", required_argument, NULL, 'r' },
	{ "public", required_argument, NULL, 'p' },
	{ "at", required_argument, NULL, 'a' },
	{ "known", required_argument, NULL, 'k' },
	{ "holder", required_argument, NULL, 'o' },
	{ "grade", required_argument, NULL, 'g' },
	{ "scope", required_argument, NULL, 's' },
	{ "for", required_argument, NULL, 'f' },
	{ "scan", no_argument, NULL, 'S' },
	{ "evidence", required_argument, NULL, 'e' },
	{ "bidders", required_argument, NULL, 'B' },
	{ "json", no_argument, NULL, 'j' },
	{ "csv", no_argument, NULL, 'c' },
	{ "lang", required_argument, NULL, 'l' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static void
set_option(struct options *o, int option, const char *value)
{
	switch (option) {
	case 'b':
		set_bureau(o, value);
		break;
	case 'r':
		o->root = value;
		break;
	case 'p':
		o->public_folder = value;
		break;
	case 'a':
		set_at(o, value);
		break;
	case 'k':
		set_question(&o->question, "known", value);
		break;
	case 'o':
		set_question(&o->question, "holder", value);
		break;
	case 'g':
		set_question(&o->question, "grade", value);
		break;
	case 's':
		set_question(&o->question, "scope", value);
		break;
	case 'f':
		set_question(&o->question, "for", value);
		break;
	case 'S':
		o->scan = true;
		break;
	case 'e':
		o->evidence = value;
		break;
	case 'B':
		o->bidders = value;
		break;
	case 'j':
		o->json = true;
		break;
	case 'c':
		o->csv = true;
		break;
	case 'l':
		o->lang = options_lang(value);
		break;
	case 'q':
		o->quiet = true;
		break;
	case 'h':
		fputs(help, stdout);
		exit(EX_OK);
	case 'V':
		puts("qualverify " QUALCERT_VERSION);
		exit(EX_OK);
	default:
		fputs("See qualverify --help\n", stderr);
		exit(EX_USAGE);
	}
}

void
options_parse(struct options *o, int argc, char **argv)
{
	int option;

	*o = (struct options){ 0 };
	o->lang = options_lang(NULL);
	o->colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
	o->question.now_s = time(NULL);
	while ((option = getopt_long(argc, argv, "q", long_options, NULL)) != -1)
		set_option(o, option, optarg);
	if (o->root == NULL && o->public_folder != NULL)
		options_usage("--public DIR needs --root FILE");
	if (o->json && o->csv)
		options_usage("--json and --csv exclude each other");
	if (o->bidders != NULL && o->question.holder != NULL)
		options_usage(
		    "--holder asks the same of every file; --bidders says whose each one is");
	if (optind == argc)
		options_usage("nothing to verify");
	o->inputs = argv + optind;
	o->n_inputs = (size_t)(argc - optind);
}

void
options_free(struct options *o)
{
	buf_free(&o->root_path);
	buf_free(&o->public_path);
}

size_t
options_dates(const struct options *o)
{
	return o->n_at > 0 ? o->n_at : 1;
}

struct question
options_question(const struct options *o, size_t i)
{
	struct question q = o->question;

	q.at_given = o->n_at > 0;
	q.at_s = o->at_s[i];
	q.at_whole_day = o->at_whole[i];
	return q;
}
