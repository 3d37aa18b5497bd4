/*
 * The objects of a PDF (ISO 32000-1 7.3) under libharu: what its public functions cannot write is put
 * together here from dictionaries, arrays and streams. pdf_object.c and pdf_stencil.c are the only files that
 * touch libharu's exported object layer, which no version promises to keep.
 *
 * Sticky: whatever fails makes the document bad, later calls do nothing, and pdf_doc_save() says so.
 * Every function accepts NULL for an object that could not be made. Objects belong to their document.
 */
#ifndef ISSUER_PDF_OBJECT_H
#define ISSUER_PDF_OBJECT_H

#include "core/buf.h"

#include <hpdf.h>

struct pdf_doc;
struct pdf_object; /* a dictionary, a stream or an array */

/* A document without a page. The caller frees it with pdf_doc_free(). */
MUST_CHECK bool pdf_doc_new(struct pdf_doc **out, struct err *err);
void pdf_doc_free(struct pdf_doc *doc);

/* Add a page behind those there are and turn to it. ERR_MEMORY. */
MUST_CHECK bool pdf_doc_add_page(
    struct pdf_doc *doc, double width_pt, double height_pt, struct err *err);
/* Turn to the first page again. */
void pdf_doc_turn_back(struct pdf_doc *doc);

/* Has all been well so far? Fails like pdf_doc_save(). */
MUST_CHECK bool pdf_doc_good(const struct pdf_doc *doc, struct err *err);

/* Append the whole file to `out`. ERR_MEMORY, or ERR_LIMIT with libharu's own number. */
MUST_CHECK bool pdf_doc_save(struct buf *out, struct pdf_doc *doc, struct err *err);

/* The page turned to, for libharu's public drawing functions. */
HPDF_Page pdf_doc_page(struct pdf_doc *doc);

/* The dictionaries a document begins with, and those of the page turned to. */
struct pdf_object *pdf_doc_catalog(struct pdf_doc *doc);
struct pdf_object *pdf_doc_info(struct pdf_doc *doc);
struct pdf_object *pdf_doc_trailer(struct pdf_doc *doc);
struct pdf_object *pdf_doc_page_object(struct pdf_doc *doc);
struct pdf_object *pdf_doc_resources(struct pdf_doc *doc);

/* Indirect objects: a dictionary, a stream. */
struct pdf_object *pdf_new_dict(struct pdf_doc *doc);
enum pdf_filter {
	PDF_PLAIN,   /* stays as it is */
	PDF_DEFLATE, /* compressed when the document is saved */
	PDF_DEFLATED /* compressed already, by pdf_deflate() */
};
struct pdf_object *pdf_new_stream(struct pdf_doc *doc, struct span bytes, enum pdf_filter filter);

/* Append what a stream holds so far, compressed. Out of memory, `out` is bad. */
void pdf_deflate(struct buf *out, const struct pdf_doc *doc, const struct pdf_object *stream);

/* Into a dictionary. The first two return the new entry, the others add a value. */
struct pdf_object *pdf_put_dict(struct pdf_object *dict, const char *key);
struct pdf_object *pdf_put_array(struct pdf_object *dict, const char *key);
void pdf_put_ref(struct pdf_object *dict, const char *key, struct pdf_object *indirect);
void pdf_put_name(struct pdf_object *dict, const char *key, const char *name);
void pdf_put_int(struct pdf_object *dict, const char *key, int value);
void pdf_put_text(struct pdf_object *dict, const char *key, const char *utf8);
void pdf_put_true(struct pdf_object *dict, const char *key);
/* A string in hexadecimal. */
void pdf_put_bytes(struct pdf_object *dict, const char *key, struct span bytes);

/* Onto an array. */
struct pdf_object *pdf_add_dict(struct pdf_object *array);
struct pdf_object *pdf_add_array(struct pdf_object *array);
void pdf_add_ref(struct pdf_object *array, struct pdf_object *indirect);
void pdf_add_int(struct pdf_object *array, int value);
void pdf_add_real(struct pdf_object *array, double value);
void pdf_add_text(struct pdf_object *array, const char *utf8);
void pdf_add_bytes(struct pdf_object *array, struct span bytes);

/* A link from a rectangle of the page (points, from the bottom left) to an address. */
void pdf_add_link(struct pdf_doc *doc, HPDF_Rect rect, const char *uri);

/* The page's array of annotations, made by the first link. */
struct pdf_object *pdf_doc_annotations(struct pdf_doc *doc);

/*
 * Between begin and end libharu draws into a form of its own instead of the page, or the form begun before:
 * two deep at most. A form is placed as often as wished by HPDF_Page_Concat() and pdf_form_draw(), and what is
 * drawn on lists it among its resources.
 */
struct pdf_object *pdf_form_begin(struct pdf_doc *doc, HPDF_Rect box);
void pdf_form_end(struct pdf_doc *doc);
void pdf_form_draw(struct pdf_doc *doc, struct pdf_object *form);

/*
 * Rectangles of whole units onto one path, and the path filled. Libharu would write reals, and take ten times
 * as long.
 */
void pdf_rectangle(struct pdf_doc *doc, int x, int y, int w, int h);
void pdf_fill(struct pdf_doc *doc);

/* Choose a font by its resource name and show codes of two bytes; inside a text object. */
void pdf_show(struct pdf_doc *doc, const char *font, double size, const uint16_t *codes, size_t n);

#endif
