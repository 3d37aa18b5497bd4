/* The two languages people read. Machine output is never translated. */
#ifndef CORE_LANG_H
#define CORE_LANG_H

enum lang { LANG_ZH = 0, LANG_EN };

#endif
