/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "engine/audit.h"
#include "engine/findings.h"
#include "engine/tree.h"
#include "format/caps.h"
#include "format/tar.h"

#include <string.h>

/* Exactly this finding, and of this path; or none, for FINDINGS_KINDS. */
static void
expect_only(
    const struct findings *fs, enum findings_kind kind, const char *path)
{
	for (int i = 0; i < FINDINGS_KINDS; i++) {
		const size_t want = (enum findings_kind)i == kind;

		if (fs->counts[i] != want)
			fail_msg("%zu of '%s' for '%s'", fs->counts[i],
			    findings_name((enum findings_kind)i), path);
	}
	if (kind != FINDINGS_KINDS)
		assert_string_equal(fs->list[0].path, path);
}

static void
an_entry_is_judged_by_itself(void **state)
{
	static const struct xattr bad = {
		.name = ENTRY_CAPS_XATTR, .value = "x", .len = 1
	};
	const struct {
		struct tar_entry e;
		enum findings_kind kind;
	} rows[] = {
		{ { .entry = { .mode = 0755 }, .has_checksum = true },
		    FINDINGS_KINDS },
		{ { .entry = { .path = ".x", .type = ENTRY_DIR } },
		    FINDINGS_DOT_NAME },
		{ { .entry = { .path = "a\nb", .type = ENTRY_DIR } },
		    FINDINGS_CONTROL_CHARACTER },
		{ { .entry = { .path = "a\177", .type = ENTRY_DIR } },
		    FINDINGS_CONTROL_CHARACTER },
		{ { .entry = { .path = "\303\244", .type = ENTRY_DIR } },
		    FINDINGS_KINDS },
		{ { .entry = { .uid = 2097151, .type = ENTRY_DIR } },
		    FINDINGS_KINDS },
		{ { .entry = { .uid = 2097152, .type = ENTRY_DIR } },
		    FINDINGS_LARGE_ID },
		{ { .entry = { .gid = 2097152, .type = ENTRY_DIR },
		      .flaws = TAR_ODD_NUMBER | TAR_IGNORED },
		    FINDINGS_LARGE_ID },
		{ { .entry = { .size = UINT64_C(8) << 30 },
		      .has_checksum = true,
		      .flaws = TAR_IGNORED },
		    FINDINGS_LARGE_FILE },
		{ { .entry = { .size = (UINT64_C(8) << 30) - 1 },
		      .has_checksum = true },
		    FINDINGS_KINDS },
		{ { .entry = { .type = ENTRY_FILE } }, FINDINGS_NO_CHECKSUM },
		{ { .entry = { .type = ENTRY_FILE }, .target = "x" },
		    FINDINGS_KINDS },
		{ { .entry = { .type = ENTRY_FILE }, .is_other = true },
		    FINDINGS_KINDS },
		{ { .entry = { .type = ENTRY_LINK, .mode = 0777 } },
		    FINDINGS_NO_CHECKSUM },
		{ { .entry = { .type = ENTRY_LINK, .mode = 0755 },
		      .has_checksum = true },
		    FINDINGS_LINK_MODE },
		{ { .entry = { .xattrs = &bad }, .has_checksum = true },
		    FINDINGS_BAD_CAPS },
		{ { .entry = { .mode = 04755, .uname = "www" },
		      .has_checksum = true },
		    FINDINGS_LENDS_ROOT },
		{ { .entry = { .mode = 02755, .gname = "www" },
		      .has_checksum = true },
		    FINDINGS_LENDS_ROOT },
		{ { .entry = { .mode = 04755, .uname = "www", .uid = 65534 },
		      .has_checksum = true },
		    FINDINGS_KINDS },
		{ { .entry = { .mode = 04755, .uname = "root" },
		      .has_checksum = true },
		    FINDINGS_KINDS },
		{ { .entry = { .mode = 04755, .gname = "www" },
		      .has_checksum = true },
		    FINDINGS_KINDS },
		{ { .entry = { .mode = 02755,
			.gname = "w",
			.type = ENTRY_DIR } },
		    FINDINGS_KINDS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct tar_entry e = rows[i].e;
		struct findings fs = { 0 };
		struct fault f = { 0 };

		if (e.entry.path == NULL)
			e.entry.path = "usr/x";
		assert_ok(audit_entry(&fs, &e, e.entry.path, true, &f), &f);
		expect_only(&fs, rows[i].kind, e.entry.path);
		findings_release(&fs);
	}
}

static void
each_flaw_of_the_header_is_a_finding(void **state)
{
	static const struct {
		unsigned flaw;
		enum findings_kind kind;
	} rows[] = {
		{ TAR_ODD_NUMBER, FINDINGS_ODD_NUMBER },
		{ TAR_IGNORED, FINDINGS_IGNORED_RECORD },
		{ TAR_NAMELESS, FINDINGS_ODD_HEADER },
		{ TAR_NO_USTAR, FINDINGS_ODD_HEADER },
		{ TAR_NAMELESS | TAR_NO_USTAR, FINDINGS_ODD_HEADER },
		{ TAR_UNKNOWN_TYPE, FINDINGS_ODD_TYPE },
		{ TAR_LONG_LINK, FINDINGS_LONG_LINK },
		{ TAR_BAD_RECORD, FINDINGS_BAD_RECORD },
		{ TAR_SPARSE, FINDINGS_SPARSE },
		{ TAR_BEHIND_END, FINDINGS_BEHIND_END },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct tar_entry e = {
			.entry = { .path = "x", .type = ENTRY_DIR },
			.flaws = rows[i].flaw,
		};
		struct findings fs = { 0 };
		struct fault f = { 0 };

		assert_ok(audit_entry(&fs, &e, "x", false, &f), &f);
		expect_only(&fs, rows[i].kind, "x");
		findings_release(&fs);
	}
}

static void
an_archive_needs_no_checksums(void **state)
{
	const struct tar_entry e = { .entry = { .path = "x" } };
	struct findings fs = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(audit_entry(&fs, &e, "x", false, &f), &f);
	expect_only(&fs, FINDINGS_KINDS, "x");
	findings_release(&fs);
}

static void
a_control_file_is_roots(void **state)
{
	static const struct {
		struct entry e;
		enum findings_kind kind;
	} rows[] = {
		{ { .uname = "root", .gname = "root", .uid = 5 },
		    FINDINGS_KINDS },
		{ { .uid = 0 }, FINDINGS_KINDS },
		{ { .uid = 1 }, FINDINGS_CONTROL_OWNER },
		{ { .gid = 1 }, FINDINGS_CONTROL_OWNER },
		{ { .uname = "x" }, FINDINGS_CONTROL_OWNER },
		{ { .gname = "x" }, FINDINGS_CONTROL_OWNER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct tar_entry e = { .entry = rows[i].e };
		struct findings fs = { 0 };
		struct fault f = { 0 };

		e.entry.path = ".PKGINFO";
		assert_ok(audit_control(&fs, &e, &f), &f);
		expect_only(&fs, rows[i].kind, ".PKGINFO");
		findings_release(&fs);
	}
}

/* What the order of these says: kind and path of the only finding. */
static void
expect_order(struct entry *entries, size_t count, const char *const *targets,
    enum findings_kind kind, const char *path)
{
	const struct tree t = { .entries = entries, .count = count };
	struct findings fs = { 0 };
	struct fault f = { 0 };

	assert_ok(audit_order(&fs, &t, targets, &f), &f);
	expect_only(&fs, kind, path);
	findings_release(&fs);
}

static void
what_comes_before_what_is_judged(void **state)
{
	struct entry good[] = {
		{ .path = "usr", .type = ENTRY_DIR },
		{ .path = "usr/b" },
		{ .path = "usr/a" },
		{ .path = "usr", .type = ENTRY_DIR },
		{ .path = "zz" },
	};
	struct entry twice[] = {
		{ .path = "b" },
		{ .path = "a" },
		{ .path = "b", .type = ENTRY_DIR },
	};
	struct entry late[] = {
		{ .path = "usr/a" },
		{ .path = "usr", .type = ENTRY_DIR },
	};
	struct entry file[] = { { .path = "usr" }, { .path = "usr/a" } };
	const char *none[5] = { 0 };
	const char *to_b[5] = { NULL, NULL, "./usr/b" };
	const char *to_dir[5] = { NULL, NULL, "usr" };
	const char *to_later[5] = { NULL, NULL, "zz" };
	const char *out[5] = { NULL, NULL, "../x" };

	(void)state;
	expect_order(good, 5, none, FINDINGS_KINDS, "");
	expect_order(good, 5, to_b, FINDINGS_KINDS, "");
	expect_order(good, 0, NULL, FINDINGS_KINDS, "");
	expect_order(good, 5, to_dir, FINDINGS_LINK_ORDER, "usr/a");
	expect_order(good, 5, to_later, FINDINGS_LINK_ORDER, "usr/a");
	expect_order(good, 5, out, FINDINGS_LINK_ORDER, "usr/a");
	expect_order(twice, 3, none, FINDINGS_DUPLICATE, "b");
	expect_order(late, 2, none, FINDINGS_PARENT_ORDER, "usr/a");
	expect_order(file, 2, none, FINDINGS_PARENT_ORDER, "usr/a");
}

static void
a_hard_link_may_lead_to_all_that_apk_links(void **state)
{
	static const struct {
		uint8_t type;
		enum findings_kind kind;
	} rows[] = {
		{ ENTRY_FILE, FINDINGS_KINDS },
		{ ENTRY_CHAR, FINDINGS_KINDS },
		{ ENTRY_BLOCK, FINDINGS_KINDS },
		{ ENTRY_FIFO, FINDINGS_KINDS },
		{ ENTRY_LINK, FINDINGS_LINK_ORDER },
		{ ENTRY_DIR, FINDINGS_LINK_ORDER },
	};
	const char *targets[] = { NULL, "a" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct entry entries[] = {
			{ .path = "a", .type = rows[i].type }, { .path = "b" }
		};

		expect_order(entries, 2, targets, rows[i].kind, "b");
	}
}

static int
audit_all(void *arg, struct fault *f)
{
	const struct tar_entry e = { .entry = { .path = ".x\n", .uname = "x" },
		.flaws = ~0U };
	struct entry entries[] = { { .path = "b/c" }, { .path = "a/c" } };
	const struct tree t = { .entries = entries, .count = 2 };
	const char *targets[2] = { "x", "y" };
	struct findings fs = { 0 };
	int r = audit_entry(&fs, &e, ".x\n", true, f);

	(void)arg;
	if (r == 0)
		r = audit_control(&fs, &e, f);
	if (r == 0)
		r = audit_order(&fs, &t, targets, f);
	findings_release(&fs);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(audit_all, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_is_judged_by_itself),
		cmocka_unit_test(each_flaw_of_the_header_is_a_finding),
		cmocka_unit_test(an_archive_needs_no_checksums),
		cmocka_unit_test(a_control_file_is_roots),
		cmocka_unit_test(what_comes_before_what_is_judged),
		cmocka_unit_test(a_hard_link_may_lead_to_all_that_apk_links),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
