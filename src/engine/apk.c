/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/apk.h"

#include "base/fault.h"
#include "base/io.h"
#include "base/stop.h"
#include "engine/intake.h"
#include "format/digest.h"
#include "format/gunzip.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 128 * 1024 };

static int
found(struct apk *a, enum findings_kind kind, const char *path,
    const char *detail, struct fault *f)
{
	return findings_add(&a->findings, kind, path, detail, f);
}

/* A fault of what we read is a finding; another stays a fault. */
static int
found_fault(struct apk *a, enum findings_kind kind, const struct fault *why,
    struct fault *f)
{
	if (why->kind == FAULT_INPUT)
		return found(a, kind, NULL, why->text, f);
	*f = *why;
	return -1;
}

static int
give_up(
    struct apk *a, enum findings_kind kind, const char *detail, struct fault *f)
{
	a->is_over = true;
	return found(a, kind, NULL, detail, f);
}

static int
put_tar(struct apk *a, const void *bytes, size_t len, struct fault *f)
{
	struct fault why = { 0 };

	if (a->is_tar_bad || tar_put(&a->tar, bytes, len, &why) == 0)
		return 0;
	a->is_tar_bad = true;
	a->is_over = a->form == APK_TAR;
	if (a->entries == 0 && a->members == 0 && a->tar.at <= TAR_BLOCK &&
	    why.kind == FAULT_INPUT)
		return give_up(a, FINDINGS_NO_ARCHIVE, NULL, f);
	return found_fault(a, FINDINGS_CORRUPT, &why, f);
}

static int
check_size(struct apk *a, struct fault *f)
{
	const struct apk_limits *l = &a->limits;

	if (a->unpacked > l->unpacked)
		return give_up(a, FINDINGS_TOO_LARGE, "too many bytes", f);
	if (a->unpacked > l->bomb && a->unpacked / APK_RATIO > a->packed)
		return give_up(a, FINDINGS_TOO_LARGE,
		    "a small file that unpacks to too much", f);
	if (a->is_package && a->part != APK_DATA && a->unpacked > l->control)
		return give_up(
		    a, FINDINGS_TOO_LARGE, "too many control files", f);
	return 0;
}

static int
put_piece(
    struct apk *a, const struct gunzip_piece *p, bool is_end, struct fault *f)
{
	if (a->is_package && a->has_data && (p->len > 0 || is_end) &&
	    a->findings.counts[FINDINGS_EXTRA_MEMBER] == 0 &&
	    found(a, FINDINGS_EXTRA_MEMBER, NULL, NULL, f) < 0)
		return -1;
	a->packed += p->packed_len;
	a->unpacked += p->len;
	a->member_unpacked += p->len;
	if (a->is_package && a->part == APK_DATA &&
	    digest_add(a->digest, p->packed, p->packed_len, f) < 0)
		return -1;
	if (check_size(a, f) < 0)
		return -1;
	return a->is_over ? 0 : put_tar(a, p->bytes, p->len, f);
}

static int
end_member(struct apk *a, struct fault *f)
{
	struct fault why = { 0 };

	a->members++;
	a->member_entries = a->member_unpacked = 0;
	if (!a->is_package)
		return 0;
	if (a->part == APK_DATA)
		a->has_data = true;
	else if (!a->is_tar_bad && tar_finish(&a->tar, &why) < 0 &&
	    found(a, FINDINGS_CORRUPT, NULL,
		"an entry goes on in the next gzip member", f) < 0)
		return -1;
	if (a->part == APK_CONTROL) {
		a->part = APK_DATA;
		a->is_over = a->is_control_only;
	}
	return 0;
}

/* All that there should be has come, and nothing more that makes sense. */
static bool
is_behind_end(const struct apk *a)
{
	return a->members > 0 && a->member_unpacked == 0 &&
	    (!a->is_package || a->has_data);
}

/* No gzip here, or no more of it. */
static int
break_off(struct apk *a, const struct fault *why, struct fault *f)
{
	a->is_over = true;
	if (is_behind_end(a))
		return found_fault(a, FINDINGS_GARBAGE, why, f);
	return found_fault(a, FINDINGS_CORRUPT, why, f);
}

static int
put_gzip(struct apk *a, const void *bytes, size_t len, struct fault *f)
{
	struct gunzip_piece piece;
	struct fault why = { 0 };

	gunzip_feed(a->gunzip, bytes, len);
	while (!a->is_over) {
		switch (gunzip_next(a->gunzip, &piece, &why)) {
		case GUNZIP_HUNGRY:
			return 0;
		case GUNZIP_BROKEN:
			if (put_piece(a, &piece, false, f) < 0)
				return -1;
			return break_off(a, &why, f);
		case GUNZIP_PIECE:
			if (put_piece(a, &piece, false, f) < 0)
				return -1;
			break;
		case GUNZIP_END:
			if (put_piece(a, &piece, true, f) < 0 ||
			    end_member(a, f) < 0)
				return -1;
			break;
		}
	}
	return 0;
}

static int
begin(struct apk *a, const void *bytes, size_t len, struct fault *f)
{
	a->tar.visitor = intake_visitor(a);
	if (a->has_contents) {
		a->contents = digest_new(DIGEST_SHA256, f);
		if (a->contents == NULL)
			return -1;
	}
	if (len >= 3 && memcmp(bytes, "ADB", 3) == 0) {
		a->form = APK_NONE;
		return give_up(a, FINDINGS_VERSION_3, NULL, f);
	}
	if (!gunzip_is_begun(bytes, len)) {
		a->form = APK_TAR;
		return 0;
	}
	a->form = APK_GZIP;
	a->gunzip = gunzip_new(f);
	a->digest = digest_new(DIGEST_SHA256, f);
	return a->gunzip != NULL && a->digest != NULL ? 0 : -1;
}

