/*
 * For programs. A verdict is 200 whatever it says; what is asked besides stands in the query, or in the JSON of the
 * body. docs/openapi.yaml describes it all.
 */
#ifndef VERIFIER_DAEMON_API_H
#define VERIFIER_DAEMON_API_H

#include "verifier/daemon/outcome.h"
#include "verifier/daemon/route.h"

route_fn api_verify, api_verify_batch, api_evidence, api_confirm;
route_slow_fn api_verify_is_slow, api_verify_batch_is_slow, api_evidence_is_slow;

/* The request's body as a JSON object (body_json_read); false: *out is the problem. */
MUST_CHECK bool api_read_json(
    json_t **json, struct outcome *out, const struct request *q, size_t values);
/* 200 with this object; NULL: memory ran out. */
void api_send_json(struct response *out, const struct request *q, const json_t *json);

#endif
