/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/trap.h"

#include "base/fault.h"
#include "engine/calls.h"
#include "engine/capcalls.h"
#include "engine/filecalls.h"
#include "engine/filter.h"
#include "engine/lookcalls.h"
#include "engine/notify.h"
#include "engine/scene.h"
#include "engine/sigcalls.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>

enum { TRIES = 100 };

static int
answer(struct scene *s)
{
	switch ((enum call_kind)s->row->kind) {
	case CALL_CHOWN:
		return filecalls_chown(s);
	case CALL_CHMOD:
		return filecalls_chmod(s);
	case CALL_MKNOD:
		return filecalls_mknod(s);
	case CALL_MKDIR:
		return filecalls_mkdir(s);
	case CALL_STAT:
	case CALL_STAT64:
	case CALL_STATX:
		return lookcalls_stat(s);
	case CALL_GETXATTR:
		return capcalls_get(s);
	case CALL_LISTXATTR:
		return capcalls_list(s);
	case CALL_SETXATTR:
		return capcalls_set(s);
	case CALL_REMOVEXATTR:
		return capcalls_remove(s);
	case CALL_OPEN:
		return lookcalls_open(s);
	case CALL_IDS:
		return lookcalls_ids(s);
	case CALL_HANDLER:
		return sigcalls_handle(s);
	case CALL_ROOT:
		s->trap->has_other_root = true;
		return scene_pass(s);
	case CALL_ID:
		break; /* the filter's own */
	}
	return scene_pass(s);
}

/* Answer; if a signal was in the way (ours, see base/bell), again. */
static int
decide(struct scene *s)
{
	for (int i = 0; i < TRIES; i++) {
		int r;

		s->target.dirfd = AT_FDCWD;
		s->target.text[0] = '\0';
		s->record = NULL;
		s->trouble = 0;
		r = answer(s);
		target_release(&s->target);
		if (r < 0 || s->answer != SCENE_PASS || s->trouble == 0)
			return r;
		if (s->trouble != EINTR)
			break;
	}
	return scene_fail(s, s->trouble);
}

static int
send(struct scene *s)
{
	const int listener = s->trap->listener;
	int r = 0;

	switch (s->answer) {
	case SCENE_PASS:
		r = notify_continue(listener, s->call);
		break;
	case SCENE_RETURN:
		r = notify_answer(listener, s->call, s->value, 0);
		break;
	case SCENE_FAIL:
		r = notify_answer(listener, s->call, 0, (int)s->value);
		break;
	case SCENE_DONE:
		break;
	}
	if (r < 0 && errno != ENOENT)
		return fault_sys(s->fault, "cannot answer a system call");
	return 0;
}

/* A program of an ABI that we do not know would go unrecorded. */
static int
kill_caller(struct trap *t, const struct notify_call *call)
{
	/* 0: not to be named from here; to kill(2) that would be ourselves */
	if (call->pid > 0 && notify_is_valid(t->listener, call)) {
		t->tells.killed(t->tells.arg, call->pid);
		(void)kill(call->pid, SIGKILL); /* else it is gone */
	}
	(void)notify_answer(t->listener, call, 0, ENOSYS); /* as above */
	return 0;
}

int
trap_answer(struct trap *t, const struct notify_call *call, struct fault *f)
{
	struct scene s; /* most of it is a name's room, and left as it is */
	int r;

	s.row = filter_find(t->filter, call->arch, call->number, &s.abi);
	if (s.row == NULL)
		return kill_caller(t, call);
	s.trap = t;
	s.call = call;
	s.tracee = (struct tracee){ t->listener, call, t->has_other_root };
	s.fault = f;
	/* what we do for the caller, it must be allowed to do itself */
	if (t->checks_user && !tracee_has_user(&s.tracee, t->records.user))
		r = scene_pass(&s);
	else
		r = decide(&s);
	if (r < 0 || f->kind != FAULT_NONE)
		return -1;
	return send(&s);
}
