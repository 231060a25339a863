/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notice - what the user should hear although the work goes on
 *
 * A fault ends the work; a notice does not: a socket left out, a name that apk
 * will refuse.  Who calls the engine says where notices go; an empty notice
 * (`{ 0 }`) drops them.  The text obeys the rules of a fault's text.
 */
#ifndef BASE_NOTICE_H
#define BASE_NOTICE_H

struct notice {
	void (*say)(void *arg, const char *text); /* NULL: nobody listens */
	void *arg;
};

/* Tell the listener, if there is one; `n` itself may be NULL. */
__attribute__((format(printf, 2, 3))) void notice_say(
    const struct notice *n, const char *fmt, ...);

#endif
