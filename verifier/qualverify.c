/* qualverify: is this certificate genuine and in force? Arguments, files and printing; verify() decides. */
#include "core/file.h"
#include "verifier/answer_json.h"
#include "verifier/ask.h"
#include "verifier/memory.h"
#include "verifier/screen.h"
#include "verifier/verify.h"
#include "verifier/words.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define MAX_DATES 64

enum exit_code { EXIT_VALID = 0, EXIT_REJECTED = 1, EXIT_UNDETERMINED = 2 };

struct options {
	const char *root, *public_folder;
	struct buf root_path, public_path; /* when made from --bureau */
	struct question question;
	int64_t at_s[MAX_DATES];
	bool at_whole[MAX_DATES];
	size_t n_at;
	bool json, quiet, colour;
	enum lang lang;
};

/* What became of all inputs. */
struct tally {
	size_t valid, compare, rejected, undetermined, unusable;
	int error; /* sysexits of the first input that could not be used */
};

static const char help[] =
    "qualverify: is a qualification certificate genuine, and in force on the day that matters?\n"
    "\n"
    "  qualverify --bureau DIR INPUT...\n"
    "  qualverify --root root.cose --public DIR INPUT...\n"
    "\n"
    "INPUT is a certificate PDF, the text of its code (https://.../q/1/...), a .cose file, or - "
    "for\n"
    "standard input. No network is used: DIR is the folder that the bureau publishes.\n"
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
    "  --json            one JSON object a line\n"
    "  --lang zh|en      language of the text\n"
    "  -q, --quiet       the exit code alone\n"
    "\n"
    "Exit: 0 all VALID, 1 any NOT VALID, 2 any CANNOT TELL, 64 and above: an input could not be "
    "used.\n"
    "\n"
    "Examples\n"
    "  qualverify --bureau demo-bureau demo-bureau/issued/*.pdf\n"
    "  qualverify --bureau demo-bureau --at 2026-12-01 --grade A --scope software bid.pdf\n";

static void
fail(int code, const struct err *err, const char *fallback)
{
	fprintf(stderr, "qualverify: %s\n", err != NULL ? err->text : fallback);
	exit(code);
}

