/*
 * Targets: verifier/decode/read_png.c and read_jpeg.c, with the libraries under them. Large pictures are refused earlier
 * than by the ceiling of the released program, by the same code: a fuzzer would only wait for their pixels.
 */
#include "tests/fuzz/fuzz.h"
#include "verifier/decode/read.h"

#define PIXELS 100000

/* NOLINTBEGIN(cert-dcl51-cpp): the linker chose these names */
bool __wrap_raster_new(struct raster *out, uint64_t width, uint64_t height, struct err *err);
bool __real_raster_new(struct raster *out, uint64_t width, uint64_t height, struct err *err);
/* NOLINTEND(cert-dcl51-cpp) */

bool
__wrap_raster_new(struct raster *out, uint64_t width, uint64_t height, struct err *err)
{
	*out = (struct raster){ 0 };
	if (width * height > PIXELS)
		return err_set(err, ERR_LIMIT, "too large to be fuzzed");
	return __real_raster_new(out, width, height, err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span in = span_of(data, size);
	struct raster r = { 0 };
	struct err err = { 0 };

	if (read_is_png(in) || read_is_jpeg(in)) {
		const bool ok = read_is_png(in) ? read_png(&r, in, &err) : read_jpeg(&r, in, &err);
		fuzz_promise(ok == (err.code == ERR_NONE));
		fuzz_promise(!ok || (size_t)r.grey.width * r.grey.height <= PIXELS);
	}
	raster_free(&r);
	return 0;
}
