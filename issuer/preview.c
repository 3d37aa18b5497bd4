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
		    "FACE-03: the layout %.*s of this machine is not the one that is to be signed",
		    (int)body->template_id.len, (const char *)body->template_id.ptr);
	bool ok = face_read(&face, body->face, err) &&
	    pdf_preview(out, maker, layout, &face, PDF_MARK_PREVIEW, err);
	face_free(&face);
	return ok;
}

bool
preview_write(json_t *paths, const struct body_issue *body, const struct bureau *b,
    const struct pdf_maker *maker, const char *dir, struct err *err)
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
	    file_write(buf_text(&path), buf_span(&pdf), 0600, err) &&
	    (json_array_append_new(paths, json_string(buf_text(&path))) == 0 ||
		err_set(err, ERR_MEMORY, "out of memory"));
	template_free(layout);
	buf_free(&path);
	buf_free(&pdf);
	return ok || err_in(err, "preview of %s", file);
}

void
preview_tell(const struct command *c, const char *dir, json_t *paths)
{
	const size_t n = json_array_size(paths);
	struct buf line = BUF_EMPTY;

	if (n == 0)
		return;
	if (n == 1)
		buf_printf(&line,
		    LANG_PICK(c->lang, "  证书页面（PDF）：%s\n\n", "  pages as PDF:  %s\n\n"),
		    json_string_value(json_array_get(paths, 0)));
	else
		buf_printf(&line,
		    LANG_PICK(c->lang, "  证书页面（PDF）：%s/，共 %zu 个文件\n\n",
			"  pages as PDF:  %s/, %zu files\n\n"),
		    dir, n);
	command_tell(&line);
	buf_free(&line);
	if (c->answer != NULL)
		json_object_set(c->answer, "previews", paths);
}
