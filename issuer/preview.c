#include "issuer/preview.h"

#include "core/file.h"
#include "issuer/face_make.h"

static bool
draw(struct buf *out, const struct body_issue *body, const struct template *layout,
    const struct pdf_maker *maker, struct err *err)
{
	struct face face = { 0 };

	if (!span_is(body->template_id, layout->id) ||
	    memcmp(body->template_hash, layout->sha256, SHA256_BYTES) != 0)
		return err_set(err, ERR_REFUSED,
		    "the layout %.*s of this machine is not the one that is to be signed",
		    (int)body->template_id.len, (const char *)body->template_id.ptr);
	bool ok = face_read(&face, body->face, err) &&
	    pdf_preview(out, maker, layout, &face, PDF_MARK_PREVIEW, err);
	face_free(&face);
	return ok;
}

bool
preview_write(const struct body_issue *body, const struct bureau *b, const struct pdf_maker *maker,
    const char *dir, struct err *err)
{
	char file[NUMBER_FILE_BYTES];
	struct claims claims;
	struct number number;
	struct template *layout = NULL;
	struct buf pdf = BUF_EMPTY, path = BUF_EMPTY;

	if (!credential_claims_parse(&claims, body->claims, err) ||
	    !number_parse(&number, claims.sub, err))
		return false;
	number_file(file, &number, claims.version);
	buf_printf(&path, "%s/%s.pdf", dir, file);
	bool ok = buf_ok(&path, err) && bureau_template(&layout, b, claims.grade, err) &&
	    draw(&pdf, body, layout, maker, err) && file_make_folder(dir, 0700, err) &&
	    file_write(buf_text(&path), buf_span(&pdf), 0600, err);
	template_free(layout);
	buf_free(&path);
	buf_free(&pdf);
	return ok || err_in(err, "preview of %s", file);
}
