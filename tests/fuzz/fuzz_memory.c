/* Targets: verifier/memory.c, the file a verifier keeps. */
#include "core/file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/keys/folder.h"
#include "verifier/memory.h"

static struct folder folder;

static void
remove_folder(void)
{
	folder_remove(&folder);
}

/* What is read is what would be written, and what is refused leaves nothing behind. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t fingerprint[SHA256_BYTES] = { 0xab };
	struct memory m, again;
	const struct memory none = { 0 };
	struct err err = { 0 };

	if (folder.path[0] == '\0') {
		setenv("TMPDIR", "/dev/shm", 0); /* nothing here has to last */
		folder_new(&folder);
		atexit(remove_folder);
	}
	const char *path = folder_at(&folder, "ab00000000000000.state");
	fuzz_promise(file_write(path, span_of(data, size), 0600, NULL));
	if (!memory_load(&m, folder.path, fingerprint, &err)) {
		fuzz_promise(err.code != ERR_NONE && memcmp(&m, &none, sizeof m) == 0);
		return 0;
	}
	fuzz_promise(memory_save(&m, &none, folder.path, fingerprint, NULL));
	fuzz_promise(memory_load(&again, folder.path, fingerprint, NULL));
	fuzz_promise(memcmp(&m, &again, sizeof m) == 0);
	return 0;
}
