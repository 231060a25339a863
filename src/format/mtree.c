/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/mtree.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/path.h"
#include "format/value.h"
#include "format/word.h"

#include <string.h>

void
mtree_init(struct mtree *m, const char *name, struct arena *arena)
{
	*m = (struct mtree){ .name = name, .keywords.arena = arena };
}

void
mtree_release(struct mtree *m)
{
	buf_release(&m->in);
	buf_release(&m->joined);
	value_release(&m->keywords);
	buf_release(&m->dir);
}

static int
parse_unset(struct mtree *m, struct word rest, struct fault *f)
{
	struct word word;

	while (word_next(&rest, &word)) {
		unsigned bit = ~0u;

		if (!word_is(word, "all") && keyword_bit(&bit, word, f) < 0)
			return -1;
		m->set.has &= ~bit;
	}
	return 0;
}

static int
parse_command(struct mtree *m, struct word line, struct fault *f)
{
	struct word word;

	(void)word_next(&line, &word);
	if (word_is(word, "/set"))
		return keyword_parse(&m->keywords, &m->set, line, f);
	if (word_is(word, "/unset"))
		return parse_unset(m, line, f);
	return fault_set(f, FAULT_INPUT, "absolute path");
}

static int
leave_dir(struct mtree *m, struct fault *f)
{
	if (m->note.line != 0)
		return fault_set(
		    f, FAULT_INPUT, "no entry follows the #amtree comment");
	if (m->depth == 0)
		return fault_set(f, FAULT_INPUT, "'..' leads out of the root");
	m->depth--;
	while (m->dir.len > 0 && m->dir.data[m->dir.len - 1] != '/')
		m->dir.len--;
	if (m->dir.len > 0)
		m->dir.len--;
	return 0;
}

/* A bare name lies in the directory that bare names opened before it. */
static int
nested_path(struct mtree *m, struct word *path, struct fault *f)
{
	struct buf whole = BUF_INIT;
	int r = -1;

	if (buf_add(&whole, m->dir.data, m->dir.len, f) < 0 ||
	    (m->dir.len > 0 && buf_add(&whole, "/", 1, f) < 0) ||
	    buf_add(&whole, path->s, path->len, f) < 0)
		goto out;
	buf_reset(&m->keywords.text);
	if (buf_add(&m->keywords.text, whole.data, whole.len, f) < 0)
		goto out;
	path->s = m->keywords.text.data;
	path->len = m->keywords.text.len;
	r = 0;
out:
	buf_release(&whole);
	return r;
}

static int
enter_dir(struct mtree *m, struct word path, struct fault *f)
{
	/* "." opens the root once; a level of its own below would be odd */
	if (path.len == 0 && m->depth > 0)
		return fault_set(f, FAULT_INPUT, "'.' in path");
	/* to forget the record would move the names that follow */
	if ((m->note.has & KEYWORD_RECORDED) != 0)
		return fault_set(f, FAULT_INPUT,
		    "what was recorded opens a directory (write './%s')",
		    path.s);
	buf_reset(&m->dir);
	m->depth++;
	return buf_add(&m->dir, path.s, path.len, f);
}

/* 1: an entry; 0: one that no package has ("." or ".."). */
static int
parse_entry(
    struct mtree *m, struct spec *spec, struct word line, struct fault *f)
{
	struct word path;
	bool is_nested;

	(void)word_next(&line, &path);
	if (value_decode(&m->keywords, path, f) < 0)
		return -1;
	path = (struct word){ m->keywords.text.data, m->keywords.text.len };
	if (word_is(path, ".."))
		return leave_dir(m, f);
	is_nested = memchr(path.s, '/', path.len) == NULL;
	if ((is_nested && !word_is(path, ".") &&
		nested_path(m, &path, f) < 0) ||
	    path_canon(&path.s, &path.len, f) < 0)
		return -1;
	*spec = m->set;
	spec->line = m->first_line;
	spec->entry.path = arena_string(m->keywords.arena, path.s, path.len, f);
	if (spec->entry.path == NULL ||
	    keyword_parse(&m->keywords, spec, line, f) < 0 ||
	    note_apply(&m->note, spec, f) < 0)
		return -1;
	path.s = spec->entry.path;
	if (is_nested && (spec->has & KEYWORD_TYPE) != 0 &&
	    spec->entry.type == ENTRY_DIR && enter_dir(m, path, f) < 0)
		return -1;
	m->note = (struct note){ 0 };
	return path.len > 0 ? 1 : 0;
}

