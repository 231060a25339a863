/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/print.h"

#include "base/buf.h"
#include "base/fault.h"
#include "format/vis.h"

#include <string.h>

/* What can be shown of `text` without memory: its letters. */
static void
show_roughly(char *shown, size_t size, const char *text)
{
	size_t n = 0;

	for (; n < size - 1 && text[n] != '\0'; n++)
		shown[n] =
		    (char)(text[n] >= ' ' && text[n] < 0x7f ? text[n] : '?');
	shown[n] = '\0';
}

void
print_line(FILE *out, const char *head, const char *text)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };
	const char *shown = NULL;
	char rough[4096];

	if (vis_show(&b, text, strlen(text), &f) == 0)
		shown = buf_end(&b, &f);
	if (shown == NULL) {
		show_roughly(rough, sizeof(rough), text);
		shown = rough;
	}
	/* at once, so that lines of parallel processes do not mix */
	(void)fprintf(out, "%s%s\n", head, shown);
	buf_release(&b);
}

int
print_text(const struct buf *text, struct fault *f)
{
	if (text->len > 0 &&
	    fwrite(text->data, 1, text->len, stdout) != text->len)
		return fault_sys(f, "cannot write standard output");
	return 0;
}

int
print_flush(struct fault *f)
{
	if (fflush(stdout) == EOF || ferror(stdout))
		return fault_sys(f, "cannot write standard output");
	return 0;
}
