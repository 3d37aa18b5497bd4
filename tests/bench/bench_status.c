/*
 * bench_status WHAT ...: what the verifier and its daemon know of a register's certificates.
 *
 *   make FOLDER N C    publish N certificates of an invented bureau, now: root.cose, public/, and codes, the
 *                      texts of C of them or somewhat fewer
 *   beside FOLDER N C  the same with lookup.db beside it, and confirmations, number and check code of each of the
 *                      codes as POST /v1/confirm takes them
 *   start FOLDER       open it and read all of it; bytes: what it takes up in memory
 *   find FOLDER M      M times the status of a slot, at random
 *   answer FOLDER M    M times the whole answer to a code
 *   table N M          M times one of N entries of a hash table, at random: no register could be quicker
 *   sqlite FILE N M    M times one of N rows of an SQLite table by its text key; the file is kept
 */
#include "core/civil.h"
#include "core/encode.h"
#include "core/file.h"
#include "credential/checkpoint.h"
#include "credential/parts.h"
#include "credential/qr_text.h"
#include "credential/snapshot.h"
#include "credential/status_token.h"
#include "registry/snapshot_build.h"
#include "tests/bench/bench_lookup.h"
#include "tests/bench/measure.h"
#include "tests/registry/bureau.h"
#include "tests/registry/road.h"
#include "verifier/verify.h"

#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define SLOTS 32768 /* assigned ones of a list: half of it */
#define CODES_MOST 10000
#define CODE_BYTES 2048

static void
must(bool done)
{
	if (!done)
		abort();
}

/* splitmix64: each number its own, the same in each run. */
static uint64_t
mix(uint64_t n)
{
	n = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
	n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
	return n ^ n >> 31;
}

static void
mix_bytes(uint8_t out[SHA256_BYTES], uint64_t n)
{
	for (uint64_t i = 0; i < SHA256_BYTES / 8; i++) {
		const uint64_t word = mix(4 * n + i);
		memcpy(out + 8 * i, &word, sizeof word);
	}
}

static uint16_t
slot_of(uint64_t certificate)
{
	return (uint16_t)(certificate % SLOTS * 2 + (mix(certificate) & 1));
}

/* ---- publishing ---- */

struct publishing {
	struct bureau *bureau;
	const char *folder;
	uint64_t n, n_codes;
	int64_t now_s;
	FILE *codes;
	struct bench_lookup *lookup; /* NULL: published files alone */
	FILE *confirmations;
};

static void
put(const struct publishing *p, const char *name, struct span bytes)
{
	char path[512], parent[512];

	snprintf(path, sizeof path, "%s/%s", p->folder, name);
	snprintf(parent, sizeof parent, "%s", path);
	*strrchr(parent, '/') = '\0';
	MEASURE_MUST(file_make_folder(parent, 0755, &err) && file_write(path, bytes, 0644, &err));
}

static void
put_part(const struct publishing *p, uint8_t hash[SHA256_BYTES], const struct buf *part)
{
	char name[128] = "public/v1/parts/";

	sha256(hash, buf_span(part));
	hex_encode(name + strlen(name), span_of(hash, SHA256_BYTES));
	put(p, name, buf_span(part));
}

