#include "credential/log_proof.h"

#include "core/encode.h"

void
log_proof_encode(struct buf *out, const struct log_entry *entry, uint64_t index,
    const struct merkle_proof *path, struct span checkpoint)
{
	uint8_t bytes[LOG_ENTRY_BYTES];

	log_entry_encode(bytes, entry);
	buf_add_text(out, "c2sp.org/tlog-proof@v1\nextra ");
	base64_encode(out, span_of(bytes, sizeof bytes));
	buf_printf(out, "\nindex %llu\n", (unsigned long long)index);
	for (size_t i = 0; i < path->n; i++) {
		base64_encode(out, span_of(path->hash[i].b, SHA256_BYTES));
		buf_add_byte(out, '\n');
	}
	buf_add_byte(out, '\n');
	buf_add_span(out, checkpoint);
}
