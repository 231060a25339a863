/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "engine/cargo.h"
#include "engine/tree.h"
#include "format/tar.h"

#include <stdio.h>
#include <string.h>

static struct tar_entry
file(const char *path, const char *digest)
{
	return (struct tar_entry){ .entry = { .path = path,
				       .uname = "root",
				       .gname = "root",
				       .mode = 0644,
				       .size = 3,
				       .digest = digest } };
}

static struct tar_entry
hard(const char *path, const char *target)
{
	struct tar_entry e = file(path, NULL);

	e.target = target;
	e.entry.size = 0;
	return e;
}

static struct cargo cargo;
static struct tree tree;

/* Put these in, and bring together what is one file. */
static void
load(const struct tar_entry *entries, size_t count)
{
	struct fault f = { 0 };

	cargo = (struct cargo){ 0 };
	tree = (struct tree)TREE_INIT;
	for (size_t i = 0; i < count; i++)
		assert_ok(cargo_add(&cargo, &tree, &entries[i], &f), &f);
	assert_ok(cargo_tie(&cargo, &tree, &f), &f);
}

static void
unload(void)
{
	cargo_release(&cargo);
	tree_release(&tree);
}

#define LOAD(array) load(array, sizeof(array) / sizeof(*(array)))

/* The entries are "path=digest path=digest", those of one file by a number. */
static void
expect(const char *want)
{
	char got[512] = "";

	for (size_t i = 0; i < tree.count; i++) {
		const struct entry *e = &tree.entries[i];
		const size_t len = strlen(got);

		snprintf(got + len, sizeof(got) - len, "%s%s=%s%s%s",
		    i > 0 ? " " : "", e->path,
		    e->digest != NULL ? e->digest : "-",
		    e->nlink > 1 ? "*" : "", e->link != NULL ? e->link : "");
	}
	assert_string_equal(got, want);
}

static void
entries_are_sorted_and_keep_their_order_within_a_path(void **state)
{
	const struct tar_entry entries[] = { file("b", "1"), file("a", "2"),
		file("b", "3"), file("a", "4"), file("b", "5") };

	(void)state;
	LOAD(entries);
	expect("a=2 a=4 b=1 b=3 b=5");
	unload();
}

static void
names_of_a_file_get_its_contents(void **state)
{
	const struct tar_entry entries[] = { file("b", "1"), hard("a", "b"),
		hard("c", "./a"), file("d", "1") };

	(void)state;
	LOAD(entries);
	expect("a=1* b=1* c=1* d=1");
	assert_int_equal(tree.entries[0].ino, tree.entries[1].ino);
	assert_int_equal(tree.entries[0].ino, tree.entries[2].ino);
	assert_int_not_equal(tree.entries[0].ino, tree.entries[3].ino);
	assert_int_equal(tree.entries[2].size, 3);
	unload();
}

static void
the_last_before_a_link_is_meant_or_the_first_behind(void **state)
{
	const struct tar_entry entries[] = { hard("0", "a"), file("a", "1"),
		file("a", "2"), hard("b", "a"), file("a", "3") };

	(void)state;
	LOAD(entries);
	expect("0=1* a=1* a=2* a=3 b=2*");
	unload();
}

static void
links_to_nothing_stay_what_they_are(void **state)
{
	struct tar_entry entries[] = { hard("a", "x"), hard("b", "b"),
		hard("c", "d"), hard("d", "c"), file("e", NULL), hard("f", "e"),
		hard("g", "/abs") };

	(void)state;
	entries[4].entry.type = ENTRY_DIR;
	LOAD(entries);
	/* c and d are one file, of which nobody has the contents */
	expect("a=-x b=-b c=-* d=-* e=- f=-e g=-/abs");
	unload();
}

static void
a_name_that_stands_as_it_is_can_be_meant(void **state)
{
	const struct tar_entry entries[] = { file("/abs", "1"),
		hard("a", "/abs") };

	(void)state;
	LOAD(entries);
	expect("/abs=1* a=1*");
	unload();
}

