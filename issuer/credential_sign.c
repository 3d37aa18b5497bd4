#include "issuer/credential_sign.h"

#include "core/limits.h"

bool
credential_sign(struct buf *out, const struct quorum *agreement,
    const struct signer *credential_key, struct err *err)
{
	size_t before = out->len;

	if (!signer_sign1(
		out, credential_key, NULL, quorum_claims(agreement), span_of(NULL, 0), err))
		return err_in(err, "credential");
	if (out->len - before > LIMIT_QC1_BYTES)
		return err_set(err, ERR_LIMIT, "the credential is %zu bytes; the longest is %d",
		    out->len - before, LIMIT_QC1_BYTES);
	return true;
}
