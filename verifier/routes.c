/* Every address there is. docs/openapi.yaml describes the same. */
#include "core/limits.h"
#include "verifier/admin.h"
#include "verifier/api.h"
#include "verifier/files.h"
#include "verifier/site.h"

const struct route routes_public[] = {
	{ "GET", "/", site_home, ROUTE_NO_BODY, 0 },
	{ "POST", "/", site_check, ROUTE_FORM, LIMIT_UPLOAD_BYTES },
	{ "GET", "/q/1/*", site_code, ROUTE_NO_BODY, 0 },
	{ "POST", "/v1/verify", api_verify, ROUTE_INPUT, LIMIT_PDF_BYTES },
	{ "POST", "/v1/confirm", api_confirm, ROUTE_JSON, LIMIT_REQUEST_JSON_BYTES },
	{ "GET", "/v1/trust-bundle", files_bundle, ROUTE_NO_BODY, 0 },
	{ "GET", "/v1/trust-bundles/*", files_numbered_bundle, ROUTE_NO_BODY, 0 },
	{ "GET", "/v1/snapshot", files_snapshot, ROUTE_NO_BODY, 0 },
	{ "GET", "/v1/status/*", files_status, ROUTE_NO_BODY, 0 },
	{ "GET", "/v1/parts/*", files_part, ROUTE_NO_BODY, 0 },
	{ "GET", "/log/checkpoint", files_checkpoint, ROUTE_NO_BODY, 0 },
	{ "GET", "/log/tile/*", files_tile, ROUTE_NO_BODY, 0 },
	{ "GET", "/openapi.yaml", site_openapi, ROUTE_NO_BODY, 0 },
	{ "GET", "/verdict.schema.json", site_verdict_schema, ROUTE_NO_BODY, 0 },
	{ "GET", "/page.css", site_style, ROUTE_NO_BODY, 0 },
	{ "GET", "/page.js", site_script, ROUTE_NO_BODY, 0 },
	{ NULL, NULL, NULL, ROUTE_NO_BODY, 0 },
};

const struct route routes_admin[] = {
	{ "GET", "/livez", admin_livez, ROUTE_NO_BODY, 0 },
	{ "GET", "/readyz", admin_readyz, ROUTE_NO_BODY, 0 },
	{ "GET", "/metrics", admin_metrics, ROUTE_NO_BODY, 0 },
	{ NULL, NULL, NULL, ROUTE_NO_BODY, 0 },
};
