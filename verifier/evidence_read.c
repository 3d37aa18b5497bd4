/* An evidence file read: its form, its sums and its index; nothing of it is believed here. */
#include "core/encode.h"
#include "core/file.h"
#include "core/tar.h"
#include "credential/root_set.h"
#include "verifier/evidence_about.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_BYTES_MAX                                                                             \
	16384 /* of an input: a path, which may hold anything; whoever shows it escapes it */

struct evidence_record {
	uint8_t sha256[SHA256_BYTES];
	struct span bytes, answers;
	bool is_picture;
};

/* One file under way: the member read last, which nobody has taken yet. */
struct reading {
	struct evidence *e;
	struct cursor c;
	struct tar_header header;
	struct span content;
	struct buf manifest; /* the lines of the members before */
	size_t room;         /* for records */
};

static bool
malformed(struct err *err, const char *what)
{
	return err_set(err, ERR_MALFORMED, "%s", what);
}

/* ---- members ---- */

/* From one member to the next. */
static bool
next(struct reading *r, struct err *err)
{
	if (r->header.name[0] != '\0')
		evidence_line(&r->manifest, r->header.name, r->content);
	if (!buf_ok(&r->manifest, err) || !tar_take(&r->header, &r->content, &r->c, err))
		return false;
	return r->e->n_bureaus == 0 || r->header.time_s == r->e->now_s ||
	    malformed(err, "a member is of another time");
}

static bool __attribute__((format(printf, 2, 3)))
is_named(const struct reading *r, const char *fmt, ...)
{
	char name[TAR_NAME_BYTES + 24];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(name, sizeof name, fmt, ap);
	va_end(ap);
	return strcmp(r->header.name, name) == 0;
}

/* What follows this prefix; NULL: it has another. */
static const char *
behind(const struct reading *r, const char *prefix)
{
	const size_t n = strlen(prefix);

	return strncmp(r->header.name, prefix, n) == 0 ? r->header.name + n : NULL;
}

/* ---- inputs ---- */

/* The answers say which file they are about; each of them the same. */
static bool
read_answers(uint8_t sha256[SHA256_BYTES], json_t *root)
{
	const char *name;
	json_t *answers, *one;
	size_t i;

	if (json_unpack(root, "{s:s, s:o!}", "input", &name, "answers", &answers) != 0 ||
	    strlen(name) > NAME_BYTES_MAX || json_array_size(answers) == 0)
		return false;
	json_array_foreach(answers, i, one)
	{
		json_t *asked, *answer;
		const char *verdict, *kind, *hex;
		uint8_t hash[SHA256_BYTES];
		if (json_unpack(one, "{s:o, s:o!}", "asked", &asked, "answer", &answer) != 0 ||
		    json_unpack(answer, "{s:s, s:s, s:s}", "verdict", &verdict, "kind", &kind,
			"input_sha256", &hex) != 0 ||
		    !hex_decode(hash, sizeof hash, span_text(hex), NULL) ||
		    (i > 0 && memcmp(hash, sha256, sizeof hash) != 0))
			return false;
		memcpy(sha256, hash, sizeof hash);
	}
	return true;
}

static struct evidence_record *
another_record(struct reading *r)
{
	struct evidence *e = r->e;

	if (e->n_records == r->room) {
		const size_t room = r->room > 0 ? 2 * r->room : 16;
		struct evidence_record *more = reallocarray(e->records, room, sizeof *more);
		if (more == NULL)
			return NULL;
		e->records = more;
		r->room = room;
	}
	e->records[e->n_records] = (struct evidence_record){ 0 };
	return &e->records[e->n_records];
}

