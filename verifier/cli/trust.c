#include "verifier/cli/trust.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/text.h"
#include "verifier/cli/options.h"
#include "verifier/cli/whom.h"
#include "verifier/published.h"
#include "verifier/usual.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

static const char help_en[] =
    "qualverify trust: whose certificates are believed\n"
    "\n"
    "  qualverify trust add root.cose --name NAME [--fingerprint HEX]\n"
    "  qualverify trust list\n"
    "  qualverify trust remove NAME\n"
    "\n"
    "A root set is believed because somebody compared its fingerprint with the one the\n"
    "bureau publishes elsewhere: on paper, in a gazette, by telephone. It is asked for on\n"
    "the terminal; --fingerprint says it in a script. --lang zh|en is the language of\n"
    "what is told.\n";

static const char help_zh[] =
    "qualverify trust：信任哪些发证机关\n"
    "\n"
    "  qualverify trust add root.cose --name 名称 [--fingerprint 指纹]\n"
    "  qualverify trust list\n"
    "  qualverify trust remove 名称\n"
    "\n"
    "信任一套根密钥集，是因为有人把它的指纹与发证机关另行公布的（公告、纸质文件、电话）\n"
    "核对过。指纹在终端输入；脚本中用 --fingerprint 给出。--lang zh|en 选择文字的语言。\n";

struct words {
	const char *name, *fingerprint;
	enum lang lang;
};

/* ---- add ---- */

static void
fail_of(const struct err *err)
{
	options_fail(whom_exit_of(err), "%s", err->text);
}

/* What lies beside it tells more of a bureau than a root set does: its names, and whether it is a test. */
static void
show_bureau(struct span root_file, const char *path, enum lang lang)
{
	struct buf folder = BUF_EMPTY;
	struct memory nothing = { 0 };
	struct published *p = NULL;
	const char *slash = strrchr(path, '/');

	buf_printf(&folder, "%.*spublic", slash != NULL ? (int)(slash + 1 - path) : 0, path);
	if (!buf_ok(&folder, NULL))
		return;
	const struct shelf shelf = shelf_folder(buf_text(&folder));
	const struct bundle *b = published_open(&p, root_file, &shelf, &nothing, time(NULL), NULL)
	    ? trust_bundle(published_trust(p))
	    : NULL;
	const struct bundle_issuer *issuer =
	    b != NULL ? bundle_find_issuer(b, b->roots.issuer) : NULL;
	if (issuer != NULL) {
		struct buf name = BUF_EMPTY;
		text_escape(&name, LANG_PICK(lang, issuer->name_zh, issuer->name_en));
		printf(
		    "%s%s\n", LANG_PICK(lang, "  发证机关    ", "  bureau      "), buf_text(&name));
		buf_free(&name);
	}
	if (b == NULL)
		puts(LANG_PICK(lang, "  是否测试    随首次更新（qualverify update）告知",
		    "  a test?     told by the first qualverify update"));
	else if (b->test)
		puts(LANG_PICK(lang, "  是否测试    是：测试用，其证书不具效力",
		    "  a test?     yes: its certificates mean nothing"));
	else
		puts(LANG_PICK(lang, "  是否测试    否", "  a test?     no"));
	published_close(p);
	buf_free(&folder);
}

static void
show_root(const struct trust *t, struct span root_file, const char *path, enum lang lang)
{
	const struct root_set *set = trust_roots(t);
	struct buf text = BUF_EMPTY;

	buf_add_text(
	    &text, LANG_PICK(lang, "根密钥集\n  发证机关代号 ", "A root set\n  issuer      "));
	text_escape(&text, set->issuer);
	buf_add_text(&text,
	    LANG_PICK(lang, "\n  根密钥      3 把，任 2 把可签发信任包\n",
		"\n  roots       3, of which any 2 sign its trust bundles\n"));
	fputs(buf_text(&text), stdout);
	buf_free(&text);
	show_bureau(root_file, path, lang);
	usual_fingerprint(&text, trust_fingerprint(t));
	/* 16 groups of 4 with blanks between are 79 columns: two lines of 8 */
	printf("%s%.39s\n              %s\n", LANG_PICK(lang, "  指纹        ", "  fingerprint "),
	    buf_text(&text), buf_text(&text) + 40);
	buf_free(&text);
}

