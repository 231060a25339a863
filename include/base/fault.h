/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault - what went wrong, carried up to the one place that prints it
 *
 * A function that can fail takes a `struct fault *` as its last parameter,
 * fills it in, and returns -1 (or NULL).  Nothing below src/cmd/ prints or
 * exits.
 *
 *	if (path_canon(&name, arg, f) < 0)
 *		return fault_wrap(f, "%s:%u", file, line);
 *
 * The first fault wins: setting one that is already set changes nothing, so
 * cleanup may call fallible functions without hiding the cause.
 *
 * A text that grows too long loses its middle ("..."), never its end: the
 * reason stays, however long the name in front of it.  Names in it are raw
 * bytes; who prints the text makes it fit for a terminal (format/vis.h).
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

enum fault_kind {
	FAULT_NONE, /* nothing went wrong; must be 0, so `= { 0 }` works */
	FAULT_USAGE, /* the caller asked for something impossible */
	FAULT_INPUT, /* a file or argument has the wrong contents */
	FAULT_SYSTEM, /* the kernel or a library refused */
	FAULT_MEMORY, /* an allocation failed */
	FAULT_STOPPED, /* the user asked us to end (base/stop.h) */
};

struct fault {
	enum fault_kind kind;
	char text[720]; /* no newline of ours, no capital, no full stop */
};

/* Record a fault of our own finding.  Always returns -1. */
__attribute__((format(printf, 3, 4))) int fault_set(
    struct fault *f, enum fault_kind kind, const char *fmt, ...);

/*
 * Record a failed system call; appends ": " and errno's text, and leaves errno
 * as it was.  Returns -1.
 */
__attribute__((format(printf, 2, 3))) int fault_sys(
    struct fault *f, const char *fmt, ...);

/* Put "<context>: " in front of the recorded fault.  Always returns -1. */
__attribute__((format(printf, 2, 3))) int fault_wrap(
    struct fault *f, const char *fmt, ...);

#endif
