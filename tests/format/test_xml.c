/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "format/xml.h"

#include <string.h>

static void
markup_is_escaped_and_what_xml_cannot_have_replaced(void **state)
{
	static const char text[] = "a <b> \"c\" 'd' & ]]>\n\t\x1b\x7f\xe4\0z"
				   "\xc3\xa4\xef\xbf\xbd\xef\xbf\xbe\xf0";
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(xml_add_text(&b, text, sizeof(text) - 1, &f), &f);
	assert_string_equal(buf_end(&b, &f),
	    "a &lt;b&gt; &quot;c&quot; &apos;d&apos; &amp; ]]&gt;\n?????z"
	    "\xc3\xa4\xef\xbf\xbd????");
	buf_release(&b);
}

static int
add_often(struct buf *text, struct fault *f)
{
	int r = 0;

	for (int i = 0; r == 0 && i < 40; i++)
		r = xml_add_text(text, "<x", 2, f);
	return r;
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each_text(add_often);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    markup_is_escaped_and_what_xml_cannot_have_replaced),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
