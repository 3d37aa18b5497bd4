#include "credential/cose_file.h"

#include "core/limits.h"
#include "credential/cbor.h"

void
cose_file_encode(struct buf *out, const struct cose_file *f)
{
	cbor_put_array(out, 3);
	cbor_put_bytes(out, f->qc1);
	cbor_put_bytes(out, f->proposal);
	cbor_put_bytes(out, f->approval);
}

bool
cose_file_parse(struct cose_file *out, struct span in, struct err *err)
{
	if (in.len > LIMIT_COSE_FILE_BYTES)
		return err_set(err, ERR_LIMIT,
		    "credential file: %zu bytes; the longest we make is %u", in.len,
		    LIMIT_COSE_FILE_BYTES);

	struct cbor_in c = cbor_in_over(in, 1);
	cbor_in_array(&c, 3, 3);
	struct span qc1 = cbor_in_bytes(&c, 1, LIMIT_QC1_BYTES);
	struct span proposal = cbor_in_bytes(&c, 1, LIMIT_ACT_BYTES);
	struct span approval = cbor_in_bytes(&c, 1, LIMIT_ACT_BYTES);
	if (!cbor_in_done(&c, err))
		return err_in(err, "credential file");
	*out = (struct cose_file){ qc1, proposal, approval };
	return true;
}
