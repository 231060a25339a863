/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "recorded.h"

#include "engine/origins.h"
#include "format/deed.h"

#define FILE_OF_FOO "pkg/.control.foo/.mtree"
#define FILE_OF_BAR "pkg/.control.bar/.mtree"

enum {
	BUILDS = 150,
	COMPARED = 5000, /* keywords, at least */
};

static const enum keyword_bit keywords[] = { KEYWORD_USER, KEYWORD_GROUP,
	KEYWORD_MODE, KEYWORD_TYPE, KEYWORD_DEVICE, KEYWORD_LINK,
	KEYWORD_CAPS };

static const struct merge_package bar = { "pkg/bar", "pkg/.control.bar" };
static const struct merge_options options = {
	.package = { "pkg/foo", "pkg/.control.foo" },
	.siblings = &bar,
	.sibling_count = 1,
	.journal = "journal",
};

static void
load(struct origins *all, const char *path)
{
	struct fault f = { 0 };

	*all = (struct origins)ORIGINS_INIT;
	assert_ok(origins_load(all, &options, path, &f), &f);
}

/*
 * The lines that bind the keyword, what counts first in front, are these: each
 * "f" for foo's file, "b" for bar's or "j" for the journal, its number, a blank.
 */
static void
expect(const struct origins *all, enum keyword_bit keyword, const char *want)
{
	const struct origin *from;
	char got[256] = "";
	size_t at = 0;

	while ((from = origins_next(all, keyword, &at)) != NULL)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%c%u ",
		    strcmp(from->file, FILE_OF_FOO) == 0       ? 'f'
			: strcmp(from->file, FILE_OF_BAR) == 0 ? 'b'
							       : 'j',
		    from->spec.line);
	if (strcmp(got, want) != 0)
		fail_msg("%s comes from '%s', not '%s'", keyword_name(keyword),
		    got, want);
}

static void
make_packages(void)
{
	scratch_dir("pkg/foo/a");
	scratch_dir("pkg/.control.foo");
	scratch_dir("pkg/bar");
	scratch_dir("pkg/.control.bar");
	recorded_begin();
}

static void
what_counts_first_comes_first(void **state)
{
	struct origins all;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a/x", "");
	recorded_add("pkg/foo/a/x", "uname=j mode=600");
	scratch_file(FILE_OF_BAR,
	    "a/x uname=m\n"
	    "a/x uname=m2 gname=m2\n"
	    "#amtree recorded\na/x uname=rm\n");
	scratch_file(FILE_OF_FOO,
	    "a/x uname=o\n"
	    "#amtree recorded\na/x uname=r gname=r optional\n"
	    "#amtree bind=mode\na/x uname=no mode=644\n"
	    "a/y uname=other optional\n"
	    "a/x uname=o2\n"
	    "#amtree recorded\na/x uname=r2 mode=400\n");
	load(&all, "a/x");
	expect(&all, KEYWORD_USER, "f7 f1 b2 b1 j2 f9 f3 b4 ");
	expect(&all, KEYWORD_GROUP, "b2 f3 ");
	expect(&all, KEYWORD_MODE, "f5 j2 f9 ");
	expect(&all, KEYWORD_TYPE, "");
	assert_string_equal(all.entry->uname, "o2");
	assert_string_equal(all.entry->gname, "m2");
	assert_int_equal(all.found->mode, 0644);
	origins_release(&all);
}

static void
lines_of_all_names_of_a_file_count(void **state)
{
	struct origins all;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a/x", "");
	must(link("pkg/foo/a/x", "pkg/foo/a/y"));
	must(link("pkg/foo/a/x", "pkg/foo/z"));
	scratch_file("pkg/foo/a/other", "");
	recorded_add("pkg/foo/a/x", "gname=j");
	scratch_file(FILE_OF_FOO,
	    "a/x uname=www\n"
	    "a/other uname=no\n"
	    "./z gname=grp mode=600\n"
	    "#amtree recorded\na/y mode=4711\n");
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = { "a/x", "a/y", "z" };

		load(&all, names[i]);
		expect(&all, KEYWORD_USER, "f1 ");
		expect(&all, KEYWORD_GROUP, "f3 j2 ");
		expect(&all, KEYWORD_MODE, "f3 f5 ");
		assert_string_equal(all.entry->uname, "www");
		assert_string_equal(all.entry->path, names[i]);
		origins_release(&all);
	}
}

