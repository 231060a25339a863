/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Short texts, from command lines, override files and extended attributes.  The
 * first byte of the input says what the rest is:
 *
 *	c  capabilities, as setcap takes them
 *	x  a value of security.capability
 *	m  a mode, as chmod takes it
 *	o  an owner, as chown takes it
 *	v  a name, encoded or not
 *	p  a path below a root
 *	u  users, as in passwd(5)
 *	g  groups, as in group(5)
 *	j  a line of a journal
 *	d  the words of a command line, NULs between them
 *	n  three versions, spaces between them
 */
#include "accounts.h"
#include "journal.h"
#include "promise.h"
#include "texts.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/path.h"
#include "format/caps.h"
#include "format/mode.h"
#include "format/owner.h"
#include "format/version.h"
#include "format/vis.h"

/* A value's text, read and written again, is the same text. */
static void
expect_caps_round_trip(const unsigned char *xattr, size_t len, bool is_exact)
{
	unsigned char again[CAPS_XATTR_LEN];
	struct buf text = BUF_INIT, second = BUF_INIT;
	struct fault f = { 0 };

	promise(caps_format(&text, xattr, len, &f) == 0);
	promise(text.len > 0);
	if (memchr(text.data, '[', text.len) == NULL) {
		promise(caps_parse(again, text.data, text.len, &f) == 0);
		promise(caps_format(&second, again, sizeof(again), &f) == 0);
		promise(is_same(&text, &second));
		if (is_exact)
			promise(memcmp(xattr, again, sizeof(again)) == 0);
	}
	buf_release(&text);
	buf_release(&second);
}

static bool
is_nothing(const unsigned char xattr[CAPS_XATTR_LEN])
{
	static const unsigned char zeros[CAPS_XATTR_LEN];

	/* behind the magic number, which has the effective flag */
	return memcmp(xattr + 4, zeros, CAPS_XATTR_LEN - 4) == 0;
}

static void
try_caps(const char *text, size_t len)
{
	static const unsigned char before[CAPS_XATTR_LEN] = "as it was before";
	unsigned char xattr[CAPS_XATTR_LEN];
	struct fault f = { 0 };

	memcpy(xattr, before, sizeof(xattr));
	if (caps_parse(xattr, text, len, &f) < 0) {
		promise(f.kind == FAULT_INPUT);
		promise(memcmp(xattr, before, sizeof(xattr)) == 0);
		return;
	}
	expect_caps_round_trip(xattr, sizeof(xattr), !is_nothing(xattr));
}

static void
try_caps_value(const char *value, size_t len)
{
	const unsigned char *xattr = (const unsigned char *)value;
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	if (caps_format(&text, xattr, len, &f) == 0)
		expect_caps_round_trip(xattr, len, false);
	else
		promise(f.kind == FAULT_INPUT && text.len == 0);
	buf_release(&text);
}

static unsigned
octal(const char *text, size_t len)
{
	unsigned n = 0;

	for (size_t i = 0; i < len; i++)
		n = n * 8 + (unsigned)(text[i] - '0');
	return n;
}

static void
try_mode(const char *text, size_t len)
{
	struct mode_change change;
	struct fault f = { 0 };

	if (mode_parse(&change, text, len, &f) < 0) {
		promise(f.kind == FAULT_INPUT);
		return;
	}
	promise(len > 0 && len <= MODE_TEXT_MAX);
	promise(change.count <= MODE_STEPS_MAX);
	for (unsigned i = 0; i <= 07777; i += 037) {
		const struct mode_target file = {
			.mode = i, .umask = 022, .kind = MODE_FILE
		};
		const struct mode_target dir = {
			.mode = i, .umask = i & 0777, .kind = MODE_DIRECTORY
		};

		promise(mode_apply(&change, &file) <= 07777);
		promise(mode_apply(&change, &dir) <= 07777);
	}
	if (text[0] >= '0' && text[0] <= '7')
		promise(
		    mode_apply(&change, &(struct mode_target){ .mode = 5 }) ==
		    octal(text, len));
}

static void
try_owner(const char *text)
{
	const char *name;
	uint32_t id;
	struct fault f = { 0 };

	if (owner_parse("user", text, &name, &id, &f) < 0) {
		promise(f.kind == FAULT_INPUT);
		return;
	}
	promise(id <= OWNER_ID_MAX);
	promise((name != NULL) != (id != 0));
	if (name == NULL)
		return;
	promise(owner_check("user", name, strlen(name), &f) == 0);
	promise(strlen(name) <= OWNER_NAME_MAX);
	promise(strpbrk(name, " \t\n:/#=\\") == NULL);
}

