/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scene - one stopped system call: who calls, about which file, and what is
 * recorded of it
 *
 * What all answers have in common.  A scene is set for each call, looks at the
 * file if the answer depends on it, and ends with an answer:
 *
 *	if (scene_look(&s, RECORD_LOOK) < 0)
 *		return scene_pass(&s);	... let the kernel say why
 *	...
 *	return scene_return(&s, 0);
 *
 * Answers are decided here and sent by engine/trap, once.
 */
#ifndef ENGINE_SCENE_H
#define ENGINE_SCENE_H

#include "base/statx.h"
#include "engine/record.h"
#include "engine/target.h"
#include "engine/tracee.h"

struct call;
struct fault;
struct filter_abi;
struct notify_call;
struct trap;
struct trap_refusal;

enum scene_answer {
	SCENE_PASS, /* the kernel carries the call out */
	SCENE_RETURN, /* it returns `value` */
	SCENE_FAIL, /* it fails with the errno `value` */
	SCENE_DONE, /* it has been answered already */
};

struct scene {
	struct trap *trap;
	const struct notify_call *call;
	const struct call *row;
	const struct filter_abi *abi;
	struct tracee tracee;

	/* from scene_look() on */
	struct target target;
	struct statx on_disk;
	struct facts facts;
	const struct record *record; /* NULL: there is none */

	int trouble; /* errno of what we could not do, which the caller gets */
	enum scene_answer answer;
	int64_t value;
	struct fault *fault; /* of our own; see trap_answer() */
};

/* The argument of the call that is `offset` behind the first of its kind. */
uint64_t scene_arg(const struct scene *s, int offset);

/*
 * Find the file and what is recorded of it.  Returns -1 with errno, the one that
 * the kernel would give to the caller; or one that says what we are short of, as
 * any does that is no answer to such a call: then it is `trouble` too, and if the
 * answer is to pass, the caller gets that error instead.  What we could not look
 * at must not go on unrecorded.
 */
int scene_look(struct scene *s, enum record_use use);

/* Keep errno as trouble, if it has to do with us and not with the file; -1. */
int scene_give_up(struct scene *s);

/* Just find the name, of something that need not exist. */
int scene_find(struct scene *s, bool is_exact);

/* Look again, at what has been found there. */
int scene_look_again(struct scene *s, enum record_use use);

/*
 * Look at what has been found, to change it on disk.  The target is that very
 * file from then on, whatever gets its name meanwhile.
 */
int scene_hold(struct scene *s);

/*
 * The file could not be found, as errno says.  Let the kernel tell the caller,
 * unless that is root, for whom it might after all do what is to be recorded.
 */
int scene_leave(struct scene *s);

/*
 * True if the call names its file by a descriptor that is there, but made with
 * O_PATH, so that nothing can be changed by it.
 */
bool scene_has_mere_path(const struct scene *s);

/*
 * The call is carried out, and has changed that record (NULL: none).  Tell the
 * journal, and answer 0; -1 with a fault if that fails.
 */
int scene_settle(struct scene *s, const struct record *record);

/*
 * Tell that --strict refuses what would be recorded, and fail with EPERM.  The
 * path is filled in here.
 */
void scene_refuse(struct scene *s, struct trap_refusal *refusal);

/* The answers; each returns 0, for the caller to return. */
int scene_pass(struct scene *s);
int scene_return(struct scene *s, int64_t value);
int scene_fail(struct scene *s, int error);

#endif
