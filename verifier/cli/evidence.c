#include "verifier/cli/evidence.h"

#include "core/encode.h"
#include "core/file.h"
#include "core/text.h"
#include "verifier/answer_json.h"
#include "verifier/cli/inputs.h"
#include "verifier/cli/options.h"
#include "verifier/cli/report.h"
#include "verifier/cli/whom.h"
#include "verifier/evidence_page.h"
#include "verifier/evidence_words.h"
#include "verifier/handed.h"
#include "verifier/screen.h"
#include "verifier/usual.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM "qualverify " QUALCERT_VERSION
#define INDENT 14 /* as lines that go on, in verifier/screen.c */

static const char help_en[] =
    "qualverify evidence: does evidence still give the answers it records?\n"
    "\n"
    "  qualverify evidence F [--page OUT.html] [FILE...]\n"
    "\n"
    "F was made with --evidence F. FILE is one of the files checked then, or a folder of\n"
    "them: the seal of a PDF can only be checked again with it. Every answer is worked\n"
    "out anew from the bytes in F, at the time of then, under a root set that you\n"
    "believe: one added with trust add, or\n"
    "\n"
    "  --root FILE         this root set\n"
    "  --bureau DIR        DIR/root.cose\n"
    "  --fingerprint HEX   the one of this fingerprint, which the bureau publishes\n"
    "\n"
    "  --page FILE         also write a page to print\n"
    "  --json              one JSON object an answer\n"
    "  --lang zh|en        language of the text\n"
    "  -q, --quiet         the exit code alone\n"
    "\n"
    "Exit: 0 the same answers, whatever they are; 1 any other answer, or a FILE that was\n"
    "not checked; 2 one that only a file not handed in could show; 64 and above: F cannot\n"
    "be used.\n";

static const char help_zh[] =
    "qualverify evidence：证据包是否仍得出所记录的答复\n"
    "\n"
    "  qualverify evidence 证据包 [--page 输出.html] [文件...]\n"
    "\n"
    "证据包由 --evidence 写成。文件是当时核验过的文件，或装有它们的文件夹：PDF 的签章\n"
    "只有附上原件才能重验。每个答复都按核验当时的时间，由证据包中的字节重新得出，\n"
    "所依据的根密钥集须为您所信任：由 trust add 加入，或者\n"
    "\n"
    "  --root 文件         此根密钥集\n"
    "  --bureau 文件夹     文件夹/root.cose\n"
    "  --fingerprint 指纹  发证机关公布的此指纹所指的\n"
    "\n"
    "  --page 文件         另写一页供打印\n"
    "  --json              每个答复一个 JSON 对象\n"
    "  --lang zh|en        文字的语言\n"
    "  -q, --quiet         只给退出码\n"
    "\n"
    "退出码：0 答复一致，无论答复为何；1 有答复不一致，或有文件当时未核验过；\n"
    "2 有的须附上原件；64 及以上：证据包无法使用。\n";

/* Each of them may be given for every bureau in the evidence. */
struct words {
	const char *root[EVIDENCE_BUREAUS], *fingerprint[EVIDENCE_BUREAUS];
	struct buf root_path[EVIDENCE_BUREAUS]; /* when made from --bureau */
	size_t n_roots, n_fingerprints;
	const char *page, *file;
	char **handed;
	size_t n_handed;
	bool json, quiet, colour;
	enum lang lang;
};

/* What is worked out again. */
struct again {
	const struct words *w;
	struct evidence *e;
	struct believed *believed;
	struct inputs files;         /* handed in */
	const struct input **handed; /* of each input: one of them, or NULL */
	size_t n, strangers;
	size_t outcomes[4]; /* by enum evidence_outcome */
	struct evidence_page page;
};

/* ---- whom to believe ---- */

static void
fail_of(const struct err *err)
{
	options_fail(whom_exit_of(err), "%s", err->text);
}

static bool
root_is(const char *path, const uint8_t fingerprint[SHA256_BYTES])
{
	struct buf file = BUF_EMPTY;
	uint8_t have[SHA256_BYTES];
	struct err err = { 0 };

	if (!file_read(&file, path, LIMIT_BUNDLE_BYTES, &err) ||
	    (!root_set_fingerprint(have, buf_span(&file), &err) && !err_in(&err, "%s", path)))
		fail_of(&err);
	buf_free(&file);
	return memcmp(have, fingerprint, SHA256_BYTES) == 0;
}

