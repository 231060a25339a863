/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packages and archives.  The first byte says what the rest is: 'r', a file as
 * it is; 'p', the insides of a package's members, each but the last with its
 * length in two bytes before it, which are compressed here, for no fuzzer finds
 * a CRC; 'd', two such files that are compared, the first with its length before
 * it.  Whatever they are is no fault, reads the same in pieces, what comes out can
 * be reported and counted, and a package does not differ from itself.
 */
#include "promise.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/apk.h"
#include "engine/census.h"
#include "engine/compare.h"
#include "engine/difference.h"
#include "engine/diffline.h"
#include "engine/figures.h"
#include "engine/objects.h"
#include "engine/report.h"
#include "format/deflate.h"

enum { MEMBERS_MAX = 5, LENGTH_LEN = 2, STORED_MAX = 65535 };

static void
add(struct buf *out, const void *bytes, size_t len)
{
	struct fault f = { 0 };

	promise(buf_add(out, bytes, len, &f) == 0);
}

static void
add_number(struct buf *out, size_t n, int len)
{
	unsigned char bytes[4];

	for (int i = 0; i < len; i++)
		bytes[i] = (unsigned char)(n >> 8 * i);
	add(out, bytes, (size_t)len);
}

/* One gzip member, of stored blocks (RFC 1951, 3.2.4). */
static void
add_member(struct buf *out, const uint8_t *bytes, size_t len)
{
	const uint32_t crc = deflate_crc(bytes, len);

	add(out, "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
	for (size_t at = 0; at < len; at += STORED_MAX) {
		const size_t n = len - at < STORED_MAX ? len - at : STORED_MAX;

		add(out, "", 1);
		add_number(out, n, 2);
		add_number(out, ~n, 2);
		add(out, bytes + at, n);
	}
	add(out, DEFLATE_END, sizeof(DEFLATE_END) - 1);
	add_number(out, crc, 4);
	add_number(out, len, 4);
}

static void
add_members(struct buf *out, const uint8_t *data, size_t size)
{
	for (int i = 1; size >= LENGTH_LEN; i++) {
		const size_t want = (size_t)data[0] << 8 | data[1];
		const size_t room = size - LENGTH_LEN;
		const size_t len = want < room && i < MEMBERS_MAX ? want : room;

		add_member(out, data + LENGTH_LEN, len);
		data += LENGTH_LEN + len;
		size -= LENGTH_LEN + len;
	}
}

/* Read it all, in pieces of `step` behind the first block. */
static void
read_in_pieces(struct apk *a, const struct buf *b, size_t step)
{
	size_t len = b->len < TAR_BLOCK ? b->len : TAR_BLOCK;
	struct fault f = { 0 };

	for (size_t at = 0; at < b->len; at += len, len = step) {
		char *piece;

		if (len > b->len - at)
			len = b->len - at;
		piece = copy_of(b->data + at, len);
		promise(apk_put(a, piece, len, &f) == 0);
		free(piece);
	}
	promise(apk_finish(a, &f) == 0);
	promise(f.kind == FAULT_NONE);
}

static void
report_all(struct buf *text, struct apk *a)
{
	const struct objects_subject subject = { "file", &a->info };
	struct fault f = { 0 };
	size_t at = 0;
	int r;

	while ((r = report_add_entries(text, a, "file", &at, &f)) > 0)
		continue;
	promise(r == 0);
	for (at = 0; (r = objects_add_entries(text, &subject, a, &at, &f)) > 0;)
		continue;
	promise(r == 0);
	promise(
	    objects_add_findings(text, &subject, &a->findings, false, &f) == 0);
	promise(
	    report_add_findings(text, &a->findings, "file", false, &f) == 0);
	promise(report_add_suggest(text, a, "file", &f) == 0);
}

static void
count_all(struct buf *text, const struct apk *a)
{
	struct census one = { 0 }, all = { 0 };
	struct fault f = { 0 };

	for (int i = 0; i < 2; i++) {
		promise(census_count(&one, a, &f) == 0);
		promise(census_merge(&all, &one, &f) == 0);
	}
	promise(all.packages == 2 && all.entries == 2 * a->tree.count);
	for (size_t i = 0; i < all.account_count; i++)
		promise(all.accounts[i].packages == 2);
	promise(figures_add_text(text, &all, &f) == 0);
	promise(figures_add_json(text, &all, &f) == 0);
	census_release(&all);
}

static void
make_file(struct buf *file, const uint8_t *data, size_t size)
{
	if (size > 0 && data[0] == 'p')
		add_members(file, data + 1, size - 1);
	else if (size > 0)
		add(file, data + 1, size - 1);
}

/* As engine/side.h has it. */
static struct compare_side
load_side(struct apk *a, const uint8_t *data, size_t size)
{
	struct buf file = BUF_INIT;

	make_file(&file, data, size);
	a->has_contents = true;
	a->limits.control = 4096;
	read_in_pieces(a, &file, file.len);
	buf_release(&file);
	pkginfo_sort(&a->pkginfo);
	tree_sort(&a->control);
	return (struct compare_side){ &a->tree, &a->control, &a->pkginfo };
}

static size_t
count_differences(const struct compare_side *a, const struct compare_side *b)
{
	const struct diffline_package package = { "foo", NULL };
	struct differences ds = { 0 };
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	size_t count;

	promise(compare_sides(&ds, a, b, &f) == 0);
	for (size_t i = 0; i < ds.count; i++) {
		const struct difference *d = &ds.list[i];
		const size_t len = text.len;

		promise(diffline_add_text(&text, &package, d, &f) == 0);
		promise(memchr(text.data + len, '\n', text.len - len) ==
		    text.data + text.len - 1);
		promise(diffline_add_json(&text, &package, d, &f) == 0);
		promise(i == 0 || d[-1].risk >= d->risk);
	}
	count = ds.count;
	buf_release(&text);
	difference_release(&ds);
	return count;
}

static void
compare_two(const uint8_t *data, size_t size)
{
	struct apk a = APK_INIT, b = APK_INIT;
	struct compare_side x, y;
	size_t len;

	if (size < LENGTH_LEN)
		return;
	len = (size_t)data[0] << 8 | data[1];
	data += LENGTH_LEN;
	size -= LENGTH_LEN;
	if (len > size)
		len = size;
	x = load_side(&a, data, len);
	y = load_side(&b, data + len, size - len);
	promise(count_differences(&x, &x) == 0);
	promise(count_differences(&y, &y) == 0);
	promise((count_differences(&x, &y) == 0) ==
	    (count_differences(&y, &x) == 0));
	apk_release(&a);
	apk_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct apk whole = APK_INIT, pieces = APK_INIT;
	struct buf file = BUF_INIT, text = BUF_INIT, again = BUF_INIT;

	if (size > 0 && data[0] == 'd') {
		compare_two(data + 1, size - 1);
		return 0;
	}
	make_file(&file, data, size);
	whole.limits.control = pieces.limits.control = 4096;
	read_in_pieces(&whole, &file, file.len);
	read_in_pieces(&pieces, &file, 1 + size % 7);
	promise(file.len == 0 || whole.form != APK_UNKNOWN);
	promise(whole.entries >= whole.tree.count);
	count_all(&text, &whole);
	report_all(&text, &whole);
	/* a limit may be noticed sooner in small pieces */
	if (whole.findings.counts[FINDINGS_TOO_LARGE] == 0 &&
	    pieces.findings.counts[FINDINGS_TOO_LARGE] == 0) {
		count_all(&again, &pieces);
		report_all(&again, &pieces);
		promise(text.len == again.len &&
		    memcmp(text.data, again.data, text.len) == 0);
	}
	buf_release(&file);
	buf_release(&text);
	buf_release(&again);
	apk_release(&whole);
	apk_release(&pieces);
	return 0;
}