static void
expect_plain(const struct buf *b)
{
	for (size_t i = 0; i < b->len; i++) {
		const unsigned char c = (unsigned char)b->data[i];

		promise(c > ' ' && c < 0x7f && strchr("#=*?[", c) == NULL);
	}
}

/* Bytes come back from their encoding. */
static void
expect_encoded(const char *bytes, size_t len)
{
	struct buf encoded = BUF_INIT, decoded = BUF_INIT;
	struct fault f = { 0 };

	promise(vis_add(&encoded, bytes, len, &f) == 0);
	expect_plain(&encoded);
	if (memchr(bytes, '\0', len) != NULL) {
		promise(vis_parse(&decoded, encoded.data, encoded.len, &f) < 0);
	} else if (len > 0) {
		promise(
		    vis_parse(&decoded, encoded.data, encoded.len, &f) == 0);
		promise(decoded.len == len &&
		    memcmp(decoded.data, bytes, len) == 0);
	}
	buf_release(&encoded);
	buf_release(&decoded);
}

static void
try_vis(const char *bytes, size_t len)
{
	struct buf decoded = BUF_INIT;
	struct fault f = { 0 };

	expect_encoded(bytes, len);
	expect_shown(bytes, len);
	if (vis_parse(&decoded, bytes, len, &f) == 0 && decoded.len > 0) {
		if (memchr(bytes, '\0', len) == NULL)
			promise(
			    memchr(decoded.data, '\0', decoded.len) == NULL);
		expect_encoded(decoded.data, decoded.len);
	}
	buf_release(&decoded);
}

static void
expect_component(const char *s, size_t len)
{
	promise(len > 0 && len <= PATH_NAME_LIMIT);
	promise(len != 1 || s[0] != '.');
	promise(len != 2 || s[0] != '.' || s[1] != '.');
}

static void
try_path(const char *text, size_t len)
{
	const char *path = text, *again, *end;
	size_t path_len = len, again_len;
	struct fault f = { 0 };

	if (path_canon(&path, &path_len, &f) < 0) {
		promise(f.kind == FAULT_INPUT);
		return;
	}
	promise(path_len <= PATH_LIMIT && path + path_len == text + len);
	promise(memchr(path, '\0', path_len) == NULL);
	if (path_len == 0)
		return;
	again = path;
	again_len = path_len;
	promise(path_canon(&again, &again_len, &f) == 0);
	promise(again == path && again_len == path_len);
	end = path + path_len;
	for (const char *s = path, *slash; s <= end; s = slash + 1) {
		slash = memchr(s, '/', (size_t)(end - s));
		if (slash == NULL)
			slash = end;
		expect_component(s, (size_t)(slash - s));
	}
}

static void
try_owner_copy(const char *text, size_t len)
{
	char *s = malloc(len + 1);

	promise(s != NULL);
	memcpy(s, text, len);
	s[len] = '\0';
	try_owner(s);
	free(s);
}

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

/* Whatever they are, they are in one order. */
static void
try_versions(const char *text, size_t len)
{
	char *all = strndup(text, len), *rest = all;
	const char *v[3] = { "", "", "" };
	int ab, bc;

	promise(all != NULL);
	for (size_t i = 0; i < 3 && rest != NULL; i++)
		v[i] = strsep(&rest, " ");
	ab = sign(version_compare(v[0], v[1]));
	bc = sign(version_compare(v[1], v[2]));
	promise(ab == -sign(version_compare(v[1], v[0])));
	promise((ab == 0) == (strcmp(v[0], v[1]) == 0));
	if (ab == bc || bc == 0)
		promise(sign(version_compare(v[0], v[2])) == ab);
	free(all);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct {
		char what;
		void (*try)(const char *text, size_t len);
	} kinds[] = {
		{ 'c', try_caps },
		{ 'x', try_caps_value },
		{ 'm', try_mode },
		{ 'o', try_owner_copy },
		{ 'v', try_vis },
		{ 'p', try_path },
		{ 'u', try_users },
		{ 'g', try_groups },
		{ 'j', try_journal },
		{ 'd', try_command },
		{ 'n', try_versions },
	};
	char *text;

	if (size == 0)
		return 0;
	text = copy_of(data + 1, size - 1);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (*data == kinds[i].what)
			kinds[i].try(text, size - 1);
	}
	free(text);
	return 0;
}