static void
what_a_merge_passes_over_is_no_origin(void **state)
{
	struct origins all;

	(void)state;
	make_packages();
	scratch_symlink("x", "pkg/foo/a/l");
	scratch_dir("pkg/foo/a/d");
	recorded_add("pkg/foo/a/l", "uname=www mode=600 caps=cap_kill=p");
	recorded_add("pkg/foo/a/d", "uname=www caps=cap_kill=p");
	scratch_file(FILE_OF_FOO, "a/l mode=644\n");
	load(&all, "a/l");
	expect(&all, KEYWORD_USER, "j2 ");
	expect(&all, KEYWORD_MODE, "");
	expect(&all, KEYWORD_CAPS, "");
	assert_int_equal(all.entry->mode, 0777);
	origins_release(&all);
	load(&all, "a/d");
	expect(&all, KEYWORD_USER, "j3 ");
	expect(&all, KEYWORD_CAPS, "");
	origins_release(&all);
}

static void
what_is_created_has_no_file_on_disk(void **state)
{
	struct origins all;

	(void)state;
	make_packages();
	scratch_file(FILE_OF_FOO,
	    "#amtree create\na/new type=dir\n"
	    "a/new/null type=char device=native,1,3\n"
	    "a/new/null uname=www\n");
	load(&all, "a/new/null");
	expect(&all, KEYWORD_TYPE, "f3 ");
	expect(&all, KEYWORD_DEVICE, "f3 ");
	expect(&all, KEYWORD_USER, "f4 ");
	assert_null(all.found);
	assert_int_equal(all.entry->mode, 0644);
	origins_release(&all);
}

static void
records_say_whose_deeds_they_were(void **state)
{
	struct origins all;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a/x", "");
	scratch_file("journal", JOURNAL_SIGNATURE "deed=1:chown:one\n");
	recorded_add("pkg/foo/a/x", "uname=j by=uname:1");
	scratch_file(
	    FILE_OF_FOO, "#amtree recorded by=uname:chown:two\na/x uname=r\n");
	load(&all, "a/x");
	expect(&all, KEYWORD_USER, "j3 f2 ");
	assert_string_equal(all.items[0].spec.by->of[DEED_USER], "chown:one");
	assert_string_equal(all.items[1].spec.by->of[DEED_USER], "chown:two");
	origins_release(&all);
}

static void
refuse(const char *path, const char *why)
{
	struct origins all = ORIGINS_INIT;
	struct fault f = { 0 };

	assert_refused(
	    origins_load(&all, &options, path, &f), &f, FAULT_INPUT, why);
	origins_release(&all);
}

static void
what_is_wrong_with_this_file_is_a_fault_and_no_more(void **state)
{
	struct origins all;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a/x", "");
	scratch_file("pkg/foo/a/fine", "");
	scratch_file("pkg/bar/a/moved", "");
	scratch_file("pkg/foo/.hidden", "");
	scratch_file(FILE_OF_FOO,
	    "a/x type=dir\n"
	    "a/fine uname=www\n"
	    "a/missing uname=www\n"
	    "a/moved uname=www\n");
	load(&all, "a/fine");
	expect(&all, KEYWORD_USER, "f2 ");
	origins_release(&all);
	refuse("a/x", ".mtree:1: 'a/x': is declared as type=dir, but it is a");
	refuse("a/missing", ".mtree:3: 'a/missing' does not exist in");
	refuse("a/moved", "'a/moved' is not in package 'pkg/foo'");
	refuse("a/find",
	    "'a/find' is not in package 'pkg/foo' (did you mean "
	    "'a/fine'?)");
	refuse(".hidden", "'.hidden' is not in package 'pkg/foo'");
	refuse("quite/else", "'quite/else' is not in package 'pkg/foo'");
}

/* A small generator, so that what fails fails again. */
static unsigned
pick(unsigned *seed, unsigned count)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 16) % count;
}

