/* The pages: the form, its answer, the address a code carries, and the files they need. */
#ifndef VERIFIER_SITE_H
#define VERIFIER_SITE_H

#include "verifier/route.h"

route_fn site_home, site_check, site_code, site_style, site_script, site_openapi,
    site_verdict_schema;
route_slow_fn site_check_is_slow;

#endif
