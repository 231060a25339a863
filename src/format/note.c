/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/note.h"

#include "base/arena.h"
#include "base/fault.h"
#include "format/caps.h"
#include "format/deed.h"
#include "format/spec.h"
#include "format/value.h"
#include "format/word.h"

#include <string.h>

enum { SHOWN = 40 };

static int
parse_binds(struct note *note, struct word list, struct fault *f)
{
	for (;;) {
		const char *comma = memchr(list.s, ',', list.len);
		struct word name = list;
		unsigned bit;

		if (comma != NULL)
			name.len = (size_t)(comma - list.s);
		if (keyword_bit(&bit, name, f) < 0)
			return -1;
		if ((bit & KEYWORD_BINDABLE) == 0)
			return fault_set(f, FAULT_INPUT,
			    "'%.*s' cannot be bound", (int)name.len, name.s);
		note->binds |= bit;
		if (comma == NULL)
			return 0;
		list.s += name.len + 1;
		list.len -= name.len + 1;
	}
}

/* The value of a hex digit, as we write them; 16 for what is none. */
static unsigned
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	unsigned n = 0;

	while (digits[n] != '\0' && digits[n] != c)
		n++;
	return n;
}

/* False for a text too, which may begin with a number in hex: "0xd=p". */
static bool
is_hex(struct word v)
{
	const size_t prefix = strlen(NOTE_HEX);

	if (v.len < prefix || memcmp(v.s, NOTE_HEX, prefix) != 0)
		return false;
	for (size_t i = prefix; i < v.len; i++) {
		if (hex_digit(v.s[i]) > 15)
			return false;
	}
	return true;
}

/* The value that stands there in hex; it has to be one that a file can have. */
static const struct xattr *
make_value(struct arena *a, struct word hex, struct fault *f)
{
	const char *digits = hex.s + strlen(NOTE_HEX);
	const size_t count = hex.len - strlen(NOTE_HEX), len = count / 2;
	struct xattr *caps = arena_alloc(a, sizeof(*caps), f);
	unsigned char *value = arena_alloc(a, len + 1, f);
	struct buf text = BUF_INIT;
	int r;

	if (caps == NULL || value == NULL)
		return NULL;
	for (size_t i = 0; i < len; i++)
		value[i] = (unsigned char)(hex_digit(digits[2 * i]) << 4 |
		    hex_digit(digits[2 * i + 1]));
	r = count % 2 == 0
	    ? caps_format(&text, value, len, f)
	    : fault_set(f, FAULT_INPUT, "odd number of hex digits");
	buf_release(&text);
	if (r < 0)
		return NULL;
	*caps = (struct xattr){
		.name = ENTRY_CAPS_XATTR, .value = value, .len = len
	};
	return caps;
}

/* The value of security.capability that `text` stands for. */
static const struct xattr *
make_caps(struct arena *a, const struct buf *text, struct fault *f)
{
	struct xattr *caps = arena_alloc(a, sizeof(*caps), f);
	unsigned char *value = arena_alloc(a, CAPS_XATTR_LEN, f);

	if (caps == NULL || value == NULL ||
	    caps_parse(value, text->data, text->len, f) < 0)
		return NULL;
	*caps = (struct xattr){
		.name = ENTRY_CAPS_XATTR, .value = value, .len = CAPS_XATTR_LEN
	};
	return caps;
}

int
note_parse_caps(const struct xattr **caps, struct value_reader *r,
    struct word v, struct fault *f)
{
	*caps = NULL;
	if (word_is(v, NOTE_NO_CAPS))
		return 0;
	if (is_hex(v))
		*caps = make_value(r->arena, v, f);
	else if (value_decode(r, v, f) == 0)
		*caps = make_caps(r->arena, &r->text, f);
	return *caps == NULL ? -1 : 0;
}

static const char *
find_deed(const struct deed_list *by, struct word text)
{
	for (int i = 0; by != NULL && i < DEED_PARTS; i++) {
		if (by->of[i] != NULL && word_is(text, by->of[i]))
			return by->of[i];
	}
	return NULL;
}

/* One command does much: give equal deeds one string. */
static const char *
intern_deed(struct value_reader *r, const struct deed_list *by, struct fault *f)
{
	const struct word text = { r->text.data, r->text.len };
	const char *deed = find_deed(by, text);

	if (deed == NULL)
		deed = find_deed(r->by, text);
	return deed != NULL ? deed
			    : arena_string(r->arena, text.s, text.len, f);
}

