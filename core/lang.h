/* The two languages people read. Machine output is never translated. */
#ifndef CORE_LANG_H
#define CORE_LANG_H

enum lang { LANG_ZH = 0, LANG_EN };

/* One of two literals; a macro, so that the compiler still checks them as formats. */
#define LANG_PICK(lang, zh, en) ((lang) == LANG_ZH ? (zh) : (en))

#endif
