/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/pack.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/notice.h"
#include "base/path.h"
#include "base/sink.h"
#include "base/stop.h"
#include "engine/links.h"
#include "engine/member.h"
#include "engine/source.h"
#include "engine/tree.h"
#include "format/digest.h"
#include "format/owner.h"
#include "format/pax.h"
#include "format/records.h"

#include <archive.h>
#include <archive_entry.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint64_t size_limit = (uint64_t)8 << 30; /* 11 octal digits */
static const int64_t time_limit = (int64_t)1 << 33;

/* One archive under way. */
struct pack {
	const struct tree *tree;
	const struct pack_options *o;
	struct sink *out;
	struct fault *f; /* what a callback of libarchive met */
	struct archive *ar; /* owned */
	struct archive_entry *entry; /* owned; reused */
	struct digest *digest; /* owned; NULL without checksums */
	struct links links;
	char *bytes; /* owned; SOURCE_ROOM bytes of contents */
	struct buf header, records, spliced;
	bool is_in_header;
	struct pack_progress progress;
};

static la_ssize_t
catch_bytes(struct archive *a, void *arg, const void *bytes, size_t len)
{
	struct pack *p = arg;
	int r;

	/* after a fault libarchive still writes an end, but to nobody */
	if (p->f->kind != FAULT_NONE)
		return (la_ssize_t)len;
	r = p->is_in_header ? buf_add(&p->header, bytes, len, p->f)
			    : sink_put(p->out, bytes, len, p->f);
	if (r < 0) {
		archive_set_error(a, EIO, "output failed");
		return -1;
	}
	return (la_ssize_t)len;
}

/* A fault of our own callbacks goes before what libarchive makes of it. */
static int
archive_failed(struct pack *p, struct fault *f)
{
	const char *why = archive_error_string(p->ar);

	return fault_set(f, FAULT_SYSTEM, "libarchive: %s",
	    why != NULL ? why : "unknown error");
}

static int
open_archive(struct pack *p, struct fault *f)
{
	p->ar = archive_write_new();
	p->entry = archive_entry_new();
	p->bytes = malloc(SOURCE_ROOM);
	if (p->ar == NULL || p->entry == NULL || p->bytes == NULL)
		return fault_set(f, FAULT_MEMORY, "cannot allocate an archive");
	if (p->o->checksum == PACK_SHA1) {
		p->digest = digest_new(DIGEST_SHA1, f);
		if (p->digest == NULL)
			return -1;
	}
	if (archive_write_set_format_pax(p->ar) != ARCHIVE_OK ||
	    archive_write_set_options(p->ar, "hdrcharset=BINARY") !=
		ARCHIVE_OK ||
	    archive_write_set_bytes_per_block(p->ar, 0) != ARCHIVE_OK ||
	    archive_write_open(p->ar, p, NULL, catch_bytes, NULL) != ARCHIVE_OK)
		return archive_failed(p, f);
	return 0;
}

static void
release(struct pack *p)
{
	/* libarchive frees all it has only if it is closed after a fault too */
	if (p->ar != NULL)
		(void)archive_write_close(p->ar);
	(void)archive_write_free(p->ar); /* errors were seen when it closed */
	archive_entry_free(p->entry);
	digest_free(p->digest);
	links_release(&p->links);
	free(p->bytes);
	buf_release(&p->header);
	buf_release(&p->records);
	buf_release(&p->spliced);
}

static int
check_limits(const struct entry *e, struct fault *f)
{
	/* the slash behind it counts too */
	if (e->type == ENTRY_DIR && strlen(e->path) >= PATH_LIMIT)
		return fault_set(f, FAULT_INPUT,
		    "path of a directory is longer than %d bytes, more than "
		    "apk takes",
		    PATH_LIMIT - 1);
	if (e->type == ENTRY_FILE && e->size >= size_limit)
		return fault_set(f, FAULT_INPUT,
		    "file of %llu bytes, apk reads less than 8 GiB",
		    (unsigned long long)e->size);
	if (e->uid > OWNER_ID_MAX || e->gid > OWNER_ID_MAX)
		return fault_set(f, FAULT_INPUT,
		    "owner number is over %d, more than apk can read",
		    OWNER_ID_MAX);
	if (e->mtime >= time_limit)
		return fault_set(f, FAULT_INPUT,
		    "time is beyond what a tar header can hold");
	return 0;
}

/*
 * Let libarchive format the header, then splice our records into it.  Without
 * checksums abuild-tar shall find an extended header to add them to, so one is
 * made of what the entry says anyway.
 */
