/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/findings.h"

#include "base/fault.h"
#include "base/grow.h"

#include <stdlib.h>
#include <string.h>

static const struct kind {
	const char *name, *text;
} kinds[FINDINGS_KINDS] = {
	[FINDINGS_UNREADABLE] = { "unreadable", "cannot be read" },
	[FINDINGS_VERSION_3] = { "version-3",
	    "a package of version 3, which is not yet read" },
	[FINDINGS_NO_ARCHIVE] = { "no-archive",
	    "neither a package nor tar nor tar.gz" },
	[FINDINGS_TRUNCATED] = { "truncated", "truncated" },
	[FINDINGS_CORRUPT] = { "corrupt", "corrupt" },
	[FINDINGS_EXTRA_MEMBER] = { "extra-member",
	    "more gzip members than apk takes" },
	[FINDINGS_GARBAGE] = { "garbage", "something else behind its end" },
	[FINDINGS_WRONG_ORDER] = { "wrong-order",
	    "not in the order signature, control, data" },
	[FINDINGS_NO_PKGINFO] = { "no-pkginfo", "no .PKGINFO in its control" },
	[FINDINGS_NO_DATAHASH] = { "no-datahash",
	    "no datahash in its .PKGINFO" },
	[FINDINGS_WRONG_DATAHASH] = { "wrong-datahash",
	    "its data is not what its datahash says" },
	[FINDINGS_TOO_LARGE] = { "too-large",
	    "larger than it can be, not read to its end" },
	[FINDINGS_OPEN_SCRIPT] = { "open-script",
	    "quotes or commands that stay open, not read to its end" },
	[FINDINGS_DOT_NAME] = { "dot-name",
	    "name begins with a dot, apk skips it" },
	[FINDINGS_ODD_NAME] = { "odd-name", "no name for a file of a package" },
	[FINDINGS_CONTROL_CHARACTER] = { "control-character",
	    "control character in the name, which apk refuses" },
	[FINDINGS_DUPLICATE] = { "duplicate",
	    "second entry of that name, which apk refuses" },
	[FINDINGS_PARENT_ORDER] = { "parent-order",
	    "its directory does not come before it" },
	[FINDINGS_LINK_ORDER] = { "link-order",
	    "the target of the hard link does not come before it" },
	[FINDINGS_LARGE_ID] = { "large-id",
	    "owner number is more than apk can read" },
	[FINDINGS_LARGE_FILE] = { "large-file",
	    "8 GiB or more, which apk cannot read" },
	[FINDINGS_ODD_NUMBER] = { "odd-number",
	    "number in the header that apk cannot read" },
	[FINDINGS_IGNORED_RECORD] = { "ignored-record",
	    "pax record that apk ignores and that says otherwise" },
	[FINDINGS_BAD_RECORD] = { "bad-record", "malformed pax record" },
	[FINDINGS_NO_CHECKSUM] = { "no-checksum",
	    "no checksum record, which apk needs" },
	[FINDINGS_ODD_HEADER] = { "odd-header",
	    "header without a name or without 'ustar', which apk refuses" },
	[FINDINGS_ODD_TYPE] = { "odd-type", "type of entry that apk skips" },
	[FINDINGS_SPARSE] = { "sparse", "sparse file, which apk cannot read" },
	[FINDINGS_LONG_LINK] = { "long-link",
	    "long target in the GNU way, which apk cuts off" },
	[FINDINGS_LINK_MODE] = { "link-mode",
	    "symbolic link with a mode other than 777" },
	[FINDINGS_BAD_CAPS] = { "bad-caps",
	    "capabilities that no file can have" },
	[FINDINGS_LENDS_ROOT] = { "lends-root",
	    "would lend root's power where its owner is unknown" },
	[FINDINGS_CONTROL_OWNER] = { "control-owner",
	    "entry of the control archive that is not root:root" },
	[FINDINGS_BEHIND_END] = { "behind-end",
	    "behind the end of an archive, where apk stops reading" },
};

void
findings_release(struct findings *fs)
{
	arena_release(&fs->arena);
	free(fs->list);
	*fs = (struct findings){ 0 };
}

static int
grow(struct findings *fs, struct fault *f)
{
	struct finding *list =
	    grow_array(fs->list, &fs->cap, sizeof(*list), "findings", f);

	if (list == NULL)
		return -1;
	fs->list = list;
	return 0;
}

static int
copy(struct findings *fs, const char **out, const char *s, struct fault *f)
{
	if (s == NULL)
		return 0;
	*out = arena_string(&fs->arena, s, strnlen(s, FINDINGS_TEXT_MAX), f);
	return *out != NULL ? 0 : -1;
}

int
findings_add(struct findings *fs, enum findings_kind kind, const char *path,
    const char *detail, struct fault *f)
{
	struct finding added = { .kind = kind };

	if (fs->counts[kind] < FINDINGS_KEPT) {
		if ((fs->count == fs->cap && grow(fs, f) < 0) ||
		    copy(fs, &added.path, path, f) < 0 ||
		    copy(fs, &added.detail, detail, f) < 0)
			return -1;
		fs->list[fs->count++] = added;
	}
	fs->counts[kind]++;
	return 0;
}

const char *
findings_name(enum findings_kind kind)
{
	return kinds[kind].name;
}

const char *
findings_text(enum findings_kind kind)
{
	return kinds[kind].text;
}

bool
findings_is_broken(enum findings_kind kind)
{
	return kind < FINDINGS_BROKEN_END;
}

bool
findings_has_broken(const struct findings *fs)
{
	for (int i = 0; i < FINDINGS_BROKEN_END; i++) {
		if (fs->counts[i] > 0)
			return true;
	}
	return false;
}
