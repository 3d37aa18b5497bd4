#include "issuer/restore.h"

#include "core/file.h"
#include "credential/cose_file.h"
#include "issuer/restore_conf.h"
#include "registry/act_file.h"
#include "registry/registry_floor.h"

#include <stdio.h>
#include <stdlib.h>

/* One bureau being put back. */
struct restoring {
	const struct restore_question *question;
	struct restore_report *report;
	struct buf conf; /* text of qualcert.conf, which is written last */
	struct buf root; /* root.cose of the backup */
	struct policy *policies;
	size_t n_policies;
	struct registry *registry;
	struct buf db;              /* its path */
	struct archive_member next; /* the PDF that comes next in the archive */
};

/* ---- files ---- */

static bool
path_of(struct buf *out, const struct restoring *k, const char *name, struct err *err)
{
	buf_printf(out, "%s/%s", k->question->folder, name);
	return buf_ok(out, err);
}

static bool
make_folder(const struct restoring *k, const char *name, mode_t mode, struct err *err)
{
	struct buf path = BUF_EMPTY;
	bool ok = path_of(&path, k, name, err) && file_make_folder(buf_text(&path), mode, err);

	buf_free(&path);
	return ok;
}

static bool
make_folders(const struct restoring *k, struct err *err)
{
	return file_make_folder(k->question->folder, 0700, err) &&
	    make_folder(k, "issued", 0750, err) && make_folder(k, "public", 0755, err) &&
	    make_folder(k, "second", 0700, err);
}

/* A file under this name, unless there is one. */
static bool
put(const struct restoring *k, const char *name, struct span bytes, struct err *err)
{
	struct buf path = BUF_EMPTY;
	bool (*const write)(const char *, struct span, mode_t, struct err *) =
	    k->question->passing ? file_write_passing : file_write_new;
	bool ok = path_of(&path, k, name, err) &&
	    (file_exists(buf_text(&path)) || write(buf_text(&path), bytes, 0640, err));

	buf_free(&path);
	return ok;
}

/* ---- papers ---- */

/* Is it the bureau that is meant? */
static bool
check_root(const struct restoring *k, struct span root_file, struct err *err)
{
	return k->question->root_file.len == 0 || span_equal(k->question->root_file, root_file) ||
	    err_set(err, ERR_REFUSED,
		"the root file in the backup is not the one given: it is another bureau's, or "
		"the roots have changed since");
}

static bool
put_paper(struct restoring *k, const struct archive_member *m, struct err *err)
{
	struct buf paper = BUF_EMPTY;
	bool ok = archive_read(&paper, k->question->archive, m, err);

	if (ok && strcmp(m->name, "root.cose") == 0) {
		buf_add_span(&k->root, buf_span(&paper));
		ok = buf_ok(&k->root, err) && check_root(k, buf_span(&paper), err);
	}
	if (ok && strcmp(m->name, "qualcert.conf") == 0)
		ok = restore_conf(&k->conf, &k->report->second_copy_moved, buf_span(&paper), err);
	else if (ok)
		ok = put(k, m->name, buf_span(&paper), err);
	buf_free(&paper);
	return ok;
}

static bool
has_templates(const struct archive_member *m)
{
	return strncmp(m->name, "templates/", strlen("templates/")) == 0;
}

/* All of them; afterwards `next` is the first PDF. */
static bool
put_papers(struct restoring *k, struct err *err)
{
	struct archive_member m = { 0 };

	if (k->question->archive == NULL)
		return true;
	do {
		if (!archive_next(&m, k->question->archive, err))
			return false;
		if (m.kind != ARCHIVE_PAPER)
			continue;
		if ((has_templates(&m) && !make_folder(k, "templates/blank", 0750, err)) ||
		    !put_paper(k, &m, err))
			return false;
	} while (m.kind < ARCHIVE_PDF);
	k->next = m;
	return true;
}

/* ---- the register ---- */

static bool
open_register(struct restoring *k, struct err *err)
{
	struct err why = { 0 };

	return bureau_policies(&k->policies, &k->n_policies, k->question->folder, err) &&
	    path_of(&k->db, k, "registry.db", err) &&
	    (registry_create(buf_text(&k->db), &why) || why.code == ERR_CONFLICT ||
		err_set(err, why.code, "%s", why.text)) &&
	    registry_open(&k->registry,
		&(struct registry_config){ .path = buf_text(&k->db),
		    .command = "restore",
		    .policies = k->policies,
		    .n_policies = k->n_policies },
		err);
}

static bool
take(const struct restoring *k, struct act_file *file, const char *from, const struct span *root,
    struct err *err)
{
	return registry_take(k->registry, file, REGISTRY_TAKE_ALL, root, err) ||
	    err_in(err, "%s", from);
}

