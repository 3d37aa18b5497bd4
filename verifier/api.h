/*
 * For programs: POST /v1/verify and POST /v1/confirm. A verdict is 200 whatever it says; what is asked
 * stands in the query, or in the JSON of a confirmation. docs/openapi.yaml describes both.
 */
#ifndef VERIFIER_API_H
#define VERIFIER_API_H

#include "verifier/route.h"

route_fn api_verify, api_confirm;
route_slow_fn api_verify_is_slow;

#endif
