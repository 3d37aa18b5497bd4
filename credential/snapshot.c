#include "credential/snapshot.h"

#include "core/limits.h"
#include "credential/cbor.h"

#include <stdlib.h>

static void
read_list(struct snapshot_list *list, struct cbor_in *in)
{
	cbor_in_array(in, 4, 4);
	list->list = (uint16_t)cbor_in_uint(in, UINT16_MAX);
	cbor_in_copy(in, list->status_hash, SHA256_BYTES);
	cbor_in_copy(in, list->fingerprints_hash, SHA256_BYTES);
	cbor_in_copy(in, list->history_hash, SHA256_BYTES);
}

/* False only if there is no memory. */
static bool
read_lists(struct snapshot *s, struct cbor_in *in)
{
	s->n_lists = cbor_in_array(in, 0, LIMIT_LISTS);
	s->lists = calloc(s->n_lists + 1, sizeof *s->lists);
	if (s->lists == NULL)
		return false;
	for (size_t i = 0; i < s->n_lists; i++) {
		read_list(&s->lists[i], in);
		if (i > 0 && s->lists[i].list <= s->lists[i - 1].list)
			cbor_in_fail(in, "lists that do not ascend by number");
	}
	return true;
}

static bool
read_snapshot(struct snapshot *s, struct cbor_in *in)
{
	struct cbor_map m = cbor_in_map(in);

	cbor_in_key(in, &m, 0);
	if (cbor_in_uint(in, UINT64_MAX) != 1)
		cbor_in_fail(in, "a version of the snapshot other than 1");
	cbor_in_key(in, &m, 1);
	s->seq = cbor_in_uint(in, INT64_MAX);
	if (s->seq == 0)
		cbor_in_fail(in, "the first snapshot is number 1");
	cbor_in_key(in, &m, 2);
	s->iat_s = cbor_in_time(in);
	cbor_in_key(in, &m, 3);
	s->exp_s = cbor_in_time(in);
	if (s->exp_s <= s->iat_s)
		cbor_in_fail(in, "a snapshot that expires before it was made");
	cbor_in_key(in, &m, 4);
	s->issuer = cbor_in_text(in, ISS_MIN_BYTES, ISS_MAX_BYTES);
	cbor_in_key(in, &m, 5);
	cbor_in_array(in, 2, 2);
	s->bundle_seq = cbor_in_uint(in, UINT32_MAX);
	cbor_in_copy(in, s->bundle_hash, SHA256_BYTES);
	cbor_in_key(in, &m, 6);
	s->checkpoint = cbor_in_bytes(in, 1, LIMIT_NOTE_BYTES);
	cbor_in_key(in, &m, 7);
	if (!read_lists(s, in))
		return false;
	cbor_in_key(in, &m, 8);
	cbor_in_copy(in, s->orders_hash, SHA256_BYTES);
	cbor_in_key(in, &m, 9);
	cbor_in_copy(in, s->bureau_id, BUREAU_ID_BYTES);
	cbor_in_end(in, &m);
	return true;
}

static bool
read_whole(struct snapshot *s, struct err *err)
{
	struct cbor_in in = cbor_in_over(buf_span(&s->bytes), LIMIT_CBOR_DEPTH);

	if (!read_snapshot(s, &in))
		return err_set(err, ERR_MEMORY, "out of memory");
	return cbor_in_done(&in, err);
}

bool
snapshot_parse(struct snapshot **out, struct span payload, struct err *err)
{
	*out = NULL;
	if (payload.len > LIMIT_SNAPSHOT_BYTES)
		return err_set(err, ERR_LIMIT, "snapshot: %zu bytes; the longest we read is %u",
		    payload.len, LIMIT_SNAPSHOT_BYTES);
	struct snapshot *s = calloc(1, sizeof *s);
	if (s == NULL)
		return err_set(err, ERR_MEMORY, "snapshot: out of memory");
	buf_add_span(&s->bytes, payload);
	if (!buf_ok(&s->bytes, err) || !read_whole(s, err)) {
		snapshot_free(s);
		return err_in(err, "snapshot");
	}
	sha256(s->hash, buf_span(&s->bytes));
	*out = s;
	return true;
}

void
snapshot_free(struct snapshot *s)
{
	if (s == NULL)
		return;
	free(s->lists);
	buf_free(&s->bytes);
	free(s);
}

bool
snapshot_parse_file(
    struct cose_sign *envelope, struct snapshot **out, struct span file, struct err *err)
{
	*out = NULL;
	if (!cose_sign_parse(envelope, file, SNAPSHOT_TYP, err))
		return err_in(err, "snapshot");
	return snapshot_parse(out, envelope->payload, err);
}

static void
put_hash(struct buf *out, const uint8_t hash[SHA256_BYTES])
{
	cbor_put_bytes(out, span_of(hash, SHA256_BYTES));
}

void
snapshot_encode(struct buf *out, const struct snapshot *s)
{
	cbor_put_map(out, 10);
	cbor_put_uint(out, 0);
	cbor_put_uint(out, 1);
	cbor_put_uint(out, 1);
	cbor_put_uint(out, s->seq);
	cbor_put_uint(out, 2);
	cbor_put_int(out, s->iat_s);
	cbor_put_uint(out, 3);
	cbor_put_int(out, s->exp_s);
	cbor_put_uint(out, 4);
	cbor_put_text(out, s->issuer);
	cbor_put_uint(out, 5);
	cbor_put_array(out, 2);
	cbor_put_uint(out, s->bundle_seq);
	put_hash(out, s->bundle_hash);
	cbor_put_uint(out, 6);
	cbor_put_bytes(out, s->checkpoint);
	cbor_put_uint(out, 7);
	cbor_put_array(out, s->n_lists);
	for (size_t i = 0; i < s->n_lists; i++) {
		cbor_put_array(out, 4);
		cbor_put_uint(out, s->lists[i].list);
		put_hash(out, s->lists[i].status_hash);
		put_hash(out, s->lists[i].fingerprints_hash);
		put_hash(out, s->lists[i].history_hash);
	}
	cbor_put_uint(out, 8);
	put_hash(out, s->orders_hash);
	cbor_put_uint(out, 9);
	put_hash(out, s->bureau_id);
}

static int
order_lists(const void *number, const void *list)
{
	uint64_t a = *(const uint64_t *)number;
	uint64_t b = ((const struct snapshot_list *)list)->list;
	return (a > b) - (a < b);
}

const struct snapshot_list *
snapshot_find_list(const struct snapshot *s, uint64_t list)
{
	return s->n_lists == 0
	    ? NULL
	    : bsearch(&list, s->lists, s->n_lists, sizeof *s->lists, order_lists);
}