/* The list's status token: as fresh as the snapshot, it says the same. */
static void
put_token(const struct publishing *p, uint64_t list, struct span slots)
{
	const struct bureau_key *key = &p->bureau->keys[STATUS];
	struct buf sub = BUF_EMPTY, lst = BUF_EMPTY, payload = BUF_EMPTY, header = BUF_EMPTY,
		   tbs = BUF_EMPTY, file = BUF_EMPTY;
	uint8_t signature[COSE_SIGNATURE_BYTES];
	char name[64];

	status_token_sub(&sub, bureau_bundle(p->bureau)->status_base, span_text(BUREAU_ISS), list);
	status_list_deflate(&lst, slots);
	status_token_encode(&payload,
	    &(struct status_token){ buf_span(&sub), p->now_s, p->now_s + CIVIL_DAY_S,
		STATUS_TOKEN_TTL_S, buf_span(&lst) });
	cose_header_encode(
	    &header, COSE_ALG_ES256, span_of(key->kid, sizeof key->kid), STATUS_TOKEN_TYP);
	cose_sign1_to_be_signed(&tbs, buf_span(&header), span_of(NULL, 0), buf_span(&payload));
	bureau_sign(signature, key, buf_span(&tbs));
	struct cose_sign1 m = { .payload = buf_span(&payload) };
	m.signer.header = buf_span(&header);
	m.signer.signature = span_of(signature, sizeof signature);
	cose_sign1_encode(&file, &m);
	snprintf(
	    name, sizeof name, "public/v1/status/" BUREAU_ISS "/%llu", (unsigned long long)list);
	put(p, name, buf_span(&file));
	buf_free(&sub);
	buf_free(&lst);
	buf_free(&payload);
	buf_free(&header);
	buf_free(&tbs);
	buf_free(&file);
}

static void
put_confirmation(const struct publishing *p, const char *number, struct span qc1)
{
	char check_code[CREDENTIAL_CHECK_CODE_BYTES];

	credential_check_code(check_code, qc1);
	bench_lookup_confirms(p->lookup, number, check_code, qc1);
	fprintf(
	    p->confirmations, "{\"number\":\"%s\",\"check_code\":\"%s\"}\n", number, check_code);
}

/* A real certificate in this slot: its text goes to the codes, its hash to the fingerprints. */
static void
sign_code(uint8_t hash[SHA256_BYTES], const struct publishing *p, uint64_t certificate)
{
	struct road r;
	struct number number;
	struct buf text = BUF_EMPTY;

	road_open_case(&r, p->bureau);
	MEASURE_MUST(number_make(&number, "JC", 'A', BUREAU_REGION, 2026,
	    (int)(certificate % (NUMBER_SERIAL_MAX + 1)), &err));
	number_stored(r.number, &number);
	r.list = (uint16_t)(certificate / SLOTS);
	r.idx = slot_of(certificate);
	road_issue(&r);
	const struct act_body made = road_made(&r);
	credential_hash(hash, made.made.qc1);
	MEASURE_MUST(qr_text_prefix(&text, span_text(BUREAU_HOST), &err));
	qr_text_digits(&text, made.made.qc1);
	fprintf(p->codes, "%s\n", buf_text(&text));
	if (p->lookup != NULL)
		put_confirmation(p, r.number, made.made.qc1);
	buf_free(&text);
	road_close(&r);
}

static bool
is_suspended(uint64_t certificate)
{
	return certificate % 100 == 99;
}

/* Of some certificates in force there is a code. */
static bool
has_code(const struct publishing *p, uint64_t certificate)
{
	return certificate % (p->n / p->n_codes) == 0 && !is_suspended(certificate);
}

static void
put_list(struct snapshot_list *out, const struct publishing *p, uint64_t list)
{
	static struct snapshot_row rows[SLOTS];
	static uint8_t files[SLOTS][1][SHA256_BYTES];
	static const struct history_entry suspended = { .status = STATUS_SUSPENDED,
		.from_s = BUREAU_START_S,
		.until_s = HISTORY_OPEN,
		.recorded_s = BUREAU_START_S };
	struct snapshot_parts parts;
	const uint64_t first = list * SLOTS;
	const size_t n = p->n - first < SLOTS ? (size_t)(p->n - first) : SLOTS;

	for (size_t i = 0; i < n; i++) {
		const uint64_t c = first + i;
		rows[i] = (struct snapshot_row){ .idx = slot_of(c),
			.assigned = true,
			.files = (const uint8_t(*)[SHA256_BYTES])files[i],
			.n_files = 1,
			.entries = &suspended,
			.n_entries = is_suspended(c) };
		mix_bytes(files[i][0], 2 * c);
		if (p->lookup != NULL)
			bench_lookup_add(
			    p->lookup, (uint16_t)list, rows[i].idx, is_suspended(c), files[i][0]);
		if (has_code(p, c))
			sign_code(rows[i].credential_hash, p, c);
		else
			mix_bytes(rows[i].credential_hash, 2 * c + 1);
	}
	MEASURE_MUST(snapshot_build(&parts, rows, n, p->now_s, &err));
	*out = (struct snapshot_list){ .list = (uint16_t)list };
	put_part(p, out->status_hash, &parts.status);
	put_part(p, out->fingerprints_hash, &parts.fingerprints);
	put_part(p, out->history_hash, &parts.history);
	put_token(p, list, buf_span(&parts.status));
	snapshot_parts_free(&parts);
}

