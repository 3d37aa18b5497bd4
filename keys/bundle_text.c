#include "keys/bundle_text.h"

#include "core/encode.h"
#include "core/rfc3339.h"
#include "core/text.h"

#include <stdlib.h>

static const char *const states[] = { "active", "retired", "compromised" };
static const char *const levels[] = { "", "national", "provincial" };
static const char *const grades[] = { "", "A", "B" };

/* ---- words ---- */

static void
add_hex(struct buf *out, struct span bytes)
{
	char hex[2 * SHA256_BYTES + 1];

	hex_encode(hex, bytes);
	buf_add_text(out, hex);
}

static void
add_time(struct buf *out, int64_t t_s)
{
	char text[RFC3339_TEXT_BYTES];

	rfc3339_format(text, t_s);
	buf_add_text(out, text);
}

static void
add_window(struct buf *out, int64_t from_s, int64_t until_s)
{
	buf_add_text(out, " from ");
	add_time(out, from_s);
	buf_add_text(out, " until ");
	add_time(out, until_s);
}

static void
add_field(struct buf *out, const char *name, struct span value)
{
	buf_printf(out, "%s ", name);
	text_escape(out, value);
	buf_add_byte(out, '\n');
}

/* ---- lines ---- */

static void
add_roots(struct buf *out, const struct root_set *roots)
{
	add_field(out, "root set of", roots->issuer);
	buf_add_text(out, "bureau id ");
	add_hex(out, span_of(roots->bureau_id, BUREAU_ID_BYTES));
	buf_add_byte(out, '\n');
	for (size_t i = 0; i < ROOT_SET_KEYS; i++) {
		uint8_t hash[SHA256_BYTES];
		sha256(hash, roots->root[i]);
		buf_add_text(out, "root ");
		add_hex(out, span_of(hash, COSE_KID_BYTES));
		buf_add_byte(out, '\n');
	}
}

static void
add_issuer(struct buf *out, const struct bundle_issuer *issuer)
{
	buf_add_text(out, "issuer ");
	text_escape(out, issuer->iss);
	buf_printf(out, ", %s: ", levels[issuer->level]);
	text_escape(out, issuer->name_zh);
	buf_add_text(out, issuer->name_en.len > 0 ? " / " : "");
	text_escape(out, issuer->name_en);
	buf_add_text(out, "; contact ");
	text_escape(out, issuer->contact);
	buf_add_byte(out, '\n');
	for (size_t i = 0; i < issuer->n_powers; i++) {
		const struct bundle_power *p = &issuer->powers[i];
		buf_add_text(out, "power of ");
		text_escape(out, issuer->iss);
		buf_add_text(out, " to ");
		text_escape(out, p->what);
		buf_add_byte(out, ' ');
		text_escape(out, p->family);
		buf_printf(out, " grade %s", p->grade <= 2 ? grades[p->grade] : "?");
		add_window(out, p->from_s, p->until_s);
		buf_add_byte(out, '\n');
	}
}

static void
add_key_name(struct buf *out, const struct bundle_key *key)
{
	buf_printf(out, "%s key ", bundle_use_word(key->use));
	add_hex(out, span_of(key->kid, COSE_KID_BYTES));
}

static void
add_key(struct buf *out, const struct bundle_key *key)
{
	add_key_name(out, key);
	buf_add_text(out, " of ");
	text_escape(out, key->issuer);
	if (key->use == KEY_USE_OFFICER) {
		buf_add_text(out, ", person ");
		add_hex(out, span_of(key->person, BUNDLE_PERSON_BYTES));
	}
	buf_printf(out, ", %s", states[key->state]);
	if (key->state != KEY_ACTIVE) {
		buf_add_text(out, " since ");
		add_time(out, key->since_s);
	}
	buf_add_byte(out, ',');
	add_window(out, key->from_s, key->until_s);
	buf_add_byte(out, '\n');
	for (size_t i = 0; i < key->n_grants; i++) {
		add_key_name(out, key);
		buf_printf(out, " may %s", bundle_role_word(key->grants[i].role));
		add_window(out, key->grants[i].from_s, key->grants[i].until_s);
		buf_add_byte(out, '\n');
	}
}

static void
add_log(struct buf *out, const struct bundle_log *log)
{
	add_field(out, "log", log->origin);
	add_field(out, "log key", log->vkey);
	buf_printf(out, "log epoch %llu\nwitnesses demanded %llu\n", (unsigned long long)log->epoch,
	    (unsigned long long)log->quorum);
	for (size_t i = 0; i < log->n_witnesses; i++)
		add_field(out, "witness", log->witnesses[i]);
}

