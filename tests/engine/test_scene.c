/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/scene.h"
#include "supervised.h"

#include <pthread.h>
#include <stdatomic.h>

enum { ROUNDS = 300, YOUNG = 100, MOVES = 200 };

static void
move_about(void)
{
	child_check(chown("a", NOBODYS, NOBODIES) == 0);
	child_check(rename("a", "b") == 0);
	check_owner("b", NOBODYS, NOBODIES);
	child_check(link("b", "dir/c") == 0 && unlink("b") == 0);
	check_owner("dir/c", NOBODYS, NOBODIES);
	child_check(chown("dir", NOBODYS + 1, NOBODIES + 1) == 0);
	child_check(rename("dir", "moved") == 0);
	check_owner("moved", NOBODYS + 1, NOBODIES + 1);
	check_owner("moved/c", NOBODYS, NOBODIES);
	child_check(mkdir("dir", 0755) == 0);
	check_owner("dir", 0, 0);
	/* to another owner by one name is to another by all */
	child_check(link("moved/c", "d") == 0);
	child_check(chown("d", 7001, 7002) == 0);
	check_owner("moved/c", 7001, 7002);
}

static void
a_record_follows_its_file_by_all_its_names(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("a", "");
	scratch_dir("dir");
	supervised_run(&s, "move_about");
	expect_record(&s, "d", "uid=7001 gid=7002");
	expect_record(&s, "moved/c", "uid=7001 gid=7002");
	expect_record(&s, "moved", "uid=4243 gid=4344");
	expect_record(&s, "dir", "");
	supervised_end(&s);
}

/* File systems like to give a number that has just become free. */
static void
come_and_go(void)
{
	ino_t last = 0;
	struct stat st;

	for (uid_t i = 0; i < ROUNDS; i++) {
		child_check(close(creat("file", 0644)) == 0);
		child_check(lstat("file", &st) == 0);
		if (st.st_ino == last)
			child_check(close(creat("they-come-back", 0644)) == 0);
		last = st.st_ino;
		check_owner("file", 0, 0);
		child_check(chown("file", NOBODYS + i, NOBODIES) == 0);
		check_owner("file", NOBODYS + i, NOBODIES);
		if (i % 2 == 0) /* of all kinds */
			child_check(chmod("file", 04711) == 0);
		child_check(unlink("file") == 0);
		child_check(mkdir("file", 0755) == 0);
		check_owner("file", 0, 0);
		child_check(chown("file", 7001, 7001) == 0);
		child_check(rmdir("file") == 0);
	}
	child_check(close(creat("file", 0644)) == 0);
	check_owner("file", 0, 0);
}

/* The lines of a journal that say that nothing is recorded any more. */
static unsigned
count_taken_back(const char *journal)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	unsigned count = 0;

	scratch_load(&text, journal);
	assert_non_null(buf_end(&text, &f));
	for (const char *line = text.data; *line != '\0'; line++) {
		const size_t len = strcspn(line, "\n");

		if (memchr(line, ' ', len) == NULL)
			count++;
		line += len;
	}
	buf_release(&text);
	return count;
}

static void
a_new_file_has_nothing_of_the_one_whose_number_it_has(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "come_and_go");
	expect_record(&s, "file", "");
	if (scratch_has("they-come-back"))
		assert_true(count_taken_back(s.s.scribe.name) > 0);
	supervised_end(&s);
}

static void
use_after_unlink(void)
{
	const int fd = open("file", O_RDWR);
	struct stat st;

	child_check(fd >= 0 && unlink("file") == 0);
	child_check(fchown(fd, NOBODYS, NOBODIES) == 0);
	child_check(fchmod(fd, 04755) == 0);
	child_check(fstat(fd, &st) == 0);
	child_check(st.st_uid == NOBODYS && st.st_mode == (S_IFREG | 04755));
	child_check(close(creat("file", 0644)) == 0);
	check_owner("file", 0, 0);
	child_check(fstat(fd, &st) == 0 && st.st_uid == NOBODYS);
}

