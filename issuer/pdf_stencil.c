#include "issuer/pdf_stencil.h"

#include <hpdf_objects.h>
#include <stdlib.h>

struct pdf_stencil {
	struct buf deflated;
	double box[4];
	size_t n; /* of the forms it draws */
	struct drawn {
		char name[HPDF_LIMIT_MAX_NAME_LEN + 1]; /* by which it draws it */
		struct pdf_stencil *form;
	} * drawn;
};

void
pdf_stencil_free(struct pdf_stencil *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		pdf_stencil_free(s->drawn[i].form);
	free(s->drawn);
	buf_free(&s->deflated);
	free(s);
}

static void
read_box(double out[4], HPDF_Dict form)
{
	HPDF_Array box = HPDF_Dict_GetItem(form, "BBox", HPDF_OCLASS_ARRAY);

	for (HPDF_UINT i = 0; box && i < 4; i++) {
		HPDF_Real side = HPDF_Array_GetItem(box, i, HPDF_OCLASS_REAL);
		out[i] = side ? (double)side->value : 0;
	}
}

/* NULL if it draws none. */
static HPDF_Dict
forms_of(HPDF_Dict form)
{
	HPDF_Dict resources = HPDF_Dict_GetItem(form, "Resources", HPDF_OCLASS_DICT);

	return resources ? HPDF_Dict_GetItem(resources, "XObject", HPDF_OCLASS_DICT) : NULL;
}

static bool
keep_drawn(struct pdf_stencil *s, const struct pdf_doc *doc, HPDF_Dict forms, struct err *err)
{
	s->drawn = calloc(forms->list->count, sizeof *s->drawn);
	if (!s->drawn)
		return err_set(err, ERR_MEMORY, "out of memory");
	for (HPDF_UINT i = 0; i < forms->list->count; i++) {
		HPDF_DictElement entry = HPDF_List_ItemAt(forms->list, i);
		const void *form = HPDF_Dict_GetItem(
		    forms, entry->key, HPDF_OCLASS_DICT); /* behind its reference */
		struct drawn *drawn = &s->drawn[s->n++];
		memcpy(drawn->name, entry->key, sizeof drawn->name);
		if (!pdf_stencil_new(&drawn->form, doc, form, err))
			return false;
	}
	return true;
}

bool
pdf_stencil_new(struct pdf_stencil **out, const struct pdf_doc *doc, const struct pdf_object *form,
    struct err *err)
{
	struct pdf_stencil *s = calloc(1, sizeof *s);
	HPDF_Dict dict = (HPDF_Dict)(uintptr_t)form; /* libharu knows no const */

	*out = s;
	if (!s)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!dict)
		return err_set(err, ERR_LIMIT, "libharu cannot draw the line work");
	read_box(s->box, dict);
	pdf_deflate(&s->deflated, doc, form);
	HPDF_Dict forms = forms_of(dict);
	return buf_ok(&s->deflated, err) && (!forms || keep_drawn(s, doc, forms, err));
}

struct pdf_object *
pdf_stencil_form(struct pdf_doc *doc, const struct pdf_stencil *s)
{
	struct pdf_object *form = pdf_new_stream(doc, buf_span(&s->deflated), PDF_DEFLATED);
	struct pdf_object *box;

	if (!form)
		return NULL;
	pdf_put_name(form, "Type", "XObject");
	pdf_put_name(form, "Subtype", "Form");
	box = pdf_put_array(form, "BBox");
	for (size_t i = 0; i < 4; i++)
		pdf_add_real(box, s->box[i]);
	((HPDF_Dict)form)->header.obj_class |= HPDF_OSUBCLASS_XOBJECT;
	if (s->n == 0)
		return form;
	struct pdf_object *forms = pdf_put_dict(pdf_put_dict(form, "Resources"), "XObject");
	for (size_t i = 0; i < s->n; i++)
		pdf_put_ref(forms, s->drawn[i].name, pdf_stencil_form(doc, s->drawn[i].form));
	return form;
}
