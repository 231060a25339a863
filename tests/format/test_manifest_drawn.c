/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/arena.h"
#include "base/buf.h"
#include "format/manifest.h"
#include "format/mtree.h"

enum { ALL = KEYWORD_BINDABLE | KEYWORD_SIZE | KEYWORD_OPTIONAL };

/* A pseudo-random number below `n`, always the same sequence. */
static unsigned
draw(uint64_t *seed, unsigned n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % n;
}

/* A canonical path of any bytes, or a link target. */
static const char *
draw_path(uint64_t *seed, struct arena *a, struct fault *f)
{
	struct buf b = BUF_INIT;
	const unsigned components = 1 + draw(seed, 4);
	const char *path;

	for (unsigned i = 0; i < components; i++) {
		const unsigned len = 1 + draw(seed, i == 2 ? 255 : 8);

		for (unsigned k = 0; k < len; k++) {
			char c = (char)(1 + draw(seed, 255));

			/* no slash, and no component "." or ".." */
			if (c == '/' || (c == '.' && len <= 2))
				c = '\n';
			assert_ok(buf_add(&b, &c, 1, f), f);
		}
		if (i + 1 < components)
			assert_ok(buf_adds(&b, "/", f), f);
	}
	path = arena_string(a, b.data, b.len, f);
	assert_non_null(path);
	buf_release(&b);
	return path;
}

static const char *
draw_account(uint64_t *seed)
{
	static const char *const names[] = { NULL, "root", "games", "abuild",
		"a$", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" };

	return names[draw(seed, 6)];
}

static struct entry
draw_entry(uint64_t *seed, struct arena *a, struct fault *f)
{
	struct entry e = { .path = draw_path(seed, a, f),
		.type = (uint8_t)draw(seed, ENTRY_FIFO + 1),
		.mode = (uint16_t)draw(seed, 010000),
		.uname = draw_account(seed),
		.gname = draw_account(seed),
		.uid = 1 + draw(seed, 2097151),
		.gid = 1 + draw(seed, 2097151),
		.mtime = (int64_t)draw(seed, 1u << 31) - (1 << 20),
		.mtime_nsec = draw(seed, 1000000000),
		.size = draw(seed, 1u << 31) * (uint64_t)draw(seed, 1u << 31),
		.major = draw(seed, ENTRY_MAJOR_MAX + 1),
		.minor = draw(seed, ENTRY_MINOR_MAX + 1) };

	if (e.type == ENTRY_LINK)
		e.link = draw_path(seed, a, f);
	return e;
}

static void
assert_same_name(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		assert_ptr_equal(a, b);
	else
		assert_string_equal(a, b);
}

static void
assert_same(const struct entry *a, const struct spec *spec)
{
	const struct entry *b = &spec->entry;

	assert_string_equal(a->path, b->path);
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->mode, b->mode);
	assert_same_name(a->uname, b->uname);
	assert_same_name(a->gname, b->gname);
	assert_int_equal(a->uid, b->uid);
	assert_int_equal(a->gid, b->gid);
	assert_true(a->mtime == b->mtime);
	assert_int_equal(a->mtime_nsec, b->mtime_nsec);
	if (a->type == ENTRY_FILE)
		assert_int_equal(a->size, b->size);
	if (a->type == ENTRY_LINK)
		assert_string_equal(a->link, b->link);
	if (a->type == ENTRY_CHAR || a->type == ENTRY_BLOCK) {
		assert_int_equal(a->major, b->major);
		assert_int_equal(a->minor, b->minor);
	}
}

/* Every byte is one that any editor, terminal and reader of mtree takes. */
static void
assert_plain(const struct buf *b)
{
	for (size_t i = 0; i < b->len; i++) {
		const char c = b->data[i];

		if (c != '\n' && (c < ' ' || c > '~'))
			fail_msg("byte %#x in a line", (unsigned char)c);
	}
}

static void
what_is_written_is_read_back_whatever_the_names(void **state)
{
	enum { COUNT = 500 };
	struct entry entries[COUNT];
	struct arena a = { 0 };
	struct buf text = BUF_INIT;
	struct mtree m;
	struct spec spec;
	struct fault f = { 0 };
	uint64_t seed = 1;
	size_t done = 0;
	unsigned next = 0;

	(void)state;
	assert_ok(buf_adds(&text, MANIFEST_SIGNATURE, &f), &f);
	for (unsigned i = 0; i < COUNT; i++) {
		entries[i] = draw_entry(&seed, &a, &f);
		assert_ok(manifest_add_entry(
			      &text, &entries[i], ALL | KEYWORD_IDS, &f),
		    &f);
	}
	assert_plain(&text);
	mtree_init(&m, "m", &a);
	while (done < text.len) {
		size_t len = 1 + draw(&seed, 300);
		int r;

		if (len > text.len - done)
			len = text.len - done;
		assert_ok(mtree_feed(&m, text.data + done, len, &f), &f);
		done += len;
		while ((r = mtree_next(&m, &spec, &f)) > 0) {
			assert_in_range(next, 0, COUNT - 1);
			assert_int_equal(spec.line, next + 2);
			assert_same(&entries[next++], &spec);
		}
		assert_ok(r, &f);
	}
	assert_ok(mtree_end(&m, &f), &f);
	assert_int_equal(next, COUNT);
	mtree_release(&m);
	buf_release(&text);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_is_written_is_read_back_whatever_the_names),
	};

	return cmocka_run_group_tests_name("manifest_drawn", tests, NULL, NULL);
}
