#include "issuer/pdf_object.h"

#include "core/encode.h"
#include "core/text.h"

#include <assert.h>
#include <hpdf_doc.h>
#include <hpdf_objects.h>
#include <hpdf_pages.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>

_Static_assert(HPDF_VERSION_ID == 20300, "the object layer of libharu was read at version 2.3.0");

#define FORMS_DEEP 2

/* Libharu's own zlib takes a third of the time of a page; a higher level gains 4 % of the file for twice the time. */
#define DEFLATE_LEVEL 1

struct pdf_doc {
	HPDF_Doc haru;
	HPDF_Page first, page;       /* page: the one turned to */
	HPDF_Dict forms[FORMS_DEEP]; /* begun and not ended, the innermost last */
	size_t depth;
	HPDF_STATUS fault; /* the first thing libharu complained about; 0 while good */
	struct libdeflate_compressor *compressor;
};

static void
on_fault(HPDF_STATUS fault, HPDF_STATUS detail, void *user)
{
	struct pdf_doc *doc = user;
	(void)detail;
	if (!doc->fault)
		doc->fault = fault;
}

static bool
doc_fault(const struct pdf_doc *doc, struct err *err)
{
	unsigned fault = (unsigned)(doc->fault ? doc->fault : HPDF_GetError(doc->haru));
	if (fault == HPDF_FAILD_TO_ALLOC_MEM)
		return err_set(err, ERR_MEMORY, "out of memory");
	return err_set(err, ERR_LIMIT, "libharu cannot make the page: error 0x%04X", fault);
}

bool
pdf_doc_good(const struct pdf_doc *doc, struct err *err)
{
	return (!doc->fault && HPDF_GetError(doc->haru) == HPDF_OK) || doc_fault(doc, err);
}

bool
pdf_doc_new(struct pdf_doc **out, struct err *err)
{
	struct pdf_doc *doc = calloc(1, sizeof *doc);
	if (!doc)
		return err_set(err, ERR_MEMORY, "out of memory");
	doc->haru = HPDF_New(on_fault, doc);
	doc->compressor = libdeflate_alloc_compressor(DEFLATE_LEVEL);
	if (!doc->haru || !doc->compressor) {
		pdf_doc_free(doc);
		return err_set(err, ERR_MEMORY, "out of memory");
	}
	doc->haru->pdf_version = HPDF_VER_17;
	*out = doc;
	return true;
}

bool
pdf_doc_add_page(struct pdf_doc *doc, double width_pt, double height_pt, struct err *err)
{
	assert(doc->depth == 0);
	doc->page = HPDF_AddPage(doc->haru);
	if (!doc->page)
		return doc_fault(doc, err);
	if (!doc->first)
		doc->first = doc->page;
	HPDF_Page_SetWidth(doc->page, (HPDF_REAL)width_pt);
	HPDF_Page_SetHeight(doc->page, (HPDF_REAL)height_pt);
	((HPDF_PageAttr)doc->page->attr)->contents->filter = HPDF_STREAM_FILTER_FLATE_DECODE;
	return true;
}

void
pdf_doc_turn_back(struct pdf_doc *doc)
{
	doc->page = doc->first;
}

void
pdf_doc_free(struct pdf_doc *doc)
{
	if (!doc)
		return;
	if (doc->haru)
		HPDF_Free(doc->haru);
	libdeflate_free_compressor(doc->compressor);
	free(doc);
}

/* ---- compression ---- */

/* What a stream in memory holds, appended. */
static void
add_content(struct buf *out, HPDF_Stream stream)
{
	for (HPDF_UINT i = 0; i < HPDF_MemStream_GetBufCount(stream); i++) {
		HPDF_UINT len = 0;
		const HPDF_BYTE *part = HPDF_MemStream_GetBufPtr(stream, i, &len);
		buf_add(out, part, len);
	}
}

void
pdf_deflate(struct buf *out, const struct pdf_doc *doc, const struct pdf_object *stream)
{
	struct buf content = BUF_EMPTY;

	add_content(&content, ((const HPDF_Dict_Rec *)stream)->stream);
	const size_t most = libdeflate_zlib_compress_bound(doc->compressor, content.len);
	uint8_t *room = content.bad ? NULL : malloc(most);
	if (room)
		buf_add(out, room,
		    libdeflate_zlib_compress(
			doc->compressor, content.ptr, content.len, room, most));
	else
		out->bad = ERR_MEMORY;
	free(room);
	buf_free(&content);
}

static HPDF_STATUS
write_filter(HPDF_Dict dict, HPDF_Stream file)
{
	(void)dict;
	return HPDF_Stream_WriteStr(file, "/Filter /FlateDecode\n");
}