static void
a_file_without_a_name_has_its_record(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	supervised_run(&s, "use_after_unlink");
	expect_record(&s, "file", "");
	supervised_end(&s);
}

static void
replace_as_editors_do(void)
{
	child_check(chown("file", NOBODYS, NOBODIES) == 0);
	child_check(close(creat("file.new", 0644)) == 0);
	child_check(rename("file.new", "file") == 0);
	check_owner("file", 0, 0);
	/* and as install(1) does */
	child_check(chown("file", NOBODYS, NOBODIES) == 0);
	child_check(unlink("file") == 0);
	child_check(close(creat("file", 0644)) == 0);
	check_owner("file", 0, 0);
}

static void
a_file_that_takes_the_place_of_another_is_a_new_one(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	scratch_file("file", "");
	supervised_run(&s, "replace_as_editors_do");
	expect_record(&s, "file", "");
	supervised_end(&s);
}

/* Look for it where it is now and then. */
static void *
look_on(void *arg)
{
	atomic_bool *is_done = arg;
	struct stat st;

	while (!atomic_load(is_done))
		(void)lstat("here", &st);
	return NULL;
}

static void
move_while_looked_for(void)
{
	atomic_bool is_done = false;
	pthread_t thread;
	char name[32];

	child_check(pthread_create(&thread, NULL, look_on, &is_done) == 0);
	for (int i = 0; i < YOUNG; i++) {
		snprintf(name, sizeof(name), "there-%d", i);
		child_check(close(creat("here", 0644)) == 0);
		child_check(chown("here", NOBODYS, NOBODIES) == 0);
		for (int k = 0; k < MOVES; k++) {
			child_check(rename("here", name) == 0);
			child_check(rename(name, "here") == 0);
		}
		child_check(rename("here", name) == 0);
	}
	atomic_store(&is_done, true);
	child_check(pthread_join(thread, NULL) == 0);
	for (int i = 0; i < YOUNG; i++) {
		snprintf(name, sizeof(name), "there-%d", i);
		check_owner(name, NOBODYS, NOBODIES);
	}
}

static void
a_new_file_that_moves_while_it_is_looked_at_keeps_its_record(void **state)
{
	struct supervised s = SUPERVISED;

	(void)state;
	supervised_run(&s, "move_while_looked_for");
	supervised_end(&s);
}

static void
what_is_no_answer_to_such_a_call_is_trouble_of_our_own(void **state)
{
	static const int ours[] = { EINTR, EIO, EMFILE, ENFILE, ENOMEM, ENOSPC,
		ENOTCONN };
	static const int theirs[] = { 0, EACCES, ELOOP, ENOENT, ENOTDIR,
		EOPNOTSUPP };
	struct scene s = { .trouble = 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(theirs) / sizeof(*theirs); i++) {
		errno = theirs[i];
		assert_int_equal(scene_give_up(&s), -1);
		assert_int_equal(s.trouble, 0);
	}
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
		errno = ours[i];
		assert_int_equal(scene_give_up(&s), -1);
		assert_int_equal(s.trouble, ours[i]);
	}
}

static const struct act acts[] = {
	act(move_about),
	act(come_and_go),
	act(use_after_unlink),
	act(replace_as_editors_do),
	act(move_while_looked_for),
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(a_record_follows_its_file_by_all_its_names),
		test(a_new_file_has_nothing_of_the_one_whose_number_it_has),
		test(a_file_without_a_name_has_its_record),
		test(a_file_that_takes_the_place_of_another_is_a_new_one),
		test(what_is_no_answer_to_such_a_call_is_trouble_of_our_own),
		test(
		    a_new_file_that_moves_while_it_is_looked_at_keeps_its_record),
	};

	supervised_act(acts, argc, argv);
	return cmocka_run_group_tests_name("scene", tests, NULL, NULL);
}
