/* Prints a status token of ours, with a signature of zeros, for stock decoders (stock_status.py). */
#include "credential/status_token.h"

#include <stdio.h>
#include <stdlib.h>

int
main(void)
{
	static uint8_t list[LIMIT_LIST_BYTES];
	static const uint8_t signature[COSE_SIGNATURE_BYTES];
	struct buf lst = BUF_EMPTY, claims = BUF_EMPTY, header = BUF_EMPTY, token = BUF_EMPTY;
	struct cose_sign1 envelope = { .signer.signature = span_of(signature, sizeof signature) };

	status_list_clear(list);
	status_list_set(list, 0, STATUS_ACTIVE);
	status_list_set(list, 1, STATUS_REVOKED);
	status_list_set(list, 48211, STATUS_SUSPENDED);
	status_list_set(list, 65535, STATUS_REPLACED);
	status_list_deflate(&lst, span_of(list, sizeof list));
	status_token_encode(&claims,
	    &(struct status_token){ span_text("https://v.example/v1/status/TEST/1"), 1795276800,
		1795881600, STATUS_TOKEN_TTL_S, buf_span(&lst) });
	cose_header_encode(&header, COSE_ALG_ES256, span_text("kid-8888"), STATUS_TOKEN_TYP);
	envelope.signer.header = buf_span(&header);
	envelope.payload = buf_span(&claims);
	cose_sign1_encode(&token, &envelope);
	bool ok = buf_ok(&token, NULL) && fwrite(token.ptr, 1, token.len, stdout) == token.len;
	buf_free(&lst);
	buf_free(&claims);
	buf_free(&header);
	buf_free(&token);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