static bool
is_usual(const uint8_t fingerprint[SHA256_BYTES])
{
	struct usual_roots roots;
	struct err err = { 0 };
	bool found = false;

	if (!usual_read_roots(&roots, &err))
		fail_of(&err);
	for (size_t i = 0; i < roots.n; i++)
		found |= memcmp(roots.root[i].fingerprint, fingerprint, SHA256_BYTES) == 0;
	usual_free_roots(&roots);
	return found;
}

static bool
is_believed(const struct words *w, const uint8_t fingerprint[SHA256_BYTES])
{
	bool found = false;

	for (size_t i = 0; i < w->n_roots; i++)
		found |= root_is(w->root[i], fingerprint);
	for (size_t i = 0; i < w->n_fingerprints; i++)
		found |= usual_fingerprint_is(w->fingerprint[i], fingerprint);
	return found || (w->n_roots + w->n_fingerprints == 0 && is_usual(fingerprint));
}

/* The root sets in the evidence are shown, never taken from it. */
static void
require_believed(const struct words *w, const struct evidence *e)
{
	size_t strangers = 0;

	for (size_t i = 0; i < e->n_bureaus; i++) {
		struct buf shown = BUF_EMPTY;
		if (is_believed(w, e->bureaus[i].fingerprint))
			continue;
		usual_fingerprint(&shown, e->bureaus[i].fingerprint);
		fprintf(stderr,
		    LANG_PICK(w->lang,
			"qualverify: 证据包依据的根密钥集，此处并不信任，其指纹为\n  %s\n",
			"qualverify: the evidence rests on a root set that is not believed here, "
			"of "
			"the fingerprint\n  %s\n"),
		    buf_text(&shown));
		buf_free(&shown);
		strangers++;
	}
	if (strangers > 0)
		options_fail(EX_CONFIG, "%s",
		    LANG_PICK(w->lang,
			"请另行从发证机关的公告、纸质文件或电话取得指纹；若相符，请加 "
			"--fingerprint "
			"后再试",
			"get the bureau's fingerprint by another way: paper, gazette, telephone. "
			"If "
			"it is that one, say so: --fingerprint HEX"));
}

/* ---- what is handed in ---- */

static void
read_handed(struct buf *out, const struct input *input, enum lang lang)
{
	struct buf why = BUF_EMPTY;
	struct err err = { 0 };

	if (input->trouble == TROUBLE_NONE && inputs_read(out, input, &err))
		return;
	inputs_explain(&why, input, &err, lang);
	options_fail(
	    err.code == ERR_NOT_FOUND || input->trouble != TROUBLE_NONE ? EX_NOINPUT : EX_IOERR,
	    "%s: %s", input->name, buf_text(&why));
}

/* Which inputs is it? Its SHA-256 says so, not its name. */
static void
find_handed(struct again *g, const struct input *input)
{
	struct buf bytes = BUF_EMPTY;
	uint8_t hash[SHA256_BYTES];
	bool found = false;

	read_handed(&bytes, input, g->w->lang);
	sha256(hash, buf_span(&bytes));
	buf_free(&bytes);
	for (size_t i = 0; (i = evidence_find(g->e, i, hash)) < g->e->n_records; i++) {
		g->handed[i] = input;
		found = true;
	}
	if (found)
		return;
	g->strangers++;
	report_remark(input->name,
	    LANG_PICK(g->w->lang, "不是当时核验过的文件", "none of the files that were checked"));
}

/* ---- what is told ---- */

static void
print_json(const struct evidence_input *in, const struct evidence_judged *j)
{
	char hex[2 * SHA256_BYTES + 1];
	const bool answered = j->answer.verdict != VERDICT_UNDECIDED;

	hex_encode(hex, span_of(in->sha256, SHA256_BYTES));
	json_t *json = json_pack("{s:s, s:s, s:s, s:{s:s, s:s?}, s:s?, s:o}", "input", in->name,
	    "input_sha256", hex, "outcome", evidence_outcome_word(j->outcome), "recorded",
	    "verdict", j->verdict, "reason", j->reason, "difference",
	    j->where[0] != '\0' ? j->where : NULL, "answer",
	    answered ? answer_json(&j->answer, in->name) : json_null());
	char *dump = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
	if (dump == NULL)
		options_fail(EX_OSERR, "out of memory");
	puts(dump);
	free(dump);
	json_decref(json);
}

/* Lines of it, which is used up, under the words of a line of many. */
static void
print_wrapped(struct buf *out, struct buf *text)
{
	if (text->len > 0) {
		buf_printf(out, "%*s", INDENT, "");
		screen_wrapped(out, buf_span(text), INDENT, INDENT);
		buf_add_byte(out, '\n');
	}
	buf_free(text);
}

