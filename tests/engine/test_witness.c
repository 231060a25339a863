/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "supervised.h"

#include "engine/tracee.h"
#include "engine/witness.h"
#include "format/deed.h"

#include <pthread.h>
#include <sys/personality.h>

enum { MANY = 1000 };

static char **arguments; /* of this process */

/* Whose deed the owner of the file is, "" for nobody's. */
static const char *
find_deed(const struct supervised *s, const char *path)
{
	const int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct identity id;
	const struct spec *spec;
	struct fault f = { 0 };

	must(fd);
	assert_ok(identify_fd(&id, fd, &f), &f);
	must(close(fd));
	spec = recording_find(&s->r, &id);
	if (spec == NULL)
		return "no record";
	return spec->by != NULL && spec->by->of[DEED_USER] != NULL
	    ? spec->by->of[DEED_USER]
	    : "";
}

static void
expect_deed(const struct supervised *s, const char *path, const char *want)
{
	const char *got = find_deed(s, path);

	if (strcmp(got, want) != 0)
		fail_msg("'%s' is the deed of '%s', not '%s'", path, got, want);
}

static void
give_in_several_ways(void)
{
	const int fd = open("c", O_RDONLY);

	child_check(syscall(SYS_fchownat, AT_FDCWD, "a", 1, 1, 0) == 0);
	child_check(syscall(SYS_fchown, fd, 1, 1) == 0);
#ifdef SYS_lchown
	child_check(syscall(SYS_lchown, "b", 1, 1) == 0);
#endif
}

static void
a_deed_is_the_call_and_the_command_line_of_its_caller(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("a", "");
	scratch_file("b", "");
	scratch_file("c", "");
	supervised_run(&s, "give_in_several_ways");
	expect_deed(&s, "a", "fchownat:/proc/self/exe give_in_several_ways");
	expect_deed(&s, "c", "fchown:/proc/self/exe give_in_several_ways");
#ifdef SYS_lchown
	expect_deed(&s, "b", "lchown:/proc/self/exe give_in_several_ways");
#endif
	supervised_end(&s);
}

static void
give_and_execute(void)
{
	child_check(chown("a", 1, 1) == 0);
	(void)execl("/proc/self/exe", "again", "give_b", (char *)NULL);
	child_check(false);
}

static void
give_b(void)
{
	child_check(chown("b", 1, 1) == 0);
}

static void
what_a_process_executes_is_another_program(void **state)
{
	const int persona = personality(0xffffffff);
	struct supervised s = SUPERVISED;

	(void)state;
	if (persona < 0 || (persona & ADDR_NO_RANDOMIZE) != 0) {
		print_message(
		    "addresses are not chosen at random: not tried\n");
		skip();
	}
	scratch_file("a", "");
	scratch_file("b", "");
	supervised_run(&s, "give_and_execute");
	assert_non_null(strstr(find_deed(&s, "a"), "exe give_and_execute"));
	assert_non_null(strstr(find_deed(&s, "b"), "again give_b"));
	supervised_end(&s);
}

/* What changes the words of its own command line shows when it is asked. */
static void
give_under_other_names(void)
{
	const struct timespec silence = { .tv_sec = WITNESS_SECONDS,
		.tv_nsec = 100000000 };
	char file[16];

	for (int i = 0; i < 3; i++) {
		arguments[1][0] = (char)('A' + i);
		if (i == 2)
			child_check(nanosleep(&silence, NULL) == 0);
		snprintf(file, sizeof(file), "%c", 'a' + i);
		child_check(chown(file, 1, 1) == 0);
	}
}

static void
a_caller_is_asked_once_and_again_after_some_silence(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("a", "");
	scratch_file("b", "");
	scratch_file("c", "");
	supervised_run(&s, "give_under_other_names");
	assert_non_null(strstr(find_deed(&s, "a"), "exe Aive_under"));
	assert_ptr_equal(find_deed(&s, "b"), find_deed(&s, "a"));
	assert_non_null(strstr(find_deed(&s, "c"), "exe Cive_under"));
	supervised_end(&s);
}