/* Append some keywords for a file of that type, and say which. */
static void
add_keywords(struct buf *b, unsigned *seed, char type, char lead)
{
	static const char *const names[] = { "root", "www", "foo", "bar" };
	struct fault f = { 0 };

	if (pick(seed, 2) == 0)
		assert_ok(
		    buf_addf(b, &f, "%cuname=%s", lead, names[pick(seed, 4)]),
		    &f);
	if (pick(seed, 4) == 0)
		assert_ok(buf_addf(b, &f, "%cuid=%u", lead, pick(seed, 3)), &f);
	if (pick(seed, 2) == 0)
		assert_ok(
		    buf_addf(b, &f, "%cgname=%s", lead, names[pick(seed, 4)]),
		    &f);
	if (pick(seed, 2) == 0 || type == 'c')
		assert_ok(buf_addf(b, &f, "%cmode=%o", lead,
			      pick(seed, 2) == 0 ? 04755 : 0640),
		    &f);
	if (type == 'c')
		assert_ok(buf_addf(b, &f, "%ctype=char%cdevice=native,%u,3",
			      lead, lead, pick(seed, 3)),
		    &f);
}

static const struct {
	const char *path;
	char type; /* of file, dir, link; placeholder of a device; 0: missing */
} files[] = {
	{ "a/file", 'f' },
	{ "a/hard", 'f' },
	{ "a/also", 'f' },
	{ "a/dir", 'd' },
	{ "a/link", 'l' },
	{ "a/null", 'c' },
	{ "top", 'f' },
	{ "a/gone", '\0' },
};

enum { FILES = sizeof(files) / sizeof(*files) };

/* Some lines about any of the files. */
static void
add_lines(struct buf *b, unsigned *seed, unsigned count)
{
	struct fault f = { 0 };

	for (unsigned i = 0; i < count; i++) {
		const unsigned k = pick(seed, FILES);
		const bool is_recorded =
		    pick(seed, 2) == 0 || files[k].type == 'c';

		if (is_recorded)
			assert_ok(buf_adds(b, "#amtree recorded", &f), &f);
		else if (pick(seed, 3) == 0)
			assert_ok(buf_adds(b, "#amtree", &f), &f);
		if (b->len > 0 && b->data[b->len - 1] != '\n') {
			if (files[k].type == 'f' && pick(seed, 3) == 0)
				assert_ok(
				    buf_adds(b,
					pick(seed, 2) == 0 ? " caps=none"
							   : " caps=cap_kill=p",
					&f),
				    &f);
			assert_ok(buf_adds(b, "\n", &f), &f);
		}
		assert_ok(buf_addf(b, &f, "./%s optional", files[k].path), &f);
		add_keywords(b, seed, files[k].type, ' ');
		assert_ok(buf_adds(b, "\n", &f), &f);
	}
}

/* Overrides, recorded lines and a journal as chance has it. */
static void
make_build(unsigned *seed)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	char path[64];

	add_lines(&b, seed, pick(seed, 12));
	if (pick(seed, 2) == 0)
		assert_ok(buf_addf(&b, &f,
			      "a/new type=dir%s\na/new/fifo type=fifo%s\n",
			      pick(seed, 2) == 0 ? " mode=700" : "",
			      pick(seed, 2) == 0 ? " uname=www" : ""),
		    &f);
	scratch_write(FILE_OF_FOO, b.data, b.len);
	buf_reset(&b);
	add_lines(&b, seed, pick(seed, 6));
	scratch_write(FILE_OF_BAR, b.data, b.len);
	recorded_begin();
	for (unsigned i = 0; i < FILES; i++) {
		if (files[i].type == '\0' || pick(seed, 3) > 0)
			continue;
		buf_reset(&b);
		add_keywords(&b, seed, files[i].type, ' ');
		if (b.len == 0 || buf_end(&b, &f) == NULL)
			continue;
		snprintf(path, sizeof(path), "pkg/foo/%s", files[i].path);
		recorded_add(path, b.data);
	}
	buf_release(&b);
}