/* It holds compressed bytes: libharu shall not compress them, and takes away a filter it does not know of. */
static void
set_deflated(HPDF_Dict dict)
{
	dict->filter = HPDF_STREAM_FILTER_NONE;
	dict->write_fn = write_filter;
}

/* Every stream that is to be: once all of it is drawn, and before libharu writes it. */
static bool
deflate_all(struct pdf_doc *doc, struct err *err)
{
	HPDF_List entries = doc->haru->xref->entries;
	bool ok = true;

	for (HPDF_UINT i = 0; ok && i < entries->count; i++) {
		HPDF_Dict dict = ((HPDF_XrefEntry)HPDF_List_ItemAt(entries, i))->obj;
		struct buf packed = BUF_EMPTY;
		if (!dict || (dict->header.obj_class & HPDF_OCLASS_ANY) != HPDF_OCLASS_DICT ||
		    !dict->stream || dict->filter != HPDF_STREAM_FILTER_FLATE_DECODE)
			continue;
		pdf_deflate(&packed, doc, (const struct pdf_object *)dict);
		ok = buf_ok(&packed, err);
		HPDF_MemStream_FreeData(dict->stream);
		if (ok)
			HPDF_Stream_Write(dict->stream, packed.ptr, (HPDF_UINT)packed.len);
		set_deflated(dict);
		buf_free(&packed);
	}
	return ok;
}

/* ---- saving ---- */

bool
pdf_doc_save(struct buf *out, struct pdf_doc *doc, struct err *err)
{
	uint8_t chunk[8192];
	if (!pdf_doc_good(doc, err) || !deflate_all(doc, err))
		return false;
	HPDF_SaveToStream(doc->haru);
	HPDF_ResetStream(doc->haru);
	if (!pdf_doc_good(doc, err))
		return false;
	for (HPDF_UINT32 left = HPDF_GetStreamSize(doc->haru); left > 0;) {
		HPDF_UINT32 got = sizeof chunk;
		HPDF_ReadFromStream(doc->haru, chunk, &got);
		if (got == 0 || got > left)
			return doc_fault(doc, err);
		buf_add(out, chunk, got);
		left -= got;
	}
	return buf_ok(out, err);
}

HPDF_Page
pdf_doc_page(struct pdf_doc *doc)
{
	return doc->page;
}

struct pdf_object *
pdf_doc_catalog(struct pdf_doc *doc)
{
	return (struct pdf_object *)doc->haru->catalog;
}

struct pdf_object *
pdf_doc_info(struct pdf_doc *doc)
{
	return (struct pdf_object *)doc->haru->info;
}

struct pdf_object *
pdf_doc_trailer(struct pdf_doc *doc)
{
	return (struct pdf_object *)doc->haru->trailer;
}

struct pdf_object *
pdf_doc_page_object(struct pdf_doc *doc)
{
	return (struct pdf_object *)doc->page;
}

struct pdf_object *
pdf_doc_resources(struct pdf_doc *doc)
{
	return HPDF_Page_GetInheritableItem(doc->page, "Resources", HPDF_OCLASS_DICT);
}

struct pdf_object *
pdf_doc_annotations(struct pdf_doc *doc)
{
	return HPDF_Dict_GetItem(doc->page, "Annots", HPDF_OCLASS_ARRAY);
}

struct pdf_object *
pdf_new_dict(struct pdf_doc *doc)
{
	HPDF_Dict dict = HPDF_Dict_New(doc->haru->mmgr);
	if (!dict || HPDF_Xref_Add(doc->haru->xref, dict) != HPDF_OK)
		return NULL;
	return (struct pdf_object *)dict;
}

struct pdf_object *
pdf_new_stream(struct pdf_doc *doc, struct span bytes, enum pdf_filter filter)
{
	HPDF_Dict dict = HPDF_DictStream_New(doc->haru->mmgr, doc->haru->xref);
	if (!dict)
		return NULL;
	if (bytes.len > 0)
		HPDF_Stream_Write(dict->stream, bytes.ptr, (HPDF_UINT)bytes.len);
	if (filter == PDF_DEFLATED)
		set_deflated(dict);
	else
		dict->filter = filter == PDF_DEFLATE ? HPDF_STREAM_FILTER_FLATE_DECODE
						     : HPDF_STREAM_FILTER_NONE;
	return (struct pdf_object *)dict;
}

