/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supervised - functions of a test, run as commands and recorded
 *
 * A supervisor runs programs.  So the test program is run a second time, with
 * the name of one of its functions, an act.  Acts check what they see with
 * child_check(), and end at the first thing that is not so.
 *
 *	static void
 *	give_away(void)
 *	{
 *		child_check(chown("file", 4242, 4343) == 0);
 *	}
 *
 *	static void
 *	chown_is_recorded(void **state)
 *	{
 *		struct supervised s = SUPERVISED;
 *
 *		scratch_file("file", "");
 *		supervised_run(&s, "give_away");
 *		expect_record(&s, "file", "uid=4242 gid=4343");
 *		supervised_end(&s);
 *	}
 *
 *	static const struct act acts[] = { act(give_away), { 0 } };
 *
 *	int
 *	main(int argc, char **argv)
 *	{
 *		...
 *		supervised_act(acts, argc, argv);
 *		return cmocka_run_group_tests_name(...);
 *	}
 */
#ifndef TESTS_SUPERVISED_H
#define TESTS_SUPERVISED_H

#include "../child.h"
#include "heard.h"
#include "scratch.h"

#include "base/statx.h"
#include "engine/identify.h"
#include "engine/recording.h"
#include "engine/supervisor.h"

#include <limits.h>
#include <sys/syscall.h>

enum {
	ACT_CANNOT = 77, /* the machine does not let us do that at all */
	ACT_SECONDS = 30, /* after which one has gone wrong */
	NOBODYS = 4242, /* a user that no machine has */
	NOBODIES = 4343, /* a group */
};

/* As the kernel has them; on 32 bits they write no struct stat of ours. */
#ifdef SYS_newfstatat
enum { KERNEL_FSTAT = SYS_fstat, KERNEL_FSTATAT = SYS_newfstatat };
#else
enum { KERNEL_FSTAT = SYS_fstat64, KERNEL_FSTATAT = SYS_fstatat64 };
#endif

struct act {
	const char *name; /* NULL at the end of a table */
	void (*run)(void);
};

#define act(name)           \
	{                   \
#name, name \
	}

/* In main(): if this is the second run, be the act. */
static inline void
supervised_act(const struct act *acts, int argc, char **argv)
{
	if (argc < 2)
		return;
	(void)alarm(ACT_SECONDS);
	for (; acts->name != NULL; acts++) {
		if (strcmp(acts->name, argv[1]) == 0) {
			acts->run();
			_exit(0);
		}
	}
	fprintf(stderr, "there is no act '%s'\n", argv[1]);
	_exit(1);
}

/* One run; `o` may be changed before it. */
struct supervised {
	struct supervisor_options o;
	struct supervisor s;
	struct recording r;
	struct heard heard; /* notices, and "refused PATH" */
	struct notice notice;
};

#define SUPERVISED                        \
	{                                 \
		.o = {.fakes_ids = true } \
	}

static inline void
supervised_hear_refusal(
    void *arg, const struct supervisor *s, const struct trap_refusal *refusal)
{
	char text[PATH_MAX + 16];

	(void)s;
	snprintf(text, sizeof(text), "refused %s", refusal->path);
	heard_say(arg, text);
}

/* Run a command, and read what was recorded; its wait status. */
static inline int
supervised_run_command(struct supervised *s, const char *const *argv)
{
	struct fault f = { 0 };

	s->notice = (struct notice){ heard_say, &s->heard };
	s->o.notice = &s->notice;
	s->o.refused = supervised_hear_refusal;
	s->o.arg = &s->heard;
	(void)fflush(NULL);
	assert_ok(supervisor_open(&s->s, &s->o, &f), &f);
	assert_ok(supervisor_run(&s->s, (char *const *)argv, environ, &f), &f);
	if (s->s.cannot_execute != 0)
		fail_msg("cannot execute '%s': %s", argv[0],
		    strerror(s->s.cannot_execute));
	assert_true(s->s.has_ended);
	assert_ok(recording_load(&s->r, s->s.scribe.name, &f), &f);
	return s->s.status;
}

static inline void
supervised_end(struct supervised *s)
{
	recording_release(&s->r);
	supervisor_close(&s->s);
	buf_release(&s->heard.lines);
	*s = (struct supervised)SUPERVISED;
}

/* Run an act, which has to succeed. */
static inline void
supervised_run(struct supervised *s, const char *name)
{
	const char *const argv[] = { "/proc/self/exe", name, NULL };
	const int status = supervised_run_command(s, argv);

	if (WIFEXITED(status) && WEXITSTATUS(status) == ACT_CANNOT) {
		supervised_end(s);
		print_message("not possible here: not tried\n");
		skip();
	}
	if (status != 0)
		fail_msg(
		    "'%s' ended with wait status %#x", name, (unsigned)status);
}

/* What the journal has to say of a file in the end; "" for nothing. */
static inline void
expect_record(const struct supervised *s, const char *path, const char *want)
{
	const int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct journal_line line = { 0 };
	const struct spec *spec;
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	const char *got = "";

	if (fd < 0)
		fail_msg("'%s': %s", path, strerror(errno));
	assert_ok(identify_fd(&line.id, fd, &f), &f);
	must(close(fd));
	spec = recording_find(&s->r, &line.id);
	if (spec != NULL) {
		line.spec = *spec;
		assert_ok(journal_format(&text, &line, &f), &f);
		assert_non_null(buf_end(&text, &f));
		text.data[text.len - 1] = '\0';
		got = strchr(text.data, ' ');
		got = got == NULL ? "" : got + 1;
	}
	if (strcmp(got, want) != 0)
		fail_msg("'%s' has '%s', not '%s'", path, got, want);
	buf_release(&text);
}

/* In an act: by lstat(2) the file belongs to these. */
static inline void
check_owner(const char *file, uid_t uid, gid_t gid)
{
	struct stat st;

	child_check(lstat(file, &st) == 0);
	if (st.st_uid == uid && st.st_gid == gid)
		return;
	fprintf(stderr, "'%s' is %u:%u's\n", file, st.st_uid, st.st_gid);
	_exit(1);
}

/* Nothing at all was recorded. */
static inline void
expect_no_record(const struct supervised *s)
{
	assert_int_equal(s->r.count, 0);
}

#endif
