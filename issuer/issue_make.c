#include "issuer/issue_parts.h"

#include "issuer/stop.h"
#include "issuer/waiting.h"

/* The third act: from here on the certificate exists. */
static bool
record_made(struct bureau *b, struct span subject, struct span qc1, struct span pdf, int64_t now_s,
    struct err *err)
{
	struct sitting sitting = { .bureau = b, .now_s = now_s };
	struct act_body body = { .kind = ACT_MADE };
	struct registry_item item = { 0 };
	struct buf act = BUF_EMPTY;
	const struct signer *service;

	body.made.qc1 = qc1;
	body.made.pdf_bytes = pdf.len;
	sha256(body.made.pdf_hash, pdf);
	bool ok = bureau_signer(&service, NULL, b, ROLE_KEY_SERVICE, now_s, err) &&
	    sitting_add(&sitting, subject, &body, err) &&
	    sitting_record(&item, &act, &sitting, service, err);
	if (ok && !item.recorded)
		ok = err_set(err, item.err.code, "%s", item.err.text);
	buf_free(&act);
	sitting_free(&sitting);
	return ok;
}

/* Everything up to commit 2: nothing that is begun here counts if it fails. */
static bool
make(struct bureau *b, const struct issue_folder *folder, struct span subject,
    const struct issue_order *order, int64_t now_s, struct err *err)
{
	struct buf qc1 = BUF_EMPTY, cose = BUF_EMPTY, pdf = BUF_EMPTY;

	bool ok = waiting_refuse(b, now_s, err) && stop_refuse(b, now_s, err) &&
	    issue_draw(&qc1, &cose, &pdf, b, order, now_s, err) &&
	    issue_folder_put(folder, order->number, "cose", buf_span(&cose), err) &&
	    issue_folder_put(folder, order->number, "pdf", buf_span(&pdf), err) &&
	    record_made(b, subject, buf_span(&qc1), buf_span(&pdf), now_s, err);
	buf_free(&qc1);
	buf_free(&cose);
	buf_free(&pdf);
	return ok;
}

/* What is made gets its names. */
static bool
name_files(const struct issue_folder *folder, const struct issue_order *order,
    const struct body_made *made, struct err *err)
{
	struct buf cose = BUF_EMPTY;
	uint8_t hash[SHA256_BYTES];

	cose_file_encode(&cose, &(struct cose_file){ made->qc1, order->proposal, order->approval });
	bool ok = buf_ok(&cose, err);
	if (ok)
		sha256(hash, buf_span(&cose));
	buf_free(&cose);
	return ok && issue_folder_name(folder, order->number, "pdf", made->pdf_hash, err) &&
	    issue_folder_name(folder, order->number, "cose", hash, err);
}

/* One step of the case, whichever it waits for; *done when nothing is left to do. */
static bool
step(bool *done, char number[NUMBER_SHOWN_BYTES], struct bureau *b,
    const struct issue_folder *folder, struct span subject, int64_t now_s, struct err *err)
{
	struct issue_case c;
	struct issue_order order;

	bool ok = issue_case_load(&c, b, subject, now_s, err) && issue_order_of(&order, &c, err);
	if (ok) {
		memcpy(number, order.number, NUMBER_SHOWN_BYTES);
		*done = c.state.made != NULL;
		ok = *done ? name_files(folder, &order, &c.state.made->body.made, err)
			   : make(b, folder, subject, &order, now_s, err);
		if (!ok)
			err_in(err, "certificate %s", order.number);
	}
	issue_case_free(&c);
	return ok;
}

bool
issue_catch_up(struct bureau *b, int64_t now_s, struct err *err)
{
	return registry_append(b->registry, NULL, 0, false, now_s, err);
}

bool
issue_make_in(char number[NUMBER_SHOWN_BYTES], struct bureau *b, const struct issue_folder *folder,
    struct span subject, int64_t now_s, struct err *err)
{
	bool done = false;

	if (!issue_catch_up(b, now_s, err))
		return false;
	while (!done)
		if (!step(&done, number, b, folder, subject, now_s, err))
			return err_in(err, "%.*s", (int)subject.len, (const char *)subject.ptr);
	return true;
}

bool
issue_make(char number[NUMBER_SHOWN_BYTES], struct bureau *b, struct span subject, int64_t now_s,
    struct err *err)
{
	struct issue_folder folder;

	bool ok = issue_folder_open(&folder, b, ISSUE_WAIT, err) &&
	    issue_make_in(number, b, &folder, subject, now_s, err);
	issue_folder_close(&folder);
	return ok;
}
