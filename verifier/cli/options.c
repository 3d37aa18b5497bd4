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

static const char help_en[] =
    "qualverify: is a certificate genuine, and in force on the day that matters?\n"
    "\n"
    "  qualverify [--bureau DIR | --root root.cose --public DIR] INPUT...\n"
    "  qualverify trust add root.cose --name NAME  believe a bureau (see trust --help)\n"
    "  qualverify update URL|DIR                   fetch its news (see update --help)\n"
    "  qualverify evidence FILE                    check evidence again (evidence --help)\n"
    "\n"
    "INPUT is a certificate PDF, a photograph or scan of its code (PNG, JPEG), the text\n"
    "of the code (https://.../q/1/...), a .cose file, a folder of such files, or - for\n"
    "standard input. Many give a line each, those to look at first, and a summary. No\n"
    "network is used. Without --bureau and --root every bureau added with trust add is\n"
    "asked, by what was last fetched of it.\n"
    "\n"
    "  --bureau DIR      same as --root DIR/root.cose --public DIR/public\n"
    "  --root FILE       the bureau's root set\n"
    "  --public DIR      a copy of what the bureau publishes\n"
    "  --at DATE|TIME    in force then? 2026-11-20 or 2026-11-20T14:00[:00][+08:00];\n"
    "                    may be repeated\n"
    "  --known TIME      as it was known then\n"
    "  --holder CODE     must belong to this unified social credit code\n"
    "  --grade A|B       must be of this grade or better\n"
    "  --scope WORD      must cover this kind of work, such as software\n"
    "  --for new|existing  may take new work (the default), or finish existing work\n"
    "  --scan            a PDF that nobody sealed may be a scanned paper: read its code\n"
    "  --evidence FILE   keep what was answered and all it rests on (see evidence --help)\n"
    "  --bidders F.csv   who is expected in which file: columns file,holder and, where\n"
    "                    wanted, grade,scope,at; a file is named by its path or the end\n"
    "                    of it (lot-2/01.pdf)\n"
    "  --json            one JSON object a line\n"
    "  --csv             a table for a spreadsheet, one line an answer\n"
    "  --lang zh|en      language of the text\n"
    "  -q, --quiet       the exit code alone\n"
    "\n"
    "Exit: 0 all VALID, 1 any NOT VALID, 2 any CANNOT TELL, 64 and above: an input could\n"
    "not be used.\n"
    "\n"
    "Examples\n"
    "  qualverify --bureau demo-bureau demo-bureau/issued/*.pdf\n"
    "  qualverify --bureau demo-bureau --at 2026-12-01 --grade A --scope software bid.pdf\n"
    "  qualverify --bureau demo-bureau photo.jpg\n"
    "  qualverify --bureau demo-bureau --scan scanned-bid.pdf\n"
    "  qualverify --at 2026-12-01T14:00 --bidders bidders.csv --csv bids/ > report.csv\n";

static const char help_zh[] =
    "qualverify：资质证书是否真实，在所问之日是否有效\n"
    "\n"
    "  qualverify [--bureau 文件夹 | --root root.cose --public 文件夹] 待核验件...\n"
    "  qualverify trust add root.cose --name 名称    信任一个发证机关（见 trust --help）\n"
    "  qualverify update 网址|文件夹                 取得其最新数据（见 update --help）\n"
    "  qualverify evidence 证据包                    重验证据包（见 evidence --help）\n"
    "\n"
    "待核验件可以是证书 PDF、二维码的照片或扫描图（PNG、JPEG）、二维码文字\n"
    "（https://.../q/1/...）、.cose 文件、装有上述文件的文件夹，或 -（标准输入）。\n"
    "多件时每件一行，须留意的在前，末尾有汇总。核验时不联网。不给 --bureau 和\n"
    "--root 时，按 trust add 信任的各发证机关最近取得的数据核验。\n"
    "\n"
    "  --bureau 文件夹   即 --root 文件夹/root.cose --public 文件夹/public\n"
    "  --root 文件       发证机关的根密钥集\n"
    "  --public 文件夹   发证机关所公布数据的副本\n"
    "  --at 日期|时间    当时是否有效：2026-11-20 或 2026-11-20T14:00[:00][+08:00]，\n"
    "                    可给多次\n"
    "  --known 时间      以当时所知为准\n"
    "  --holder 代码     持证单位须为此统一社会信用代码\n"
    "  --grade A|B       等级不低于：A 甲级，B 乙级\n"
    "  --scope 词        须包含此业务种类，例如 software（软件开发）\n"
    "  --for new|existing  能否承接新项目（默认），或完成已签项目\n"
    "  --scan            无人签章的 PDF 可能是纸质证书的扫描件：读取其二维码\n"
    "  --evidence 文件   留存答复及其全部依据（见 evidence --help）\n"
    "  --bidders F.csv   各文件应属于哪个投标人：列“文件”“统一社会信用代码”，以及需要\n"
    "                    时的“等级”“业务种类”“时点”；文件写路径或其末段\n"
    "                    （lot-2/01.pdf）。须存为 CSV UTF-8\n"
    "  --json            每行一个 JSON 对象\n"
    "  --csv             供电子表格打开的表，每个答复一行\n"
    "  --lang zh|en      文字的语言\n"
    "  -q, --quiet       只给退出码\n"
    "\n"
    "退出码：0 全部核验通过；1 有核验不通过；2 有无法判定；64 及以上：有待核验件无法\n"
    "使用。\n"
    "\n"
    "示例\n"
    "  qualverify --bureau demo-bureau demo-bureau/issued/*.pdf\n"
    "  qualverify --bureau demo-bureau --at 2026-12-01 --grade A --scope software bid.pdf\n"
    "  qualverify --bureau demo-bureau photo.jpg\n"
    "  qualverify --bureau demo-bureau --scan scanned-bid.pdf\n"
    "  qualverify --at 2026-12-01T14:00 --bidders bidders.csv --csv bids/ > report.csv\n";

/* A path, or a word of what was handed in, may be in it: nothing there steers a terminal. */
__attribute__((format(printf, 1, 0))) static void
say(const char *fmt, va_list ap, const char *end)
{
	struct buf shown = BUF_EMPTY;
	char *text = NULL;

	if (vasprintf(&text, fmt, ap) >= 0)
		text_escape(&shown, span_text(text));
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
		fputs(LANG_PICK(o->lang, help_zh, help_en), stdout);
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
