#include "tests/registry/offices.h"

#include "core/encode.h"
#include "core/file.h"
#include "credential/checkpoint.h"
#include "credential/cose_file.h"
#include "credential/parts.h"
#include "credential/snapshot.h"
#include "registry/registry_parts.h"
#include "tests/test.h"

#include <stdio.h>

#define PDF "%PDF-1.7 as it was sealed"

static void
put(const char *folder, const char *name, struct span bytes, char *path, size_t size)
{
	char parent[256];

	snprintf(path, size, "%s/%s", folder, name);
	snprintf(parent, sizeof parent, "%s", path);
	*strrchr(parent, '/') = '\0';
	REQUIRE(file_make_folder(parent, 0755, &err));
	REQUIRE(file_write(path, bytes, 0644, &err));
}

/* A certificate whose files are there. */
static void
issue(struct offices *o, struct road *r)
{
	struct number number;
	char shown[NUMBER_SHOWN_BYTES], name[64];
	struct buf file = BUF_EMPTY;

	ledger_case_to(&o->ledger, r, CASE_ISSUE_APPROVED);
	struct act_body made = road_made(r);
	sha256(made.made.pdf_hash, span_text(PDF));
	made.made.pdf_bytes = strlen(PDF);
	road_do(r, SERVICE, made);
	ledger_record(&o->ledger, r, r->n - 1);

	REQUIRE(number_parse(&number, span_text(r->number), &err));
	number_shown(shown, &number);
	snprintf(name, sizeof name, "%s.pdf", shown);
	put(o->issued, name, span_text(PDF), o->pdf, sizeof o->pdf);
	snprintf(name, sizeof name, "%s.cose", shown);
	cose_file_encode(&file,
	    &(struct cose_file){ buf_span(&r->qc1), r->entries[r->n - 3].act.bytes,
		r->entries[r->n - 2].act.bytes });
	put(o->issued, name, buf_span(&file), o->cose, sizeof o->cose);
	buf_free(&file);
}

static void
put_part(
    struct offices *o, uint8_t hash[SHA256_BYTES], const struct buf *part, char *path, size_t size)
{
	char name[96] = "v1/parts/";
	sha256(hash, buf_span(part));
	hex_encode(name + strlen(name), span_of(hash, SHA256_BYTES));
	put(o->published, name, buf_span(part), path, size);
}

static void
put_snapshot(struct offices *o, int64_t iat_s)
{
	const struct bureau *b = o->ledger.bureau;
	struct snapshot_parts parts;
	struct snapshot_list list = { .list = 0 };
	struct buf orders = BUF_EMPTY, payload = BUF_EMPTY, file = BUF_EMPTY;
	char path[256];
	struct snapshot manifest = { .seq = 1,
		.iat_s = iat_s,
		.exp_s = iat_s + 7 * 86400,
		.issuer = span_text(BUREAU_ISS),
		.bundle_seq = BUREAU_BUNDLE_SEQ,
		.checkpoint = buf_span(&o->checkpoint),
		.lists = &list,
		.n_lists = 1 };

	REQUIRE(registry_list_parts(&parts, o->ledger.registry, 0, iat_s, &err));
	put_part(o, list.status_hash, &parts.status, o->part, sizeof o->part);
	put_part(o, list.fingerprints_hash, &parts.fingerprints, path, sizeof path);
	put_part(o, list.history_hash, &parts.history, path, sizeof path);
	snapshot_parts_free(&parts);
	orders_part_encode(&orders, NULL, 0);
	put_part(o, manifest.orders_hash, &orders, path, sizeof path);
	memcpy(manifest.bundle_hash, trust_bundle_hash(b->trust), SHA256_BYTES);
	memcpy(manifest.bureau_id, b->bureau_id, BUREAU_ID_BYTES);
	snapshot_encode(&payload, &manifest);
	bureau_sign_payload(&file, &b->keys[STATUS], 1, SNAPSHOT_TYP, buf_span(&payload));
	put(o->published, "v1/snapshot", buf_span(&file), path, sizeof path);
	buf_free(&orders);
	buf_free(&payload);
	buf_free(&file);
}

static void
put_tile(struct offices *o, bool entries)
{
	struct log_tile tile = log_tile_at(o->published_size, 0, 0);
	char name[LOG_TILE_PATH_BYTES + 4] = "log/", path[256];
	struct buf bytes = BUF_EMPTY;

	tile.entries = entries;
	log_tile_path(name + 4, &tile);
	REQUIRE(registry_tile(&bytes, o->ledger.registry, &tile, &err));
	put(o->published, name, buf_span(&bytes), path, sizeof path);
	buf_free(&bytes);
}

static void
publish(struct offices *o)
{
	struct registry_head head = ledger_head(&o->ledger);
	struct checkpoint c = { span_text(BUREAU_ORIGIN), head.size, head.root };
	struct buf text = BUF_EMPTY;
	char path[256];

	checkpoint_encode(&text, &c);
	bureau_sign_note(&o->checkpoint, o->ledger.bureau, buf_span(&text));
	buf_free(&text);
	o->published_size = head.size;
	put(o->published, "v1/trust-bundle", buf_span(&o->ledger.bureau->bundle_file), path,
	    sizeof path);
	put(o->published, "v1/trust-bundles/7", buf_span(&o->ledger.bureau->bundle_file), path,
	    sizeof path);
	put(o->published, "log/checkpoint", buf_span(&o->checkpoint), path, sizeof path);
	put_tile(o, false);
	put_tile(o, true);
	put_snapshot(o, head.recorded_s + 30);
}

void
offices_open(struct offices *o)
{
	struct road r, licence, later;
	struct ledger *l = &o->ledger;

	*o = (struct offices){ .checkpoint = BUF_EMPTY };
	ledger_open(l, "standard");
	snprintf(o->issued, sizeof o->issued, "%s/issued", l->dir);
	snprintf(o->published, sizeof o->published, "%s/public", l->dir);
	issue(o, &r);
	ledger_licence(l, &licence, &r);
	ledger_sanction(l, &licence, ACT_SUSPEND);
	publish(o);
	ledger_case_to(l, &later, CASE_ACCEPTED);
	registry_close(l->registry);
	l->registry = NULL;
	road_close(&r);
	road_close(&licence);
	road_close(&later);
	o->question = (struct audit_question){ .registry = l->db,
		.policies = l->config.policies,
		.n_policies = 1,
		.root = buf_span(&l->bureau->root_file),
		.second_copy = l->second,
		.issued = o->issued,
		.published = o->published,
		.checkpoint = buf_span(&o->checkpoint) };
}

void
offices_close(struct offices *o)
{
	buf_free(&o->checkpoint);
	ledger_close(&o->ledger);
}

void
offices_spoil(const char *path)
{
	struct buf bytes = BUF_EMPTY;
	REQUIRE(file_read(&bytes, path, LIMIT_BUF_BYTES, &err));
	bytes.ptr[bytes.len / 2] ^= 1;
	REQUIRE(file_write(path, buf_span(&bytes), 0644, &err));
	buf_free(&bytes);
}
