/*
 * A route statement being parsed: what the words said so far. Family rows and attribute rows fill
 * it; route.c makes routes of it.
 */
#pragma once

#include "attr.h"

#include "base/addr.h"
#include "bgp/attrs.h"
#include "bgp/family.h"
#include "lang/lex.h"

#include <stdbool.h>
#include <stdint.h>

/* What stands between the length of a prefix and its bits, labels and a route distinguisher: all of
 * it is counted in the length, in bits, which is a byte. */
#define DRAFT_HEAD_MAX (255 / 8)

struct draft {
	const struct family *family; /* NULL: not said, the prefix and the words decide */
	uint8_t safi;                /* that the words ask for, of a prefix; 0: they say nothing */
	struct attrs_build build;    /* its room is room */
	struct writer room;
	uint8_t next_hop[16];

	struct prefix prefix; /* of the families that are prefixes; no address: none */
	struct slice nlri;    /* of the others, in place: in nlri_room */
	uint8_t nlri_room[NLRI_MAX];
	uint8_t head[DRAFT_HEAD_MAX];
	size_t head_len;
	uint8_t labels[DRAFT_HEAD_MAX / 3 * 3]; /* as on the wire */
	size_t labels_len;
	uint8_t rd[8];
	bool has_rd;

	uint32_t path_id;
	bool has_path_id;
	bool has_split;
	uint8_t split; /* bits */
	bool withdrawn;
	bool acts;         /* it says what is to be done with what it matches */
	struct slice name; /* borrowed from the words; at == NULL: none */
	struct slice watchdog;

	bool plain; /* nothing but attributes and a next hop so far */
	uint8_t bytes[ATTRS_MAX];
};

void draft_init(struct draft *d);

/* The prefix of the statement, without host bits. */
void draft_prefix(struct draft *d, struct prefix p);
/* The same out of a word, for families that are prefixes. */
void draft_prefix_v4(struct lex *lx, struct draft *d);
void draft_prefix_v6(struct lex *lx, struct draft *d);
/* ": PREFIX" of one that has a prefix, for a sentence. */
void draft_said(const struct draft *d, struct text *to);
/* The labels that the words gave, as on the wire. */
struct slice draft_labels(const struct draft *d);
/* More bytes in front of the prefix; faults lx when there are too many. */
void draft_head(struct lex *lx, struct draft *d, struct slice bytes);
/* The NLRI in wire form, without path identifier, at most NLRI_MAX bytes; copied. */
void draft_nlri(struct draft *d, struct slice bytes);

/* Add a value to the set; the first of a code wins. Faults lx when the set becomes too long. */
void draft_add(struct lex *lx, struct draft *d, const struct attr *row, struct slice value);
/* Replace it. */
void draft_set(struct lex *lx, struct draft *d, const struct attr *row, struct slice value);

/* label, rd: behind the word. */
void label_parse(struct lex *lx, struct draft *d);
void rd_word_parse(struct lex *lx, struct draft *d);

/* One word with what belongs to it. False, with nothing taken, if no row knows it. */
bool draft_word(struct lex *lx, struct draft *d);
/* Words up to the end of the statement, or up to this one if it isn't NULL; faults lx at a word
 * that nobody knows. */
void draft_words(struct lex *lx, struct draft *d, const char *until);
/* { word ...; word ...; } behind the opening brace; takes the closing one. */
void draft_block(struct lex *lx, struct draft *d);
/* The same with words that a family has beside those of every route. */
typedef bool draft_taker(struct lex *lx, struct draft *d, void *said);
void draft_words_of(struct lex *lx, struct draft *d, draft_taker *word, void *said);
void draft_block_of(struct lex *lx, struct draft *d, draft_taker *word, void *said);

/* A name that nobody asks for, in front of a block. */
void draft_skip_name(struct lex *lx);

/* A list in words, "[ a b ]" or one value: while draft_list_more(), read one. */
struct draft_list {
	bool brackets;
	bool commas; /* fine between elements */
	size_t count;
};

struct draft_list draft_list_on(struct lex *lx, bool commas);
bool draft_list_more(struct lex *lx, struct draft_list *l);

/* A list, without commas, of values of size bytes, at most DRAFT_VALUE_MAX: take() reads one into
 * to, or faults lx. Written to w; how many. word: whose list it is, for when they are more than w
 * has room for. */
#define DRAFT_VALUE_MAX 20
typedef void draft_take_fn(struct lex *lx, uint8_t *to);
size_t draft_list_take(
    struct lex *lx, draft_take_fn *take, size_t size, const char *word, struct writer *w);