/* One of many: its line, and beneath it what came of it. */
static void
print_line(const struct again *g, const struct evidence_input *in, const struct evidence_judged *j)
{
	const enum lang lang = g->w->lang;
	const char *outcome = evidence_outcome_words(j->outcome, lang);
	struct buf text = BUF_EMPTY, why = BUF_EMPTY;

	if (j->outcome == EVIDENCE_DIFFERS || j->outcome == EVIDENCE_NEEDS_FILE)
		evidence_explain(&why, j, lang);
	if (j->answer.verdict == VERDICT_UNDECIDED) {
		screen_line_without(&text, outcome, in->name, buf_text(&why));
	} else {
		screen_line(&text, &j->answer, &(struct screen_item){ .input = in->name }, lang,
		    g->w->colour);
		buf_printf(&text, "%*s%s\n", INDENT, "", outcome);
		print_wrapped(&text, &why);
	}
	fputs(buf_text(&text), stdout);
	buf_free(&text);
	buf_free(&why);
}

static void
print_whole(const struct again *g, const struct evidence_input *in, const struct evidence_judged *j)
{
	const enum lang lang = g->w->lang;
	struct buf text = BUF_EMPTY, told = BUF_EMPTY;

	buf_printf(&text, "%s: ", evidence_outcome_words(j->outcome, lang));
	text_escape(&text, span_text(in->name));
	buf_add_byte(&text, '\n');
	evidence_explain(&told, j, lang);
	print_wrapped(&text, &told);
	buf_add_text(&told, LANG_PICK(lang, "所问：", "Asked: "));
	evidence_asked(&told, &j->question, lang);
	print_wrapped(&text, &told);
	buf_add_byte(&text, '\n');
	if (j->answer.verdict != VERDICT_UNDECIDED) {
		screen_answer(&text, &j->answer, lang, g->w->colour);
		buf_add_byte(&text, '\n');
	}
	fputs(buf_text(&text), stdout);
	buf_free(&text);
	buf_free(&told);
}

static void
print_end(const struct again *g)
{
	const enum lang lang = g->w->lang;
	char hex[2 * SHA256_BYTES + 1];
	struct buf text = BUF_EMPTY;

	hex_encode(hex, span_of(g->e->sha256, SHA256_BYTES));
	for (int i = EVIDENCE_NEEDS_FILE; i >= 0; i--)
		if (g->n > 1 && g->outcomes[i] > 0)
			buf_printf(&text, "%zu %s\n", g->outcomes[i],
			    evidence_outcome_words((enum evidence_outcome)i, lang));
	buf_add_text(&text, LANG_PICK(lang, "核验于 ", "Checked at "));
	evidence_time(&text, g->e->now_s);
	buf_printf(&text,
	    LANG_PICK(lang,
		"，系核验所用计算机的时钟，证据包没有任何人的签名。\n证据包 SHA-256：\n  %s\n",
		", by the clock of the computer that checked;\nnobody signed the evidence.\n"
		"SHA-256 of the evidence:\n  %s\n"),
	    hex);
	fputs(buf_text(&text), stdout);
	buf_free(&text);
}

/* ---- the whole ---- */

static void
judge_one(struct again *g, const struct evidence_input *in, size_t j,
    const struct evidence_handed *handed, bool many)
{
	struct evidence_judged judged;
	struct err err = { 0 };

	if (!evidence_judge(&judged, g->e, g->believed, in, j, handed, &err))
		options_fail(err.code == ERR_MEMORY ? EX_OSERR : EX_DATAERR, "%s", err.text);
	g->n++;
	g->outcomes[judged.outcome]++;
	if (g->w->page != NULL)
		evidence_page_add(&g->page, in, &judged);
	if (g->w->json && !g->w->quiet)
		print_json(in, &judged);
	else if (!g->w->quiet && many)
		print_line(g, in, &judged);
	else if (!g->w->quiet)
		print_whole(g, in, &judged);
}

static void
judge_input(struct again *g, size_t i)
{
	struct evidence_input in;
	struct buf file = BUF_EMPTY;
	struct handed taken = { 0 };
	struct evidence_handed handed = { 0 };
	struct err err = { 0 };

	if (!evidence_input_read(&in, g->e, i, &err))
		fail_of(&err);
	if (g->handed[i] != NULL) {
		read_handed(&file, g->handed[i], g->w->lang);
		handed.file = buf_span(&file);
		/* what the file is says it itself: no evidence can have a sealed PDF taken for a picture */
		if (!handed_take(&taken, handed.file, false, in.is_picture, &err))
			options_fail(EX_UNAVAILABLE, "%s: %s", g->handed[i]->name, err.text);
	}
	if (taken.is_picture)
		handed.picture = &taken.picture;
	for (size_t j = 0; j < in.n_answers; j++)
		judge_one(g, &in, j, &handed, g->e->n_records > 1 || in.n_answers > 1);
	handed_free(&taken);
	buf_free(&file);
	evidence_input_free(&in);
}