/* The log of the backup's size must have the backup's root. */
static bool
prove_root(const struct restoring *k, struct err *err)
{
	const struct archive_head *head = archive_head(k->question->archive);
	struct merkle_hash root;

	return registry_root_at(&root, k->registry, head->size, err) &&
	    (merkle_equal(&root, &head->root) ||
		err_set(err, ERR_REFUSED,
		    "the acts in the backup do not make the log that it says it has"));
}

static bool
put_floors(const struct restoring *k, struct err *err)
{
	struct archive_member m = { 0 };
	bool ok = true;

	while (ok && m.kind < ARCHIVE_ACTS) {
		struct buf file = BUF_EMPTY;
		ok = archive_next(&m, k->question->archive, err) &&
		    (m.kind != ARCHIVE_FLOOR ||
			(archive_read(&file, k->question->archive, &m, err) &&
			    registry_put_floor(k->registry, buf_span(&file), err)));
		buf_free(&file);
	}
	return ok;
}

static bool
take_backup(struct restoring *k, struct err *err)
{
	struct act_file *file = NULL;

	if (k->question->archive == NULL)
		return true;
	const struct archive_member *acts = archive_acts(k->question->archive);
	const char *path = archive_path(k->question->archive);
	const struct span root = buf_span(&k->root);
	if (root.len == 0)
		return err_set(err, ERR_REFUSED, "%s has no root.cose", path);
	bool ok = put_floors(k, err) &&
	    act_file_open_part(&file, path, acts->at, acts->size, err) &&
	    take(k, file, path, &root, err) && prove_root(k, err);
	act_file_close(file);
	k->report->head = *archive_head(k->question->archive);
	return ok;
}

static bool
take_file(const struct restoring *k, const char *path, struct err *err)
{
	struct act_file *file = NULL;

	bool ok = act_file_open(&file, path, false, err) && take(k, file, path, NULL, err);
	act_file_close(file);
	return ok;
}

/* The configuration as it is in the folder; else as the backup has it. */
static bool
load_conf(struct restoring *k, struct bureau_conf *conf, struct err *err)
{
	struct buf path = BUF_EMPTY, text = BUF_EMPTY;
	struct err why = { 0 };

	bool ok = path_of(&path, k, "qualcert.conf", err);
	if (ok && !file_read(&text, buf_text(&path), LIMIT_JSON_BYTES, &why)) {
		ok = (why.code == ERR_NOT_FOUND && k->question->archive != NULL) ||
		    err_set(err, why.code, "%s", why.text);
		buf_add_span(&text, buf_span(&k->conf));
	}
	ok = ok && buf_ok(&text, err) &&
	    bureau_conf_parse(conf, buf_span(&text), buf_text(&path), err);
	buf_free(&path);
	buf_free(&text);
	return ok;
}

/* The one given, and the one that the bureau itself will write to: both may have more. */
static bool
take_second_copies(struct restoring *k, struct err *err)
{
	struct bureau_conf conf = { 0 };
	struct buf own = BUF_EMPTY;

	if (!load_conf(k, &conf, err))
		return false;
	if (conf.second_copy[0] == '/')
		buf_add_text(&own, conf.second_copy);
	bool ok = (own.len > 0 || path_of(&own, k, conf.second_copy, err)) && buf_ok(&own, err) &&
	    (!file_exists(buf_text(&own)) || take_file(k, buf_text(&own), err)) &&
	    (k->question->second_copy == NULL || take_file(k, k->question->second_copy, err));
	bureau_conf_free(&conf);
	buf_free(&own);
	return ok;
}

/* ---- issued files ---- */

/* The archive's PDF of this name, if it is the one that comes next there. */
static bool
put_pdf(struct restoring *k, const struct registry_instrument *i, const char *name, struct err *err)
{
	struct buf pdf = BUF_EMPTY;
	uint8_t hash[SHA256_BYTES];

	if (k->next.kind != ARCHIVE_PDF || strcmp(k->next.name, name) != 0)
		return true;
	bool ok = archive_read(&pdf, k->question->archive, &k->next, err);
	sha256(hash, buf_span(&pdf));
	if (ok && memcmp(hash, i->pdf_hash, sizeof hash) != 0)
		ok = err_set(err, ERR_REFUSED,
		    "%s in the backup is not the file that was made: its SHA-256 differs", name);
	ok = ok && put(k, name, buf_span(&pdf), err) &&
	    archive_next(&k->next, k->question->archive, err);
	buf_free(&pdf);
	return ok;
}