/* Text of ASCII as it is; other text as UTF-16 with its mark (ISO 32000-1 7.9.2.2). */
static void *
text_string(HPDF_MMgr mmgr, const char *utf8)
{
	struct span text = span_text(utf8);
	struct buf wide = BUF_EMPTY;
	bool ascii = true;

	buf_add_be(&wide, 0xFEFF, 2);
	for (size_t pos = 0; pos < text.len;) {
		int32_t c = text_next(text, &pos);
		if (c < 0) /* none that text_check_field or text_check_shown let pass */
			break;
		ascii = ascii && c < 0x80;
		if (c >= 0x10000)
			buf_add_be(&wide, 0xD800 + ((unsigned)(c - 0x10000) >> 10), 2);
		buf_add_be(&wide, c >= 0x10000 ? 0xDC00 + ((unsigned)c & 0x3FF) : (unsigned)c, 2);
	}
	void *string = NULL;
	if (ascii)
		string = HPDF_String_New(mmgr, utf8, NULL);
	else if (!wide.bad)
		string = HPDF_Binary_New(mmgr, wide.ptr, (HPDF_UINT)wide.len);
	buf_free(&wide);
	return string;
}

static void *
byte_string(HPDF_MMgr mmgr, struct span bytes)
{
	return HPDF_Binary_New(mmgr, (HPDF_BYTE *)bytes.ptr, (HPDF_UINT)bytes.len);
}

/* Add a value made for this dictionary and return it; NULL if either is missing. */
static struct pdf_object *
put(struct pdf_object *dict, const char *key, void *value)
{
	if (!dict || HPDF_Dict_Add((HPDF_Dict)dict, key, value) != HPDF_OK)
		return NULL;
	return value;
}

static struct pdf_object *
add(struct pdf_object *array, void *value)
{
	if (!array || HPDF_Array_Add((HPDF_Array)array, value) != HPDF_OK)
		return NULL;
	return value;
}

static HPDF_MMgr
memory_of_dict(struct pdf_object *dict)
{
	return ((HPDF_Dict)dict)->mmgr;
}

static HPDF_MMgr
memory_of_array(struct pdf_object *array)
{
	return ((HPDF_Array)array)->mmgr;
}

struct pdf_object *
pdf_put_dict(struct pdf_object *dict, const char *key)
{
	return dict ? put(dict, key, HPDF_Dict_New(memory_of_dict(dict))) : NULL;
}

struct pdf_object *
pdf_put_array(struct pdf_object *dict, const char *key)
{
	return dict ? put(dict, key, HPDF_Array_New(memory_of_dict(dict))) : NULL;
}

void
pdf_put_ref(struct pdf_object *dict, const char *key, struct pdf_object *indirect)
{
	put(dict, key, indirect);
}

void
pdf_put_name(struct pdf_object *dict, const char *key, const char *name)
{
	if (dict)
		HPDF_Dict_AddName((HPDF_Dict)dict, key, name);
}

void
pdf_put_int(struct pdf_object *dict, const char *key, int value)
{
	if (dict)
		HPDF_Dict_AddNumber((HPDF_Dict)dict, key, value);
}

void
pdf_put_true(struct pdf_object *dict, const char *key)
{
	if (dict)
		HPDF_Dict_AddBoolean((HPDF_Dict)dict, key, HPDF_TRUE);
}

void
pdf_put_text(struct pdf_object *dict, const char *key, const char *utf8)
{
	if (dict)
		put(dict, key, text_string(memory_of_dict(dict), utf8));
}

void
pdf_put_bytes(struct pdf_object *dict, const char *key, struct span bytes)
{
	if (dict)
		put(dict, key, byte_string(memory_of_dict(dict), bytes));
}

struct pdf_object *
pdf_add_dict(struct pdf_object *array)
{
	return array ? add(array, HPDF_Dict_New(memory_of_array(array))) : NULL;
}

struct pdf_object *
pdf_add_array(struct pdf_object *array)
{
	return array ? add(array, HPDF_Array_New(memory_of_array(array))) : NULL;
}

void
pdf_add_ref(struct pdf_object *array, struct pdf_object *indirect)
{
	add(array, indirect);
}

void
pdf_add_int(struct pdf_object *array, int value)
{
	if (array)
		HPDF_Array_AddNumber((HPDF_Array)array, value);
}

void
pdf_add_real(struct pdf_object *array, double value)
{
	if (array)
		HPDF_Array_AddReal((HPDF_Array)array, (HPDF_REAL)value);
}

void
pdf_add_text(struct pdf_object *array, const char *utf8)
{
	if (array)
		add(array, text_string(memory_of_array(array), utf8));
}

void
pdf_add_bytes(struct pdf_object *array, struct span bytes)
{
	if (array)
		add(array, byte_string(memory_of_array(array), bytes));
}

void
pdf_add_link(struct pdf_doc *doc, HPDF_Rect rect, const char *uri)
{
	HPDF_Annotation link = HPDF_Page_CreateURILinkAnnot(doc->page, rect, uri);
	if (link)
		HPDF_LinkAnnot_SetBorderStyle(link, 0, 0, 0);
	pdf_put_int((struct pdf_object *)link, "F", 4); /* print: ISO 19005-2 6.3.2 */
}

