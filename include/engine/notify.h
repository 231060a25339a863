/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notify - the supervisor's end of a seccomp filter: calls that wait for us
 *
 * Each call that the filter stops becomes one struct notify_call; its thread
 * sleeps in the kernel until it is answered, or killed.  See seccomp_unotify(2).
 *
 *	while (notify_receive(listener, &call) > 0)
 *		notify_continue(listener, &call);
 *
 * All functions return -1 with errno.  ENOENT from an answer means that the
 * caller died meanwhile: nobody is left to hear it.
 */
#ifndef ENGINE_NOTIFY_H
#define ENGINE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct notify_call {
	uint64_t id;
	pid_t pid; /* of the thread, as this process sees it */
	uint32_t arch; /* AUDIT_ARCH_* */
	int number;
	uint64_t address; /* of the instruction */
	uint64_t args[6];
};

/*
 * Make the kernel wake the supervisor on the caller's own CPU and back, which
 * cuts the time of a notification to a third (Linux 6.6; older kernels go on
 * without).
 */
void notify_tune(int listener);

/* Wait for a call.  1; 0 if a signal or the caller's death came first. */
int notify_receive(int listener, struct notify_call *call);

/* True if nobody is left whose calls could be stopped (Linux 5.9). */
bool notify_is_over(int listener);

/* False once the caller is gone, and its number perhaps another's. */
bool notify_is_valid(int listener, const struct notify_call *call);

/* Let the call return `value`; if `error` is not 0, fail with that errno. */
int notify_answer(
    int listener, const struct notify_call *call, int64_t value, int error);

/* Let the kernel carry the call out after all. */
int notify_continue(int listener, const struct notify_call *call);

/*
 * Open `fd` in the caller, on its lowest free number, and let the call return
 * that number.
 */
int notify_give(int listener, const struct notify_call *call, int fd,
    bool is_close_on_exec);

#endif