static void
write_page(struct again *g)
{
	struct buf page = BUF_EMPTY;
	struct err err = { 0 };

	if (!evidence_page_end(&page, &g->page, time(NULL), PROGRAM, &err) ||
	    !file_write_new(g->w->page, buf_span(&page), 0600, &err))
		options_fail(EX_CANTCREAT, "--page: %s", err.text);
	buf_free(&page);
}

static int
judge_all(struct again *g)
{
	struct err err = { 0 };

	if (g->w->page != NULL && file_exists(g->w->page))
		options_fail(EX_CANTCREAT, "--page: %s exists already", g->w->page);
	if (!evidence_open(&g->e, g->w->file, &err))
		options_fail(
		    err.code == ERR_MALFORMED ? EX_DATAERR : whom_exit_of(&err), "%s", err.text);
	require_believed(g->w, g->e);
	g->handed = calloc(g->e->n_records + 1, sizeof *g->handed);
	if (g->handed == NULL || !believed_new(&g->believed, &err) ||
	    !evidence_believe(g->believed, g->e, &err))
		options_fail(EX_OSERR, "%s", err.text[0] != '\0' ? err.text : "out of memory");
	for (size_t i = 0; i < g->w->n_handed; i++)
		if (!inputs_add(&g->files, g->w->handed[i], &err))
			options_fail(
			    err.code == ERR_MEMORY ? EX_OSERR : EX_DATAERR, "%s", err.text);
	for (size_t i = 0; i < g->files.n; i++)
		find_handed(g, &g->files.items[i]);
	g->page = (struct evidence_page){ .lang = g->w->lang, .e = g->e };
	for (size_t i = 0; i < g->e->n_records; i++)
		judge_input(g, i);
	if (!g->w->json && !g->w->quiet)
		print_end(g);
	if (g->w->page != NULL)
		write_page(g);
	if (g->outcomes[EVIDENCE_DIFFERS] > 0 || g->strangers > 0)
		return 1;
	return g->outcomes[EVIDENCE_NEEDS_FILE] > 0 ? 2 : 0;
}

static void
set_root(struct words *w, const char *file, const char *bureau)
{
	if (w->n_roots == EVIDENCE_BUREAUS)
		options_usage("no more than %d root sets", EVIDENCE_BUREAUS);
	struct buf *path = &w->root_path[w->n_roots];
	if (bureau != NULL)
		buf_printf(path, "%s/root.cose", bureau);
	w->root[w->n_roots++] = bureau != NULL ? buf_text(path) : file;
}

static void
set_word(struct words *w, int option)
{
	if (option == 'r')
		set_root(w, optarg, NULL);
	else if (option == 'b')
		set_root(w, NULL, optarg);
	else if (option == 'f' && w->n_fingerprints < EVIDENCE_BUREAUS)
		w->fingerprint[w->n_fingerprints++] = optarg;
	else if (option == 'p')
		w->page = optarg;
	else if (option == 'j')
		w->json = true;
	else if (option == 'q')
		w->quiet = true;
	else if (option == 'l')
		w->lang = options_lang(optarg);
	else if (option == 'h')
		fputs(LANG_PICK(w->lang, help_zh, help_en), stdout);
	if (option == 'h' || option == '?')
		exit(option == 'h' ? EX_OK : EX_USAGE);
}

int
cli_evidence(int argc, char **argv)
{
	static const struct option options[] = { { "root", required_argument, NULL, 'r' },
		{ "bureau", required_argument, NULL, 'b' },
		{ "fingerprint", required_argument, NULL, 'f' },
		{ "page", required_argument, NULL, 'p' }, { "json", no_argument, NULL, 'j' },
		{ "quiet", no_argument, NULL, 'q' }, { "lang", required_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	struct words w = { .lang = options_lang(NULL),
		.colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL };
	int option;

	while ((option = getopt_long(argc, argv, "q", options, NULL)) != -1)
		set_word(&w, option);
	if (optind == argc)
		options_usage("evidence F [FILE...]");
	w.file = argv[optind];
	w.handed = argv + optind + 1;
	w.n_handed = (size_t)(argc - optind - 1);
	struct again g = { .w = &w };
	const int code = judge_all(&g);
	believed_free(g.believed);
	evidence_free(g.e);
	inputs_free(&g.files);
	free(g.handed);
	for (size_t i = 0; i < w.n_roots; i++)
		buf_free(&w.root_path[i]);
	return code;
}
