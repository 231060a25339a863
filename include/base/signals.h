/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signals - keep all of them away from this thread for a while
 *
 * sigfillset(3) leaves out what a C library has taken for itself (32 and 33; with
 * musl 34 too), and sigprocmask(2) does not block it: anybody could end us with
 * such a signal.  It is blocked here, so nobody may call what a library needs it
 * for meanwhile: pthread_cancel(3), setuid(2).
 *
 *	sigset_t mask;
 *
 *	signals_block(&mask);
 *	... SIGKILL and SIGSTOP alone get through
 *	signals_restore(&mask);
 */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <signal.h>

/* All signals there are. */
void signals_fill(sigset_t *all);

/* Block them; `mask` gets what was blocked before. */
void signals_block(sigset_t *mask);

/* Block these and no others, to the letter. */
void signals_restore(const sigset_t *mask);

#endif
