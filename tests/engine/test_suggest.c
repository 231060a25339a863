/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../shell.h"
#include "../tests.h"

#include "base/path.h"
#include "engine/suggest.h"
#include "engine/tree.h"
#include "format/caps.h"
#include "format/keyword.h"
#include "format/phrase.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BOTH = KEYWORD_USER | KEYWORD_GROUP, MAX = 64 };

/* What an entry of an example is, and what of it has to be declared. */
struct given {
	unsigned keywords;
	struct entry entry;
};

static unsigned char net_raw[CAPS_XATTR_LEN];
static const struct xattr with_net_raw = {
	.name = ENTRY_CAPS_XATTR, .value = net_raw, .len = sizeof(net_raw)
};

static int
make_caps(void **state)
{
	struct fault f = { 0 };

	(void)state;
	return caps_parse(net_raw, "cap_net_raw=ep", 14, &f);
}

static void
suggest(struct buf *text, const struct given *given, size_t count)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };
	unsigned *keywords = calloc(count + 1, sizeof(*keywords));
	const struct suggest_options o = {
		.root = "\"$pkgdir\"",
		.keywords = keywords,
	};

	assert_non_null(keywords);
	for (size_t i = 0; i < count; i++) {
		struct entry *e = tree_append(&t, &f);

		assert_non_null(e);
		*e = given[i].entry;
		keywords[i] = given[i].keywords;
		if (i > 0)
			assert_true(entry_compare(e - 1, e) < 0);
	}
	assert_ok(suggest_add(text, &t, &o, &f), &f);
	tree_release(&t);
	free(keywords);
}

static void
expect(const struct given *given, size_t count, const char *want)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	suggest(&text, given, count);
	assert_string_equal(buf_end(&text, &f), want);
	buf_release(&text);
}

#define EXPECT(given, want) \
	expect(given, sizeof(given) / sizeof(*(given)), want)

/* Entries of examples; the fields are those of struct entry. */
#define DIRECTORY(name, ...)                                   \
	{                                                      \
		.path = (name), .type = ENTRY_DIR, __VA_ARGS__ \
	}
#define FILE_(name, ...)                                        \
	{                                                       \
		.path = (name), .type = ENTRY_FILE, __VA_ARGS__ \
	}
#define WWW .uname = "www", .gname = "www"
#define APP .uname = "app", .gname = "app"
#define ROOT .uname = "root", .gname = "root"

static void
package_of_root_needs_no_line(void **state)
{
	static const struct given all[] = {
		{ 0, DIRECTORY("usr", ROOT) },
		{ 0, FILE_("usr/x", ROOT) },
	};

	(void)state;
	EXPECT(all, "");
	expect(all, 0, "");
}

static void
files_that_need_the_same_share_a_line(void **state)
{
	static const struct given all[] = {
		{ 0, DIRECTORY("bin", ROOT) },
		{ KEYWORD_CAPS, FILE_("bin/a", .xattrs = &with_net_raw) },
		{ KEYWORD_MODE, FILE_("bin/b", .mode = 04755) },
		{ KEYWORD_CAPS, FILE_("bin/c", .xattrs = &with_net_raw) },
		{ KEYWORD_GROUP | KEYWORD_MODE,
		    FILE_("bin/d", .mode = 02755, .gname = "mail") },
		{ KEYWORD_CAPS, FILE_("bin/e", ROOT) },
		{ KEYWORD_MODE, FILE_("bin/f", .mode = 04755) },
		{ KEYWORD_USER, FILE_("bin/g", .uid = 1000) },
	};

	(void)state;
	EXPECT(all,
	    "amtree -c cap_net_raw=ep \"$pkgdir\"/bin/a \"$pkgdir\"/bin/c\n"
	    "amtree -m 4755 \"$pkgdir\"/bin/b \"$pkgdir\"/bin/f\n"
	    "amtree -g mail -m 2755 \"$pkgdir\"/bin/d\n"
	    "amtree -c none \"$pkgdir\"/bin/e\n"
	    "amtree -u 1000 \"$pkgdir\"/bin/g\n");
}