static int
write_header(struct pack *p, const struct entry *e, const char *target,
    const char *hex, struct fault *f)
{
	const bool has_checksum =
	    target == NULL && (e->type == ENTRY_FILE || e->type == ENTRY_LINK);
	const struct records_options own = {
		.sha1 = has_checksum && p->digest != NULL ? hex : NULL,
		.is_hard_link = target != NULL,
		.has_time = has_checksum && p->digest == NULL,
	};
	int r;

	buf_reset(&p->header);
	buf_reset(&p->records);
	buf_reset(&p->spliced);
	if (records_add(&p->records, e, &own, f) < 0 ||
	    member_fill(p->entry, e, target, f) < 0)
		return -1;
	p->is_in_header = true;
	r = archive_write_header(p->ar, p->entry);
	p->is_in_header = false;
	if (r != ARCHIVE_OK)
		return archive_failed(p, f);
	if (pax_splice(
		&p->spliced, p->header.data, p->header.len, &p->records, f) < 0)
		return -1;
	return sink_put(p->out, p->spliced.data, p->spliced.len, f);
}

static int
write_bytes(struct pack *p, const char *bytes, size_t len, struct fault *f)
{
	if (len == 0)
		return 0;
	if (archive_write_data(p->ar, bytes, len) != (la_ssize_t)len)
		return archive_failed(p, f);
	p->progress.bytes_done += len;
	return 0;
}

static int
write_contents(struct pack *p, struct source *s, struct fault *f)
{
	const char *piece;
	size_t len;
	int r;

	while ((r = source_next(s, &piece, &len, f)) > 0) {
		if (write_bytes(p, piece, len, f) < 0)
			return -1;
	}
	return r;
}

static int
write_file(struct pack *p, const struct entry *e, struct fault *f)
{
	struct source s = SOURCE_INIT;
	int r = -1;

	if (source_open(&s, p->tree->rootfd, e, p->bytes, f) == 0 &&
	    source_measure(&s, p->digest, f) == 0 &&
	    write_header(p, e, NULL, s.hex, f) == 0)
		r = write_contents(p, &s, f);
	source_close(&s);
	return r;
}

static int
write_link(struct pack *p, const struct entry *e, struct fault *f)
{
	char hex[DIGEST_HEX_MAX] = "";

	if (p->digest != NULL &&
	    (digest_add(p->digest, e->link, strlen(e->link), f) < 0 ||
		digest_finish(p->digest, hex, f) < 0))
		return -1;
	return write_header(p, e, NULL, hex, f);
}

static int
write_entry(struct pack *p, const struct entry *e, struct fault *f)
{
	const struct tree *t = p->tree;
	size_t first;

	if (check_limits(e, f) < 0)
		return -1;
	if (path_has_control(e->path))
		notice_say(p->o->notice,
		    "'%s' has a control character, which apk refuses", e->path);
	/* apk would follow a hard link to a symlink, out of the root too */
	first = e->type != ENTRY_LINK ? links_first(&p->links, e) : SIZE_MAX;
	if (first < (size_t)(e - t->entries))
		return write_header(p, e, t->entries[first].path, "", f);
	if (e->type == ENTRY_FILE)
		return write_file(p, e, f);
	if (e->type == ENTRY_LINK)
		return write_link(p, e, f);
	return write_header(p, e, NULL, "", f);
}

/* Pad the contents now, so that the next header is caught alone. */
static int
finish_entry(struct pack *p, struct fault *f)
{
	return archive_write_finish_entry(p->ar) == ARCHIVE_OK
	    ? 0
	    : archive_failed(p, f);
}

static int
write_entries(struct pack *p, struct fault *f)
{
	const struct tree *t = p->tree;

	p->progress.entries = t->count;
	for (size_t i = 0; i < t->count; i++)
		p->progress.bytes += t->entries[i].size;
	for (size_t i = 0; i < t->count; i++) {
		const struct entry *e = &t->entries[i];

		if (stop_check(f) < 0)
			return -1;
		p->progress.entries_done = i;
		p->progress.path = e->path;
		if (p->o->progress != NULL)
			p->o->progress(p->o->progress_arg, &p->progress);
		if (write_entry(p, e, f) < 0 || finish_entry(p, f) < 0)
			return fault_wrap(f, "'%s/%s'", t->root, e->path);
	}
	return 0;
}

int
pack_write(struct sink *out, const struct tree *t, const struct pack_options *o,
    struct fault *f)
{
	struct pack p = { .tree = t, .o = o, .out = out, .f = f };
	int r = -1;

	if (open_archive(&p, f) == 0 && links_load(&p.links, t, f) == 0 &&
	    write_entries(&p, f) == 0)
		r = archive_write_close(p.ar) == ARCHIVE_OK
		    ? 0
		    : archive_failed(&p, f);
	release(&p);
	return r;
}
