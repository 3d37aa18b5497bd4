/*
 * For whoever runs the daemon, on a listener of its own: /livez (the process answers), /readyz (it can say yes:
 * snapshot fresh, bundle good, look-up current, clock to be believed; else 503 with the reasons), /metrics
 * (Prometheus text 0.0.4).
 */
#ifndef VERIFIER_DAEMON_ADMIN_H
#define VERIFIER_DAEMON_ADMIN_H

#include "verifier/daemon/route.h"

#include <jansson.h>

/* Why it is not ready, as /readyz says, a sentence each: empty if it is. The caller's. */
json_t *admin_reasons(const struct service *s, int64_t now_s);

route_fn admin_livez, admin_readyz, admin_metrics;

#endif