static void
directory_of_one_owner_is_one_line(void **state)
{
	static const struct given all[] = {
		{ 0, DIRECTORY("var", ROOT) },
		{ BOTH, DIRECTORY("var/a", WWW) },
		{ BOTH, FILE_("var/a/x", WWW) },
		{ 0, DIRECTORY("var/a-b", ROOT) },
		{ BOTH, FILE_("var/a-b/x", APP) },
		{ BOTH, DIRECTORY("var/b", WWW) },
		{ BOTH, FILE_("var/b/x", WWW) },
		{ BOTH, DIRECTORY("var/c", WWW) },
	};
	struct given sorted[8];

	(void)state;
	memcpy(sorted, all, sizeof(all));
	sorted[2] = all[3]; /* "a-b" sorts before "a/x" */
	sorted[3] = all[4];
	sorted[4] = all[2];
	EXPECT(sorted,
	    "amtree -R -u www -g www \"$pkgdir\"/var/a \"$pkgdir\"/var/b\n"
	    "amtree -u app -g app \"$pkgdir\"/var/a-b/x\n"
	    "amtree -u www -g www \"$pkgdir\"/var/c\n");
}

static void
exceptions_come_after_the_line_that_hits_them(void **state)
{
	static const struct given all[] = {
		{ BOTH, DIRECTORY("a", APP) },
		{ 0, DIRECTORY("b", ROOT) },
		{ BOTH, DIRECTORY("b/c", WWW) },
		{ BOTH, FILE_("b/c/1", WWW) },
		{ BOTH, FILE_("b/c/2", APP) },
		{ BOTH | KEYWORD_MODE, FILE_("b/c/3", WWW, .mode = 0600) },
		{ BOTH, FILE_("b/c/4", APP) },
		{ BOTH, FILE_("b/c/5", WWW) },
		{ BOTH, DIRECTORY("b/c/6", APP) },
		{ BOTH, FILE_("b/c/6/1", APP) },
		{ BOTH, FILE_("b/c/6/2", WWW) },
		{ BOTH, FILE_("b/c/7", WWW) },
		{ BOTH, FILE_("b/c/8", WWW) },
	};

	(void)state;
	EXPECT(all,
	    "amtree -u app -g app \"$pkgdir\"/a\n"
	    "amtree -R -u www -g www \"$pkgdir\"/b/c\n"
	    "amtree -u app -g app \"$pkgdir\"/b/c/2 \"$pkgdir\"/b/c/4\n"
	    "amtree -m 600 \"$pkgdir\"/b/c/3\n"
	    "amtree -R -u app -g app \"$pkgdir\"/b/c/6\n"
	    "amtree -u www -g www \"$pkgdir\"/b/c/6/2\n");
}

static void
what_is_created_states_all_it_needs(void **state)
{
	static const struct given all[] = {
		{ BOTH, DIRECTORY("a", WWW) },
		{ BOTH | KEYWORD_TYPE,
		    { .path = "a/1", .type = ENTRY_FIFO, WWW, .mode = 0600 } },
		{ BOTH, FILE_("a/2", WWW) },
		{ KEYWORD_TYPE,
		    { .path = "null",
			.type = ENTRY_CHAR,
			.mode = 0644,
			.major = 1,
			.minor = 3 } },
		{ KEYWORD_TYPE,
		    { .path = "to",
			.type = ENTRY_LINK,
			.mode = 0777,
			.link = "from here" } },
		{ KEYWORD_TYPE | KEYWORD_MODE,
		    DIRECTORY("x", ROOT, .mode = 0755) },
	};

	(void)state;
	EXPECT(all,
	    "amtree -R -u www -g www \"$pkgdir\"/a\n"
	    "amtree -t fifo -u www -g www -m 600 \"$pkgdir\"/a/1\n"
	    "amtree -t char -D 1,3 \"$pkgdir\"/null\n"
	    "amtree -t link -l 'from here' \"$pkgdir\"/to\n"
	    "amtree -t dir -m 755 \"$pkgdir\"/x\n");
}

static void
names_are_quoted_for_the_shell_and_shown_safely(void **state)
{
	static const struct given all[] = {
		{ KEYWORD_USER, FILE_("$(rm)", .uname = "daemon$") },
		{ KEYWORD_USER, FILE_("-R", .uname = "daemon$") },
		{ KEYWORD_USER, FILE_("caf\xe9", .uname = "daemon$") },
		{ KEYWORD_USER, FILE_("it's", .uname = "daemon$") },
	};

	(void)state;
	EXPECT(all,
	    "amtree -u 'daemon$' \"$pkgdir\"/'$(rm)' \"$pkgdir\"/-R \\\n"
	    "\t\"$pkgdir\"/\"$(printf 'caf\\351')\" "
	    "\"$pkgdir\"/'it'\\''s'\n");
}

