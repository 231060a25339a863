/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/vis.h"

#include "base/buf.h"
#include "base/fault.h"

#include <stdbool.h>
#include <string.h>

static bool
is_plain(unsigned char c)
{
	return c > ' ' && c < 0x7f && strchr("#=\\*?[", c) == NULL;
}

static int
add_octal(struct buf *b, unsigned char c, struct fault *f)
{
	const char text[4] = { '\\', (char)('0' + (c >> 6)),
		(char)('0' + (c >> 3 & 7)), (char)('0' + (c & 7)) };

	return buf_add(b, text, sizeof(text), f);
}

int
vis_add(struct buf *b, const char *bytes, size_t len, struct fault *f)
{
	size_t done = 0;

	for (size_t i = 0; i < len; i++) {
		if (is_plain((unsigned char)bytes[i]))
			continue;
		if (buf_add(b, bytes + done, i - done, f) < 0 ||
		    add_octal(b, (unsigned char)bytes[i], f) < 0)
			return -1;
		done = i + 1;
	}
	return buf_add(b, bytes + done, len - done, f);
}

static bool
is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* Decode the escape behind a backslash; returns its length, 0 if it is none. */
static size_t
parse_escape(char *out, const char *s, size_t len)
{
	static const char letters[] = "\\#sabfnrtv";
	static const char bytes[] = "\\# \a\b\f\n\r\t\v";
	const char *letter;

	if (len >= 3 && s[0] <= '3' && is_octal(s[0]) && is_octal(s[1]) &&
	    is_octal(s[2])) {
		*out = (char)((s[0] - '0') << 6 | (s[1] - '0') << 3 |
		    (s[2] - '0'));
		return 3;
	}
	if (len == 0 || s[0] == '\0')
		return 0;
	letter = strchr(letters, s[0]);
	if (letter == NULL)
		return 0;
	*out = bytes[letter - letters];
	return 1;
}

int
vis_parse(struct buf *b, const char *text, size_t len, struct fault *f)
{
	for (size_t i = 0; i < len;) {
		const char *slash = memchr(text + i, '\\', len - i);
		const size_t run =
		    slash != NULL ? (size_t)(slash - text) - i : len - i;
		size_t n;
		char c = 0;

		if (buf_add(b, text + i, run, f) < 0)
			return -1;
		i += run;
		if (slash == NULL)
			break;
		n = parse_escape(&c, text + i + 1, len - i - 1);
		if (n == 0)
			return fault_set(f, FAULT_INPUT,
			    "backslash without three octal digits");
		if (c == '\0')
			return fault_set(f, FAULT_INPUT, "NUL in a name");
		if (buf_add(b, &c, 1, f) < 0)
			return -1;
		i += 1 + n;
	}
	return 0;
}

/* Decode the UTF-8 character at `s`; returns its length, 0 if it is none. */
static size_t
decode_char(unsigned *out, const unsigned char *s, size_t len)
{
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned value;
	size_t n;

	*out = s[0];
	if (s[0] < 0x80)
		return 1;
	n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || n > len)
		return 0;
	value = s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (s[i] & 0x3f);
	}
	*out = value;
	return value < least[n] || value > 0x10ffff ||
		(value >= 0xd800 && value < 0xe000)
	    ? 0
	    : n;
}

size_t
vis_char_len(const char *bytes, size_t len)
{
	unsigned value;

	return decode_char(&value, (const unsigned char *)bytes, len);
}

/* The length of the character at `s` if it may be shown, else 0. */
static size_t
shown_len(const unsigned char *s, size_t len)
{
	unsigned c;
	const size_t n = decode_char(&c, s, len);

	if (c < ' ' || (c >= 0x7f && c < 0xa0))
		return 0;
	/* marks that end lines or turn the direction of the text */
	if (c == 0x061c || (c >= 0x200e && c <= 0x200f) ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
		return 0;
	return n;
}

int
vis_show(struct buf *b, const char *bytes, size_t len, struct fault *f)
{
	for (size_t i = 0; i < len;) {
		const unsigned char *s = (const unsigned char *)bytes + i;
		const size_t n = shown_len(s, len - i);

		if ((n > 0 ? buf_add(b, s, n, f) : add_octal(b, *s, f)) < 0)
			return -1;
		i += n > 0 ? n : 1;
	}
	return 0;
}
