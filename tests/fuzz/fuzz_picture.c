/* Targets: verifier/decode/read_png.c and read_jpeg.c, with the libraries under them. */
#include "core/limits.h"
#include "tests/fuzz/fuzz.h"
#include "verifier/decode/read.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span in = span_of(data, size);
	struct raster r = { 0 };
	struct err err = { 0 };

	if (read_is_png(in) || read_is_jpeg(in)) {
		const bool ok = read_is_png(in) ? read_png(&r, in, &err) : read_jpeg(&r, in, &err);
		fuzz_promise(ok == (err.code == ERR_NONE));
		fuzz_promise(!ok ||
		    (uint64_t)r.grey.width * r.grey.height <= (uint64_t)LIMIT_PICTURE_PIXELS);
	}
	raster_free(&r);
	return 0;
}