static void
what_cannot_be_declared_is_a_comment(void **state)
{
	static const struct given all[] = {
		{ BOTH, DIRECTORY("a", WWW) },
		{ BOTH, FILE_("a/1", WWW) },
		{ BOTH | KEYWORD_MODE, FILE_("a/2\n", WWW, .mode = 0600) },
		{ BOTH | KEYWORD_MODE,
		    FILE_(
			"b", .uname = "a\033b", .gname = "www", .mode = 0600) },
		{ BOTH | KEYWORD_TYPE,
		    { .path = "c", .type = ENTRY_CHAR, .major = 9999, WWW } },
	};

	(void)state;
	EXPECT(all,
	    "amtree -u www -g www \"$pkgdir\"/a \"$pkgdir\"/a/1\n"
	    "# amtree cannot declare 'a/2\\012': ends in a newline, which a "
	    "shell would drop\n"
	    "amtree -g www -m 600 \"$pkgdir\"/b\n"
	    "# amtree cannot declare 'b': user name 'a\\033b' has a character "
	    "that no account name may have\n"
	    "# amtree cannot declare 'c': device number 9999,0 is too "
	    "large\n");
}

static void
long_lines_are_continued(void **state)
{
	static const struct given all[] = {
		{ KEYWORD_GROUP, FILE_("usr/bin/one", .gname = "games") },
		{ KEYWORD_GROUP, FILE_("usr/bin/three", .gname = "games") },
		{ KEYWORD_GROUP, FILE_("usr/bin/two-four", .gname = "games") },
		{ KEYWORD_GROUP, FILE_("usr/bin/v2", .gname = "games") },
		{ KEYWORD_GROUP,
		    FILE_("usr/share/games/a/name/that/is/longer/than/any/line/"
			  "can/be/so/that/it/stands/alone",
			.gname = "games") },
		{ KEYWORD_GROUP, FILE_("usr/share/games/x", .gname = "games") },
	};

	(void)state;
	EXPECT(all,
	    "amtree -g games \"$pkgdir\"/usr/bin/one "
	    "\"$pkgdir\"/usr/bin/three \\\n"
	    "\t\"$pkgdir\"/usr/bin/two-four \"$pkgdir\"/usr/bin/v2 \\\n"
	    "\t\"$pkgdir\"/usr/share/games/a/name/that/is/longer/than/any/line/"
	    "can/be/so/that/it/stands/alone \\\n"
	    "\t\"$pkgdir\"/usr/share/games/x\n");
}

/* How often `what` is in the text. */
static size_t
count_of(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

static void
no_call_has_more_paths_than_execve_takes(void **state)
{
	enum { COUNT = 2 * SUGGEST_PATHS + 1 };
	static struct given all[COUNT];
	static char names[COUNT][8];
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		snprintf(names[i], sizeof(names[i]), "f%03u", i);
		all[i] = (struct given){ KEYWORD_USER,
			FILE_(names[i], .uname = "www") };
	}
	suggest(&text, all, COUNT);
	assert_non_null(buf_end(&text, &f));
	assert_int_equal(count_of(text.data, "amtree -u www "), 3);
	assert_int_equal(count_of(text.data, "\"$pkgdir\"/f"), COUNT);
	assert_non_null(strstr(text.data, "amtree -u www \"$pkgdir\"/f200 "));
	assert_non_null(strstr(text.data, "amtree -u www \"$pkgdir\"/f400\n"));
	buf_release(&text);
}

/*
 * The oracle: random trees, their lines run by a real shell with a function for
 * amtree, whose calls a small interpreter lays over the entries.
 */

static uint32_t
draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(*seed >> 8) * below >> 24);
}

/* Give an owner, mostly that of the entry it is modelled on. */
static void
draw_owner(struct given *g, const struct given *model, uint32_t *seed)
{
	static const struct given owners[] = {
		{ BOTH, { WWW } },
		{ BOTH, { APP } },
		{ BOTH, { .uname = "www", .gname = "daemon$" } },
		{ BOTH, { .uid = 1000, .gid = 100 } },
		{ BOTH, { .uid = 1000, .gname = "www" } },
		{ KEYWORD_GROUP, { .uname = "root", .gname = "www" } },
		{ KEYWORD_USER, { .uname = "app", .gname = "root" } },
		{ BOTH, { .uname = "root", .gname = "www" } },
		{ BOTH, { ROOT } },
		{ 0, { ROOT } },
	};
	const struct given *from = model != NULL && draw(seed, 8) > 0
	    ? model
	    : &owners[draw(seed, sizeof(owners) / sizeof(*owners))];

	g->keywords = from->keywords & BOTH;
	g->entry.uname = from->entry.uname;
	g->entry.gname = from->entry.gname;
	g->entry.uid = from->entry.uid;
	g->entry.gid = from->entry.gid;
}

