/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "engine/pairing.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 512 };

/* Packages are "NAME ARCH VERSION", parted by commas. */
static int
add_all(struct pairing *p, int side, const char *text, struct fault *f)
{
	char name[20], arch[20], version[20], file[20];
	int n, r = 0;

	for (int i = 0; r == 0 && *text != '\0'; i++) {
		if (sscanf(text, "%19s %19s %19[^,]%n", name, arch, version,
			&n) != 3)
			return fault_set(f, FAULT_INPUT, "'%s'", text);
		text += n + (text[n] == ',');
		snprintf(file, sizeof(file), "%d", i);
		r = pairing_add(p, side,
		    &(struct pairing_package){ name, arch, version, file }, f);
	}
	return r;
}

static void
put_side(char *out, const struct pairing_package *p)
{
	const size_t len = strlen(out);

	if (p == NULL)
		snprintf(out + len, TEXT_MAX - len, "-");
	else
		snprintf(out + len, TEXT_MAX - len, "%s.%s-%s#%s", p->name,
		    p->arch, p->version, p->file);
}

static void
expect(const char *a, const char *b, const char *want)
{
	struct pairing p = { 0 };
	struct fault f = { 0 };
	char got[TEXT_MAX] = "";

	assert_ok(add_all(&p, 0, a, &f), &f);
	assert_ok(add_all(&p, 1, b, &f), &f);
	assert_ok(pairing_make(&p, &f), &f);
	for (size_t i = 0; i < p.pair_count; i++) {
		if (i > 0)
			strncat(got, " ", 2);
		put_side(got, p.pairs[i].sides[0]);
		strncat(got, "=", 2);
		put_side(got, p.pairs[i].sides[1]);
	}
	assert_string_equal(got, want);
	pairing_release(&p);
}

static void
packages_go_together_by_name_and_architecture(void **state)
{
	(void)state;
	expect("", "", "");
	expect("b x 1,a x 1", "a x 1,b x 1", "a.x-1#1=a.x-1#0 b.x-1#0=b.x-1#1");
	expect("a x 1", "a y 1", "a.x-1#0=- -=a.y-1#0");
	expect("a x 1,c x 1", "b x 1", "a.x-1#0=- -=b.x-1#0 c.x-1#1=-");
	expect("a x 1", "", "a.x-1#0=-");
	expect("", "a x 1", "-=a.x-1#0");
}

static void
another_version_is_the_same_package(void **state)
{
	(void)state;
	expect("a x 1-r0", "a x 1-r1", "a.x-1-r0#0=a.x-1-r1#0");
}

static void
of_several_versions_the_same_go_together(void **state)
{
	(void)state;
	expect("a x 1,a x 2,a x 3", "a x 2",
	    "a.x-1#0=- a.x-2#1=a.x-2#0 a.x-3#2=-");
	expect("a x 1,a x 2", "a x 2,a x 3", "a.x-1#0=a.x-3#1 a.x-2#1=a.x-2#0");
}

static void
of_the_rest_the_newest_go_together_by_number(void **state)
{
	(void)state;
	expect("a x 9,a x 10", "a x 11", "a.x-9#0=- a.x-10#1=a.x-11#0");
	expect("a x 9", "a x 11,a x 8", "a.x-9#0=a.x-11#0 -=a.x-8#1");
}

static void
the_newest_is_what_apk_holds_for_it(void **state)
{
	(void)state;
	expect("a x 1.0_rc1,a x 1.0", "a x 1.0_p1",
	    "a.x-1.0_rc1#0=- a.x-1.0#1=a.x-1.0_p1#0");
	expect("a x 1.0a-r0", "a x 1.0-r9,a x 1.0.1-r0",
	    "a.x-1.0a-r0#0=a.x-1.0.1-r0#1 -=a.x-1.0-r9#0");
}

static void
one_version_may_be_there_twice(void **state)
{
	(void)state;
	expect("a x 1,a x 1", "a x 1", "a.x-1#0=a.x-1#0 a.x-1#1=-");
	expect("a x 1,a x 1", "a x 1,a x 1", "a.x-1#0=a.x-1#0 a.x-1#1=a.x-1#1");
	expect("a x 1.0", "a x 1.00", "a.x-1.0#0=a.x-1.00#0");
}

static int
make_and_release(void *arg, struct fault *f)
{
	const struct pairing_package package = { "a", "b", "c", "d" };
	struct pairing p = { 0 };
	int r = 0;

	(void)arg;
	for (int i = 0; r == 0 && i < 400; i++)
		r = pairing_add(&p, i % 2, &package, f);
	if (r == 0)
		r = pairing_make(&p, f);
	pairing_release(&p);
	return r;
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(make_and_release, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packages_go_together_by_name_and_architecture),
		cmocka_unit_test(another_version_is_the_same_package),
		cmocka_unit_test(of_several_versions_the_same_go_together),
		cmocka_unit_test(of_the_rest_the_newest_go_together_by_number),
		cmocka_unit_test(the_newest_is_what_apk_holds_for_it),
		cmocka_unit_test(one_version_may_be_there_twice),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
