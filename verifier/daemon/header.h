/*
 * The header of a request in one pass over its lines: what is wanted of it, and whether somebody else could read it
 * differently. libmicrohttpd takes more than HTTP allows; what it hands out is compared with how a header lies in memory
 * that arrived as RFC 9112 says, line by line, without a byte in between.
 */
#ifndef VERIFIER_DAEMON_HEADER_H
#define VERIFIER_DAEMON_HEADER_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values are NULL where the line is absent; of several the first, but of forwarded the last, which is the proxy's. */
struct header {
	const char *type, *encoding, *accept, *accept_language, *if_none_match, *forwarded;
	uint64_t length; /* of the body, by Content-Length; 0 without one */
	bool has_length;
	bool chunked;   /* Transfer-Encoding, of whatever kind */
	bool ambiguous; /* nothing else counts then */
	bool too_long; /* the connection's memory would hardly hold the header of a reply besides */
};

/*
 * What MHD_OPTION_URI_LOG_CALLBACK is given, while it is still as it came: where the line must go on with the version.
 */
const char *header_after_address(const char *address);
/*
 * The same address: how many of its bytes stand before the path. Of the absolute form (RFC 9112 3.2.2) these are scheme
 * and host, which say nothing here, as Host says nothing; 0 of every other form, and where the host is none.
 */
size_t header_before_path(const char *address);

/*
 *   method, path, version  as the handler is given them: path with all that stands before it
 *   after_address          as header_after_address() gave it for this request
 */
struct header header_read(struct MHD_Connection *c, const char *method, const char *path,
    const char *version, const char *after_address);

#endif