static void
draw_entry(struct given *g, const struct given *model, uint32_t *seed)
{
	static const uint8_t types[] = { ENTRY_DIR, ENTRY_DIR, ENTRY_DIR,
		ENTRY_FILE, ENTRY_FILE, ENTRY_FILE, ENTRY_LINK, ENTRY_CHAR,
		ENTRY_FIFO };
	struct entry *e = &g->entry;

	e->type = types[draw(seed, sizeof(types))];
	e->mode = entry_first_mode((enum entry_type)e->type);
	if (e->type != ENTRY_LINK && draw(seed, 6) == 0)
		e->mode = (uint16_t)draw(seed, 010000);
	e->link = e->type == ENTRY_LINK ? "some where" : NULL;
	e->major = e->type == ENTRY_CHAR ? draw(seed, 4096) : 0;
	e->xattrs = draw(seed, 8) == 0 ? &with_net_raw : NULL;
	draw_owner(g, model, seed);
	if (draw(seed, 8) == 0)
		g->keywords |= KEYWORD_MODE;
	if (draw(seed, 8) == 0)
		g->keywords |= KEYWORD_CAPS;
	if (e->type == ENTRY_CHAR || draw(seed, 20) == 0)
		g->keywords |= KEYWORD_TYPE;
	g->keywords = phrase_fitting(e, g->keywords);
}

/* True if no entry has this path. */
static bool
is_free(const struct given *given, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(given[i].entry.path, path) == 0)
			return false;
	}
	return true;
}

static int
compare_given(const void *a, const void *b)
{
	return entry_compare(&((const struct given *)a)->entry,
	    &((const struct given *)b)->entry);
}

/* Up to MAX entries; the paths are in the arena. */
static size_t
draw_tree(struct given *given, struct arena *a, uint32_t *seed)
{
	static const char *const names[] = { "a", "a-b", "a b", "b", "it's",
		"c\nd", "e\xe9", "$f", "-R", "a.", "a0" };
	const size_t wanted = 1 + draw(seed, MAX);
	struct fault f = { 0 };
	size_t count = 0;

	for (unsigned tries = 0; tries < 4 * MAX && count < wanted; tries++) {
		const struct given *in = count > 0 && draw(seed, 4) > 0
		    ? &given[draw(seed, (uint32_t)count)]
		    : NULL;
		const char *name =
		    names[draw(seed, sizeof(names) / sizeof(*names))];
		char path[256];

		if (in != NULL && in->entry.type != ENTRY_DIR)
			continue;
		snprintf(path, sizeof(path), "%s%s%s",
		    in != NULL ? in->entry.path : "", in != NULL ? "/" : "",
		    name);
		if (strlen(path) > 24 || !is_free(given, count, path))
			continue;
		given[count] = (struct given){ 0 };
		draw_entry(&given[count], in, seed);
		/* what is in a directory that is created is created too */
		if (in != NULL && (in->keywords & KEYWORD_TYPE) != 0 &&
		    (phrase_fitting(&given[count].entry, KEYWORD_TYPE) &
			KEYWORD_TYPE) == 0)
			continue;
		if (in != NULL && (in->keywords & KEYWORD_TYPE) != 0)
			given[count].keywords =
			    phrase_fitting(&given[count].entry,
				given[count].keywords | KEYWORD_TYPE);
		given[count].entry.path =
		    arena_string(a, path, strlen(path), &f);
		assert_non_null(given[count].entry.path);
		count++;
	}
	qsort(given, count, sizeof(*given), compare_given);
	return count;
}

/* What the calls have declared of one entry so far. */
struct declared {
	unsigned keywords;
	const char *user, *group, *mode, *caps, *type, *device, *target;
};

/* The words that the shell's amtree was called with, one after another. */
struct words {
	const char *at, *end;
};

static const char *
next_word(struct words *w)
{
	const char *word = w->at;

	assert_true(word < w->end);
	w->at += strlen(word) + 1;
	return word;
}

