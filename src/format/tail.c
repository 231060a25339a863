/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/tail.h"

#include "base/buf.h"

#include <stdint.h>
#include <string.h>

enum {
	REACH = 384 * 1024, /* bytes; libdeflate's blocks are shorter */
	TRIES_MAX = 10000, /* headers to look into; chance makes fewer */
	CODE_BITS = 15, /* longest code word */
	LENGTH_BITS = 7, /* longest code word for code lengths */
	LENGTHS = 19, /* symbols that describe code lengths */
	LITERALS = 286, /* symbols of literals and lengths in use */
	DISTANCES = 30,
	END_OF_BLOCK = 256,
	FAST_BITS = 9, /* code words found by one look into a table */
	INVALID = 0xffff,
};

/* A canonical Huffman code. */
struct code {
	uint16_t count[CODE_BITS + 1]; /* words of each length */
	uint16_t symbol[LITERALS]; /* in the order of their words */
	uint16_t fast[1 << FAST_BITS]; /* symbol << 4 | length; 0: not here */
};

struct block {
	struct code literal, distance;
};

/* At least 57 bits from `bit` on; behind the end there are zeros. */
static uint64_t
peek(const struct buf *s, size_t bit)
{
	const size_t at = bit / 8, left = at < s->len ? s->len - at : 0;
	const unsigned char *p = (const unsigned char *)s->data + s->len - left;
	uint64_t v = 0;

	if (left >= 8) {
		/* One load where the machine has this byte order. */
		v = (uint64_t)p[0] | (uint64_t)p[1] << 8 |
		    (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
		    (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
		    (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
	} else {
		for (size_t i = 0; i < left; i++)
			v |= (uint64_t)p[i] << 8 * i;
	}
	return v >> bit % 8;
}

static unsigned
low(uint64_t v, unsigned bits)
{
	return (unsigned)(v & ((1U << bits) - 1));
}

/* Words go into the stream from their highest bit on. */
static unsigned
reversed(unsigned word, unsigned bits)
{
	unsigned r = 0;

	for (; bits > 0; bits--, word >>= 1)
		r = r << 1 | (word & 1);
	return r;
}

static void
fill_fast(struct code *c, unsigned word, unsigned symbol, unsigned bits)
{
	if (bits > FAST_BITS)
		return;
	for (unsigned i = reversed(word, bits); i < 1U << FAST_BITS;
	     i += 1U << bits)
		c->fast[i] = (uint16_t)(symbol << 4 | bits);
}

/* True if the lengths make a code without gaps, or of one word at most. */
static bool
set_code(struct code *c, const unsigned char *lengths, unsigned n)
{
	unsigned next[CODE_BITS + 2] = { 0 }, place[CODE_BITS + 2] = { 0 };
	unsigned used = 0;

	memset(c, 0, sizeof(*c));
	for (unsigned i = 0; i < n; i++)
		c->count[lengths[i]]++;
	c->count[0] = 0;
	for (unsigned bits = 1; bits <= CODE_BITS; bits++) {
		used += (unsigned)c->count[bits] << (CODE_BITS - bits);
		next[bits + 1] = (next[bits] + c->count[bits]) << 1;
		place[bits + 1] = place[bits] + c->count[bits];
	}
	if (used != 1U << CODE_BITS && place[CODE_BITS + 1] > 1)
		return false;
	for (unsigned i = 0; i < n; i++) {
		const unsigned bits = lengths[i];

		if (bits == 0)
			continue;
		c->symbol[place[bits]++] = (uint16_t)i;
		fill_fast(c, next[bits]++, i, bits);
	}
	return true;
}

/* The symbol that `v` begins with, its length added to `*used`; or INVALID. */
static unsigned
decode(const struct code *c, uint64_t v, unsigned *used)
{
	const unsigned fast = c->fast[low(v, FAST_BITS)];
	unsigned word = 0, first = 0, index = 0;

	if (fast != 0) {
		*used += fast & 15;
		return fast >> 4;
	}
	for (unsigned bits = 1; bits <= CODE_BITS; bits++, v >>= 1) {
		const unsigned count = c->count[bits];

		word |= low(v, 1);
		if (word - first < count) {
			*used += bits;
			return c->symbol[index + word - first];
		}
		index += count;
		first = (first + count) << 1;
		word <<= 1;
	}
	return INVALID;
}

/*
 * Does a final block (1) with codes of its own (2) begin with these bits?  A
 * cheap look at the counts and the first code, which all but one in thousands
 * fail.
 */
static bool
looks_like_header(uint64_t v)
{
	const unsigned n = low(v >> 13, 4) + 4;
	unsigned used = 0;

	if (low(v, 3) != (1 | 2 << 1) || low(v >> 3, 5) > LITERALS - 257 ||
	    low(v >> 8, 5) > DISTANCES - 1)
		return false;
	v >>= 17;
	/* What peek() gives has room for 13 lengths; more are seen later. */
	for (unsigned i = 0; i < n && i < 13; i++, v >>= 3)
		used += (1U << LENGTH_BITS) >> low(v, 3) &
		    ((1U << LENGTH_BITS) - 1);
	return n > 13 ? used <= 1U << LENGTH_BITS : used == 1U << LENGTH_BITS;
}

/* Read the code for code lengths and move `*bit` behind it. */
static bool
read_lengths_code(struct code *c, const struct buf *s, size_t *bit)
{
	static const unsigned char order[LENGTHS] = { 16, 17, 18, 0, 8, 7, 9, 6,
		10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	const unsigned n = low(peek(s, *bit + 13), 4) + 4;
	unsigned char lengths[LENGTHS] = { 0 };

	*bit += 17;
	for (unsigned i = 0; i < n; i++, *bit += 3)
		lengths[order[i]] = (unsigned char)low(peek(s, *bit), 3);
	return set_code(c, lengths, LENGTHS);
}

/* Read `n` code lengths, some of which stand for repetitions. */
static bool
read_lengths(unsigned char *lengths, unsigned n, const struct code *c,
    const struct buf *s, size_t *bit)
{
	static const struct repeat {
		unsigned least, extra;
	} repeats[] = { { 3, 2 }, { 3, 3 }, { 11, 7 } };

	for (unsigned i = 0; i < n;) {
		uint64_t v = peek(s, *bit);
		unsigned used = 0, times = 1;
		const unsigned symbol = decode(c, v, &used);
		unsigned char length = (unsigned char)symbol;

		if (symbol == INVALID || (symbol == 16 && i == 0))
			return false;
		if (symbol >= 16) {
			const struct repeat *r = &repeats[symbol - 16];

			length = symbol == 16 ? lengths[i - 1] : 0;
			times = r->least + low(v >> used, r->extra);
			used += r->extra;
		}
		*bit += used;
		if (times > n - i || *bit > s->len * 8)
			return false;
		memset(lengths + i, length, times);
		i += times;
	}
	return true;
}

static bool
read_header(struct block *b, const struct buf *s, size_t *bit)
{
	const uint64_t v = peek(s, *bit);
	const unsigned literals = low(v >> 3, 5) + 257;
	const unsigned distances = low(v >> 8, 5) + 1;
	unsigned char lengths[LITERALS + DISTANCES] = { 0 };
	struct code c;

	return read_lengths_code(&c, s, bit) &&
	    read_lengths(lengths, literals + distances, &c, s, bit) &&
	    lengths[END_OF_BLOCK] != 0 &&
	    set_code(&b->literal, lengths, literals) &&
	    set_code(&b->distance, lengths + literals, distances);
}

/* The bits that follow a length or a distance: RFC 1951, 3.2.5. */
static unsigned
length_extra(unsigned symbol)
{
	return symbol < 265 || symbol == 285 ? 0 : (symbol - 261) / 4;
}

static unsigned
distance_extra(unsigned symbol)
{
	return symbol < 4 ? 0 : symbol / 2 - 1;
}

/* Follow the block from its first symbol to behind its last. */
static bool
skip_symbols(const struct block *b, const struct buf *s, size_t *bit)
{
	unsigned symbol = 0;

	while (symbol != END_OF_BLOCK && *bit < s->len * 8) {
		const uint64_t v = peek(s, *bit);
		unsigned used = 0;

		symbol = decode(&b->literal, v, &used);
		if (symbol == INVALID)
			return false;
		if (symbol > END_OF_BLOCK) {
			used += length_extra(symbol);
			symbol = decode(&b->distance, v >> used, &used);
			if (symbol == INVALID)
				return false;
			used += distance_extra(symbol);
			symbol = 0;
		}
		*bit += used;
	}
	return symbol == END_OF_BLOCK;
}

/*
 * The block that begins at `begin` is whole and ends with the stream, but for
 * zeros that fill the last byte.
 */
static bool
is_last_block(struct tail *t, const struct buf *s, size_t begin)
{
	struct block b;
	size_t end = begin;

	if (!read_header(&b, s, &end) || !skip_symbols(&b, s, &end) ||
	    (end + 7) / 8 != s->len || peek(s, end) != 0)
		return false;
	*t = (struct tail){ .begin = begin, .end = end };
	return true;
}

bool
tail_guess(struct tail *t, const struct buf *stream)
{
	const size_t stop = stream->len > REACH ? stream->len - REACH : 0;
	unsigned tries = 0;

	for (size_t byte = stream->len; byte-- > stop;) {
		const uint64_t v = peek(stream, byte * 8);

		for (unsigned bit = 0; bit < 8; bit++) {
			if (!looks_like_header(v >> bit))
				continue;
			if (is_last_block(t, stream, byte * 8 + bit))
				return true;
			/* data made to look like headers shall not hold us */
			if (++tries == TRIES_MAX)
				return false;
		}
	}
	return false;
}
