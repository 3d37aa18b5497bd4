#include "verifier/cli/whom.h"

#include "verifier/memory.h"
#include "verifier/usual.h"

#include <stdlib.h>
#include <sysexits.h>

struct whom {
	struct believed *believed;
	struct usual_roots roots;
	struct buf folders[USUAL_ROOTS]; /* the public files of each */
	struct buf memory;
};

int
whom_exit_of(const struct err *err)
{
	switch (err->code) {
	case ERR_NOT_FOUND:
		return EX_NOINPUT;
	case ERR_MALFORMED:
	case ERR_CRYPTO:
		return EX_CONFIG;
	case ERR_MEMORY:
		return EX_OSERR;
	default:
		return EX_IOERR;
	}
}

static void
add(struct whom *w, const struct options *o, const char *root, const char *folder)
{
	const struct believed_paths paths = { .root = root,
		.folder = folder,
		.memory = w->memory.len > 0 ? buf_text(&w->memory) : NULL,
		.keep = o->evidence != NULL };
	struct err err = { 0 };

	if (!believed_add(w->believed, &paths, o->question.now_s, &err))
		options_fail(whom_exit_of(&err), "%s", err.text);
}

static void
add_usual(struct whom *w, const struct options *o)
{
	struct err err = { 0 };

	if (!usual_read_roots(&w->roots, &err))
		options_fail(whom_exit_of(&err), "%s", err.text);
	if (w->roots.n == 0)
		options_usage("say whom to believe: qualverify trust add root.cose --name NAME, "
			      "once; or --bureau DIR, "
			      "or --root FILE and --public DIR, each time");
	for (size_t i = 0; i < w->roots.n; i++) {
		usual_files_to_read(&w->folders[i], w->roots.root[i].fingerprint);
		add(w, o, buf_text(&w->roots.root[i].path),
		    w->folders[i].len > 0 ? buf_text(&w->folders[i]) : NULL);
	}
}

struct whom *
whom_open(const struct options *o)
{
	struct whom *w = calloc(1, sizeof *w);
	struct err err = { 0 };

	if (w == NULL || !believed_new(&w->believed, &err))
		options_fail(EX_OSERR, "out of memory");
	memory_usual_folder(&w->memory);
	if (o->root != NULL)
		add(w, o, o->root, o->public_folder);
	else
		add_usual(w, o);
	return w;
}

void
whom_free(struct whom *w)
{
	believed_free(w->believed);
	for (size_t i = 0; i < w->roots.n; i++)
		buf_free(&w->folders[i]);
	usual_free_roots(&w->roots);
	buf_free(&w->memory);
	free(w);
}

const struct believed *
whom_believed(const struct whom *w)
{
	return w->believed;
}