/* Wherever it came from: is the file there, and the right one? */
static bool
check_pdf(
    struct restoring *k, const struct registry_instrument *i, const char *name, struct err *err)
{
	struct buf path = BUF_EMPTY, pdf = BUF_EMPTY;
	struct err why = { 0 };
	uint8_t hash[SHA256_BYTES];
	bool ok = path_of(&path, k, name, err);

	if (ok && !file_read(&pdf, buf_text(&path), LIMIT_PDF_BYTES, &why)) {
		ok = why.code == ERR_NOT_FOUND || err_set(err, why.code, "%s", why.text);
		if (k->report->missing++ == 0)
			k->report->first_miss = why;
	} else if (ok) {
		sha256(hash, buf_span(&pdf));
		ok = memcmp(hash, i->pdf_hash, sizeof hash) == 0 ||
		    err_set(err, ERR_CONFLICT,
			"%s is not the file that was made: its SHA-256 differs; move it away",
			buf_text(&path));
	}
	buf_free(&path);
	buf_free(&pdf);
	return ok;
}

static bool
add_act(void *ctx, const struct registry_entry *entry, struct err *err)
{
	struct buf *out = ctx;
	buf_add_span(out, entry->bytes);
	return buf_ok(out, err);
}

/* NUMBER.cose follows from the acts. */
static bool
put_cose(const struct restoring *k, const struct registry_instrument *i, struct err *err)
{
	char file[REGISTRY_FILE_BYTES], name[TAR_NAME_BYTES];
	struct buf proposal = BUF_EMPTY, approval = BUF_EMPTY, cose = BUF_EMPTY;
	const uint64_t p = i->proposal_index, a = i->approval_index;

	bool ok = registry_instrument_file(file, i, "cose", err) &&
	    registry_each_act(k->registry, p, p + 1, add_act, &proposal, err) &&
	    registry_each_act(k->registry, a, a + 1, add_act, &approval, err);
	if (ok) {
		snprintf(name, sizeof name, "issued/%s", file);
		cose_file_encode(&cose,
		    &(struct cose_file){
			span_of(i->qc1, i->qc1_len), buf_span(&proposal), buf_span(&approval) });
		ok = buf_ok(&cose, err) && put(k, name, buf_span(&cose), err);
	}
	buf_free(&proposal);
	buf_free(&approval);
	buf_free(&cose);
	return ok;
}

static bool
put_issued(void *ctx, const struct registry_instrument *i, struct err *err)
{
	struct restoring *k = ctx;
	char file[REGISTRY_FILE_BYTES], name[TAR_NAME_BYTES];

	if (!registry_instrument_file(file, i, "pdf", err))
		return false;
	snprintf(name, sizeof name, "issued/%s", file);
	k->report->certificates++;
	return put_pdf(k, i, name, err) && check_pdf(k, i, name, err) && put_cose(k, i, err);
}

/* Register and archive have the certificates in the same order; every PDF is of one. */
static bool
put_all_issued(struct restoring *k, struct err *err)
{
	return registry_each_instrument(k->registry, put_issued, k, err) &&
	    (k->next.kind != ARCHIVE_PDF ||
		err_set(err, ERR_REFUSED, "%s in the backup is of no certificate in its register",
		    k->next.name));
}

/* ---- */

static bool
put_back(struct restoring *k, struct err *err)
{
	if (!make_folders(k, err) || !put_papers(k, err) || !open_register(k, err) ||
	    !take_backup(k, err) || !(k->question->passing || take_second_copies(k, err)) ||
	    !put_all_issued(k, err))
		return false;
	registry_close(k->registry);
	k->registry = NULL;
	return k->question->archive == NULL || put(k, "qualcert.conf", buf_span(&k->conf), err);
}

/* As any command opens it: the second copy that it names is made, or has more, and lookup.db is made. */
static bool
settle(struct restoring *k, struct err *err)
{
	struct bureau *b = NULL;

	bool ok = bureau_open(&b, k->question->folder, false, "restore", err) &&
	    registry_append(b->registry, NULL, 0, false, 0, err) &&
	    registry_head(&k->report->log, b->registry, err);
	if (ok)
		k->report->further = k->report->log.size - k->report->head.size;
	bureau_close(b);
	return ok;
}

bool
restore(struct restore_report *out, const struct restore_question *question, struct err *err)
{
	struct restoring k = { .question = question, .report = out };

	*out = (struct restore_report){ 0 };
	bool ok = put_back(&k, err) && (question->passing || settle(&k, err));
	registry_close(k.registry);
	free(k.policies);
	buf_free(&k.conf);
	buf_free(&k.root);
	buf_free(&k.db);
	return ok;
}