static void
put_snapshot(const struct publishing *p, struct snapshot_list *lists, size_t n_lists)
{
	const struct bureau *b = p->bureau;
	struct checkpoint c = { span_text(BUREAU_ORIGIN), 1, { { 1 } } };
	struct buf text = BUF_EMPTY, note = BUF_EMPTY, orders = BUF_EMPTY, payload = BUF_EMPTY,
		   file = BUF_EMPTY;

	checkpoint_encode(&text, &c);
	bureau_sign_note(&note, b, buf_span(&text));
	struct snapshot manifest = { .seq = 1,
		.iat_s = p->now_s,
		.exp_s = p->now_s + 7 * CIVIL_DAY_S,
		.issuer = span_text(BUREAU_ISS),
		.bundle_seq = BUREAU_BUNDLE_SEQ,
		.checkpoint = buf_span(&note),
		.lists = lists,
		.n_lists = n_lists };
	orders_part_encode(&orders, NULL, 0);
	put_part(p, manifest.orders_hash, &orders);
	memcpy(manifest.bundle_hash, trust_bundle_hash(b->trust), SHA256_BYTES);
	memcpy(manifest.bureau_id, b->bureau_id, BUREAU_ID_BYTES);
	snapshot_encode(&payload, &manifest);
	bureau_sign_payload(&file, &b->keys[STATUS], 1, SNAPSHOT_TYP, buf_span(&payload));
	put(p, "public/v1/snapshot", buf_span(&file));
	buf_free(&text);
	buf_free(&note);
	buf_free(&orders);
	buf_free(&payload);
	buf_free(&file);
}

static FILE *
create(const char *folder, const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	must((f = fopen(path, "w")) != NULL);
	return f;
}

/* Number and check code of what has a code can be confirmed. */
static void
put_lookup(struct publishing *p)
{
	char path[512];

	snprintf(path, sizeof path, "%s/lookup.db", p->folder);
	bench_lookup_write(p->lookup, path, BUREAU_START_S);
	must(fclose(p->confirmations) == 0);
}

static void
make(const char *folder, uint64_t n, uint64_t n_codes, bool beside)
{
	struct publishing p = { .bureau = bureau_new("standard"),
		.folder = folder,
		.n = n,
		.n_codes = n < n_codes ? n : n_codes,
		.now_s = time(NULL) };
	const size_t n_lists = (size_t)((n + SLOTS - 1) / SLOTS);
	struct snapshot_list *lists = calloc(n_lists, sizeof *lists);
	char line[32];

	must(lists != NULL);
	put(&p, "root.cose", buf_span(&p.bureau->root_file));
	put(&p, "public/v1/trust-bundle", buf_span(&p.bureau->bundle_file));
	p.codes = create(folder, "codes");
	if (beside) {
		p.lookup = bench_lookup_new(n);
		p.confirmations = create(folder, "confirmations");
	}
	for (size_t i = 0; i < n_lists; i++)
		put_list(&lists[i], &p, i);
	put_snapshot(&p, lists, n_lists);
	must(fclose(p.codes) == 0);
	if (beside)
		put_lookup(&p);
	snprintf(line, sizeof line, "%llu\n", (unsigned long long)n);
	put(&p, "n", span_text(line));
	free(lists);
	bureau_free(p.bureau);
}

/* ---- asking ---- */

static uint64_t
read_n(const char *folder)
{
	char path[512];
	struct buf text = BUF_EMPTY;

	snprintf(path, sizeof path, "%s/n", folder);
	MEASURE_MUST(file_read(&text, path, 32, &err));
	const uint64_t n = strtoull(buf_text(&text), NULL, 10);
	buf_free(&text);
	must(n > 0);
	return n;
}

