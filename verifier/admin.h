/*
 * For whoever runs the daemon, on a listener of its own: /livez (the process answers), /readyz (it can
 * say yes: snapshot fresh, bundle good, look-up current), /metrics (Prometheus text).
 */
#ifndef VERIFIER_ADMIN_H
#define VERIFIER_ADMIN_H

#include "verifier/route.h"

route_fn admin_livez, admin_readyz, admin_metrics;

#endif
