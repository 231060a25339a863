/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "engine/identify.h"
#include "engine/merge.h"
#include "engine/resume.h"
#include "engine/supervisor.h"

#define FILE_OF_FOO "pkg/.control.foo/.mtree"

static const struct merge_package foo = { "pkg/foo", "pkg/.control.foo" };

/* A supervisor of which just what is recorded matters, and how often. */
struct run {
	struct supervisor s;
	unsigned changes;
};

static int
count_change(void *arg, const struct record *record, struct fault *f)
{
	struct run *r = arg;

	(void)f;
	assert_true(record->has != 0);
	r->changes++;
	return 0;
}

static int
open_run(struct run *r, struct fault *f)
{
	static const char users[] = "root:x:0:0:::\nwww:x:82:82:::\n",
			  groups[] = "root:x:0:\ngrp:x:83:\n";
	struct trap *t = &r->s.trap;

	*r = (struct run){ .s.roster = ROSTER_INIT };
	t->records.user = t->records.group = geteuid();
	t->tells.changed = count_change;
	t->tells.arg = r;
	return accounts_parse(&r->s.roster.users, users, strlen(users), f) < 0
	    ? -1
	    : accounts_parse(&r->s.roster.groups, groups, strlen(groups), f);
}

static void
begin(struct run *r)
{
	struct fault f = { 0 };

	assert_ok(open_run(r, &f), &f);
	assert_ok(resume_load(&r->s, &foo, &f), &f);
}

static void
end(struct run *r)
{
	record_release(&r->s.trap.records);
	witness_release(&r->s.trap.witness);
	roster_release(&r->s.roster);
}

/* What is recorded of a file; NULL for nothing. */
static const struct record *
find(struct run *r, const char *path)
{
	const int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct facts facts = { .now = INT64_MAX };
	struct fault f = { 0 };

	must(fd);
	assert_ok(identify_fd(&facts.id, fd, &f), &f);
	must(close(fd));
	return record_find(&r->s.trap.records, &facts, NULL);
}

static const char *
deed_of(const struct run *r, const struct record *record, int part)
{
	const char *text =
	    ledger_text(&r->s.trap.witness.ledger, record->deeds[part]);

	return text != NULL ? text : "";
}

static void
records_come_out_of_the_file_and_back_into_force(void **state)
{
	const struct record *x;
	struct run r;

	(void)state;
	scratch_file("pkg/foo/a/x", "");
	scratch_file(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "a/x gname=grp\n"
	    "#amtree recorded bind=uname,mode\n"
	    "a/x gname=no uname=www mode=4711 optional\n"
	    "#amtree bind=uname\n"
	    "a/y uname=foo mode=0\n");
	begin(&r);
	assert_int_equal(r.changes, 1);
	x = find(&r, "pkg/foo/a/x");
	assert_non_null(x);
	assert_int_equal(x->has, RECORD_UID | RECORD_MODE);
	assert_int_equal(x->uid, 82);
	assert_int_equal(x->mode, 04711);
	scratch_expect(FILE_OF_FOO,
	    "#mtree v2.0\n"
	    "a/x gname=grp\n"
	    "#amtree bind=uname\n"
	    "a/y uname=foo mode=0\n");
	end(&r);
}

static void
devices_and_capabilities_as_well(void **state)
{
	const struct record *null, *ping;
	struct run r;

	(void)state;
	scratch_file("pkg/foo/a/null", "");
	scratch_file("pkg/foo/a/ping", "x");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded bind=type,mode,device\n"
	    "a/null mode=660 type=char device=native,1,3\n"
	    "#amtree recorded bind=caps caps=cap_kill=p\n"
	    "a/ping mode=755 type=file\n");
	begin(&r);
	null = find(&r, "pkg/foo/a/null");
	ping = find(&r, "pkg/foo/a/ping");
	assert_int_equal(null->has, RECORD_DEVICE | RECORD_MODE);
	assert_int_equal(null->mode, S_IFCHR | 0660);
	assert_int_equal(null->major, 1);
	assert_int_equal(null->minor, 3);
	assert_int_equal(ping->has, RECORD_CAPS);
	assert_int_equal(ping->caps_len, 20);
	end(&r);
}

/* Somebody may have changed it between the runs, and the line says nothing of it. */
static void
a_mode_of_a_device_that_is_not_bound_is_that_on_disk(void **state)
{
	const struct record *null;
	struct run r;

	(void)state;
	scratch_file("pkg/foo/a/null", "");
	must(chmod("pkg/foo/a/null", 0600));
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded bind=type,device\n"
	    "a/null mode=660 type=char device=native,1,3\n");
	begin(&r);
	null = find(&r, "pkg/foo/a/null");
	assert_int_equal(null->has, RECORD_DEVICE | RECORD_MODE);
	assert_int_equal(null->mode, S_IFCHR | 0600);
	end(&r);
}