/* From the terminal itself, whatever standard input is. */
static void
ask_fingerprint(const uint8_t fingerprint[SHA256_BYTES], enum lang lang)
{
	char line[256];
	FILE *terminal = fopen("/dev/tty", "r+e");

	if (terminal == NULL)
		options_fail(EX_USAGE, "%s",
		    LANG_PICK(lang, "此处没有终端可输入指纹。请另行核对，并用 --fingerprint 给出",
			"there is no terminal to type the fingerprint on. Compare it with the "
			"bureau's by another way, and say it: --fingerprint HEX"));
	fputs(LANG_PICK(lang,
		  "请另行从发证机关的公告、纸质文件或电话取得指纹，并在此输入（不要从上面抄录）：\n"
		  "> ",
		  "Get the fingerprint from the bureau by another way: paper, gazette, telephone. "
		  "Type "
		  "that\none here, do not copy the one above:\n> "),
	    terminal);
	fflush(terminal);
	const bool got = fgets(line, sizeof line, terminal) != NULL;
	fclose(terminal);
	if (!got || !usual_fingerprint_is(line, fingerprint))
		options_fail(EX_DATAERR, "%s",
		    LANG_PICK(lang, "指纹不符，未予信任。若核对无误，请告知发证机关",
			"that is not its fingerprint: it is not believed. If you read it right, "
			"tell the "
			"bureau"));
}

/* Where it is to lie, if it lies nowhere yet. */
static void
store(struct span file, const uint8_t fingerprint[SHA256_BYTES], const struct words *w)
{
	struct usual_roots roots;
	struct buf folder = BUF_EMPTY, path = BUF_EMPTY;
	struct err err = { 0 };

	if (!usual_read_roots(&roots, &err))
		fail_of(&err);
	for (size_t i = 0; i < roots.n; i++) {
		if (memcmp(roots.root[i].fingerprint, fingerprint, SHA256_BYTES) != 0)
			continue;
		printf(LANG_PICK(w->lang, "已在信任之列，名为 %s。\n",
			   "It is believed already, as %s.\n"),
		    roots.root[i].name);
		usual_free_roots(&roots);
		return;
	}
	usual_free_roots(&roots);
	usual_roots_folder(&folder);
	if (folder.len == 0)
		options_fail(EX_CONFIG, "neither XDG_CONFIG_HOME nor HOME says where to keep it");
	buf_printf(&path, "%s/%s.cose", buf_text(&folder), w->name);
	if (!buf_ok(&path, &err) || !file_make_folder(buf_text(&folder), 0755, &err) ||
	    !file_write_new(buf_text(&path), file, 0644, &err)) {
		if (err.code == ERR_CONFLICT)
			options_fail(EX_CANTCREAT,
			    "another root set is believed as %s. Choose another name, or: "
			    "qualverify trust "
			    "remove %s",
			    w->name, w->name);
		fail_of(&err);
	}
	printf(
	    LANG_PICK(w->lang, "已信任，名为 %s（%s）。\n下一步：qualverify update 网址或文件夹\n",
		"Believed from now on, as %s (%s).\nNext: qualverify update URL or folder\n"),
	    w->name, buf_text(&path));
	buf_free(&folder);
	buf_free(&path);
}

