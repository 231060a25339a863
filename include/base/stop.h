/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stop - ending early because the user said so
 *
 * SIGINT, SIGTERM and SIGHUP only leave a mark; the engine looks at it between
 * files and chunks, and unwinds as from any other fault: modes are put back,
 * temporary files vanish.  The program then dies of the signal that it got, so
 * that a shell or make sees what happened.
 *
 *	stop_catch();
 *	... if (stop_check(f) < 0) goto out; ...
 *	stop_rethrow();
 *
 * The mark is the one variable of this code base that lives outside a struct:
 * a signal handler has no other way to be heard.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdbool.h>

struct fault;

/*
 * Leave a mark instead of dying.  A signal that is ignored (nohup) stays so.
 * SIGPIPE and SIGXFSZ are ignored: a closed pipe and a file that may not grow
 * (ulimit -f) are then ordinary write errors, after which half an entry is cut
 * off again.
 */
void stop_catch(void);

/*
 * The same for a program that does nothing but print: SIGPIPE leaves a mark too, so
 * that it ends as a lister does whose reader has seen enough (find | head).
 */
void stop_catch_reader(void);

/* True if that is why we end: nobody wants to hear of it. */
bool stop_has_no_reader(void);

/* True once one of the signals has come. */
bool stop_is_requested(void);

/* -1 with FAULT_STOPPED once one of the signals has come, else 0. */
int stop_check(struct fault *f);

/* Die of the signal that came; returns if none did. */
void stop_rethrow(void);

#endif
