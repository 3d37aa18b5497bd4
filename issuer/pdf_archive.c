#include "issuer/pdf_archive.h"

#include "core/rfc3339.h"
#include "credential/sha256.h"

#include <stdio.h>
#include <stdlib.h>

#define BLANK_NUMBER 9999999 /* seven digits: more than LIMIT_PDF_BYTES */
#define PRODUCER "Haru Free PDF Library " HPDF_VERSION_TEXT /* libharu writes it itself */
#define CREATOR "Qualcert"

/* An instant as PDF writes it (ISO 32000-1 7.9.4): D:20261120161200+08'00'. */
static void
pdf_date(char out[32], int64_t t_s)
{
	char t[RFC3339_TEXT_BYTES];
	rfc3339_format(t, t_s);
	snprintf(
	    out, 32, "D:%.4s%.2s%.2s%.2s%.2s%.2s+08'00'", t, t + 5, t + 8, t + 11, t + 14, t + 17);
}

/* Text of face_set() and of a layout's title: neither has characters that XML cannot hold. */
static void
add_xml(struct buf *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&':
			buf_add_text(out, "&amp;");
			break;
		case '<':
			buf_add_text(out, "&lt;");
			break;
		case '>':
			buf_add_text(out, "&gt;");
			break;
		default:
			buf_add_byte(out, (uint8_t)*text);
		}
}

