/* make_seal KEY CERTIFICATE PASSPHRASE-FILE CONTENT: the seal over a file's bytes, DER on stdout. */
#include "core/file.h"
#include "keys/key_file.h"
#include "keys/pem.h"
#include "keys/seal.h"

#include <stdio.h>

#define MAX_BYTES 65536

int
main(int argc, char **argv)
{
	struct err err = { 0 };
	struct signer *s = NULL;
	struct sealer *sealer = NULL;
	struct buf pem = BUF_EMPTY, der = BUF_EMPTY, content = BUF_EMPTY, seal = BUF_EMPTY;

	if (argc != 5)
		return 64;
	struct passphrase_source source = { .from = PASSPHRASE_FILE, .path = argv[3] };
	bool ok = key_file_unlock(&s, argv[1], &source, &err) &&
	    file_read(&pem, argv[2], MAX_BYTES, &err) &&
	    pem_decode(&der, PEM_CERTIFICATE, buf_span(&pem), &err) &&
	    file_read(&content, argv[4], MAX_BYTES, &err) &&
	    sealer_new(&sealer, s, buf_span(&der), &err) &&
	    seal_make(&seal, sealer, buf_span(&content), span_of(NULL, 0), NULL, &err) &&
	    fwrite(seal.ptr, 1, seal.len, stdout) == seal.len;
	if (!ok)
		fprintf(stderr, "make_seal: %s\n", err.text);
	sealer_free(sealer);
	signer_free(s);
	buf_free(&pem);
	buf_free(&der);
	buf_free(&content);
	buf_free(&seal);
	return ok ? 0 : 1;
}
