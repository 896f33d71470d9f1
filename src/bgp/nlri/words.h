/* What families that are no prefixes have in common: pieces of their words and of their events. */
#pragma once

#include "base/wire.h"
#include "bgp/family.h"
#include "draft.h"
#include "lang/emit.h"
#include "lang/lex.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes of an address of an AFI. */
static inline size_t
nlri_addr_len(uint16_t afi)
{
	return afi == 1 ? 4 : 16;
}

/* An address of the family's AFI; what completes "expected ...". */
struct addr nlri_addr(struct lex *lx, const struct family *f, const char *what);
/* The same behind a word. */
struct addr nlri_addr_words(struct lex *lx, const struct family *f, const char *word);
/* rd A:B */
void nlri_rd_words(struct lex *lx, struct writer *w);
/* raw 0xHEX: the wire form of one NLRI, which is how one is said that has no words of its own. */
bool nlri_raw_words(struct lex *lx, struct draft *d);
/* A whole family of them. */
void nlri_raw_parse(struct lex *lx, struct draft *d);
/* Faults lx at words that only prefixes have. */
void nlri_settle(struct lex *lx, struct draft *d, const struct family *f, bool announce);

/* JSON "raw": "0A", WORDS raw 0x0a. */
void nlri_raw_emit(struct emit *e, struct slice bytes);
/* TEXT of an update: afi ipv4 safi mup. */
void nlri_family_emit(struct emit *e, const struct family *f);
/* "name": "12" */
void nlri_digits_emit(struct emit *e, const struct spell *name, uint32_t n);