int
apk_put(struct apk *a, const void *bytes, size_t len, struct fault *f)
{
	if (len == 0 || a->is_over)
		return 0;
	if (a->form == APK_UNKNOWN && begin(a, bytes, len, f) < 0)
		return -1;
	if (a->form == APK_GZIP)
		return put_gzip(a, bytes, len, f);
	if (a->form == APK_NONE)
		return 0;
	a->packed += len;
	a->unpacked += len;
	return check_size(a, f) < 0 ? -1 : put_tar(a, bytes, len, f);
}

/* The file ends; is that where it should? */
static int
check_end(struct apk *a, struct fault *f)
{
	struct fault why = { 0 };

	if (a->form == APK_UNKNOWN)
		return give_up(a, FINDINGS_NO_ARCHIVE, "empty", f);
	if (a->form == APK_TAR && a->packed < TAR_BLOCK)
		return give_up(a, FINDINGS_NO_ARCHIVE, NULL, f);
	if (a->gunzip != NULL && gunzip_is_inside(a->gunzip))
		return found(a,
		    is_behind_end(a) ? FINDINGS_GARBAGE : FINDINGS_TRUNCATED,
		    NULL, NULL, f);
	if (!a->is_tar_bad && tar_finish(&a->tar, &why) < 0)
		return found_fault(a, FINDINGS_TRUNCATED, &why, f);
	if (a->form == APK_TAR && !tar_has_ended(&a->tar))
		return found(a, FINDINGS_TRUNCATED, NULL,
		    "tar: no end of the archive", f);
	if (a->is_package && !a->has_data && !a->is_tar_bad)
		return found(a, FINDINGS_TRUNCATED, NULL, "no data", f);
	return 0;
}

/* The whole of the package was read: is it what it says? */
static int
check_datahash(struct apk *a, struct fault *f)
{
	char hex[DIGEST_HEX_MAX];

	if (!a->is_package || a->is_over || !a->has_data)
		return 0;
	if (!a->has_pkginfo)
		return found(a, FINDINGS_NO_PKGINFO, NULL, NULL, f);
	if (a->info.datahash == NULL)
		return found(a, FINDINGS_NO_DATAHASH, NULL, NULL, f);
	if (digest_finish(a->digest, hex, f) < 0)
		return -1;
	if (strcasecmp(hex, a->info.datahash) != 0)
		return found(a, FINDINGS_WRONG_DATAHASH, NULL, NULL, f);
	return 0;
}

int
apk_finish(struct apk *a, struct fault *f)
{
	if (!a->is_over && check_end(a, f) < 0)
		return -1;
	/* there is no datahash of what is not whole, or too much */
	if (a->findings.counts[FINDINGS_TRUNCATED] > 0 ||
	    a->findings.counts[FINDINGS_EXTRA_MEMBER] > 0 ||
	    a->findings.counts[FINDINGS_GARBAGE] > 0)
		a->is_over = true;
	return intake_finish(a, f) < 0 ? -1 : check_datahash(a, f);
}

static int
read_all(struct apk *a, int fd, struct fault *f)
{
	struct fault why = { 0 };
	char *bytes = malloc(PIECE);
	size_t got = PIECE;
	int r = 0;

	if (bytes == NULL)
		return fault_sys(f, "cannot allocate a buffer");
	while (r == 0 && !a->is_over && got == PIECE) {
		r = stop_check(f);
		if (r == 0 && io_read(fd, bytes, PIECE, &got, &why) < 0)
			r = why.kind == FAULT_SYSTEM
			    ? give_up(a, FINDINGS_UNREADABLE, why.text, f)
			    : fault_set(f, why.kind, "%s", why.text);
		else if (r == 0)
			r = apk_put(a, bytes, got, f);
	}
	free(bytes);
	return r;
}

/* Never wait for a FIFO's other end, never read a device, unless it is stdin. */
static int
open_file(const char *file, struct fault *why)
{
	const bool is_stdin = strcmp(file, "-") == 0;
	const int fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
				: open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return fault_sys(why, "cannot open it");
	if (is_stdin || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	(void)close(fd); /* nothing was written */
	return fault_set(why, FAULT_INPUT, "not a regular file");
}

int
apk_load(struct apk *a, const char *file, struct fault *f)
{
	struct fault why = { 0 };
	const int fd = open_file(file, &why);
	int r;

	if (fd < 0)
		return give_up(a, FINDINGS_UNREADABLE, why.text, f);
	r = read_all(a, fd, f);
	(void)close(fd); /* nothing was written */
	return r < 0 ? -1 : apk_finish(a, f);
}

void
apk_release(struct apk *a)
{
	tree_release(&a->tree);
	tree_release(&a->control);
	findings_release(&a->findings);
	pkginfo_release(&a->pkginfo);
	gunzip_free(a->gunzip);
	digest_free(a->digest);
	digest_free(a->contents);
	tar_release(&a->tar);
	buf_release(&a->pkginfo_text);
	cargo_release(&a->cargo);
	cargo_release(&a->control_cargo);
}
