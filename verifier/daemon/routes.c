/* Every address there is. docs/openapi.yaml describes the same. */
#include "core/limits.h"
#include "verifier/daemon/admin.h"
#include "verifier/daemon/api.h"
#include "verifier/daemon/files.h"
#include "verifier/daemon/site.h"

const struct route routes_public[] = {
	{ "GET", "/", site_home, ROUTE_NO_BODY, 0, NULL, false },
	{ "POST", "/", site_check, ROUTE_FORM, LIMIT_UPLOAD_BYTES, site_check_is_slow, false },
	{ "GET", "/q/1/*", site_code, ROUTE_NO_BODY, 0, NULL, false },
	{ "POST", "/v1/verify", api_verify, ROUTE_INPUT, LIMIT_PDF_BYTES, api_verify_is_slow,
	    false },
	{ "POST", "/v1/verify-batch", api_verify_batch, ROUTE_JSON, LIMIT_BATCH_BYTES,
	    api_verify_batch_is_slow, false },
	{ "POST", "/v1/evidence", api_evidence, ROUTE_INPUT, LIMIT_PDF_BYTES, api_evidence_is_slow,
	    false },
	{ "POST", "/v1/confirm", api_confirm, ROUTE_JSON, LIMIT_REQUEST_JSON_BYTES, NULL, false },
	{ "GET", "/v1/trust-bundle", files_bundle, ROUTE_NO_BODY, 0, NULL, true },
	{ "GET", "/v1/trust-bundles/*", files_numbered_bundle, ROUTE_NO_BODY, 0, NULL, true },
	{ "GET", "/v1/snapshot", files_snapshot, ROUTE_NO_BODY, 0, NULL, true },
	{ "GET", "/v1/status/*", files_status, ROUTE_NO_BODY, 0, NULL, true },
	{ "GET", "/v1/parts/*", files_part, ROUTE_NO_BODY, 0, NULL, true },
	{ "GET", "/log/checkpoint", files_checkpoint, ROUTE_NO_BODY, 0, NULL, true },
	{ "GET", "/log/tile/*", files_tile, ROUTE_NO_BODY, 0, NULL, true },
	{ "GET", "/openapi.yaml", site_openapi, ROUTE_NO_BODY, 0, NULL, true },
	{ "GET", "/verdict.schema.json", site_verdict_schema, ROUTE_NO_BODY, 0, NULL, true },
	{ "GET", "/page.css", site_style, ROUTE_NO_BODY, 0, NULL, false },
	{ "GET", "/page.js", site_script, ROUTE_NO_BODY, 0, NULL, false },
	{ NULL, NULL, NULL, ROUTE_NO_BODY, 0, NULL, false },
};

const struct route routes_admin[] = {
	{ "GET", "/livez", admin_livez, ROUTE_NO_BODY, 0, NULL, false },
	{ "GET", "/readyz", admin_readyz, ROUTE_NO_BODY, 0, NULL, false },
	{ "GET", "/metrics", admin_metrics, ROUTE_NO_BODY, 0, NULL, false },
	{ NULL, NULL, NULL, ROUTE_NO_BODY, 0, NULL, false },
};
