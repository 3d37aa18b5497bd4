/*
 * Certificate number: it names the licence, not the paper. Stored `JCA9999002026482136`, shown
 * `JC-A-999900-2026-48213-6`: family, grade, region of the issuer (GB/T 2260), year, serial and a check
 * character (ISO/IEC 7064 MOD 37,36 over the eighteen characters before it).
 */
#ifndef CREDENTIAL_NUMBER_H
#define CREDENTIAL_NUMBER_H

#include "core/err.h"
#include "core/span.h"

#define NUMBER_STORED_BYTES 20 /* 19 characters and NUL */
#define NUMBER_SHOWN_BYTES 25  /* 24 characters and NUL */
#define NUMBER_FILE_BYTES 32   /* shown, ".v65535" and NUL */
#define NUMBER_SERIAL_MAX 99999
#define FAMILY_BYTES 3 /* two letters and NUL */

/* A plain value; only number_make() and number_parse() fill it, and what they fill is always right. */
struct number {
	char family[FAMILY_BYTES]; /* JC, YZ, JG or JS */
	char grade;                /* 'A' or 'B' */
	char region[7];            /* six digits */
	int year;                  /* 2000 to 2099 */
	int serial;                /* 0 to NUMBER_SERIAL_MAX */
};

/* JC, YZ, JG or JS? */
bool number_is_family(const char *letters);

/* ERR_REFUSED names the part that cannot stand in a number. */
MUST_CHECK bool number_make(struct number *out, const char *family, char grade, const char *region,
    int year, int serial, struct err *err);

/*
 * Parse the stored or the shown form, nothing in between: a hyphen more or less, lower case, full
 * width and blanks are ERR_MALFORMED, naming character and position. So is a wrong check character,
 * naming the right one.
 */
MUST_CHECK bool number_parse(struct number *out, struct span text, struct err *err);

/*
 * Numbers of a year are drawn from classes, so that none is drawn twice even where the register has lost the
 * acts that used the first ones: class 0 until then, the next class after each loss. A serial is of class k
 * if 2 divides it just k times; so class 0 has half of all serials, and each class half of what is left.
 */
#define NUMBER_CLASSES 17 /* 0 to 16 */
unsigned number_class(const struct number *n);
/* A serial of this class, each as likely as another; class < NUMBER_CLASSES. */
int number_serial(unsigned class, uint64_t random);

void number_stored(char out[NUMBER_STORED_BYTES], const struct number *n);
void number_shown(char out[NUMBER_SHOWN_BYTES], const struct number *n);

/*
 * What the files of a version are called, but for their endings: "JC-A-999900-2026-48213-6", and of a later
 * one "JC-A-999900-2026-48213-6.v2".
 */
void number_file(char out[NUMBER_FILE_BYTES], const struct number *n, unsigned version);

#endif
