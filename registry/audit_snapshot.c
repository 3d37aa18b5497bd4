/* A snapshot, published or a candidate, against the acts: it is made again in parts and compared. */
#include "core/encode.h"
#include "credential/parts.h"
#include "credential/snapshot.h"
#include "registry/audit_step.h"
#include "registry/registry_parts.h"

#include <stdio.h>
#include <stdlib.h>

#define NAME_BYTES 96

struct audit_snapshot {
	struct buf file;
	struct cose_sign envelope; /* borrows the file */
	struct snapshot *manifest;
	struct checkpoint checkpoint; /* borrows the manifest; signature not yet checked */
};

void
audit_snapshot_close(struct audit_snapshot *s)
{
	if (s == NULL)
		return;
	snapshot_free(s->manifest);
	buf_free(&s->file);
	free(s);
}

uint64_t
audit_snapshot_size(const struct audit_snapshot *s)
{
	return s->checkpoint.size;
}

const struct checkpoint *
audit_snapshot_checkpoint(const struct audit_snapshot *s)
{
	return &s->checkpoint;
}

/* False with MALFORMED or LIMIT: what was read into s->file is no snapshot. */
static bool
parse_snapshot(struct audit_snapshot *s, struct err *err)
{
	return snapshot_parse_file(&s->envelope, &s->manifest, buf_span(&s->file), err) &&
	    checkpoint_parse_note(&s->checkpoint, s->manifest->checkpoint, err);
}

