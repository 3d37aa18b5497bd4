/*
 * What a caller would rather have: the lists of Accept and Accept-Language with their weights (RFC 9110 12.4.2, 12.5).
 * An item that is not written as the standard has it counts for nothing.
 */
#ifndef VERIFIER_DAEMON_ACCEPT_H
#define VERIFIER_DAEMON_ACCEPT_H

/*
 * The weight of a language in thousandths, 0 if it is not wanted: the best of the ranges "zh" and "zh-...", or else of
 * "*". In any case of letters.
 */
unsigned accept_language(const char *header, const char *language);

/* The weight of a media type that is named as it is; ranges with "*" are what programs send who did not choose. */
unsigned accept_type(const char *header, const char *type);

#endif