static void
a_link_to_another_type_is_of_that_type(void **state)
{
	struct tar_entry entries[] = { file("a", NULL), hard("b", "a") };

	(void)state;
	entries[0].entry.type = ENTRY_CHAR;
	entries[0].entry.major = 1;
	entries[0].entry.minor = 3;
	LOAD(entries);
	assert_int_equal(tree.entries[1].type, ENTRY_CHAR);
	assert_int_equal(tree.entries[1].minor, 3);
	unload();
}

static void
attributes_are_those_of_the_file_and_its_own(void **state)
{
	const struct xattr fourth = { NULL, "d", "1", 1 };
	const struct xattr second = { &fourth, "b", "1", 1 };
	const struct xattr first = { &second, "a", "1", 1 };
	const struct xattr own_third = { NULL, "c", "2", 1 };
	const struct xattr own = { &own_third, "b", "2", 1 };
	struct tar_entry entries[] = { file("x", "1"), hard("y", "x") };
	char got[40] = "";

	(void)state;
	entries[0].entry.xattrs = &first;
	entries[1].entry.xattrs = &own;
	LOAD(entries);
	for (const struct xattr *x = tree.entries[1].xattrs; x != NULL;
	     x = x->next) {
		strncat(got, x->name, 1);
		strncat(got, x->value, 1);
	}
	assert_string_equal(got, "a1b2c2d1");
	assert_null(tree.entries[0].xattrs->next->next->next);
	unload();
}

static void
all_that_an_entry_has_is_counted(void **state)
{
	const struct xattr empty = { NULL, "", "", 0 };
	struct tar_entry e = file("", NULL);
	struct fault f = { 0 };
	uint64_t before;

	(void)state;
	cargo = (struct cargo){ 0 };
	tree = (struct tree)TREE_INIT;
	assert_ok(cargo_add(&cargo, &tree, &e, &f), &f);
	assert_true(cargo.bytes >= sizeof(struct entry) + 10);
	before = cargo.bytes;
	/* the owner's name is there already */
	assert_ok(cargo_add(&cargo, &tree, &e, &f), &f);
	assert_int_equal(
	    cargo.bytes - before, sizeof(struct entry) + sizeof(char *) + 1);
	before = cargo.bytes;
	e.entry.xattrs = &empty;
	assert_ok(cargo_add(&cargo, &tree, &e, &f), &f);
	assert_true(cargo.bytes - before >=
	    sizeof(struct entry) + sizeof(struct xattr) + 2);
	before = cargo.bytes;
	assert_ok(cargo_set_digest(&cargo, &tree, "123456", &f), &f);
	assert_string_equal(tree.entries[2].digest, "123456");
	assert_int_equal(cargo.bytes - before, 7);
	unload();
}

static int
load_and_release(void *arg, struct fault *f)
{
	const struct xattr b = { NULL, "b", "1", 1 }, a = { NULL, "a", "1", 1 };
	struct cargo c = { 0 };
	struct tree t = TREE_INIT;
	struct tar_entry e = file("x", NULL);
	struct tar_entry link = hard("y", "x");
	int r = 0;

	(void)arg;
	e.entry.xattrs = &a;
	link.entry.xattrs = &b;
	for (int i = 0; r == 0 && i < 300; i++)
		r = cargo_add(&c, &t, i % 2 == 0 ? &e : &link, f);
	if (r == 0)
		r = cargo_set_digest(&c, &t, "1", f);
	if (r == 0)
		r = cargo_tie(&c, &t, f);
	cargo_release(&c);
	tree_release(&t);
	return r;
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(load_and_release, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    entries_are_sorted_and_keep_their_order_within_a_path),
		cmocka_unit_test(names_of_a_file_get_its_contents),
		cmocka_unit_test(
		    the_last_before_a_link_is_meant_or_the_first_behind),
		cmocka_unit_test(links_to_nothing_stay_what_they_are),
		cmocka_unit_test(a_name_that_stands_as_it_is_can_be_meant),
		cmocka_unit_test(a_link_to_another_type_is_of_that_type),
		cmocka_unit_test(attributes_are_those_of_the_file_and_its_own),
		cmocka_unit_test(all_that_an_entry_has_is_counted),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
