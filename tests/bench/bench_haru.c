/*
 * bench_haru FONT TEXT N FOLDER: N PDFs by libharu and libqrencode, unsigned, as their users write it; TEXT is a file
 * with the text of the code.
 */
#include <hpdf.h>
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MM (72 / 25.4F)

static void
fail(HPDF_STATUS code, HPDF_STATUS detail, void *unused)
{
	(void)unused;
	fprintf(stderr, "libharu: 0x%04lX, %lu\n", (unsigned long)code, (unsigned long)detail);
	exit(EXIT_FAILURE);
}

static void
draw_text(HPDF_Page page, HPDF_Font font, int nth)
{
	char number[64];
	const char *const lines[] = { "涉密信息系统集成资质证书", "示例星桥信息技术有限公司",
		"总体集成；软件开发；运行维护", number };

	snprintf(number, sizeof number, "证书编号 JC-A-999900-2026-%d", 10000 + nth);
	HPDF_Page_BeginText(page);
	HPDF_Page_SetFontAndSize(page, font, 18);
	for (int i = 0; i < 4; i++)
		HPDF_Page_TextOut(page, 30 * MM, (HPDF_REAL)(250 - 12 * i) * MM, lines[i]);
	HPDF_Page_EndText(page);
}

/* 40 mm wide. */
static void
draw_code(HPDF_Page page, const char *text)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (code == NULL)
		exit(EXIT_FAILURE);
	const HPDF_REAL module = 40 * MM / (HPDF_REAL)code->width;
	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width; x++)
			if (code->data[y * code->width + x] & 1)
				HPDF_Page_Rectangle(page, 30 * MM + (HPDF_REAL)x * module,
				    150 * MM - (HPDF_REAL)y * module, module, module);
	HPDF_Page_Fill(page);
	QRcode_free(code);
}

static void
make(const char *path, const char *font_path, const char *text, int nth)
{
	HPDF_Doc doc = HPDF_New(fail, NULL);

	HPDF_SetCompressionMode(doc, HPDF_COMP_ALL);
	HPDF_UseUTFEncodings(doc);
	HPDF_SetCurrentEncoder(doc, "UTF-8");
	HPDF_Font font =
	    HPDF_GetFont(doc, HPDF_LoadTTFontFromFile(doc, font_path, HPDF_TRUE), "UTF-8");
	HPDF_Page page = HPDF_AddPage(doc);
	HPDF_Page_SetSize(page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
	draw_text(page, font, nth);
	draw_code(page, text);
	HPDF_SaveToFile(doc, path);
	HPDF_Free(doc);
}

int
main(int argc, char **argv)
{
	char text[2048] = "", path[512];

	if (argc != 5)
		return EXIT_FAILURE;
	FILE *file = fopen(argv[2], "r");
	if (file == NULL || fgets(text, sizeof text, file) == NULL)
		return EXIT_FAILURE;
	fclose(file);
	const long count = strtol(argv[3], NULL, 10);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof path, "%s/%d.pdf", argv[4], i);
		make(path, argv[1], text, i);
	}
	return EXIT_SUCCESS;
}
