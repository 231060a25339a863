/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/intake.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/path.h"
#include "engine/apk.h"
#include "engine/audit.h"
#include "format/digest.h"

#include <string.h>

static int
found(struct apk *a, enum findings_kind kind, const char *path,
    const char *detail, struct fault *f)
{
	return findings_add(&a->findings, kind, path, detail, f);
}

static bool
is_signature(const char *name)
{
	return strncmp(name, ".SIGN.", 6) == 0;
}

static bool
is_pkginfo(const char *name)
{
	return strcmp(name, ".PKGINFO") == 0;
}

/* Keep an entry; a regular file's contents, which follow, get a digest. */
static int
keep(struct apk *a, struct tree *t, const struct tar_entry *te, struct fault *f)
{
	/* arrays of targets are the data's */
	struct cargo *c = t == &a->tree ? &a->cargo : &a->control_cargo;

	if (cargo_add(c, t, te, f) < 0)
		return -1;
	if (a->has_contents && te->entry.type == ENTRY_FILE &&
	    te->target == NULL)
		a->measured = t;
	return 0;
}

/* The contents of the last entry have come. */
static int
end_contents(struct apk *a, struct fault *f)
{
	struct tree *t = a->measured;
	char hex[DIGEST_HEX_MAX];

	a->measured = NULL;
	a->is_in_pkginfo = false;
	if (t == NULL)
		return 0;
	if (digest_finish(a->contents, hex, f) < 0)
		return -1;
	return cargo_set_digest(
	    t == &a->tree ? &a->cargo : &a->control_cargo, t, hex, f);
}

/* The canonical name, with no slash behind it; "" for the root itself. */
static int
set_name(struct apk *a, struct tar_entry *te, struct buf *name, struct fault *f)
{
	const char *path = te->entry.path;
	struct fault why = { 0 };
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	if (path_canon(&path, &len, &why) == 0) {
		te->entry.path = len == 0 ? "" : NULL;
		if (len == 0)
			return 0;
		if (buf_add(name, path, len, f) < 0)
			return -1;
		te->entry.path = buf_end(name, f);
		return te->entry.path != NULL ? 0 : -1;
	}
	return found(a, FINDINGS_ODD_NAME, path, why.text, f);
}

static int
see_data(struct apk *a, const struct tar_entry *raw, struct fault *f)
{
	struct buf name = BUF_INIT;
	struct tar_entry te = *raw;
	int r = set_name(a, &te, &name, f);

	/* the root itself is no entry for apk, and none for us */
	if (r == 0 && (te.entry.path[0] != '\0' || raw->entry.path[0] == '\0'))
		r = audit_entry(&a->findings, &te, raw->entry.path,
			a->is_package, f) < 0
		    ? -1
		    : keep(a, &a->tree, &te, f);
	buf_release(&name);
	return r;
}

static int
see_control(struct apk *a, const struct tar_entry *te, struct fault *f)
{
	const char *name = te->entry.path;

	if (name[0] != '.' || strchr(name, '/') != NULL) {
		if (found(a, FINDINGS_WRONG_ORDER, name,
			"a file among the control files", f) < 0)
			return -1;
		return see_data(a, te, f);
	}
	if (is_signature(name) &&
	    found(a, FINDINGS_WRONG_ORDER, name,
		"a signature among the control files", f) < 0)
		return -1;
	if (is_pkginfo(name)) {
		/* apk would take the lines of both, where the last counts */
		if (a->has_pkginfo &&
		    found(a, FINDINGS_WRONG_ORDER, name,
			"a second one among the control files", f) < 0)
			return -1;
		a->is_in_pkginfo = !a->has_pkginfo;
		a->has_pkginfo = true;
	} else if (a->has_contents && keep(a, &a->control, te, f) < 0) {
		return -1;
	}
	return audit_control(&a->findings, te, f);
}

/* What kind of file this is, by its first entry. */
static void
choose_part(struct apk *a, const char *name)
{
	a->is_package =
	    a->form == APK_GZIP && (is_signature(name) || is_pkginfo(name));
	a->part = a->is_package ? APK_SIGNATURE : APK_DATA;
	if (!a->is_package && a->is_control_only)
		a->is_over = true;
}