static void
add_rules(struct buf *out, const struct bundle *b)
{
	buf_add_text(out, "policy ");
	add_hex(out, span_of(b->policy_hash, SHA256_BYTES));
	buf_printf(out,
	    "\n%s\nsnapshots count for %lld hours\nstatus tokens count for %lld hours\n",
	    b->test ? "TEST bureau: every verdict begins with TEST" : "not a test bureau",
	    (long long)b->snapshot_age_s / 3600, (long long)b->token_age_s / 3600);
	buf_printf(out, "auditors a snapshot needs %u\n", b->audit_quorum);
	for (size_t i = 0; i < b->n_issuing; i++) {
		buf_printf(out, "%s proposes and %s approves an issue",
		    bundle_role_word(b->issuing[i].proposal),
		    bundle_role_word(b->issuing[i].approval));
		add_window(out, b->issuing[i].from_s, b->issuing[i].until_s);
		buf_add_byte(out, '\n');
	}
	if (b->reader_ca.len > 0) {
		uint8_t hash[SHA256_BYTES];
		sha256(hash, b->reader_ca);
		buf_add_text(out, "reader CA certificate ");
		add_hex(out, span_of(hash, SHA256_BYTES));
		buf_add_byte(out, '\n');
	}
}

void
bundle_text(struct buf *out, const struct bundle *b)
{
	buf_printf(out, "trust bundle %llu\nmade ", (unsigned long long)b->seq);
	add_time(out, b->iat_s);
	buf_add_text(out, "\nexpires ");
	add_time(out, b->exp_s);
	buf_add_text(out, "\nafter ");
	if (b->prev.len > 0)
		add_hex(out, b->prev);
	else
		buf_add_text(out, "none: the first");
	buf_add_byte(out, '\n');
	add_roots(out, &b->roots);
	for (size_t i = 0; i < b->n_issuers; i++)
		add_issuer(out, &b->issuers[i]);
	for (size_t i = 0; i < b->n_keys; i++)
		add_key(out, &b->keys[i]);
	add_field(out, "status lists at", b->status_base);
	for (size_t i = 0; i < b->n_hosts; i++)
		add_field(out, "host in codes", b->hosts[i]);
	add_log(out, &b->log);
	add_rules(out, b);
}

/* ---- changes ---- */

struct lines {
	struct buf text;
	struct span *line; /* sorted; owned */
	size_t n;
};

static int
order_lines(const void *a, const void *b)
{
	const struct span *x = a, *y = b;
	size_t n = x->len < y->len ? x->len : y->len;
	int order = memcmp(x->ptr, y->ptr, n);
	return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

static bool
has_line(const struct lines *all, struct span line)
{
	return bsearch(&line, all->line, all->n, sizeof line, order_lines) != NULL;
}

static bool
lines_of(struct lines *out, const struct bundle *b, struct err *err)
{
	bundle_text(&out->text, b);
	if (!buf_ok(&out->text, err))
		return false;
	for (size_t i = 0; i < out->text.len; i++)
		out->n += out->text.ptr[i] == '\n';
	out->line = calloc(out->n, sizeof *out->line);
	if (out->line == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	const uint8_t *at = out->text.ptr;
	for (size_t i = 0; i < out->n; i++) {
		const uint8_t *end = rawmemchr(at, '\n');
		out->line[i] = span_of(at, (size_t)(end - at) + 1);
		at = end + 1;
	}
	qsort(out->line, out->n, sizeof *out->line, order_lines);
	return true;
}

static void
add_missing(struct buf *out, const char *mark, const struct lines *in, const struct lines *from)
{
	for (size_t i = 0; i < in->n; i++) {
		if (has_line(from, in->line[i]))
			continue;
		buf_add_text(out, mark);
		buf_add_span(out, in->line[i]);
	}
}

bool
bundle_text_changes(
    struct buf *out, const struct bundle *before, const struct bundle *after, struct err *err)
{
	struct lines old = { 0 }, new = { 0 };
	bool ok = lines_of(&old, before, err) && lines_of(&new, after, err);

	if (ok) {
		add_missing(out, "- ", &old, &new);
		add_missing(out, "+ ", &new, &old);
		ok = buf_ok(out, err);
	}
	free(old.line);
	free(new.line);
	buf_free(&old.text);
	buf_free(&new.text);
	return ok;
}