static bool
describe_xmp(struct pdf_doc *doc, const struct pdf_archive *in, struct err *err)
{
	struct buf xmp = BUF_EMPTY;
	char now[RFC3339_TEXT_BYTES];

	rfc3339_format(now, in->now_s);
	buf_add_text(&xmp,
	    "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
	    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
	    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
	    "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
	    " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\""
	    " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n"
	    "<dc:format>application/pdf</dc:format>\n"
	    "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
	add_xml(&xmp, in->title);
	buf_printf(&xmp,
	    "</rdf:li></rdf:Alt></dc:title>\n"
	    "<xmp:CreateDate>%s</xmp:CreateDate>\n<xmp:ModifyDate>%s</xmp:ModifyDate>\n"
	    "<xmp:CreatorTool>" CREATOR "</xmp:CreatorTool>\n"
	    "<pdf:Producer>" PRODUCER "</pdf:Producer>\n"
	    "<pdfaid:part>3</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>\n"
	    "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>",
	    now, now);
	bool ok = buf_ok(&xmp, err);
	if (ok) {
		struct pdf_object *metadata = pdf_new_stream(doc, buf_span(&xmp), PDF_PLAIN);
		pdf_put_name(metadata, "Type", "Metadata");
		pdf_put_name(metadata, "Subtype", "XML");
		pdf_put_ref(pdf_doc_catalog(doc), "Metadata", metadata);
	}
	buf_free(&xmp);
	return ok;
}

static void
describe_colour(struct pdf_doc *doc, const struct pdf_archive *in)
{
	struct pdf_object *profile = pdf_new_stream(doc, in->profile, PDF_DEFLATE);
	pdf_put_int(profile, "N", 3);
	struct pdf_object *list = pdf_put_array(pdf_doc_catalog(doc), "OutputIntents");
	struct pdf_object *intent = pdf_add_dict(list);
	pdf_put_name(intent, "Type", "OutputIntent");
	pdf_put_name(intent, "S", "GTS_PDFA1"); /* the subtype of every part of PDF/A */
	pdf_put_text(intent, "OutputConditionIdentifier", "sRGB");
	pdf_put_text(intent, "Info", "sRGB");
	pdf_put_ref(intent, "DestOutputProfile", profile);
}

/* The same attachment at the same moment is the same file, and no other is. */
static void
describe_identity(struct pdf_doc *doc, const struct pdf_archive *in, const char *date)
{
	uint8_t hash[SHA256_BYTES];
	sha256_two(hash, span_text(date), in->attachment);
	struct pdf_object *id = pdf_put_array(pdf_doc_trailer(doc), "ID");
	pdf_add_bytes(id, span_of(hash, 16));
	pdf_add_bytes(id, span_of(hash, 16));
}

bool
pdf_archive_describe(struct pdf_doc *doc, const struct pdf_archive *in, struct err *err)
{
	char date[32];
	pdf_date(date, in->now_s);
	pdf_put_text(pdf_doc_info(doc), "Title", in->title);
	pdf_put_text(pdf_doc_info(doc), "Creator", CREATOR);
	pdf_put_text(pdf_doc_info(doc), "CreationDate", date);
	pdf_put_text(pdf_doc_info(doc), "ModDate", date);
	pdf_put_text(pdf_doc_catalog(doc), "Lang", "zh-CN");
	struct pdf_object *view = pdf_put_dict(pdf_doc_catalog(doc), "ViewerPreferences");
	pdf_put_true(view, "DisplayDocTitle");
	describe_colour(doc, in);
	describe_identity(doc, in, date);
	return describe_xmp(doc, in, err);
}

void
pdf_archive_attach(struct pdf_doc *doc, const struct pdf_archive *in)
{
	char date[32];
	pdf_date(date, in->now_s);
	struct pdf_object *stream = pdf_new_stream(doc, in->attachment, PDF_PLAIN);
	pdf_put_name(stream, "Type", "EmbeddedFile");
	pdf_put_name(stream, "Subtype", "application/cose");
	struct pdf_object *params = pdf_put_dict(stream, "Params");
	pdf_put_text(params, "ModDate", date);
	pdf_put_int(params, "Size", (int)in->attachment.len);

	struct pdf_object *spec = pdf_new_dict(doc);
	pdf_put_name(spec, "Type", "Filespec");
	pdf_put_text(spec, "F", in->file_name);
	pdf_put_text(spec, "UF", in->file_name);
	pdf_put_text(spec, "Desc", "credential and the acts that approved it");
	pdf_put_name(spec, "AFRelationship", "Data");
	struct pdf_object *ef = pdf_put_dict(spec, "EF");
	pdf_put_ref(ef, "F", stream);
	pdf_put_ref(ef, "UF", stream);

	pdf_add_ref(pdf_put_array(pdf_doc_catalog(doc), "AF"), spec);
	struct pdf_object *tree =
	    pdf_put_dict(pdf_put_dict(pdf_doc_catalog(doc), "Names"), "EmbeddedFiles");
	struct pdf_object *names = pdf_put_array(tree, "Names");
	pdf_add_text(names, in->file_name);
	pdf_add_ref(names, spec);
}

/* DocMDP with P 1: no change of any kind is permitted (ISO 32000-1 12.8.2.2). */
static void
forbid_changes(struct pdf_doc *doc, struct pdf_object *signature)
{
	struct pdf_object *reference = pdf_add_dict(pdf_put_array(signature, "Reference"));
	pdf_put_name(reference, "Type", "SigRef");
	pdf_put_name(reference, "TransformMethod", "DocMDP");
	struct pdf_object *params = pdf_put_dict(reference, "TransformParams");
	pdf_put_name(params, "Type", "TransformParams");
	pdf_put_int(params, "P", 1);
	pdf_put_name(params, "V", "1.2");
	pdf_put_ref(pdf_put_dict(pdf_doc_catalog(doc), "Perms"), "DocMDP", signature);
}

bool
pdf_archive_seal_field(
    struct pdf_doc *doc, const struct pdf_archive *in, size_t seal_bytes, struct err *err)
{
	char date[32];
	pdf_date(date, in->now_s);
	uint8_t *room = calloc(1, seal_bytes);
	if (!room)
		return err_set(err, ERR_MEMORY, "out of memory");

	struct pdf_object *signature = pdf_new_dict(doc);
	pdf_put_name(signature, "Type", "Sig");
	pdf_put_name(signature, "Filter", "Adobe.PPKLite");
	pdf_put_name(signature, "SubFilter", "ETSI.CAdES.detached");
	pdf_put_text(signature, "M", date);
	forbid_changes(doc, signature);
	struct pdf_object *range = pdf_put_array(signature, "ByteRange");
	pdf_add_int(range, 0);
	for (int i = 0; i < 3; i++)
		pdf_add_int(range, BLANK_NUMBER);
	struct pdf_object *attachment = pdf_put_array(signature, "QualcertAttachment");
	for (int i = 0; i < 2; i++)
		pdf_add_int(attachment, BLANK_NUMBER);
	pdf_put_bytes(signature, "Contents", span_of(room, seal_bytes));
	free(room);

	struct pdf_object *widget = pdf_new_dict(doc);
	pdf_put_name(widget, "Type", "Annot");
	pdf_put_name(widget, "Subtype", "Widget");
	pdf_put_name(widget, "FT", "Sig");
	pdf_put_text(widget, "T", "Seal");
	pdf_put_int(widget, "F", 132);                           /* print, locked */
	struct pdf_object *rect = pdf_put_array(widget, "Rect"); /* nothing to see, so no /AP */
	for (int i = 0; i < 4; i++)
		pdf_add_int(rect, 0);
	pdf_doc_turn_back(doc);
	pdf_put_ref(widget, "P", pdf_doc_page_object(doc));
	pdf_put_ref(widget, "V", signature);
	pdf_add_ref(pdf_doc_annotations(doc), widget);

	struct pdf_object *form = pdf_put_dict(pdf_doc_catalog(doc), "AcroForm");
	pdf_add_ref(pdf_put_array(form, "Fields"), widget);
	pdf_put_int(form, "SigFlags", 3); /* there is a signature; append only */
	return true;
}
