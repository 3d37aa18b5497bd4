/* Other people's readers judge our page: qpdf its structure, poppler its text, zbar its code. */
#include "core/program.h"
#include "tests/issuer/certificate.h"

#include <stdlib.h>
#include <unistd.h>

struct readers {
	char folder[64];
	char pdf[96];
	char page[96];
	struct buf out; /* of the program last run, messages included */
};

/* Run a program and keep what it says; its exit status. */
static int
run(struct readers *r, const char *const argv[])
{
	struct err err = { 0 };
	int status = -1;
	buf_free(&r->out);
	must(program_run(&status, &r->out, 1 << 20, PROGRAM_WAIT_S, argv, &err), &err);
	return status;
}

static void
render_to(const char *path, const char *holder)
{
	struct pdf_maker *maker = NULL;
	struct template *layout = certificate_template("grade-b");
	struct face face = { NULL, 0 };
	struct buf pdf = BUF_EMPTY;
	struct pdf_layout at;
	struct err err = { 0 };
	char code[LIMIT_QR_TEXT_BYTES];
	certificate_face(&face);
	must(face_set(&face, "holder_zh", holder, &err), &err);
	must(pdf_maker_open(&maker, &err), &err);
	const struct pdf_input in = { .layout = layout,
		.face = &face,
		.check_code = "7K3M9QXW",
		.qr_text = certificate_code(code, 863),
		.attachment = span_text("what the acts and the credential would be"),
		.now_s = CERTIFICATE_NOW_S };
	must(pdf_render(&pdf, &at, maker, &in, &err), &err);
	must(file_write(path, buf_span(&pdf), 0600, &err), &err);
	buf_free(&pdf);
	face_free(&face);
	template_free(layout);
	pdf_maker_close(maker);
}

static int
set_up(void **state)
{
	struct readers *r = calloc(1, sizeof *r);
	snprintf(r->folder, sizeof r->folder, "/tmp/qualcert-readers-XXXXXX");
	assert_non_null(mkdtemp(r->folder));
	snprintf(r->pdf, sizeof r->pdf, "%s/page.pdf", r->folder);
	snprintf(r->page, sizeof r->page, "%s/page", r->folder);
	render_to(r->pdf, "示例𬭎㛃软件有限公司");
	*state = r;
	return 0;
}

static int
tear_down(void **state)
{
	struct readers *r = *state;
	char picture[112];
	snprintf(picture, sizeof picture, "%s.png", r->page);
	unlink(picture);
	unlink(r->pdf);
	rmdir(r->folder);
	buf_free(&r->out);
	free(r);
	return 0;
}

static void
expect(struct readers *r, const char *text)
{
	if (!memmem(r->out.ptr, r->out.len, text, strlen(text)))
		fail_msg("'%s' is not in: %s", text, buf_text(&r->out));
}

static void
qpdf_finds_no_fault(void **state)
{
	struct readers *r = *state;
	assert_int_equal(run(r, (const char *[]){ "qpdf", "--check", r->pdf, NULL }), 0);
	expect(r, "No syntax or stream encoding errors found");
}

static void
text_comes_back_character_by_character(void **state)
{
	struct readers *r = *state;
	static const char *const texts[] = { "示例𬭎㛃软件有限公司", "安𬭎",
		"二〇二六年十一月二十日", "JC-A-999900-2026-48213-6", "7K3M9QXW",
		"演示 DEMONSTRATION", "涉密信息系统集成资质证书",
		"Demonstration Qualification Bureau", "v.example" };
	assert_int_equal(run(r, (const char *[]){ "pdftotext", r->pdf, "-", NULL }), 0);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		expect(r, texts[i]);
	assert_null(memmem(r->out.ptr, r->out.len, "rror", 4)); /* poppler has nothing to say */
	assert_null(memmem(r->out.ptr, r->out.len, "arning", 6));
}

/* What a page of the file last rendered says, blanks and line ends left out. */
static void
read_page(struct readers *r, const char *page)
{
	struct buf letters = BUF_EMPTY;
	assert_int_equal(
	    run(r,
		(const char *[]){ "pdftotext", "-raw", "-f", page, "-l", page, r->pdf, "-", NULL }),
	    0);
	for (size_t i = 0; i < r->out.len; i++)
		if (r->out.ptr[i] > ' ')
			buf_add_byte(&letters, r->out.ptr[i]);
	buf_free(&r->out);
	r->out = letters;
}

