/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigcalls - the answers to calls about signals
 *
 * A signal that comes before a stopped call has been taken interrupts it, and
 * calls that no kernel ever interrupts would fail with EINTR: a shell that has a
 * child in the background would see that a file does not exist.  There is no way
 * to have the kernel wait, but it begins anew where the handler was installed
 * with SA_RESTART.  So handlers of SIGCHLD, the signal that nobody can do without,
 * get that flag.
 */
#ifndef ENGINE_SIGCALLS_H
#define ENGINE_SIGCALLS_H

struct scene;

/* Answer the call of a scene; -1 on a fault of our own. */
int sigcalls_handle(struct scene *s);

#endif
