#include "verifier/cli/update.h"

#include "core/file.h"
#include "core/limits.h"
#include "verifier/cli/options.h"
#include "verifier/cli/whom.h"
#include "verifier/helper.h"
#include "verifier/update_words.h"
#include "verifier/usual.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

static const char help_en[] =
    "qualverify update: fetch what a bureau has published since\n"
    "\n"
    "  qualverify update [--name NAME] [--ca-file F] https://HOST[:PORT][/PREFIX]\n"
    "  qualverify update [--name NAME] DIR\n"
    "\n"
    "DIR is a copy of what the bureau publishes, on a stick for instance. Everything is\n"
    "checked under the root set that was added with trust add, and by what was seen\n"
    "before, and only then kept. Nothing older replaces what is newer.\n"
    "\n"
    "  --name NAME       of the bureau, as given to trust add; else whose bundle it is\n"
    "  --ca-file F       the site's certificate leads to an authority in this PEM file\n"
    "  --lang zh|en      language of what is told\n"
    "\n"
    "Exit: 0 what is held is as new as what is offered; 65 it was refused; 69 it could\n"
    "not be read.\n";

static const char help_zh[] =
    "qualverify update：取得发证机关此后公布的数据\n"
    "\n"
    "  qualverify update [--name 名称] [--ca-file 文件] https://主机[:端口][/路径]\n"
    "  qualverify update [--name 名称] 文件夹\n"
    "\n"
    "文件夹是发证机关所公布数据的副本，例如在 U 盘上。一切数据先按 trust add 信任的\n"
    "根密钥集和此前见过的数据核验，然后才保存；旧的不会替换新的。\n"
    "\n"
    "  --name 名称       trust add 时的名称；不给则按所提供的信任包辨认\n"
    "  --ca-file 文件    网站证书须由此 PEM 文件中的机构签发\n"
    "  --lang zh|en      文字的语言\n"
    "\n"
    "退出码：0 现有数据不旧于所提供的；65 被拒绝；69 无法读取。\n";

struct words {
	const char *name, *ca_file, *place;
	enum lang lang;
};

/* Where news come from, and for whom. */
struct errand {
	struct words words;
	int64_t now_s;
	bool site;
	struct fetch *fetch;
	struct fetch_shelf fetched;
	struct buf below; /* DIR, or DIR/public */
	struct shelf source;
	struct usual_roots roots;
	const struct usual_root *root;
	struct buf folder, memory_folder;
	struct memory memory;
};

static void
fail_of(const struct err *err)
{
	options_fail(err->code == ERR_BUSY ? EX_TEMPFAIL : whom_exit_of(err), "%s", err->text);
}

static void
parse(struct words *w, int argc, char **argv)
{
	static const struct option options[] = { { "name", required_argument, NULL, 'n' },
		{ "ca-file", required_argument, NULL, 'c' },
		{ "lang", required_argument, NULL, 'l' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	int option;

	*w = (struct words){ .lang = options_lang(NULL) };
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'n')
			w->name = optarg;
		else if (option == 'c')
			w->ca_file = optarg;
		else if (option == 'l')
			w->lang = options_lang(optarg);
		else if (option == 'h')
			fputs(LANG_PICK(w->lang, help_zh, help_en), stdout);
		if (option == 'h' || option == '?')
			exit(option == 'h' ? EX_OK : EX_USAGE);
	}
	if (optind + 1 != argc)
		options_usage("update needs one address or folder");
	w->place = argv[optind];
}

/* ---- the source ---- */

static void
open_site(struct errand *e)
{
	struct buf helper = BUF_EMPTY;
	struct err err = { 0 };

	if (!fetch_url_check(e->words.place, &err))
		options_usage("%s", err.text);
	if (!helper_find(&helper, FETCH_HELPER, &err))
		options_fail(EX_UNAVAILABLE,
		    "%s, the helper that fetches over the network. An update from a stick or "
		    "another copy works "
		    "without it: qualverify update DIR",
		    err.text);
	const struct fetch_place place = { .helper = buf_text(&helper),
		.url = e->words.place,
		.ca_file = e->words.ca_file,
		.silence_s = FETCH_SILENCE_S,
		.wait_s = FETCH_WAIT_S };
	signal(SIGPIPE, SIG_IGN); /* the helper may die */
	if (!fetch_open(&e->fetch, &place, &err))
		fail_of(&err);
	e->fetched.fetch = e->fetch;
	e->source = fetch_shelf(&e->fetched);
	buf_free(&helper);
}