static struct published *
load(const char *folder)
{
	char root[512], published[512];
	struct memory memory = { 0 };
	struct published *p = NULL;

	snprintf(root, sizeof root, "%s/root.cose", folder);
	snprintf(published, sizeof published, "%s/public", folder);
	MEASURE_MUST(published_open_paths(&p, root, published, &memory, time(NULL), &err));
	must(published_trouble(p, time(NULL)) == FINDING_NONE);
	published_load_all(p);
	return p;
}

/* Bytes of this process in memory that nobody else has. */
static unsigned long long
resident(void)
{
	char line[128] = "", *at;
	FILE *f = fopen("/proc/self/statm", "r");

	must(f != NULL && fgets(line, sizeof line, f) != NULL);
	fclose(f);
	strtoull(line, &at, 10); /* all, resident, shared */
	unsigned long long pages = strtoull(at, &at, 10), shared = strtoull(at, &at, 10);
	return (pages - shared) * (unsigned long long)sysconf(_SC_PAGESIZE);
}

static void
start(const char *folder)
{
	const uint64_t n = read_n(folder);
	const unsigned long long before = resident();
	const struct measure begun = measure_begin();
	struct published *p = load(folder);
	const struct measure now = measure_begin();

	printf("{\"n\":%llu,\"wall_s\":%.6f,\"cpu_s\":%.6f,\"bytes\":%llu}\n",
	    (unsigned long long)n, now.wall_s - begun.wall_s, now.cpu_s - begun.cpu_s,
	    resident() - before);
	published_close(p);
}

static void
find(const char *folder, uint64_t m)
{
	const uint64_t n = read_n(folder);
	struct published *p = load(folder);
	struct published_slot slot;
	uint64_t suspended = 0;

	const struct measure begun = measure_begin();
	for (uint64_t i = 0; i < m; i++) {
		const uint64_t c = mix(i) % n;
		published_find(&slot, p, span_text(BUREAU_ISS), (uint16_t)(c / SLOTS), slot_of(c));
		must(slot.read && slot.assigned);
		suspended += slot.status == STATUS_SUSPENDED;
	}
	measure_end(&begun, m);
	must(m < 10000 || suspended > 0);
	published_close(p);
}

static void
answer(const char *folder, uint64_t m)
{
	char path[512];
	static char codes[CODES_MOST][CODE_BYTES];
	size_t n_codes = 0;
	struct published *p = load(folder);
	struct question question = { .now_s = time(NULL) };
	struct answer a;

	snprintf(path, sizeof path, "%s/codes", folder);
	FILE *f = fopen(path, "r");
	must(f != NULL);
	for (; n_codes < CODES_MOST && fgets(codes[n_codes], CODE_BYTES, f) != NULL; n_codes++)
		codes[n_codes][strcspn(codes[n_codes], "\n")] = '\0';
	fclose(f);
	const struct measure begun = measure_begin();
	for (uint64_t i = 0; i < m; i++) {
		MEASURE_MUST(verify(&a, &question, p, NULL,
		    span_text(codes[mix(i) % (n_codes > 0 ? n_codes : 1)]), &err));
		must(a.verdict == VERDICT_VALID);
	}
	measure_end(&begun, m);
	published_close(p);
}

/* ---- beside it ---- */

/* Open addressing, 16 bytes an entry, filled to a half at most. */
static void
table(uint64_t n, uint64_t m)
{
	struct {
		uint64_t key, value;
	} * entries;
	uint64_t size = 1, sum = 0;

	while (size < 2 * n)
		size *= 2;
	must((entries = calloc(size, sizeof *entries)) != NULL);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t at = mix(i) & (size - 1);
		while (entries[at].key != 0)
			at = (at + 1) & (size - 1);
		entries[at].key = mix(i);
		entries[at].value = i;
	}
	const struct measure begun = measure_begin();
	for (uint64_t i = 0; i < m; i++) {
		const uint64_t key = mix(mix(i) % (n > 0 ? n : 1));
		uint64_t at = key & (size - 1);
		while (entries[at].key != key)
			at = (at + 1) & (size - 1);
		sum += entries[at].value;
	}
	measure_end(&begun, m);
	must(sum > 0 || n == 1);
	free(entries);
}

