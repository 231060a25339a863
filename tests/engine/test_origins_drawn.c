/* SPDX-License-Identifier: BSD-2-Clause */
#include "foobar.h"
#include "recorded.h"

#include "engine/origins.h"

enum {
	BUILDS = 150,
	COMPARED = 5000, /* keywords, at least */
};

static const enum keyword_bit keywords[] = { KEYWORD_USER, KEYWORD_GROUP,
	KEYWORD_MODE, KEYWORD_TYPE, KEYWORD_DEVICE, KEYWORD_LINK,
	KEYWORD_CAPS };

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_first_origin_says_what_a_merge_makes_of_it),
	};

	return cmocka_run_group_tests_name("origins_drawn", tests, NULL, NULL);
}
