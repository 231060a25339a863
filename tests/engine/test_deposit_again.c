/* SPDX-License-Identifier: BSD-2-Clause */
#include "recorded.h"
#include "scratch.h"
#include "test_deposit.h"

#include "engine/merge.h"

static void
doing_it_twice_adds_nothing(void **state)
{
	struct buf before = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/a", "");
	scratch_file("pkg/foo/b", "");
	must(link("pkg/foo/b", "pkg/foo/c"));
	recorded_begin();
	recorded_add("pkg/foo/a", "uname=www gid=5 mode=4711 caps=cap_kill=p");
	recorded_add("pkg/foo/b", "type=char device=native,1,3 gname=x");
	expect_written(3);
	scratch_load(&before, FILE_OF_FOO);
	assert_non_null(buf_end(&before, &f));
	expect_written(0);
	scratch_expect(FILE_OF_FOO, before.data);
	buf_release(&before);
}

static void
an_earlier_record_is_corrected_keyword_by_keyword(void **state)
{
	(void)state;
	scratch_file("pkg/foo/a/x", "");
	scratch_file("pkg/foo/a/y", "");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded\na/x uname=old gname=grp mode=600\n"
	    "#amtree recorded caps=cap_kill=p\na/y uname=old\n");
	recorded_begin();
	recorded_add("pkg/foo/a/x", "uname=root gname=grp");
	recorded_add("pkg/foo/a/y", "uname=old mode=644 caps=none");
	expect_written(2);
	scratch_expect(FILE_OF_FOO,
	    "#amtree recorded\na/x uname=old gname=grp mode=600\n"
	    "#amtree recorded caps=cap_kill=p\na/y uname=old\n"
	    "#amtree recorded bind=uname\n"
	    "a/x gname=grp uname=root mode=600 type=file optional\n"
	    "#amtree recorded bind=caps caps=none\n"
	    "a/y gname=root uname=old mode=644 type=file optional\n");
	expect_written(0);
}

static void
what_is_explicit_does_not_matter_here(void **state)
{
	(void)state;
	scratch_file("pkg/foo/a/x", "");
	scratch_file("pkg/foo/a/y", "");
	scratch_file(FILE_OF_FOO, "a/x uname=www\na/y type=dir\n");
	recorded_begin();
	recorded_add("pkg/foo/a/x", "uname=www");
	recorded_add("pkg/foo/a/y", "uname=root");
	expect_written(1);
	scratch_expect(FILE_OF_FOO,
	    "a/x uname=www\na/y type=dir\n"
	    "#amtree recorded bind=uname\n"
	    "a/x gname=root uname=www mode=644 type=file optional\n");
}

static void
an_earlier_record_of_another_file_is_no_obstacle(void **state)
{
	(void)state;
	scratch_dir("pkg/foo/a/x");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded caps=cap_kill=p\n"
	    "a/x type=char device=native,1,3 link=y time=5\n");
	recorded_begin();
	recorded_add("pkg/foo/a/x", "uname=www");
	expect_written(1);
	expect_written(0);
}

/* What a merge makes of the lines alone is what it made of the journal. */
static void
the_lines_give_what_the_journal_gave(void **state)
{
	struct merge_options o = { .package = foo, .journal = "journal" };
	struct tree a = TREE_INIT, b = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_file("pkg/foo/usr/a", "x");
	scratch_file("pkg/foo/usr/device", "");
	scratch_file("pkg/foo/usr/b", "");
	scratch_dir("pkg/foo/var/lib");
	scratch_symlink("a", "pkg/foo/usr/l");
	must(link("pkg/foo/usr/b", "pkg/foo/var/c"));
	recorded_begin();
	recorded_add(
	    "pkg/foo/usr/a", "uname=www gid=82 mode=4755 caps=cap_kill=p");
	recorded_add("pkg/foo/usr/device",
	    "mode=600 gname=disk type=block device=native,8,0");
	recorded_add("pkg/foo/usr/b", "uname=b");
	recorded_add("pkg/foo/usr/l", "uname=l");
	recorded_add("pkg/foo/var/lib", "uname=www mode=1777");
	assert_ok(merge_load(&a, &o, &f), &f);
	expect_written(6);
	o.journal = NULL;
	assert_ok(merge_load(&b, &o, &f), &f);
	assert_int_equal(a.count, b.count);
	for (size_t i = 0; i < a.count; i++) {
		const struct entry *x = &a.entries[i], *y = &b.entries[i];
		const struct xattr *p = entry_caps(x), *q = entry_caps(y);

		assert_string_equal(x->path, y->path);
		assert_int_equal(x->type, y->type);
		assert_int_equal(x->mode, y->mode);
		assert_int_equal(x->uid, y->uid);
		assert_int_equal(x->gid, y->gid);
		assert_int_equal(x->major, y->major);
		assert_int_equal(x->is_changed, y->is_changed);
		assert_int_equal(x->is_placeholder, y->is_placeholder);
		assert_true((x->uname == NULL) == (y->uname == NULL));
		if (x->uname != NULL)
			assert_string_equal(x->uname, y->uname);
		assert_true((x->gname == NULL) == (y->gname == NULL));
		if (x->gname != NULL)
			assert_string_equal(x->gname, y->gname);
		assert_true((p == NULL) == (q == NULL));
		if (p != NULL)
			assert_memory_equal(p->value, q->value, p->len);
	}
	tree_release(&a);
	tree_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(doing_it_twice_adds_nothing),
		test(an_earlier_record_is_corrected_keyword_by_keyword),
		test(what_is_explicit_does_not_matter_here),
		test(an_earlier_record_of_another_file_is_no_obstacle),
		test(the_lines_give_what_the_journal_gave),
	};

	return cmocka_run_group_tests_name("deposit_again", tests, NULL, NULL);
}