static void
give_many(void)
{
	char file[16];

	for (int i = 0; i < MANY; i++) {
		snprintf(file, sizeof(file), "f%d", i);
		child_check(chown(file, 1, 1) == 0);
	}
	/* of no effect: nobody is asked */
	child_check(chown("f0", 1, 1) == 0 && chown("plain", 0, 0) == 0);
}

static void
thousands_of_files_are_one_deed(void **state)
{
	struct supervised s = SUPERVISED;
	char file[16];

	(void)state;
	scratch_file("plain", "");
	for (int i = 0; i < MANY; i++) {
		snprintf(file, sizeof(file), "f%d", i);
		scratch_file(file, "");
	}
	supervised_run(&s, "give_many");
	assert_int_equal(s.s.trap.witness.ledger.count, 1);
	for (int i = 1; i < MANY; i++) {
		snprintf(file, sizeof(file), "f%d", i);
		assert_ptr_equal(find_deed(&s, file), find_deed(&s, "f0"));
	}
	supervised_end(&s);
}

static void
change_nothing(void)
{
	struct stat st;

	child_check(chown("plain", 0, 0) == 0 && chmod("plain", 0644) == 0);
	child_check(stat("plain", &st) == 0);
}

static void
nobody_is_asked_who_changes_no_record(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("plain", "");
	supervised_run(&s, "change_nothing");
	assert_int_equal(s.s.trap.witness.ledger.count, 0);
	for (size_t i = 0; i < WITNESS_SEEN; i++)
		assert_int_equal(s.s.trap.witness.seen[i].pid, 0);
	supervised_end(&s);
}

static void *
give_from_thread(void *file)
{
	return chown(file, 1, 1) == 0 ? file : NULL;
}

static void
give_from_threads(void)
{
	static char a[] = "a", b[] = "b";
	pthread_t threads[2];
	void *done;

	child_check(
	    pthread_create(&threads[0], NULL, give_from_thread, a) == 0);
	child_check(
	    pthread_create(&threads[1], NULL, give_from_thread, b) == 0);
	for (int i = 0; i < 2; i++)
		child_check(
		    pthread_join(threads[i], &done) == 0 && done != NULL);
}

static void
threads_are_their_program(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("a", "");
	scratch_file("b", "");
	supervised_run(&s, "give_from_threads");
	assert_non_null(strstr(find_deed(&s, "a"), "exe give_from_threads"));
	assert_string_equal(find_deed(&s, "a"), find_deed(&s, "b"));
	supervised_end(&s);
}

/* Who asks whether such a caller still waits hears that it does not. */
static void
expect_unknown(pid_t pid)
{
	const struct notify_call call = { .pid = pid, .address = 4711 };
	const struct tracee t = { .listener = -1, .call = &call };
	const struct witness_call c = { &t, "chown", 5 };
	struct witness w = { 0 };
	struct fault f = { 0 };
	uint32_t deed = 4711;

	assert_ok(witness_ask(&w, &c, &deed, &f), &f);
	assert_int_equal(deed, 0);
	assert_int_equal(w.ledger.count, 0);
	witness_release(&w);
}

static void
who_is_gone_did_nothing_that_is_known(void **state)
{
	(void)state;
	expect_unknown(getpid());
	expect_unknown(0x7fffffff);
}

static const struct act acts[] = {
	act(give_in_several_ways),
	act(give_and_execute),
	act(give_b),
	act(give_under_other_names),
	act(give_many),
	act(change_nothing),
	act(give_from_threads),
	{ 0 },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(a_deed_is_the_call_and_the_command_line_of_its_caller),
		test(what_a_process_executes_is_another_program),
		test(a_caller_is_asked_once_and_again_after_some_silence),
		test(thousands_of_files_are_one_deed),
		test(nobody_is_asked_who_changes_no_record),
		test(threads_are_their_program),
		test(who_is_gone_did_nothing_that_is_known),
	};

	arguments = argv;
	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}