/* The folder itself, or public/ in it, which is what a bureau's own folder has. */
static void
open_copy(struct errand *e)
{
	static const char *const below[] = { "", "/public" };
	struct buf v1 = BUF_EMPTY;

	for (size_t i = 0; i < 2; i++) {
		buf_free(&e->below);
		buf_free(&v1);
		buf_printf(&e->below, "%s%s", e->words.place, below[i]);
		buf_printf(&v1, "%s/v1", buf_text(&e->below));
		if (buf_ok(&v1, NULL) && file_exists(buf_text(&v1))) {
			e->source = shelf_folder(buf_text(&e->below));
			buf_free(&v1);
			return;
		}
	}
	options_fail(EX_NOINPUT,
	    "there is nothing in %s that a bureau publishes: it has no folder v1", e->words.place);
}

static void
open_source(struct errand *e)
{
	const char *place = e->words.place;

	e->site = strstr(place, "://") != NULL;
	if (e->site)
		open_site(e);
	else
		open_copy(e);
}

/* ---- for whom ---- */

/* Of which bureau is the bundle there? Which one is believed says its root set, not this. */
static const struct usual_root *
whose(struct errand *e)
{
	struct cose_sign envelope, root_envelope;
	struct root_set set;
	struct bundle *b = NULL;
	struct buf file = BUF_EMPTY;
	const struct usual_root *root = NULL;
	struct err err = { 0 };
	bool found = false;

	if (shelf_read(&file, &found, &e->source, "v1/trust-bundle", LIMIT_BUNDLE_BYTES, &err) &&
	    found && bundle_parse_file(&envelope, &b, buf_span(&file), &err)) {
		for (size_t i = 0; root == NULL && i < e->roots.n; i++)
			if (root_set_parse_file(
				&root_envelope, &set, buf_span(&e->roots.root[i].file), &err) &&
			    memcmp(set.bureau_id, b->roots.bureau_id, BUREAU_ID_BYTES) == 0)
				root = &e->roots.root[i];
	}
	bundle_free(b);
	buf_free(&file);
	return root;
}

static void
say_site(const struct errand *e)
{
	struct buf text = BUF_EMPTY;

	update_words_site(&text, &e->fetched, e->words.lang);
	if (text.len > 0)
		fprintf(stderr, "qualverify: %s", buf_text(&text));
	buf_free(&text);
}

static void
choose_root(struct errand *e)
{
	struct err err = { 0 };

	if (!usual_read_roots(&e->roots, &err))
		fail_of(&err);
	if (e->roots.n == 0)
		options_usage("nobody is believed yet: qualverify trust add root.cose --name NAME");
	if (e->words.name != NULL) {
		e->root = usual_find(&e->roots, e->words.name);
		if (e->root == NULL)
			options_usage(
			    "nobody is believed as %s: qualverify trust list", e->words.name);
	} else {
		e->root = e->roots.n == 1 ? &e->roots.root[0] : whose(e);
	}
	if (e->root != NULL)
		return;
	if (e->fetched.missed[0] != '\0') {
		say_site(e);
		exit(EX_UNAVAILABLE);
	}
	options_fail(EX_DATAERR, "%s",
	    LANG_PICK(e->words.lang, "来源中没有任何所信任的发证机关的信任包，未作更新",
		"there is no trust bundle of a bureau you believe: nothing was updated"));
}

/* ---- ETags ---- */

static bool
tags_path(struct buf *out, const struct errand *e)
{
	buf_printf(out, "%s/etags", buf_text((struct buf *)&e->folder));
	return buf_ok(out, NULL);
}

/* Without them everything is fetched anew, which is no harm. */
static void
read_tags(struct errand *e)
{
	struct buf path = BUF_EMPTY, text = BUF_EMPTY;

	e->fetched.held = shelf_folder(buf_text(&e->folder));
	if (!tags_path(&path, e) || !file_read(&text, buf_text(&path), LIMIT_BUNDLE_BYTES, NULL) ||
	    !fetch_tags_parse(&e->fetched, buf_span(&text), e->words.place, NULL))
		e->fetched.n = 0;
	buf_free(&path);
	buf_free(&text);
}

