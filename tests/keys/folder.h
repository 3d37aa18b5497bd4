/* A folder for one test's files, removed with them. */
#ifndef TESTS_KEYS_FOLDER_H
#define TESTS_KEYS_FOLDER_H

#include "core/buf.h"
#include "tests/test.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
	char path[128];
	char at[256]; /* the last name asked for */
};

static inline void
folder_new(struct folder *f)
{
	const char *tmp = getenv("TMPDIR");
	snprintf(f->path, sizeof f->path, "%s/qualcert-keys-XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(f->path));
}

static inline int
folder_remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline void
folder_remove(struct folder *f)
{
	assert_int_equal(nftw(f->path, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* Good until the next call. */
static inline const char *
folder_at(struct folder *f, const char *name)
{
	snprintf(f->at, sizeof f->at, "%s/%s", f->path, name);
	return f->at;
}

static inline void
folder_write(struct folder *f, const char *name, const char *text, mode_t mode)
{
	FILE *out = fopen(folder_at(f, name), "w");
	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(f->at, mode), 0);
}

#endif
