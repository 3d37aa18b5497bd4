#include "registry/audit_step.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define NAME_BYTES 80 /* no certificate's is longer; of a longer one the beginning will do */

struct name {
	char text[NAME_BYTES];
	bool accounted_for;
};

struct audit_names {
	struct name *list; /* sorted */
	size_t n, room;
};

static int
by_text(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	return strcmp(x->text, y->text);
}

/* The folder itself, the one above, and what is being made in it. */
static bool
is_ours(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".making") == 0;
}

static bool
add(struct audit_names *names, const char *text, struct err *err)
{
	if (names->n == names->room) {
		size_t room = 2 * names->room + 64;
		struct name *more = realloc(names->list, room * sizeof *more);
		if (more == NULL)
			return err_set(err, ERR_MEMORY, "out of memory");
		names->list = more;
		names->room = room;
	}
	struct name *name = &names->list[names->n++];
	*name = (struct name){ 0 };
	/* Longer ones are none of ours, and stay so when they are cut off. */
	memcpy(name->text, text, strnlen(text, sizeof name->text - 1));
	return true;
}

bool
audit_names_read(struct audit_names **out, const char *folder, struct err *err)
{
	bool ok = true;

	*out = NULL;
	struct audit_names *names = calloc(1, sizeof *names);
	if (names == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	DIR *dir = opendir(folder);
	if (dir == NULL && errno != ENOENT)
		ok = err_errno(err, "open %s", folder);
	for (struct dirent *e; ok && dir != NULL && (e = readdir(dir)) != NULL;)
		ok = is_ours(e->d_name) || add(names, e->d_name, err);
	if (dir != NULL)
		closedir(dir);
	if (!ok) {
		audit_names_free(names);
		return false;
	}
	if (names->n > 0)
		qsort(names->list, names->n, sizeof *names->list, by_text);
	*out = names;
	return true;
}

void
audit_names_account_for(struct audit_names *names, const char *text)
{
	struct name key = { 0 };

	snprintf(key.text, sizeof key.text, "%s", text);
	struct name *name = names->n > 0
	    ? bsearch(&key, names->list, names->n, sizeof *names->list, by_text)
	    : NULL;
	if (name != NULL)
		name->accounted_for = true;
}

const char *
audit_names_stranger(const struct audit_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (!names->list[i].accounted_for)
			return names->list[i].text;
	return NULL;
}

void
audit_names_free(struct audit_names *names)
{
	if (names == NULL)
		return;
	free(names->list);
	free(names);
}