static void
write_tags(struct errand *e)
{
	struct buf path = BUF_EMPTY, text = BUF_EMPTY;
	struct err err = { 0 };

	fetch_tags_encode(&text, &e->fetched, e->words.place);
	if (!tags_path(&path, e) || !buf_ok(&text, &err) ||
	    !file_write(buf_text(&path), buf_span(&text), 0644, &err))
		fprintf(stderr, "qualverify: %s\n", err.text);
	buf_free(&path);
	buf_free(&text);
}

/* ---- the errand ---- */

static void
show_progress(void *ctx, size_t done, size_t all)
{
	const struct errand *e = ctx;

	fprintf(stderr,
	    LANG_PICK(e->words.lang, "\r清单文件 %zu / %zu", "\rfiles of lists: %zu of %zu"), done,
	    all);
	if (done == all)
		fputc('\n', stderr);
}

static void
find_places(struct errand *e)
{
	struct err err = { 0 };

	usual_files_to_write(&e->folder, e->root->fingerprint);
	memory_usual_folder(&e->memory_folder);
	if (e->folder.len == 0)
		options_fail(EX_CONFIG, "neither XDG_CACHE_HOME nor HOME says where to keep it");
	if (e->memory_folder.len > 0 &&
	    !memory_load(&e->memory, buf_text(&e->memory_folder), e->root->fingerprint, &err))
		fail_of(&err);
}

static void
save_memory(struct errand *e, const struct memory *before)
{
	struct err err = { 0 };

	if (e->memory_folder.len > 0 &&
	    !memory_save(
		&e->memory, before, buf_text(&e->memory_folder), e->root->fingerprint, &err))
		fprintf(stderr, "qualverify: %s\n", err.text);
}

/* What lies in the folder now, as the next qualverify will see it. */
static void
say_held(struct errand *e)
{
	const struct shelf shelf = shelf_folder(buf_text(&e->folder));
	struct memory memory = e->memory;
	struct published *p = NULL;
	struct buf text = BUF_EMPTY;
	struct err err = { 0 };

	if (!published_open(&p, buf_span(&e->root->file), &shelf, &memory, e->now_s, &err))
		fail_of(&err);
	update_words_held(&text, p, e->now_s, e->words.lang);
	fputs(buf_text(&text), stdout);
	buf_free(&text);
	published_close(p);
}

static int
run(struct errand *e)
{
	const struct memory before = e->memory;
	const struct update u = { .root_file = buf_span(&e->root->file),
		.source = &e->source,
		.folder = buf_text(&e->folder),
		.now_s = e->now_s,
		.progress = isatty(STDERR_FILENO) ? show_progress : NULL,
		.ctx = e };
	struct update_told told;
	struct buf text = BUF_EMPTY;
	struct err err = { 0 };

	if (!update_run(&told, &u, &e->memory, &err))
		fail_of(&err);
	save_memory(e, &before);
	if (e->site)
		write_tags(e);
	update_words(&text, &told, e->words.lang);
	fputs(buf_text(&text), stdout);
	buf_free(&text);
	if (told.unread.code != ERR_NONE && !e->site)
		fprintf(stderr, "qualverify: %s\n", told.unread.text);
	say_site(e);
	say_held(e);
	if (told.unread.code != ERR_NONE)
		return EX_UNAVAILABLE;
	return update_is_current(&told) ? EX_OK : EX_DATAERR;
}

int
cli_update(int argc, char **argv)
{
	struct errand *e = calloc(1, sizeof *e);

	if (e == NULL)
		options_fail(EX_OSERR, "out of memory");
	parse(&e->words, argc, argv);
	e->now_s = time(NULL);
	open_source(e);
	choose_root(e);
	find_places(e);
	if (e->site)
		read_tags(e);
	const int code = run(e);
	fetch_close(e->fetch);
	fetch_shelf_free(&e->fetched);
	usual_free_roots(&e->roots);
	buf_free(&e->below);
	buf_free(&e->folder);
	buf_free(&e->memory_folder);
	free(e);
	return code;
}
