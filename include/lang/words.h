/*
 * Settings as rows {word, slot, limits, help}: the same rows read a value, refuse it, copy it,
 * write it back, and tell a manual what it is. A row knows where in a struct its value stands.
 *
 * A value is one word. Words with a grammar of their own (lists, routes) are no settings.
 */
#pragma once

#include "base/arena.h"
#include "base/slice.h"
#include "base/text.h"
#include "lang/lex.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum slot {
	SLOT_BOOL,   /* bool: true enable enabled yes 1, false disable disabled no 0, in any case */
	SLOT_U16,    /* uint16_t */
	SLOT_INT,    /* int */
	SLOT_SPAN,   /* int, milliseconds: 500ms, 2s, or 2 for the same; min and max too */
	SLOT_RATE,   /* struct rate: 5/60s is so often in a time; true: as usual, false: never */
	SLOT_CHOICE, /* int: nothing but its choices */
	SLOT_ASN,    /* uint32_t: decimal or high.low */
	SLOT_ID,     /* uint32_t in host order, as an IPv4 address */
	SLOT_ADDR,   /* struct addr */
	SLOT_PREFIX, /* struct prefix: an address or a range, host bits allowed */
	SLOT_STRING, /* char *, never NULL; min and max are of its length */
};

enum setting_trait {
	SETTING_ENABLE = 1,      /* a bool written as enable, disable */
	SETTING_QUOTED = 2,      /* written in quotes even when it needs none */
	SETTING_IF_SET = 4,      /* written only when it is not what it is initially */
	SETTING_SILENT = 8,      /* never written */
	SETTING_SESSION = 16,    /* a change of it needs a new session */
	SETTING_IPV4 = 32,       /* an address that is IPv4 */
	SETTING_LINK_LOCAL = 64, /* an address in fe80::/10 */
};

struct rate {
	int count; /* RATE_NEVER; RATE_USUAL: nobody says */
	int msec;
};

#define RATE_NEVER (-1)
#define RATE_USUAL 0

struct choice {           /* a word that stands for a value; of an address: for none */
	const char *word; /* NULL ends the list */
	int value;
};

struct setting {
	const char *word;
	enum slot slot;
	uint32_t traits;
	size_t offset;
	int64_t min;
	int64_t max;                  /* 0: what the slot holds; of a string: any length */
	const struct choice *choices; /* the first that fits is written; may be NULL */
	const char *initial;          /* as a word; NULL: zero, or an empty string */
	const char *bare;             /* what the keyword alone means; NULL: it needs a value */
	const char *expects;          /* completes "expected ..." */
	const char *known;            /* what ExaBGP says of a bad value, % is the word; or NULL */
	const char *help;
};

struct settings { /* at most 64: given is their bits */
	const struct setting *at;
	size_t count;
};

#define SETTINGS(rows)                                                                             \
	{                                                                                          \
		rows, sizeof(rows) / sizeof((rows)[0])                                             \
	} /* an initializer */

bool word_bool(struct slice word, bool *to);

/* The row of this word, or NULL. */
const struct setting *setting_of(const struct settings *s, struct slice word);
/* A value out of one word; strings are copied into the arena. False: not a value of this row. */
bool setting_read(const struct setting *row, struct slice word, struct arena *strings, void *to);
/* Behind the keyword: takes a value, or faults lx. */
void setting_parse(const struct setting *row, struct lex *lx, struct arena *strings, void *to);
void setting_print(const struct setting *row, const void *from, struct text *to); /* the value */
bool setting_same(const struct setting *row, const void *a, const void *b);

/* Every slot gets its initial value. */
void settings_init(const struct settings *s, struct arena *strings, void *to);
/* The slots of these bits; strings are shared. */
void settings_copy(const struct settings *s, uint64_t given, const void *from, void *to);
static inline uint64_t
setting_bit(const struct settings *s, const struct setting *row)
{
	return UINT64_C(1) << (row - s->at);
}
/* "word value;" lines with this indent, of what is to be written. */
void settings_print(
    const struct settings *s, const void *from, const char *indent, struct text *to);
/* Are all slots with any of these traits the same? */
bool settings_same(const struct settings *s, uint32_t traits, const void *a, const void *b);