static bool
read_input(struct reading *r, struct err *err)
{
	const size_t number = r->e->n_records + 1;
	struct evidence_record *record = another_record(r);

	if (record == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	record->is_picture = is_named(r, "inputs/%zu.codes", number);
	if (record->is_picture || is_named(r, "inputs/%zu.cose", number) ||
	    is_named(r, "inputs/%zu.txt", number)) {
		record->bytes = r->content;
		if (!next(r, err))
			return false;
	}
	if (!is_named(r, "answers/%zu.json", number))
		return malformed(err, "answers are missing, or not in their place");
	record->answers = r->content;
	json_t *root = r->content.len <= LIMIT_JSON_BYTES
	    ? json_loadb((const char *)r->content.ptr, r->content.len, JSON_REJECT_DUPLICATES, NULL)
	    : NULL;
	const bool ok = read_answers(record->sha256, root);
	json_decref(root);
	if (!ok)
		return err_set(
		    err, ERR_MALFORMED, "answers/%zu.json is nothing this program writes", number);
	r->e->n_records++;
	return next(r, err);
}

static bool
read_inputs(struct reading *r, struct err *err)
{
	bool ok = true;

	while (ok && (behind(r, "inputs/") != NULL || behind(r, "answers/") != NULL))
		ok = read_input(r, err);
	return ok;
}

/* ---- bureaus ---- */

/* A name that leads out of no folder where somebody unpacks it. */
static bool
is_plain(const char *name)
{
	char before = '/';

	for (; *name != '\0'; before = *name++) {
		const bool word = isalnum((unsigned char)*name) || *name == '-' || *name == '_';
		if (!word && (before == '/' || (*name != '/' && *name != '.')))
			return false;
	}
	return before != '/';
}

static bool
add_file(struct shelf_files *held, const char *name, struct span bytes, struct err *err)
{
	struct shelf_file *f;

	if (strlen(name) >= sizeof f->name || !is_plain(name) ||
	    (held->n > 0 && strcmp(held->files[held->n - 1].name, name) >= 0))
		return malformed(err, "a published file whose name is not in its place");
	if ((held->n & (held->n - 1)) == 0) { /* room for 1, 2, 4 ... */
		f = reallocarray(held->files, held->n > 0 ? 2 * held->n : 1, sizeof *f);
		if (f == NULL)
			return err_set(err, ERR_MEMORY, "out of memory");
		held->files = f;
	}
	f = &held->files[held->n++];
	*f = (struct shelf_file){ .bytes = bytes };
	memcpy(f->name, name, strlen(name));
	return true;
}

static bool
read_bureau(struct reading *r, size_t i, struct err *err)
{
	struct evidence_bureau *b = &r->e->bureaus[i];
	uint8_t fingerprint[SHA256_BYTES];
	char prefix[48];
	const char *name;

	if (!is_named(r, "bureau-%zu/root.cose", i + 1))
		return malformed(err, "a root set is missing, or not in its place");
	if (!root_set_fingerprint(fingerprint, r->content, err))
		return false;
	if (memcmp(fingerprint, b->fingerprint, sizeof fingerprint) != 0)
		return malformed(err, "a root set is not the one that it names");
	b->root_file = r->content;
	snprintf(prefix, sizeof prefix, "bureau-%zu/public/", i + 1);
	bool ok = next(r, err);
	while (ok && (name = behind(r, prefix)) != NULL)
		ok = add_file(&b->files, name, r->content, err) && next(r, err);
	return ok;
}

/* ---- the whole ---- */

static bool
read_about(struct reading *r, struct err *err)
{
	if (!next(r, NULL) || !is_named(r, EVIDENCE_ABOUT))
		return malformed(err, "it does not begin as evidence begins");
	if (!evidence_about_parse(r->e, r->content, err))
		return false;
	if (r->header.time_s != r->e->now_s)
		return malformed(err, "a member is of another time");
	return next(r, err) &&
	    (is_named(r, EVIDENCE_README) || malformed(err, EVIDENCE_README " is missing")) &&
	    next(r, err);
}

static bool
read_whole(struct reading *r, struct err *err)
{
	bool ok = read_about(r, err) && read_inputs(r, err);

	for (size_t i = 0; ok && i < r->e->n_bureaus; i++)
		ok = read_bureau(r, i, err);
	if (!ok)
		return false;
	if (!is_named(r, EVIDENCE_MANIFEST))
		return malformed(err, "a member that is not in its place");
	if (!span_equal(r->content, buf_span(&r->manifest)))
		return malformed(err, "its members are not those of " EVIDENCE_MANIFEST);
	return tar_take_end(&r->c) || malformed(err, "something behind the end, or no end");
}

bool
evidence_parse(struct evidence **out, struct span file, struct err *err)
{
	struct reading r = { .e = calloc(1, sizeof *r.e), .c = cursor_over(file) };

	*out = NULL;
	if (r.e == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	const bool ok = read_whole(&r, err);
	buf_free(&r.manifest);
	if (!ok) {
		evidence_free(r.e);
		return err_in(err, "this is no evidence as qualverify writes it, or damaged");
	}
	sha256(r.e->sha256, file);
	*out = r.e;
	return true;
}

void
evidence_free(struct evidence *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; i < e->n_bureaus; i++)
		free(e->bureaus[i].files.files);
	free(e->bureaus);
	free(e->records);
	free(e->owned);
	free(e);
}

/* ---- from disk ---- */

/* All of it at once, since what is looked at must not change meanwhile. */
static bool
read_file(uint8_t **out, size_t *n, int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_errno(err, "read %s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_IO, "%s is not a regular file", path);
	if (st.st_size > LIMIT_EVIDENCE_BYTES)
		return err_set(err, ERR_LIMIT, "%s is longer than %u MiB: no evidence is", path,
		    LIMIT_EVIDENCE_BYTES >> 20);
	*out = malloc((size_t)st.st_size + 1);
	if (*out == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	const ssize_t got = file_read_at(fd, *out, (size_t)st.st_size, 0);
	if (got < 0)
		return err_errno(err, "read %s", path);
	*n = (size_t)got;
	return true;
}

bool
evidence_open(struct evidence **out, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	uint8_t *bytes = NULL;
	size_t n = 0;

	*out = NULL;
	if (fd < 0)
		return file_exists(path) ? err_errno(err, "open %s", path)
					 : err_set(err, ERR_NOT_FOUND, "there is no file %s", path);
	const bool ok = read_file(&bytes, &n, fd, path, err) &&
	    (evidence_parse(out, span_of(bytes, n), err) || err_in(err, "%s", path));
	close(fd);
	if (ok)
		(*out)->owned = bytes;
	else
		free(bytes);
	return ok;
}

/* ---- one input ---- */

bool
evidence_input_read(struct evidence_input *out, const struct evidence *e, size_t i, struct err *err)
{
	const struct evidence_record *r = &e->records[i];

	*out = (struct evidence_input){ .bytes = r->bytes, .is_picture = r->is_picture };
	memcpy(out->sha256, r->sha256, sizeof out->sha256);
	out->json =
	    json_loadb((const char *)r->answers.ptr, r->answers.len, JSON_REJECT_DUPLICATES, NULL);
	if (out->json == NULL) /* it was read before */
		return err_set(err, ERR_MEMORY, "out of memory");
	out->name = json_string_value(json_object_get(out->json, "input"));
	out->n_answers = json_array_size(json_object_get(out->json, "answers"));
	return true;
}

void
evidence_input_free(struct evidence_input *in)
{
	json_decref(in->json);
	in->json = NULL;
}

size_t
evidence_find(const struct evidence *e, size_t i, const uint8_t sha256[SHA256_BYTES])
{
	while (i < e->n_records && memcmp(e->records[i].sha256, sha256, SHA256_BYTES) != 0)
		i++;
	return i;
}