static void usage(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void
usage(const char *fmt, ...)
{
	va_list ap;
	fputs("qualverify: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs(". See qualverify --help\n", stderr);
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
		usage("--%s", err.text);
}

static void
set_at(struct options *o, const char *text)
{
	if (o->n_at == MAX_DATES)
		usage("--at: no more than 64 dates at once (%s)", text);
	set_question(&o->question, "at", text);
	o->at_s[o->n_at] = o->question.at_s;
	o->at_whole[o->n_at++] = o->question.at_whole_day;
}

static enum lang
lang_of(const char *word)
{
	return word != NULL && strncmp(word, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
}

static enum lang
lang_of_environment(void)
{
	const char *all = getenv("LC_ALL"), *lang = getenv("LANG");
	return lang_of(all != NULL && all[0] != '\0' ? all : lang);
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
	{ "json", no_argument, NULL, 'j' },
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
	case 'j':
		o->json = true;
		break;
	case 'l':
		if (strcmp(value, "zh") != 0 && strcmp(value, "en") != 0)
			usage("--lang is zh or en, not \"%s\"", value);
		o->lang = lang_of(value);
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

static void
parse_options(struct options *o, int argc, char **argv)
{
	int option;
	o->lang = lang_of_environment();
	o->colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
	o->question.now_s = time(NULL);
	while ((option = getopt_long(argc, argv, "q", long_options, NULL)) != -1)
		set_option(o, option, optarg);
	if (o->root == NULL)
		usage("say whom to believe: --bureau DIR, or --root FILE and --public DIR");
	if (optind == argc)
		usage("nothing to verify");
}

static void
print_answer(const struct options *o, const struct answer *a, const char *input, bool many)
{
	struct buf text = BUF_EMPTY;

	if (o->quiet)
		return;
	if (o->json) {
		json_t *json = answer_json(a, input);
		char *dump = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
		if (dump == NULL)
			fail(EX_OSERR, NULL, "out of memory");
		puts(dump);
		free(dump);
		json_decref(json);
		return;
	}
	if (many)
		screen_line(&text, a, input, o->lang, o->colour);
	else
		screen_answer(&text, a, o->lang, o->colour);
	fputs(buf_text(&text), stdout);
	buf_free(&text);
}

static void
count(struct tally *t, const struct answer *a)
{
	t->valid += a->verdict == VERDICT_VALID;
	t->compare += a->verdict == VERDICT_VALID && a->kind == INPUT_CODE;
	t->rejected += a->verdict == VERDICT_REJECTED;
	t->undetermined += a->verdict == VERDICT_UNDETERMINED;
}

/* The bytes of an input: of the file it names, of standard input, or the text of a code itself. */
static bool
read_input(struct buf *out, const char *input, struct err *err)
{
	if (strcmp(input, "-") == 0)
		return file_read_fd(out, STDIN_FILENO, LIMIT_PDF_BYTES + 1, err);
	if (strncmp(input, "https://", 8) == 0) {
		buf_add_text(out, input);
		return buf_ok(out, err);
	}
	return file_read(out, input, LIMIT_PDF_BYTES + 1, err);
}

static void
unusable(struct tally *t, int code, const char *input, const char *sentence)
{
	fprintf(stderr, "qualverify: %s: %s\n", input, sentence);
	t->unusable++;
	if (t->error == 0)
		t->error = code;
}

static void
verify_one(struct tally *t, const struct options *o, struct published *published, bool unguarded,
    const char *input, bool many)
{
	struct buf bytes = BUF_EMPTY;
	struct err err = { 0 };

	if (!read_input(&bytes, input, &err)) {
		unusable(t, err.code == ERR_NOT_FOUND ? EX_NOINPUT : EX_IOERR, input, err.text);
	} else if (verify_is_picture(buf_span(&bytes))) {
		unusable(t, EX_UNAVAILABLE, input,
		    "pictures are not read here; give the text of the code, which any scanner "
		    "shows");
	} else {
		const size_t n = o->n_at > 0 ? o->n_at : 1;
		for (size_t i = 0; i < n; i++) {
			struct question q = o->question;
			struct answer a;
			q.at_given = o->n_at > 0;
			q.at_s = o->at_s[i];
			q.at_whole_day = o->at_whole[i];
			if (!verify(&a, &q, published, NULL, buf_span(&bytes), &err))
				fail(EX_OSERR, &err, NULL);
			a.unguarded = unguarded;
			print_answer(o, &a, input, many);
			count(t, &a);
		}
	}
	buf_free(&bytes);
}

static void
print_summary(const struct options *o, const struct tally *t)
{
	const size_t all = t->valid + t->rejected + t->undetermined + t->unusable;
	if (o->lang == LANG_ZH)
		printf(
		    "%zu 份：核验通过 %zu（其中 %zu 份须与纸面核对），核验不通过 %zu，无法判定 %zu",
		    all, t->valid, t->compare, t->rejected, t->undetermined);
	else
		printf("%zu files: %zu VALID (%zu to compare), %zu NOT VALID, %zu CANNOT TELL", all,
		    t->valid, t->compare, t->rejected, t->undetermined);
	if (t->unusable > 0)
		printf(o->lang == LANG_ZH ? "，无法读取 %zu" : ", %zu unreadable", t->unusable);
	puts(o->lang == LANG_ZH ? "。" : ".");
}

static int
exit_code(const struct tally *t)
{
	if (t->error != 0)
		return t->error;
	if (t->rejected > 0)
		return EXIT_REJECTED;
	return t->undetermined > 0 ? EXIT_UNDETERMINED : EXIT_VALID;
}

/* Open the published files under the memory of what was seen before; without it say so in each answer. */
static bool
open_published(struct published **out, const struct options *o)
{
	struct buf folder = BUF_EMPTY;
	struct memory memory = { 0 }, before;
	struct trust *trust = NULL;
	struct buf root = BUF_EMPTY;
	struct err err = { 0 };
	bool guarded;

	if (!file_read(&root, o->root, LIMIT_BUNDLE_BYTES, &err) ||
	    !trust_open(&trust, buf_span(&root), &err)) {
		err_in(&err, "%s", o->root);
		fail(err.code == ERR_NOT_FOUND ? EX_NOINPUT : EX_CONFIG, &err, NULL);
	}
	memory_usual_folder(&folder);
	if (folder.len > 0 &&
	    !memory_load(&memory, buf_text(&folder), trust_fingerprint(trust), &err))
		fail(EX_CONFIG, &err, NULL);
	before = memory;
	if (!published_open(out, o->root, o->public_folder, &memory, o->question.now_s, &err))
		fail(EX_IOERR, &err, NULL);
	guarded = folder.len > 0 &&
	    memory_save(&memory, &before, buf_text(&folder), trust_fingerprint(trust), &err);
	trust_free(trust);
	buf_free(&root);
	buf_free(&folder);
	return guarded;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct published *published = NULL;
	struct tally t = { 0 };

	parse_options(&o, argc, argv);
	const bool guarded = open_published(&published, &o);
	const bool many = argc - optind > 1 || o.n_at > 1;
	for (int i = optind; i < argc; i++)
		verify_one(&t, &o, published, !guarded, argv[i], many);
	if (many && !o.json && !o.quiet)
		print_summary(&o, &t);
	published_close(published);
	buf_free(&o.root_path);
	buf_free(&o.public_path);
	if (fflush(stdout) != 0)
		fail(EX_IOERR, NULL, "standard output cannot be written");
	return exit_code(&t);
}