/* Where libharu writes what is drawn from now on. */
static void
draw_into(struct pdf_doc *doc)
{
	HPDF_PageAttr attr = doc->page->attr;
	attr->stream = doc->depth > 0 ? doc->forms[doc->depth - 1]->stream : attr->contents->stream;
}

/* A dictionary in a dictionary, made when it is first asked for. */
static struct pdf_object *
entry(struct pdf_object *dict, const char *key)
{
	void *held = dict ? HPDF_Dict_GetItem((HPDF_Dict)dict, key, HPDF_OCLASS_DICT) : NULL;
	return held ? held : pdf_put_dict(dict, key);
}

/* Those of the form being drawn, or else of the page. */
static struct pdf_object *
drawing_resources(struct pdf_doc *doc)
{
	if (doc->depth == 0)
		return pdf_doc_resources(doc);
	return entry((struct pdf_object *)doc->forms[doc->depth - 1], "Resources");
}

struct pdf_object *
pdf_form_begin(struct pdf_doc *doc, HPDF_Rect box)
{
	struct pdf_object *form = pdf_new_stream(doc, span_of(NULL, 0), PDF_DEFLATE);
	if (!form)
		return NULL;
	pdf_put_name(form, "Type", "XObject");
	pdf_put_name(form, "Subtype", "Form");
	struct pdf_object *bbox = pdf_put_array(form, "BBox");
	pdf_add_real(bbox, (double)box.left);
	pdf_add_real(bbox, (double)box.bottom);
	pdf_add_real(bbox, (double)box.right);
	pdf_add_real(bbox, (double)box.top);
	assert(doc->depth < FORMS_DEEP);
	((HPDF_Dict)form)->header.obj_class |= HPDF_OSUBCLASS_XOBJECT;
	doc->forms[doc->depth++] = (HPDF_Dict)form;
	draw_into(doc);
	return form;
}

void
pdf_form_end(struct pdf_doc *doc)
{
	if (doc->depth > 0) /* a form that could not be made was not begun */
		doc->depth--;
	draw_into(doc);
}

void
pdf_form_draw(struct pdf_doc *doc, struct pdf_object *form)
{
	HPDF_Stream stream = ((HPDF_PageAttr)doc->page->attr)->stream;
	char name[16];

	if (!form)
		return;
	snprintf(name, sizeof name, "X%u", (unsigned)((HPDF_Dict)form)->header.obj_id & 0xFFFFFF);
	struct pdf_object *drawn = entry(drawing_resources(doc), "XObject");
	if (drawn && !HPDF_Dict_GetItem((HPDF_Dict)drawn, name, HPDF_OCLASS_DICT))
		pdf_put_ref(drawn, name, form);
	HPDF_Stream_WriteEscapeName(stream, name);
	HPDF_Stream_WriteStr(stream, " Do\n");
}

/* A number that is not negative, and a blank; behind them. */
static char *
put_number(char *at, int value)
{
	char digits[16];
	size_t n = 0;

	do
		digits[n++] = (char)('0' + value % 10);
	while ((value /= 10) > 0);
	while (n > 0)
		*at++ = digits[--n];
	*at++ = ' ';
	return at;
}

void
pdf_rectangle(struct pdf_doc *doc, int x, int y, int w, int h)
{
	HPDF_Stream stream = ((HPDF_PageAttr)doc->page->attr)->stream;
	char text[64], *at = text;

	at = put_number(at, x);
	at = put_number(at, y);
	at = put_number(at, w);
	at = put_number(at, h);
	memcpy(at, "re\n", 3);
	HPDF_Stream_Write(stream, (HPDF_BYTE *)text, (HPDF_UINT)(at + 3 - text));
}

void
pdf_fill(struct pdf_doc *doc)
{
	HPDF_Stream_WriteStr(((HPDF_PageAttr)doc->page->attr)->stream, "f\n");
}

void
pdf_show(struct pdf_doc *doc, const char *font, double size, const uint16_t *codes, size_t n)
{
	HPDF_Stream stream = ((HPDF_PageAttr)doc->page->attr)->stream;
	char hex[5];

	HPDF_Stream_WriteEscapeName(stream, font);
	HPDF_Stream_WriteChar(stream, ' ');
	HPDF_Stream_WriteReal(stream, (HPDF_REAL)size);
	HPDF_Stream_WriteStr(stream, " Tf\n<");
	for (size_t i = 0; i < n; i++) {
		const uint8_t code[2] = { (uint8_t)(codes[i] >> 8), (uint8_t)codes[i] };
		hex_encode(hex, span_of(code, sizeof code));
		HPDF_Stream_WriteStr(stream, hex);
	}
	HPDF_Stream_WriteStr(stream, "> Tj\n");
}
