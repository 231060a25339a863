/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "format/digest.h"

#include <string.h>

/* FIPS 180-4 test vectors. */
static const struct vector {
	const char *text, *sha1, *sha256;
} vectors[] = {
	{ "", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855" },
	{ "abc", "a9993e364706816aba3e25717850c26c9cd0d89d",
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
	    "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1" },
};

static void
assert_digests(enum digest_kind kind)
{
	struct fault f = { 0 };
	struct digest *d = digest_new(kind, &f);
	char hex[DIGEST_HEX_MAX];

	assert_non_null(d);
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		const struct vector *v = &vectors[i];
		const char *want = kind == DIGEST_SHA1 ? v->sha1 : v->sha256;
		const size_t len = strlen(v->text);

		for (size_t cut = 0; cut <= len; cut++) {
			assert_ok(digest_add(d, v->text, cut, &f), &f);
			assert_ok(
			    digest_add(d, v->text + cut, len - cut, &f), &f);
			assert_ok(digest_finish(d, hex, &f), &f);
			assert_string_equal(hex, want);
		}
	}
	digest_free(d);
}

static void
digests_are_those_of_the_standard_however_divided(void **state)
{
	(void)state;
	assert_digests(DIGEST_SHA1);
	assert_digests(DIGEST_SHA256);
}

static void
million_bytes_are_no_different(void **state)
{
	static char bytes[1000000];
	struct fault f = { 0 };
	struct digest *d = digest_new(DIGEST_SHA1, &f);
	char hex[DIGEST_HEX_MAX];

	(void)state;
	memset(bytes, 'a', sizeof(bytes));
	assert_ok(digest_add(d, bytes, sizeof(bytes), &f), &f);
	assert_ok(digest_finish(d, hex, &f), &f);
	assert_string_equal(hex, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
	digest_free(d);
}

static void
nothing_can_be_freed(void **state)
{
	(void)state;
	digest_free(NULL);
}

static int
make_digest(void *arg, struct fault *f)
{
	struct digest *d = digest_new(DIGEST_SHA256, f);
	char hex[DIGEST_HEX_MAX];
	int r = -1;

	if (d != NULL && digest_add(d, arg, strlen(arg), f) == 0)
		r = digest_finish(d, hex, f);
	digest_free(d);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	char text[] = "text";

	(void)state;
	alloc_fail_each(make_digest, text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    digests_are_those_of_the_standard_however_divided),
		cmocka_unit_test(million_bytes_are_no_different),
		cmocka_unit_test(nothing_can_be_freed),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
