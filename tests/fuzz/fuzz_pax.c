/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tar headers, as a libarchive of another version might write them.  The input
 * is one entry's header, and behind a last whole block the value of a record to
 * be added.  What is accepted comes out as whole blocks with a right checksum,
 * the entry's own block untouched; doing it again with nothing to add changes
 * nothing.
 */
#include "promise.h"

#include "base/buf.h"
#include "base/fault.h"
#include "format/pax.h"

enum { BLOCK = 512, SUM_AT = 148, SUM_LEN = 8, TYPE_AT = 156 };

static unsigned
checksum(const char *block)
{
	unsigned sum = 0;

	for (int i = 0; i < BLOCK; i++)
		sum += i >= SUM_AT && i < SUM_AT + SUM_LEN
		    ? ' '
		    : (unsigned char)block[i];
	return sum;
}

static void
expect_whole(const struct buf *out, const char *entry)
{
	promise(out->len >= BLOCK && out->len % BLOCK == 0);
	promise(memcmp(out->data + out->len - BLOCK, entry, BLOCK) == 0);
	if (out->len == BLOCK)
		return;
	promise(out->len >= 3 * BLOCK);
	promise(out->data[TYPE_AT] == 'x');
	promise(strtoul(out->data + SUM_AT, NULL, 8) == checksum(out->data));
}

static void
expect_no_change(const struct buf *out)
{
	const struct buf none = BUF_INIT;
	char *header = copy_of(out->data, out->len);
	struct buf again = BUF_INIT;
	struct fault f = { 0 };

	promise(pax_splice(&again, header, out->len, &none, &f) == 0);
	promise(again.len == out->len &&
	    memcmp(again.data, out->data, out->len) == 0);
	buf_release(&again);
	free(header);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t len = size - size % BLOCK;
	char *header = copy_of(data, size);
	struct buf records = BUF_INIT, out = BUF_INIT;
	struct fault f = { 0 };

	if (size > len)
		promise(pax_add(&records, "APK-TOOLS.checksum.SHA1", data + len,
			    size - len, &f) == 0);
	/* something before it must not matter */
	promise(buf_adds(&out, "before", &f) == 0);
	if (pax_splice(&out, header, len, &records, &f) == 0) {
		struct buf spliced = BUF_INIT;

		promise(memcmp(out.data, "before", 6) == 0);
		promise(buf_add(&spliced, out.data + 6, out.len - 6, &f) == 0);
		expect_whole(&spliced, header + len - BLOCK);
		expect_no_change(&spliced);
		buf_release(&spliced);
	} else {
		promise(f.kind == FAULT_INPUT && f.text[0] != '\0');
	}
	/* half a block is never a header */
	if (size > len) {
		f = (struct fault){ 0 };
		promise(pax_splice(&out, header, size, &records, &f) < 0);
	}
	buf_release(&records);
	buf_release(&out);
	free(header);
	return 0;
}
