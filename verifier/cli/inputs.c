#include "verifier/cli/inputs.h"

#include "core/file.h"
#include "core/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_BYTES 16
#define FOLDERS_DEEP 16 /* below the one handed in; each holds a descriptor while it is read */

static bool
add(struct inputs *in, char *name, enum trouble trouble, struct err *err)
{
	struct input *more = NULL;

	/* doubled whenever it is full */
	if (name == NULL || (in->n & (in->n - 1)) != 0)
		more = in->items;
	else
		more = reallocarray(in->items, in->n > 0 ? 2 * in->n : 1, sizeof *more);
	if (name == NULL || more == NULL) {
		free(name);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	in->items = more;
	in->items[in->n++] = (struct input){ name, trouble };
	return true;
}

/* ---- folders ---- */

static bool
looks_like_certificate(const char *name)
{
	static const char *const endings[] = { ".pdf", ".cose", ".png", ".jpg", ".jpeg", ".txt" };
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && i < sizeof endings / sizeof endings[0]; i++) {
		if (strcasecmp(dot, endings[i]) == 0)
			return true;
	}
	return false;
}

static char *
joined(const char *folder, const char *name)
{
	struct buf path = BUF_EMPTY;
	const size_t len = strlen(folder);
	char *text = NULL;

	buf_printf(&path, "%s%s%s", folder, len > 0 && folder[len - 1] == '/' ? "" : "/", name);
	if (buf_text(&path) != NULL)
		text = strdup(buf_text(&path));
	buf_free(&path);
	return text;
}

static mode_t
kind_of(int folder, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_type != DT_UNKNOWN)
		return (mode_t)DTTOIF(entry->d_type);
	return fstatat(folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_mode & S_IFMT
									     : 0;
}

static bool walk(struct inputs *in, int fd, const char *path, unsigned depth, struct err *err);

static bool
enter(struct inputs *in, int parent, const char *name, char *path, unsigned depth, struct err *err)
{
	enum trouble trouble = TROUBLE_TOO_DEEP;

	if (depth < FOLDERS_DEEP) {
		const int fd =
		    openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0) {
			const bool ok = walk(in, fd, path, depth + 1, err);
			free(path);
			return ok;
		}
		trouble = TROUBLE_FOLDER;
	}
	return add(in, path, trouble, err);
}

static bool
take_entry(struct inputs *in, int folder, const char *path, const struct dirent *entry,
    unsigned depth, struct err *err)
{
	const char *name = entry->d_name;
	const mode_t kind = kind_of(folder, entry);

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	    (kind != S_IFDIR && !looks_like_certificate(name)))
		return true;
	if (in->n >= LIMIT_BATCH)
		return err_set(err, ERR_LIMIT,
		    "more than %d files in folders: hand in their sub-folders one after another",
		    LIMIT_BATCH);
	char *full = joined(path, name);
	if (full == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (kind == S_IFDIR)
		return enter(in, folder, name, full, depth, err);
	return add(in, full, kind == S_IFLNK ? TROUBLE_LINK : TROUBLE_NONE, err);
}

/* Closes fd. */
static bool
walk(struct inputs *in, int fd, const char *path, unsigned depth, struct err *err)
{
	DIR *folder = fdopendir(fd);
	const struct dirent *entry;
	bool ok = true;

	if (folder == NULL) {
		close(fd);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	/* a folder that can be read no further has files that nobody would miss */
	while (ok && (errno = 0, entry = readdir(folder)) != NULL)
		ok = take_entry(in, dirfd(folder), path, entry, depth, err);
	if (ok && errno != 0)
		ok = err_errno(err, "read this folder");
	closedir(folder);
	return ok;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct input *)a)->name, ((const struct input *)b)->name);
}

static bool
add_folder(struct inputs *in, const char *path, int fd, struct err *err)
{
	const size_t before = in->n;

	in->folders = true;
	if (!walk(in, fd, path, 0, err))
		return err_in(err, "%s", path);
	if (in->n == before)
		return add(in, strdup(path), TROUBLE_EMPTY_FOLDER, err);
	qsort(in->items + before, in->n - before, sizeof *in->items, by_name);
	return true;
}

/* ---- the words of the command line ---- */

static bool
is_no_file(const char *word)
{
	return strcmp(word, "-") == 0 || strncmp(word, "https://", 8) == 0;
}

bool
inputs_add(struct inputs *in, const char *word, struct err *err)
{
	struct stat st;

	if (is_no_file(word) || stat(word, &st) != 0 || !S_ISDIR(st.st_mode))
		return add(in, strdup(word), TROUBLE_NONE, err);
	const int fd = open(word, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		return add_folder(in, word, fd, err);
	in->folders = true;
	return add(in, strdup(word), TROUBLE_FOLDER, err);
}

void
inputs_free(struct inputs *in)
{
	for (size_t i = 0; i < in->n; i++)
		free(in->items[i].name);
	free(in->items);
	*in = (struct inputs){ 0 };
}

/* The first bytes, or all of it. */
static void
read_head(struct buf *out, int fd)
{
	uint8_t head[HEAD_BYTES];
	size_t n = 0;
	ssize_t got;

	while (n < sizeof head &&
	    ((got = read(fd, head + n, sizeof head - n)) > 0 || (got < 0 && errno == EINTR)))
		n += got > 0 ? (size_t)got : 0;
	buf_add(out, head, n);
}

static bool
read_file(struct buf *out, const char *path, struct err *err)
{
	if (file_read(out, path, LIMIT_PDF_BYTES, err))
		return true;
	const int fd = err->code == ERR_LIMIT ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	if (fd >= 0) {
		read_head(out, fd);
		close(fd);
	}
	return false;
}

bool
inputs_read(struct buf *out, const struct input *input, struct err *err)
{
	if (strcmp(input->name, "-") == 0) {
		read_head(out, STDIN_FILENO);
		return file_read_fd(out, STDIN_FILENO, LIMIT_PDF_BYTES - HEAD_BYTES, err);
	}
	if (is_no_file(input->name)) {
		buf_add_text(out, input->name);
		return buf_ok(out, err);
	}
	return read_file(out, input->name, err);
}

void
inputs_explain(struct buf *out, const struct input *input, const struct err *err, enum lang lang)
{
	static const char *const zh[] = { "",
		"文件夹中没有证书：没有以 .pdf .cose .png .jpg .jpeg .txt 结尾的文件",
		"无法读取这个文件夹", "文件夹嵌套过深：请单独提交",
		"不跟随符号链接：请直接指明文件" };
	static const char *const en[] = { "",
		"no certificate in this folder: no file ends in .pdf .cose .png .jpg .jpeg .txt",
		"this folder cannot be read",
		"folders too deep in folders: hand this one in by itself",
		"a symbolic link in a folder is not followed: name the file itself" };

	if (input->trouble != TROUBLE_NONE)
		buf_add_text(out, LANG_PICK(lang, zh, en)[input->trouble]);
	else if (err->code == ERR_NOT_FOUND)
		buf_add_text(out, LANG_PICK(lang, "没有这个文件", "there is no such file"));
	else
		buf_printf(
		    out, LANG_PICK(lang, "无法读取：%s", "it cannot be read: %s"), err->text);
}