static int
parse_line(
    struct mtree *m, struct spec *spec, struct word line, struct fault *f)
{
	static const char note[] = "#amtree";
	const size_t note_len = strlen(note);
	const bool is_note = line.len >= note_len &&
	    memcmp(line.s, note, note_len) == 0 &&
	    (line.len == note_len || line.s[note_len] == ' ' ||
		line.s[note_len] == '\t');
	struct word rest = line, word;

	if (memchr(line.s, '\0', line.len) != NULL)
		return fault_set(f, FAULT_INPUT, "NUL in the line");
	if (memchr(line.s, '\r', line.len) != NULL)
		return fault_set(f, FAULT_INPUT,
		    "carriage return in the line (CR LF line ends?)");
	if (m->note.line != 0 &&
	    (!word_next(&rest, &word) || *word.s == '#' || *word.s == '/'))
		return fault_set(
		    f, FAULT_INPUT, "no entry follows the #amtree comment");
	if (is_note) {
		rest.s = line.s + note_len;
		rest.len = line.len - note_len;
		return note_parse(
		    &m->note, &m->keywords, rest, m->first_line, f);
	}
	rest = line;
	if (!word_next(&rest, &word) || *word.s == '#')
		return 0;
	if (*word.s == '/')
		return parse_command(m, line, f);
	return parse_entry(m, spec, line, f);
}

int
mtree_feed(struct mtree *m, const void *bytes, size_t len, struct fault *f)
{
	if (m->used > 0) {
		memmove(m->in.data, m->in.data + m->used, m->in.len - m->used);
		m->in.len -= m->used;
		m->used = 0;
	}
	return buf_add(&m->in, bytes, len, f);
}

/* True for a backslash at the end, not itself escaped, of no comment. */
bool
mtree_is_continued(const char *line, size_t len)
{
	size_t slashes = 0, blanks = 0;

	while (slashes < len && line[len - 1 - slashes] == '\\')
		slashes++;
	while (blanks < len && (line[blanks] == ' ' || line[blanks] == '\t'))
		blanks++;
	return slashes % 2 != 0 && line[blanks] != '#';
}

/*
 * 1 and the next logical line, 0 if it is not all there yet.  A backslash at
 * the end of a line joins the next to it.
 */
static int
next_line(struct mtree *m, struct word *line, struct fault *f)
{
	for (;;) {
		const size_t left = m->in.len - m->used;
		const char *s = left > 0 ? m->in.data + m->used : "";
		const char *nl = memchr(s, '\n', left);
		size_t len = nl != NULL ? (size_t)(nl - s) : left;
		bool is_continued;

		if (m->joined.len + len > MTREE_LINE_MAX) {
			m->first_line =
			    m->first_line ? m->first_line : m->line + 1;
			return fault_set(f, FAULT_INPUT,
			    "line is longer than %d bytes", MTREE_LINE_MAX);
		}
		if (nl == NULL)
			return 0;
		m->used += len + 1;
		m->line++;
		if (m->first_line == 0)
			m->first_line = m->line;
		is_continued = mtree_is_continued(s, len);
		*line = (struct word){ s, len };
		if (!is_continued && m->joined.len == 0)
			return 1;
		if (buf_add(&m->joined, s, len - is_continued, f) < 0 ||
		    (is_continued && buf_add(&m->joined, " ", 1, f) < 0))
			return -1;
		if (is_continued)
			continue;
		*line = (struct word){ m->joined.data, m->joined.len };
		return 1;
	}
}

int
mtree_next(struct mtree *m, struct spec *spec, struct fault *f)
{
	struct word line = { "", 0 };
	int r;

	for (;;) {
		r = next_line(m, &line, f);
		if (r > 0)
			r = parse_line(m, spec, line, f);
		else if (r == 0)
			return 0;
		if (r < 0)
			return fault_wrap(f, "%s:%u", m->name,
			    m->first_line > 0 ? m->first_line : m->line + 1);
		buf_reset(&m->joined);
		m->first_line = 0;
		if (r > 0)
			return 1;
	}
}

int
mtree_end(struct mtree *m, struct fault *f)
{
	if (m->used < m->in.len || m->joined.len > 0)
		return fault_set(f, FAULT_INPUT,
		    "%s:%u: last line has no newline (file cut short?)",
		    m->name, m->line + 1);
	if (m->note.line != 0)
		return fault_set(f, FAULT_INPUT,
		    "%s:%u: no entry follows the #amtree comment", m->name,
		    m->note.line);
	return 0;
}
