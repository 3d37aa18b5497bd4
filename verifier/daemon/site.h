/* The pages: the form and its answers (site_form.c), the address a code carries, and the files they need. */
#ifndef VERIFIER_DAEMON_SITE_H
#define VERIFIER_DAEMON_SITE_H

#include "verifier/daemon/page.h"
#include "verifier/daemon/route.h"

route_fn site_home, site_check, site_code, site_style, site_script, site_openapi,
    site_verdict_schema;
route_slow_fn site_check_is_slow;

/* What stands around a page, from the bundle held; borrowed from the view. */
struct page_frame site_frame(const struct service *s, const struct view *v, enum lang lang);

#endif