/* Options of one call, read as amtree(1) has them. */
static bool
read_options(struct words *w, struct declared *d, unsigned *left)
{
	bool is_recursive = false;

	for (; *w->at == '-'; (*left)--) {
		const char *option = next_word(w);

		assert_int_equal(strlen(option), 2);
		if (option[1] == 'R') {
			is_recursive = true;
			continue;
		}
		(*left)--;
		switch (option[1]) {
		case 'u':
			d->keywords |= KEYWORD_USER;
			d->user = next_word(w);
			break;
		case 'g':
			d->keywords |= KEYWORD_GROUP;
			d->group = next_word(w);
			break;
		case 'm':
			d->keywords |= KEYWORD_MODE;
			d->mode = next_word(w);
			break;
		case 'c':
			d->keywords |= KEYWORD_CAPS;
			d->caps = next_word(w);
			break;
		case 't':
			d->keywords |= KEYWORD_TYPE;
			d->type = next_word(w);
			break;
		case 'D':
			d->device = next_word(w);
			break;
		case 'l':
			d->target = next_word(w);
			break;
		default:
			fail_msg("option '%s'", option);
		}
	}
	return is_recursive;
}

static void
lay(struct declared *over, const struct declared *d)
{
	over->keywords |= d->keywords;
	over->user = d->user != NULL ? d->user : over->user;
	over->group = d->group != NULL ? d->group : over->group;
	over->mode = d->mode != NULL ? d->mode : over->mode;
	over->caps = d->caps != NULL ? d->caps : over->caps;
	over->type = d->type != NULL ? d->type : over->type;
	over->device = d->device != NULL ? d->device : over->device;
	over->target = d->target != NULL ? d->target : over->target;
}

/* A tree that calls are laid over. */
struct oracle {
	const struct given *given;
	struct declared declared[MAX];
	size_t count;
	bool is_created_there; /* what is to be created is on disk already */
	const char *last; /* path that a call begins with */
};

static bool
is_there(const struct oracle *o, size_t i)
{
	return o->is_created_there ||
	    (o->given[i].keywords & KEYWORD_TYPE) == 0;
}

static void
call_for(struct oracle *o, const struct declared *d, bool is_recursive,
    const char *path)
{
	bool is_found = false;

	for (size_t i = 0; i < o->count; i++) {
		const char *name = o->given[i].entry.path;
		const bool is_it = strcmp(name, path) == 0;

		is_found = is_found || is_it;
		if (is_it && !is_there(o, i) && d->type == NULL)
			fail_msg("'%s' is not there", path);
		if (is_it ||
		    (is_recursive && is_there(o, i) &&
			path_is_within(name, path)))
			lay(&o->declared[i], d);
	}
	if (!is_found)
		fail_msg("there is no '%s'", path);
}

/* One call: its count of words, then the words. */
static void
run_call(struct oracle *o, struct words *w)
{
	unsigned left = (unsigned)strtoul(next_word(w), NULL, 10);
	struct declared d = { 0 };
	const bool is_recursive = read_options(w, &d, &left);

	assert_in_range(left, 1, SUGGEST_PATHS);
	if (is_recursive)
		assert_int_equal(d.keywords & ~(unsigned)BOTH, 0);
	for (bool is_first = true; left > 0; left--, is_first = false) {
		const char *path = next_word(w);

		assert_memory_equal(path, "/p k/", 5);
		if (is_first && o->last != NULL)
			assert_true(strcmp(o->last, path) <= 0);
		if (is_first)
			o->last = path;
		call_for(o, &d, is_recursive, path + 5);
	}
}

static void
assert_account(const char *got, const char *name, uint32_t id, const char *path)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", (unsigned)id);
	if (strcmp(got, name != NULL ? name : number) != 0)
		fail_msg("'%s' is given to '%s'", path, got);
}

/* It has what it needs, and nothing that it does not need was declared. */
static void
assert_right(const struct given *g, const struct declared *d)
{
	const struct entry *e = &g->entry;
	char device[16];

	if (d->keywords != g->keywords)
		fail_msg("'%s': keywords %#x, not %#x", e->path, d->keywords,
		    g->keywords);
	if (d->user != NULL)
		assert_account(d->user, e->uname, e->uid, e->path);
	if (d->group != NULL)
		assert_account(d->group, e->gname, e->gid, e->path);
	if (d->mode != NULL)
		assert_int_equal(strtoul(d->mode, NULL, 8), e->mode);
	if (d->caps != NULL)
		assert_string_equal(
		    d->caps, e->xattrs != NULL ? "cap_net_raw=ep" : "none");
	if (d->type == NULL)
		return;
	assert_string_equal(d->type, entry_type_name((enum entry_type)e->type));
	snprintf(device, sizeof(device), "%u,0", (unsigned)e->major);
	if (e->type == ENTRY_CHAR)
		assert_string_equal(d->device, device);
	if (e->type == ENTRY_LINK)
		assert_string_equal(d->target, e->link);
}