/* Signatures come first; what is none begins the control. */
static int
see_first(struct apk *a, const struct tar_entry *te, struct fault *f)
{
	if (is_signature(te->entry.path))
		return 0;
	a->part = APK_CONTROL;
	if (a->member_entries > 1 &&
	    found(a, FINDINGS_WRONG_ORDER, te->entry.path,
		"in one gzip member with the signature", f) < 0)
		return -1;
	return see_control(a, te, f);
}

static bool
is_too_much(const struct apk *a)
{
	return a->entries > a->limits.entries ||
	    a->cargo.bytes + a->control_cargo.bytes > a->limits.memory;
}

static int
see_entry(void *arg, const struct tar_entry *te, struct fault *f)
{
	const char *name = te->entry.path;
	struct apk *a = arg;

	if (end_contents(a, f) < 0)
		return -1;
	if (a->is_over)
		return 0;
	if (a->entries == 0)
		choose_part(a, name);
	a->entries++;
	a->member_entries++;
	if (is_too_much(a)) {
		a->is_over = true;
		return found(
		    a, FINDINGS_TOO_LARGE, NULL, "too many entries", f);
	}
	if (a->part == APK_SIGNATURE)
		return see_first(a, te, f);
	if (a->part == APK_CONTROL)
		return see_control(a, te, f);
	if (a->form == APK_GZIP && (is_signature(name) || is_pkginfo(name)) &&
	    found(a, FINDINGS_WRONG_ORDER, name, "behind the data", f) < 0)
		return -1;
	return see_data(a, te, f);
}

static int
see_contents(void *arg, const void *bytes, size_t len, struct fault *f)
{
	struct apk *a = arg;

	if (a->is_in_pkginfo)
		return buf_add(&a->pkginfo_text, bytes, len, f);
	if (a->measured != NULL)
		return digest_add(a->contents, bytes, len, f);
	return 0;
}

struct tar_visitor
intake_visitor(struct apk *a)
{
	return (struct tar_visitor){ see_entry, see_contents, a };
}

/*
 * Take a value, unless it is so long that it is none.  What is said of an entry
 * may say it again, so that a small package could make us write for ever.
 */
static int
take_value(struct apk *a, const char **out, const char *key, struct fault *f)
{
	const char *value = pkginfo_value(&a->pkginfo, key);

	*out = value;
	if (value == NULL || strlen(value) <= APK_VALUE_MAX)
		return 0;
	*out = NULL;
	return found(
	    a, FINDINGS_TOO_LARGE, NULL, "a long value in its .PKGINFO", f);
}

static int
read_pkginfo(struct apk *a, struct fault *f)
{
	const struct {
		const char **out, *key;
	} rows[] = {
		{ &a->info.pkgname, "pkgname" },
		{ &a->info.pkgver, "pkgver" },
		{ &a->info.arch, "arch" },
		{ &a->info.origin, "origin" },
		{ &a->info.datahash, "datahash" },
	};
	struct fault why = { 0 };
	struct pkginfo *p = &a->pkginfo;

	if (pkginfo_parse(p, a->pkginfo_text.data, a->pkginfo_text.len, &why) <
	    0) {
		if (why.kind != FAULT_INPUT) {
			*f = why;
			return -1;
		}
		if (found(a, FINDINGS_TOO_LARGE, NULL, why.text, f) < 0)
			return -1;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (take_value(a, rows[i].out, rows[i].key, f) < 0)
			return -1;
	}
	return 0;
}

int
intake_finish(struct apk *a, struct fault *f)
{
	if (end_contents(a, f) < 0 ||
	    (a->pkginfo_text.len > 0 && read_pkginfo(a, f) < 0) ||
	    audit_order(&a->findings, &a->tree, a->cargo.targets, f) < 0)
		return -1;
	return a->has_contents ? cargo_tie(&a->cargo, &a->tree, f) : 0;
}