static void
a_name_of_any_length_and_script_comes_back_from_both_pages(void **state)
{
	struct readers *r = *state;
	static const struct {
		const char *row, *name;
	} table[] = {
		{ "one hanzi", "示" },
		{ "sixty hanzi",
		    "示例省示范自治州示范市高新技术产业开发区星桥大道一百二十八号示范软件园三期二号"
		    "楼信"
		    "息技术与系统集成工程技术研究院有限责任公司" },
		{ "rare hanzi", "示例㛃䶮喆堃犇淼垚赟燚昉翀頔劼祎玥曈璟公司" },
		{ "hanzi of the astral planes", "𬭎𬱖𫖯𬀩𫍯𬘭𠅤𡐓𣗋𪚥" },
		{ "Latin letters with diacritics",
		    "ÅngströmŁódźČapekŐrségŽižkaZoëÇelikÐuroÑandúǾ" },
		{ "all of them", "示例𬭎(Zoë)㛃Å·科技100%Łódź公司" },
	};
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		render_to(r->pdf, table[i].name);
		for (const char *page = "12"; *page; page++) {
			read_page(r, (const char[]){ *page, '\0' });
			const char *text = buf_text(&r->out);
			assert_non_null(text);
			if (!strstr(text, table[i].name))
				fail_msg("%s, page %c: %s", table[i].row, *page, text);
		}
	}
}

static void
every_font_is_embedded_cut_and_mapped_back(void **state)
{
	struct readers *r = *state;
	assert_int_equal(run(r, (const char *[]){ "pdffonts", r->pdf, NULL }), 0);
	expect(r, "LXGWWenKai-Regular");
	expect(r, "Identity-H       yes yes yes");
	assert_null(memmem(r->out.ptr, r->out.len, " no ", 4));
}

static void
the_code_of_a_page_is_read_at_150_dpi(struct readers *r, const char *page)
{
	char picture[112], text[LIMIT_QR_TEXT_BYTES];
	snprintf(picture, sizeof picture, "%s.png", r->page);
	assert_int_equal(run(r,
			     (const char *[]){ "pdftoppm", "-r", "150", "-gray", "-png",
				 "-singlefile", "-f", page, "-l", page, r->pdf, r->page, NULL }),
	    0);
	assert_int_equal(run(r,
			     (const char *[]){ "zbarimg", "--nodbus", "-q", "--raw", "-Sdisable",
				 "-Sqrcode.enable", picture, NULL }),
	    0);
	struct span code = certificate_code(text, 863);
	assert_int_equal(r->out.len, code.len + 1);
	assert_memory_equal(r->out.ptr, code.ptr, code.len);
}

static void
both_codes_are_read_at_150_dpi(void **state)
{
	the_code_of_a_page_is_read_at_150_dpi(*state, "1");
	the_code_of_a_page_is_read_at_150_dpi(*state, "2");
}

static void
the_attachment_is_listed(void **state)
{
	struct readers *r = *state;
	assert_int_equal(run(r, (const char *[]){ "pdfdetach", "-list", r->pdf, NULL }), 0);
	expect(r, "1: JC-A-999900-2026-48213-6.cose");
}

static void
threat_39_pdf_syntax_in_a_name_is_only_text(void **state)
{
	struct readers *r = *state;
	static const char NAME[] = "a(b)\\c <</X 1>> endobj > Tj /Z [1] & <x>";
	render_to(r->pdf, NAME);
	assert_int_equal(run(r, (const char *[]){ "qpdf", "--check", r->pdf, NULL }), 0);
	assert_int_equal(run(r, (const char *[]){ "pdftotext", r->pdf, "-", NULL }), 0);
	expect(r, NAME);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(qpdf_finds_no_fault),
		cmocka_unit_test(text_comes_back_character_by_character),
		cmocka_unit_test(a_name_of_any_length_and_script_comes_back_from_both_pages),
		cmocka_unit_test(every_font_is_embedded_cut_and_mapped_back),
		cmocka_unit_test(both_codes_are_read_at_150_dpi),
		cmocka_unit_test(the_attachment_is_listed),
		cmocka_unit_test(threat_39_pdf_syntax_in_a_name_is_only_text),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