bool
audit_snapshot_read(struct audit *a, struct err *err)
{
	bool found = false;
	struct err why = { 0 };
	struct audit_snapshot *s = calloc(1, sizeof *s);

	if (s == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	bool ok = audit_read(
	    &s->file, &found, a->question->published, "v1/snapshot", LIMIT_SNAPSHOT_BYTES, err);
	if (ok && !found)
		audit_skips(a, "a published snapshot: there is none");
	if (ok && found && !parse_snapshot(s, &why)) {
		err_in(&why, "the published snapshot");
		ok = audit_blames(a, &why, err);
		found = false;
	}
	if (ok && found)
		a->snapshot = s;
	else
		audit_snapshot_close(s);
	return ok;
}

/* Who signed it, and under which bundle: asked of the register as it was then. */
static bool
check_signed(struct audit *a, const struct audit_snapshot *s, struct err *err)
{
	const struct snapshot *m = s->manifest;
	const struct bundle_key *key;
	const struct trust *trust;
	struct checkpoint checked;
	struct err why = { 0 };
	bool witnessed;

	if (!registry_trust(&trust, a->fresh, err))
		return false;
	if (memcmp(m->bureau_id, trust_roots(trust)->bureau_id, BUREAU_ID_BYTES) != 0)
		return audit_finds(a, "the %s is another bureau's", a->snapshot_name);
	if (m->bundle_seq != trust_bundle(trust)->seq ||
	    memcmp(m->bundle_hash, trust_bundle_hash(trust), SHA256_BYTES) != 0)
		return audit_finds(a,
		    "the %s names trust bundle %llu, which was not the one adopted then",
		    a->snapshot_name, (unsigned long long)m->bundle_seq);
	enum trust_answer answer = trust_verify_snapshot(&key, trust, &s->envelope, m->iat_s);
	if (answer == TRUST_QUORUM && !a->candidate)
		return audit_finds(a,
		    "the %s is not signed by as many auditors as trust bundle %llu asks",
		    a->snapshot_name, (unsigned long long)m->bundle_seq);
	if (answer != TRUST_YES && answer != TRUST_QUORUM)
		return audit_finds(a, "the %s is not signed by the status key", a->snapshot_name);
	if (!span_equal(m->issuer, key->issuer))
		return audit_finds(
		    a, "the %s is of another issuer than its status key", a->snapshot_name);
	return trust_verify_checkpoint(&checked, &witnessed, trust, m->checkpoint, &why) ||
	    audit_finds(a, "the checkpoint in the %s: %s", a->snapshot_name, why.text);
}

/* The file of that name below the published folder is the part. */
static bool
compare_part_file(struct audit *a, const uint8_t hash[SHA256_BYTES], const struct buf *part,
    const char *what, unsigned list, struct err *err)
{
	struct buf file = BUF_EMPTY;
	char name[NAME_BYTES] = "v1/parts/";
	bool found = false;

	hex_encode(name + strlen(name), span_of(hash, SHA256_BYTES));
	bool ok = audit_read(&file, &found, a->question->published, name, LIMIT_PART_BYTES, err);
	if (ok && !found)
		audit_finds(a, "%s, the %s of list %u, is missing", name, what, list);
	else if (ok && !span_equal(buf_span(&file), buf_span(part)))
		audit_finds(a, "%s is not what its name says", name);
	buf_free(&file);
	return ok;
}

/* The part made again has the hash the manifest says, and where files are looked at, its file is there. */
static bool
compare_part(struct audit *a, const uint8_t want[SHA256_BYTES], const struct buf *part,
    const char *what, unsigned list, struct err *err)
{
	uint8_t hash[SHA256_BYTES];

	sha256(hash, buf_span(part));
	if (memcmp(hash, want, sizeof hash) != 0)
		return audit_finds(a, "the %s of list %u in the %s does not follow from the acts",
		    what, list, a->snapshot_name);
	if (a->question->published != NULL && !compare_part_file(a, hash, part, what, list, err))
		return false;
	a->result->parts += a->result->clean;
	return true;
}

static bool
compare_list(
    struct audit *a, const struct snapshot *m, const struct snapshot_list *list, struct err *err)
{
	struct snapshot_parts parts;

	if (!registry_list_parts(&parts, a->fresh, list->list, m->iat_s, err))
		return false;
	bool ok = compare_part(a, list->status_hash, &parts.status, "status", list->list, err);
	if (ok && a->result->clean)
		ok = compare_part(a, list->fingerprints_hash, &parts.fingerprints, "fingerprints",
		    list->list, err);
	if (ok && a->result->clean)
		ok =
		    compare_part(a, list->history_hash, &parts.history, "history", list->list, err);
	snapshot_parts_free(&parts);
	return ok;
}

static bool
compare_orders(struct audit *a, const struct snapshot *m, struct err *err)
{
	struct buf orders = BUF_EMPTY;

	bool ok = registry_orders_part(&orders, a->fresh, err) &&
	    compare_part(a, m->orders_hash, &orders, "extension orders", 0, err);
	buf_free(&orders);
	return ok;
}

bool
audit_snapshot_compare(struct audit *a, const struct audit_snapshot *s, struct err *err)
{
	const struct snapshot *m = s->manifest;
	char checkpoint[NAME_BYTES];
	size_t lists;

	snprintf(checkpoint, sizeof checkpoint, "the checkpoint in the %s", a->snapshot_name);
	if (!check_signed(a, s, err) || !audit_checkpoint(a, &s->checkpoint, checkpoint, err) ||
	    !registry_lists(&lists, a->fresh, err))
		return false;
	if (a->result->clean && lists != m->n_lists)
		audit_finds(a, "the %s has %zu status lists, the register %zu", a->snapshot_name,
		    m->n_lists, lists);
	for (size_t i = 0; i < m->n_lists && a->result->clean; i++)
		if (!compare_list(a, m, &m->lists[i], err))
			return false;
	return !a->result->clean || compare_orders(a, m, err);
}

/* The register ends where the candidate does. */
static bool
compare_candidate(struct audit *a, const struct audit_snapshot *s, struct err *err)
{
	struct registry_head head;

	if (!registry_head(&head, a->fresh, err))
		return false;
	if (audit_snapshot_size(s) != head.size)
		return audit_finds(a, "the candidate covers %llu entries, the register %llu",
		    (unsigned long long)audit_snapshot_size(s), (unsigned long long)head.size);
	a->result->acts = a->result->size = head.size;
	a->result->root = head.root;
	if (s->manifest->iat_s < head.recorded_s)
		return audit_finds(a, "the candidate is dated before the newest act");
	return audit_snapshot_compare(a, s, err);
}

bool
registry_audit_candidate(
    struct audit_result *out, struct registry *r, struct span file, struct err *err)
{
	const struct audit_question nothing = { 0 };
	struct audit_snapshot *s = calloc(1, sizeof *s);
	struct audit a = { .question = &nothing,
		.result = out,
		.candidate = true,
		.snapshot_name = "candidate",
		.fresh = r };
	struct err why = { 0 };

	*out = (struct audit_result){ .clean = true };
	if (s == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	buf_add_span(&s->file, file);
	bool ok = buf_ok(&s->file, err);
	if (ok)
		ok = parse_snapshot(s, &why) ? compare_candidate(&a, s, err)
					     : audit_blames(&a, &why, err);
	audit_snapshot_close(s);
	return ok;
}