/* The words of the calls of one tree, which "end" ends. */
static void
check_calls(const struct given *given, size_t count, struct words *w,
    bool is_created_there)
{
	struct oracle o = {
		.given = given,
		.count = count,
		.is_created_there = is_created_there,
	};

	while (strcmp(w->at, "end") != 0)
		run_call(&o, w);
	w->at += sizeof("end");
	for (size_t i = 0; i < count; i++)
		assert_right(&given[i], &o.declared[i]);
}

/* Safe to show, and no wider than promised: all names are short. */
static void
assert_plain_lines(const char *text)
{
	unsigned column = 0;

	for (; *text != '\0'; text++) {
		if (*text == '\n') {
			column = 0;
			continue;
		}
		column = *text == '\t' ? column + 8 - column % 8 : column + 1;
		assert_in_range(column, 1, SUGGEST_WIDTH);
		assert_true(*text == '\t' || (*text >= ' ' && *text < 0x7f));
	}
}

static void
lines_declare_what_is_needed_and_nothing_else(void **state)
{
	enum { TREES = 700 };
	static const char prelude[] =
	    "pkgdir='/p k'\n"
	    "amtree() { printf '%s\\0' $# \"$@\"; }\n";
	static struct given given[MAX];
	struct buf script = BUF_INIT, text = BUF_INIT, said = BUF_INIT;
	struct fault f = { 0 };
	uint32_t seed = 1;
	size_t tops = 0;
	struct words w;

	(void)state;
	assert_ok(buf_adds(&script, prelude, &f), &f);
	for (unsigned i = 0; i < TREES; i++) {
		struct arena a = { 0 };
		const size_t count = draw_tree(given, &a, &seed);

		buf_reset(&text);
		suggest(&text, given, count);
		assert_non_null(buf_end(&text, &f));
		assert_plain_lines(text.data);
		tops += count_of(text.data, " -R ");
		assert_ok(buf_add(&script, text.data, text.len, &f), &f);
		assert_ok(buf_adds(&script, "printf 'end\\0'\n", &f), &f);
		arena_release(&a);
	}
	shell_run(buf_end(&script, &f), &said);
	w = (struct words){ said.data, said.data + said.len };
	seed = 1;
	for (unsigned i = 0; i < TREES; i++) {
		struct arena a = { 0 };
		const size_t count = draw_tree(given, &a, &seed);
		struct words again = w;

		check_calls(given, count, &again, true);
		check_calls(given, count, &w, false);
		arena_release(&a);
	}
	assert_ptr_equal(w.at, w.end);
	/* else it was no trial of what is hard */
	assert_in_range(tops, TREES / 4, SIZE_MAX);
	buf_release(&script);
	buf_release(&text);
	buf_release(&said);
}

static int
suggest_once(void *arg, struct fault *f)
{
	static const unsigned keywords[] = { BOTH, BOTH, BOTH | KEYWORD_MODE,
		KEYWORD_CAPS };
	const struct suggest_options o = { .root = "$x", .keywords = keywords };
	struct buf text = BUF_INIT;
	const int r = suggest_add(&text, arg, &o, f);

	if (r < 0)
		assert_int_equal(text.len, 0);
	buf_release(&text);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	static const struct entry entries[] = {
		DIRECTORY("var", WWW),
		FILE_("var/x", WWW),
		FILE_("var/y\n", WWW),
		FILE_("z", .xattrs = &with_net_raw),
	};
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++) {
		struct entry *e = tree_append(&t, &f);

		assert_non_null(e);
		*e = entries[i];
	}
	alloc_fail_each(suggest_once, &t);
	tree_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(package_of_root_needs_no_line),
		cmocka_unit_test(files_that_need_the_same_share_a_line),
		cmocka_unit_test(directory_of_one_owner_is_one_line),
		cmocka_unit_test(exceptions_come_after_the_line_that_hits_them),
		cmocka_unit_test(what_is_created_states_all_it_needs),
		cmocka_unit_test(
		    names_are_quoted_for_the_shell_and_shown_safely),
		cmocka_unit_test(what_cannot_be_declared_is_a_comment),
		cmocka_unit_test(long_lines_are_continued),
		cmocka_unit_test(no_call_has_more_paths_than_execve_takes),
		cmocka_unit_test(lines_declare_what_is_needed_and_nothing_else),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("suggest", tests, make_caps, NULL);
}