static void
key_of(char out[32], uint64_t i)
{
	snprintf(out, 32, "QC26-%015llu", (unsigned long long)i * 97);
}

static void
fill(sqlite3 *db, uint64_t n)
{
	sqlite3_stmt *put_row;
	char key[32];
	uint8_t blob[200] = { 7 };

	must(
	    sqlite3_exec(db,
		"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE t (id TEXT "
		"PRIMARY KEY, state INTEGER, a INTEGER, b INTEGER, rest BLOB) WITHOUT ROWID; BEGIN",
		NULL, NULL, NULL) == SQLITE_OK);
	must(sqlite3_prepare_v2(db, "INSERT INTO t VALUES (?, 1, 2, 3, ?)", -1, &put_row, NULL) ==
	    SQLITE_OK);
	for (uint64_t i = 0; i < n; i++) {
		key_of(key, i);
		sqlite3_bind_text(put_row, 1, key, -1, SQLITE_STATIC);
		sqlite3_bind_blob(put_row, 2, blob, sizeof blob, SQLITE_STATIC);
		must(sqlite3_step(put_row) == SQLITE_DONE);
		sqlite3_reset(put_row);
	}
	sqlite3_finalize(put_row);
	must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
}

static void
sqlite(const char *path, uint64_t n, uint64_t m)
{
	sqlite3 *db;
	sqlite3_stmt *get;
	char key[32];
	int64_t sum = 0;
	const bool made = file_exists(path);

	must(sqlite3_open(path, &db) == SQLITE_OK);
	if (!made)
		fill(db, n);
	must(sqlite3_exec(db, "PRAGMA mmap_size = 2147483647", NULL, NULL, NULL) == SQLITE_OK);
	must(sqlite3_prepare_v2(db, "SELECT state FROM t WHERE id = ?", -1, &get, NULL) ==
	    SQLITE_OK);
	const struct measure begun = measure_begin();
	for (uint64_t i = 0; i < m; i++) {
		if (i % 200 == 0)
			must(sqlite3_exec(db, i > 0 ? "COMMIT; BEGIN" : "BEGIN", NULL, NULL,
				 NULL) == SQLITE_OK);
		key_of(key, mix(i) % (n > 0 ? n : 1));
		sqlite3_bind_text(get, 1, key, -1, SQLITE_STATIC);
		must(sqlite3_step(get) == SQLITE_ROW);
		sum += sqlite3_column_int64(get, 0);
		sqlite3_reset(get);
	}
	measure_end(&begun, m);
	must(sum == (int64_t)m);
	sqlite3_finalize(get);
	sqlite3_close(db);
}

/* ---- */

static uint64_t
number(int argc, char **argv, int at)
{
	return at < argc ? strtoull(argv[at], NULL, 10) : 0;
}

int
main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	const uint64_t third = number(argc, argv, 3), fourth = number(argc, argv, 4);

	if (strcmp(what, "make") == 0 && third > 0 && fourth > 0)
		make(argv[2], third, fourth, false);
	else if (strcmp(what, "beside") == 0 && third > 0 && fourth > 0)
		make(argv[2], third, fourth, true);
	else if (strcmp(what, "start") == 0)
		start(argv[2]);
	else if (strcmp(what, "find") == 0 && third > 0)
		find(argv[2], third);
	else if (strcmp(what, "answer") == 0 && third > 0)
		answer(argv[2], third);
	else if (strcmp(what, "table") == 0 && third > 0)
		table(number(argc, argv, 2), third);
	else if (strcmp(what, "sqlite") == 0 && fourth > 0)
		sqlite(argv[2], third, fourth);
	else {
		fputs("bench_status make|beside|start|find|answer|table|sqlite ...: see the file's "
		      "head\n",
		    stderr);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
