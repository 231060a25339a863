/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/notice.h"

#include <stdio.h>
#include <string.h>

struct heard {
	unsigned count;
	char text[128];
	size_t len;
};

static void
hear(void *arg, const char *text)
{
	struct heard *h = arg;

	h->count++;
	h->len = strlen(text);
	snprintf(h->text, sizeof(h->text), "%s", text);
}

static void
listener_hears_the_text_once(void **state)
{
	struct heard h = { 0 };
	const struct notice n = { .say = hear, .arg = &h };

	(void)state;
	notice_say(&n, "'%s' is a socket, left out", "run/x");
	assert_int_equal(h.count, 1);
	assert_string_equal(h.text, "'run/x' is a socket, left out");
}

static void
nobody_need_listen(void **state)
{
	const struct notice n = { 0 };

	(void)state;
	notice_say(&n, "%s", "to nobody");
	notice_say(NULL, "%s", "to nobody");
}

static void
text_of_any_length_is_safe(void **state)
{
	static char name[20000];
	struct heard h = { 0 };
	const struct notice n = { .say = hear, .arg = &h };

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	notice_say(&n, "%.4085s left out", name);
	assert_int_equal(h.len, 4085 + strlen(" left out"));
	notice_say(&n, "%s", name);
	assert_int_equal(h.count, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listener_hears_the_text_once),
		cmocka_unit_test(nobody_need_listen),
		cmocka_unit_test(text_of_any_length_is_safe),
	};

	return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