/* "PART[,PART]...:DEED" */
static int
parse_by(struct value_reader *r, struct deed_list *by, struct word v,
    struct fault *f)
{
	unsigned taken = 0, parts;
	const char *text;

	for (int i = 0; i < DEED_PARTS; i++)
		taken |= by->of[i] != NULL ? 1u << i : 0;
	if (deed_cut_parts(&parts, taken, &v, f) < 0 ||
	    value_decode(r, v, f) < 0 ||
	    deed_check(r->text.data, r->text.len, f) < 0)
		return -1;
	text = intern_deed(r, by, f);
	for (int i = 0; i < DEED_PARTS; i++) {
		if ((parts & 1u << i) != 0)
			by->of[i] = text;
	}
	return text == NULL ? -1 : 0;
}

/* Lines that stem from the same deeds share what says so. */
static int
keep_deeds(struct note *note, struct value_reader *r,
    const struct deed_list *by, struct fault *f)
{
	static const struct deed_list nobody;
	struct deed_list *copy;

	if (memcmp(by, &nobody, sizeof(nobody)) == 0)
		return 0;
	if (r->by == NULL || memcmp(by, r->by, sizeof(*by)) != 0) {
		copy = arena_alloc(r->arena, sizeof(*copy), f);
		if (copy == NULL)
			return -1;
		*copy = *by;
		r->by = copy;
	}
	note->by = r->by;
	return 0;
}

/* Words that go together with others, or not. */
static int
check_words(const struct note *note, struct fault *f)
{
	const bool is_recorded = (note->has & KEYWORD_RECORDED) != 0;

	if (is_recorded && (note->has & KEYWORD_CREATE) != 0)
		return fault_set(f, FAULT_INPUT,
		    "'create' and 'recorded' in one #amtree comment: what was "
		    "recorded was there");
	if (!is_recorded && note->by != NULL)
		return fault_set(f, FAULT_INPUT,
		    "'by=' without 'recorded' in an #amtree comment");
	return 0;
}

int
note_parse(struct note *note, struct value_reader *r, struct word words,
    unsigned line, struct fault *f)
{
	struct deed_list by = { 0 };
	struct word word, name, v = { 0 };
	int ret = 0;

	*note = (struct note){ .line = line };
	while (ret == 0 && word_next(&words, &word)) {
		const bool has_value = word_split(word, &name, &v);

		if (has_value && word_is(name, "bind")) {
			note->has_binds = true;
			ret = parse_binds(note, v, f);
		} else if (has_value && word_is(name, "caps")) {
			note->has |= KEYWORD_CAPS;
			ret = note_parse_caps(&note->caps, r, v, f);
		} else if (has_value && word_is(name, "by")) {
			ret = parse_by(r, &by, v, f);
		} else if (word_is(word, "create")) {
			note->has |= KEYWORD_CREATE;
		} else if (word_is(word, "recorded")) {
			note->has |= KEYWORD_RECORDED;
		} else {
			ret = fault_set(f, FAULT_INPUT,
			    "unknown word '%.*s' in an #amtree comment",
			    word.len < SHOWN ? (int)word.len : SHOWN, word.s);
		}
	}
	if (!note->has_binds)
		note->binds = KEYWORD_BINDABLE;
	if (ret < 0 || keep_deeds(note, r, &by, f) < 0)
		return -1;
	return check_words(note, f);
}

/* Only what binds can be someone's deed. */
static int
apply_deeds(const struct note *note, struct spec *spec, struct fault *f)
{
	const unsigned parts = deed_parts(spec->binds);

	for (int i = 0; note->by != NULL && i < DEED_PARTS; i++) {
		if (note->by->of[i] != NULL && (parts & 1u << i) == 0)
			return fault_set(f, FAULT_INPUT,
			    "the #amtree comment says who did what the entry "
			    "does not bind");
	}
	spec->by = note->by;
	return 0;
}

int
note_apply(const struct note *note, struct spec *spec, struct fault *f)
{
	spec->binds = spec->has & KEYWORD_BINDABLE;
	if (note->line == 0)
		return 0;
	spec->has |= note->has;
	spec->caps = note->caps;
	if (note->has_binds && (note->binds & ~spec->has) != 0)
		return fault_set(f, FAULT_INPUT,
		    "the #amtree comment binds a keyword that the entry does "
		    "not state");
	spec->binds = spec->has & note->binds;
	if ((note->has & KEYWORD_RECORDED) != 0)
		spec_set_recorded(spec);
	return apply_deeds(note, spec, f);
}