static bool
is_same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The origin says what the merged entry has. */
static bool
agrees(const struct origin *from, const struct entry *e, enum keyword_bit bit)
{
	const struct entry *o = &from->spec.entry;
	const struct xattr *caps = entry_caps(e), *said = from->spec.caps;

	if (bit == KEYWORD_USER)
		return is_same_text(o->uname, e->uname) &&
		    (o->uname != NULL || o->uid == e->uid);
	if (bit == KEYWORD_GROUP)
		return is_same_text(o->gname, e->gname) &&
		    (o->gname != NULL || o->gid == e->gid);
	if (bit == KEYWORD_MODE)
		return o->mode == e->mode;
	if (bit == KEYWORD_TYPE)
		return o->type == e->type;
	if (bit == KEYWORD_DEVICE)
		return o->major == e->major && o->minor == e->minor;
	if (bit == KEYWORD_LINK)
		return is_same_text(o->link, e->link);
	if (caps == NULL || said == NULL)
		return caps == said;
	return caps->len == said->len &&
	    memcmp(caps->value, said->value, caps->len) == 0;
}

/* Without an origin the merged entry has what there is without overrides. */
static bool
is_ground(
    const struct origins *all, const struct entry *e, enum keyword_bit bit)
{
	static const struct entry root = { .uname = "root", .gname = "root" };
	const struct origin ground = {
		.spec = { .entry = bit == KEYWORD_USER || bit == KEYWORD_GROUP
			? root
			: *(all->found != NULL ? all->found : all->entry),
		    .caps =
			all->found != NULL ? entry_caps(all->found) : NULL },
	};

	return agrees(&ground, e, bit);
}

/* All origins of one entry of a merged package agree with it. */
static unsigned
compare_entry(const struct entry *e)
{
	struct origins all;

	load(&all, e->path);
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		size_t at = 0;
		const struct origin *from =
		    origins_next(&all, keywords[i], &at);

		if (from == NULL ? !is_ground(&all, e, keywords[i])
				 : !agrees(from, e, keywords[i]))
			fail_msg(
			    "'%s' has another %s than line %u of '%s' says",
			    e->path, keyword_name(keywords[i]),
			    from != NULL ? from->spec.line : 0,
			    from != NULL ? from->file : "");
	}
	origins_release(&all);
	return sizeof(keywords) / sizeof(*keywords);
}

/*
 * What chance has made of a package is merged, and for each entry the first line
 * that speaks of a keyword has to say what came out.  Names of a hard-linked file
 * often disagree, and such packages cannot be merged.
 */
static void
the_first_origin_says_what_a_merge_makes_of_it(void **state)
{
	unsigned seed = 1, compared = 0;

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a/file", "x");
	scratch_file("pkg/foo/a/hard", "x");
	must(link("pkg/foo/a/hard", "pkg/foo/a/also"));
	scratch_dir("pkg/foo/a/dir");
	scratch_symlink("file", "pkg/foo/a/link");
	scratch_file("pkg/foo/a/null", "");
	scratch_file("pkg/foo/top", "x");
	for (unsigned i = 0; i < BUILDS; i++) {
		struct tree t = TREE_INIT;
		struct fault f = { 0 };

		make_build(&seed);
		if (merge_load(&t, &options, &f) < 0) {
			assert_says(&f, FAULT_INPUT, "are one file, but");
		} else {
			for (size_t k = 0; k < t.count; k++)
				compared += compare_entry(&t.entries[k]);
		}
		tree_release(&t);
	}
	if (compared < COMPARED)
		fail_msg("only %u keywords were compared", compared);
}

static int
load_and_release(void *arg, struct fault *f)
{
	struct origins all = ORIGINS_INIT;
	const int r = origins_load(&all, &options, arg, f);

	origins_release(&all);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	static char path[] = "a/x";

	(void)state;
	make_packages();
	scratch_file("pkg/foo/a/x", "");
	scratch_file("journal", JOURNAL_SIGNATURE "deed=1:chown:one\n");
	recorded_add("pkg/foo/a/x", "uname=j by=uname:1");
	scratch_file(FILE_OF_BAR, "a/x uname=m\n");
	scratch_file(FILE_OF_FOO,
	    "#amtree recorded by=uname:chown:two\na/x uname=r\na/x gname=o\n");
	alloc_fail_each(load_and_release, path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_counts_first_comes_first),
		test(lines_of_all_names_of_a_file_count),
		test(what_a_merge_passes_over_is_no_origin),
		test(what_is_created_has_no_file_on_disk),
		test(records_say_whose_deeds_they_were),
		test(what_is_wrong_with_this_file_is_a_fault_and_no_more),
		test(the_first_origin_says_what_a_merge_makes_of_it),
		test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("origins", tests, NULL, NULL);
}
