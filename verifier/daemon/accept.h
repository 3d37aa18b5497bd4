/*
 * What a caller would rather have: the lists of Accept and Accept-Language with their weights (RFC 9110 12.4.2, 12.5).
 * An item that is not written as the standard has it counts for nothing.
 */
#ifndef VERIFIER_DAEMON_ACCEPT_H
#define VERIFIER_DAEMON_ACCEPT_H

#include <stdbool.h>

/*
 * The weight of a language in thousandths, 0 if it is not wanted: the best of the ranges "zh" and "zh-...", or else of
 * "*". In any case of letters.
 */
unsigned accept_language(const char *header, const char *language);

/*
 * Is this media type wanted more than the other: of a greater weight, or of the same and named before it? Only what is
 * named as it is counts; ranges with "*" are what programs send who did not choose.
 */
bool accept_rather(const char *header, const char *type, const char *other);

#endif
