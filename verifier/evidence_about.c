#include "verifier/evidence_about.h"

#include "core/encode.h"
#include "core/rfc3339.h"

#include <stdio.h>
#include <stdlib.h>

const char evidence_readme[] =
    "本文件是 qualverify 的核验证据包：当时问了什么、答了什么，以及答复所依据的全部字节。\n"
    "\n"
    "重新核验：  qualverify evidence 本证据包 [当时核验的文件...]\n"
    "解包后也可：qualverify --bureau bureau-1 inputs/1.cose（以当时的时钟）；sha256sum -c "
    "MANIFEST\n"
    "\n"
    "能证明：依发证机关签名的名录、登记与状态数据，在所记时刻对所记文件（以其 SHA-256 "
    "为准）得出此答复。\n"
    "不能证明：\n"
    "- 核验的时刻：只是核验所用计算机的时钟所言。如需确定，请对本文件的 SHA-256 "
    "加盖时间戳或办理公证。\n"
    "- 由谁核验：本文件没有任何人的签名。\n"
    "- PDF 本身：这里只有它的 SHA-256 与其附件，须另行保存原件；签章要有原件才能重新核验。\n"
    "- 此后的情况：证书可能已被暂停、吊销或撤销。现在的状态请现在核验。\n"
    "本文件含持证单位的资料，请按此保管。\n"
    "\n"
    "This is evidence made by qualverify: what was asked, what was answered, and every byte the "
    "answers rest on.\n"
    "\n"
    "To check it:          qualverify evidence THIS-FILE [FILE-CHECKED-THEN...]\n"
    "Unpacked, also:       qualverify --bureau bureau-1 inputs/1.cose (by the clock of then); "
    "sha256sum -c MANIFEST\n"
    "\n"
    "It proves: by the lists, the register and the status that the bureau signed, this is the "
    "answer about the\n"
    "recorded files (known by their SHA-256) at the recorded time.\n"
    "It does not prove:\n"
    "- the time of checking: that is the word of the computer that checked. Where it matters, have "
    "a time-stamp or\n"
    "  a notary fix the SHA-256 of this file.\n"
    "- who checked: nobody signed this file.\n"
    "- a PDF itself: here are only its SHA-256 and its attachment. Keep the PDF; its seal can be "
    "checked again only\n"
    "  with it.\n"
    "- anything since: the certificate may have been suspended, revoked or annulled. For now, ask "
    "now.\n"
    "It holds data about certificate holders: keep it accordingly.\n";

static json_t *
bureau_json(const struct evidence_bureau *b, size_t number)
{
	char hex[2 * SHA256_BYTES + 1], folder[32];

	hex_encode(hex, span_of(b->fingerprint, SHA256_BYTES));
	snprintf(folder, sizeof folder, "bureau-%zu", number);
	return json_pack("{s:s, s:s, s:b, s:o}", "folder", folder, "fingerprint", hex,
	    "rollback_guarded", b->guarded, "remembered", memory_json(&b->memory));
}

bool
evidence_about_encode(struct buf *out, const struct evidence *e, struct err *err)
{
	char here[RFC3339_TEXT_BYTES], utc[RFC3339_TEXT_BYTES];
	json_t *bureaus = json_array();

	for (size_t i = 0; i < e->n_bureaus; i++)
		json_array_append_new(bureaus, bureau_json(&e->bureaus[i], i + 1));
	const bool all = json_array_size(bureaus) == e->n_bureaus;
	rfc3339_format(here, e->now_s);
	rfc3339_format(utc, e->now_s - CIVIL_OFFSET_S);
	snprintf(strchr(utc, '+'), 2, "Z");
	json_t *about = json_pack("{s:i, s:s, s:s, s:s, s:o}", "schema", 1, "program", e->program,
	    "checked", here, "checked_utc", utc, "bureaus", bureaus);
	char *text = all && about != NULL ? json_dumps(about, JSON_INDENT(1)) : NULL;
	json_decref(about);
	if (text == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	buf_add_text(out, text);
	buf_add_byte(out, '\n');
	free(text);
	return buf_ok(out, err);
}

static bool
bureau_from_json(struct evidence_bureau *out, json_t *object)
{
	const char *folder, *hex;
	json_t *remembered;
	int guarded = 0;

	if (json_unpack(object, "{s:s, s:s, s:b, s:o!}", "folder", &folder, "fingerprint", &hex,
		"rollback_guarded", &guarded, "remembered", &remembered) != 0)
		return false;
	out->guarded = guarded != 0;
	return hex_decode(out->fingerprint, SHA256_BYTES, span_text(hex), NULL) &&
	    memory_from_json(&out->memory, remembered);
}

static bool
from_json(struct evidence *e, json_t *about, struct err *err)
{
	const char *program, *here, *utc;
	json_t *bureaus;
	int schema = 0;

	if (json_unpack(about, "{s:i, s:s, s:s, s:s, s:o!}", "schema", &schema, "program", &program,
		"checked", &here, "checked_utc", &utc, "bureaus", &bureaus) != 0 ||
	    strlen(program) >= sizeof e->program ||
	    !rfc3339_parse(&e->now_s, span_text(here), NULL) || !json_is_array(bureaus) ||
	    json_array_size(bureaus) == 0 || json_array_size(bureaus) > EVIDENCE_BUREAUS)
		return err_set(err, ERR_MALFORMED, "nothing this program writes");
	memcpy(e->program, program, strlen(program));
	e->bureaus = calloc(json_array_size(bureaus), sizeof *e->bureaus);
	if (e->bureaus == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (e->n_bureaus = 0; e->n_bureaus < json_array_size(bureaus); e->n_bureaus++) {
		if (!bureau_from_json(
			&e->bureaus[e->n_bureaus], json_array_get(bureaus, e->n_bureaus)))
			return err_set(err, ERR_MALFORMED, "nothing this program writes");
	}
	return true;
}

/* Read leniently, write again, compare: so there is one form. */
bool
evidence_about_parse(struct evidence *e, struct span text, struct err *err)
{
	json_t *about = json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
	struct buf again = BUF_EMPTY;
	bool ok = from_json(e, about, err) && evidence_about_encode(&again, e, err);

	if (ok && !span_equal(buf_span(&again), text))
		ok = err_set(err, ERR_MALFORMED, "not in the form this program writes");
	json_decref(about);
	buf_free(&again);
	return ok || err_in(err, EVIDENCE_ABOUT);
}

void
evidence_line(struct buf *out, const char *name, struct span content)
{
	uint8_t hash[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];

	sha256(hash, content);
	hex_encode(hex, span_of(hash, sizeof hash));
	buf_printf(out, "%s  %s\n", hex, name);
}