static int
add(const struct words *w, const char *path)
{
	struct buf file = BUF_EMPTY;
	struct trust *trust = NULL;
	struct err err = { 0 };

	if (w->name == NULL || !usual_name_fits(w->name))
		options_usage(
		    "--name NAME is needed: letters, digits, \"-\", \"_\" and \".\", at most 64");
	if (!file_read(&file, path, LIMIT_BUNDLE_BYTES, &err) ||
	    (!trust_open(&trust, buf_span(&file), &err) && !err_in(&err, "%s", path)))
		fail_of(&err);
	show_root(trust, buf_span(&file), path, w->lang);
	if (w->fingerprint == NULL)
		ask_fingerprint(trust_fingerprint(trust), w->lang);
	else if (!usual_fingerprint_is(w->fingerprint, trust_fingerprint(trust)))
		options_fail(EX_DATAERR,
		    "--fingerprint is not that of %s: it is not believed. If the one you gave is "
		    "the bureau's, "
		    "tell the bureau",
		    path);
	store(buf_span(&file), trust_fingerprint(trust), w);
	trust_free(trust);
	buf_free(&file);
	return EX_OK;
}

/* ---- list, remove ---- */

static int
list(const struct words *w)
{
	struct usual_roots roots;
	struct err err = { 0 };

	if (!usual_read_roots(&roots, &err))
		fail_of(&err);
	for (size_t i = 0; i < roots.n; i++) {
		struct buf text = BUF_EMPTY;
		buf_printf(&text, "%s  %s\n  ", roots.root[i].name, buf_text(&roots.root[i].path));
		usual_fingerprint(&text, roots.root[i].fingerprint);
		puts(buf_text(&text));
		buf_free(&text);
	}
	if (roots.n == 0)
		fputs(LANG_PICK(w->lang,
			  "尚未信任任何发证机关：qualverify trust add root.cose --name 名称\n",
			  "Nobody is believed yet: qualverify trust add root.cose --name NAME\n"),
		    stderr);
	usual_free_roots(&roots);
	return EX_OK;
}

/* What was remembered stays: added again, it can be shown nothing older. */
static int
forget(const struct words *w, const char *name)
{
	struct buf path = BUF_EMPTY;

	if (!usual_name_fits(name))
		options_usage("\"%s\" is no name of a root set", name);
	usual_roots_folder(&path);
	buf_printf(&path, "/%s.cose", name);
	if (unlink(buf_text(&path)) != 0)
		options_fail(errno == ENOENT ? EX_NOINPUT : EX_IOERR,
		    errno == ENOENT ? "nobody is believed as %s here (those of " USUAL_SYSTEM_ROOTS
				      " are the administrator's)"
				    : "%s cannot be removed",
		    name);
	printf(LANG_PICK(w->lang, "不再信任 %s。\n", "%s is believed no more.\n"), name);
	buf_free(&path);
	return EX_OK;
}

/* ---- words ---- */

static int
parse(struct words *w, int argc, char **argv)
{
	static const struct option options[] = { { "name", required_argument, NULL, 'n' },
		{ "fingerprint", required_argument, NULL, 'f' },
		{ "lang", required_argument, NULL, 'l' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	int option;

	*w = (struct words){ .lang = options_lang(NULL) };
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'n')
			w->name = optarg;
		else if (option == 'f')
			w->fingerprint = optarg;
		else if (option == 'l')
			w->lang = options_lang(optarg);
		else if (option == 'h')
			fputs(LANG_PICK(w->lang, help_zh, help_en), stdout);
		if (option == 'h' || option == '?')
			exit(option == 'h' ? EX_OK : EX_USAGE);
	}
	return optind;
}

int
cli_trust(int argc, char **argv)
{
	struct words w;
	const int at = parse(&w, argc, argv);
	const char *const verb = at < argc ? argv[at] : "";

	if (strcmp(verb, "add") == 0 && at + 2 == argc)
		return add(&w, argv[at + 1]);
	if (strcmp(verb, "list") == 0 && at + 1 == argc)
		return list(&w);
	if (strcmp(verb, "remove") == 0 && at + 2 == argc)
		return forget(&w, argv[at + 1]);
	options_usage("trust add F --name NAME, trust list, or trust remove NAME");
}