static void
a_later_line_goes_over_an_earlier_one(void **state)
{
	const struct record *x;
	struct run r;

	(void)state;
	scratch_file("pkg/foo/a/x", "");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded\na/x uid=5 gid=6 mode=600\n"
	    "#amtree recorded\na/y uid=7\n"
	    "#amtree recorded bind=uname\na/x uid=8 gid=9\n");
	begin(&r);
	x = find(&r, "pkg/foo/a/x");
	assert_int_equal(x->uid, 8);
	assert_int_equal(x->gid, 6);
	assert_int_equal(x->mode, 0600);
	end(&r);
}

static void
whose_deeds_they_were_is_still_known(void **state)
{
	const struct record *x, *y;
	struct run r;

	(void)state;
	scratch_file("pkg/foo/a/x", "");
	scratch_file("pkg/foo/a/y", "");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded by=uname,gname:fchownat:chown\\040a "
	    "by=mode:chmod:b\n"
	    "a/x uid=5 gid=6 mode=0\n"
	    "#amtree recorded bind=uname by=uname:chown:later\n"
	    "a/x uid=8\n"
	    "#amtree recorded bind=gname\n"
	    "a/x gid=9\n"
	    "#amtree recorded by=device,mode:mknod:m\n"
	    "a/y mode=600 type=block device=native,8,1\n");
	begin(&r);
	x = find(&r, "pkg/foo/a/x");
	y = find(&r, "pkg/foo/a/y");
	assert_string_equal(deed_of(&r, x, 0), "chown:later");
	assert_string_equal(deed_of(&r, x, 1), "");
	assert_string_equal(deed_of(&r, x, 2), "chmod:b");
	assert_string_equal(deed_of(&r, y, 2), "mknod:m");
	assert_string_equal(deed_of(&r, y, 3), "mknod:m");
	assert_string_equal(deed_of(&r, y, 0), "");
	end(&r);
}

static void
what_is_gone_or_unknown_is_passed_over(void **state)
{
	struct run r;

	(void)state;
	scratch_file("pkg/foo/a/x", "");
	scratch_file("pkg/foo/a/full", "contents");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded\na/gone uid=5\n"
	    "#amtree recorded\na/x/below uid=5\n"
	    "#amtree recorded\na/x uname=who gname=whose\n");
	begin(&r);
	assert_int_equal(r.changes, 0);
	assert_null(find(&r, "pkg/foo/a/x"));
	scratch_expect(FILE_OF_FOO, "");
	end(&r);
}

static void
no_root_and_no_file_have_nothing_to_say(void **state)
{
	struct run r;

	(void)state;
	begin(&r);
	assert_int_equal(r.changes, 0);
	assert_false(scratch_has("pkg"));
	end(&r);
	scratch_file(FILE_OF_FOO, "#amtree recorded\na/x uid=5\n");
	begin(&r);
	assert_int_equal(r.changes, 0);
	scratch_expect(FILE_OF_FOO, "");
	end(&r);
}

static void
a_run_that_records_nothing_just_forgets(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_ok(resume_forget(&foo, &f), &f);
	assert_false(scratch_has("pkg"));
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded by=uname:chown:x\na/x uid=5\na/x gid=7\n");
	assert_ok(resume_forget(&foo, &f), &f);
	scratch_expect(FILE_OF_FOO, "a/x gid=7\n");
}

static void
a_broken_file_is_a_fault_and_stays(void **state)
{
	static const char text[] = "#amtree recorded by=uname:x\na/x uid=5\n";
	struct fault f = { 0 };
	struct run r;

	(void)state;
	scratch_file("pkg/foo/a/x", "");
	scratch_file(FILE_OF_FOO, text);
	assert_ok(open_run(&r, &f), &f);
	assert_refused(resume_load(&r.s, &foo, &f), &f, FAULT_INPUT,
	    ".mtree:1: 'x' is no CALL:COMMAND that was recorded");
	scratch_expect(FILE_OF_FOO, text);
	end(&r);
}

static int
load_anew(void *arg, struct fault *f)
{
	struct run r;
	int ret;

	(void)arg;
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded by=uname:chown:a\na/x uid=5 mode=0\n"
	    "#amtree recorded caps=none by=caps:setxattr:a\na/x uid=6\n"
	    "a/x gid=7\n");
	ret = open_run(&r, f);
	if (ret == 0)
		ret = resume_load(&r.s, &foo, f);
	end(&r);
	return ret;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	(void)state;
	scratch_file("pkg/foo/a/x", "");
	alloc_fail_each(load_anew, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(records_come_out_of_the_file_and_back_into_force),
		test(devices_and_capabilities_as_well),
		test(a_mode_of_a_device_that_is_not_bound_is_that_on_disk),
		test(a_later_line_goes_over_an_earlier_one),
		test(whose_deeds_they_were_is_still_known),
		test(what_is_gone_or_unknown_is_passed_over),
		test(no_root_and_no_file_have_nothing_to_say),
		test(a_run_that_records_nothing_just_forgets),
		test(a_broken_file_is_a_fault_and_stays),
		test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("resume", tests, NULL, NULL);
}
