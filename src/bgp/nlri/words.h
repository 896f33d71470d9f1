/* What families have in common that are more than a prefix: pieces of their bytes, words and
 * events. */
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

/* Length in bits, and an address of either AFI. */
struct slice nlri_addr_read(struct reader *r);
void nlri_addr_write(struct writer *w, const struct addr *a);

/* An address of the family's AFI; what completes "expected ...". */
struct addr nlri_addr(struct lex *lx, const struct family *f, const char *what);
/* The same behind a word. */
struct addr nlri_addr_words(struct lex *lx, const struct family *f, const char *word);
/* A prefix of either AFI that says its length; host bits are fine. */
struct prefix nlri_prefix(struct lex *lx);
/* rd A:B */
void nlri_rd_words(struct lex *lx, struct writer *w);
/* raw 0xHEX: the wire form of one NLRI, which is how one is said that has no words of its own. */
bool nlri_raw_words(struct lex *lx, struct draft *d);
/* Faults lx at words that only prefixes have. */
void nlri_settle(struct lex *lx, struct draft *d, const struct family *f, bool announce);

/* JSON "raw": "0A", WORDS raw 0x0a. */
void nlri_raw_emit(struct emit *e, struct slice bytes);
/* n pairs of hexadecimal digits between colons; what completes "expected ...". */
void nlri_pairs(struct lex *lx, uint8_t *to, size_t n, const char *what);

/* An NLRI in its spelling. text: the TEXT of one that is shown whole; NULL if that is its WORDS. */
typedef void nlri_speller(struct emit *e, const struct nlri *n);
void nlri_emit(struct emit *e, const struct nlri *n, nlri_speller *json, nlri_speller *words,
    nlri_speller *text);
/* path-information 1.2.3.4, if it has an identifier. */
void nlri_path_emit(struct emit *e, const struct nlri *n);
/* TEXT of an update: afi ipv4 safi mup. */
void nlri_family_emit(struct emit *e, const struct family *f);
/* Is that all which is to be said here? Then it has been. Else it is JSON, WORDS, or a TEXT that
 * shows the whole NLRI. */
bool nlri_brief(struct emit *e, const struct family *f);
/* An address out of its bytes. */
void nlri_addr_emit(struct emit *e, const struct spell *name, struct slice bytes);
/* 00:1A:2B, as ExaBGP has a MAC; or, as it has a segment, not in capitals. */
void nlri_pairs_emit(struct emit *e, const struct spell *name, struct slice bytes, bool capitals);
/* 10.0.0.0/24 out of as many bytes as there are. */
void nlri_prefix_put(struct text *t, uint16_t afi, struct slice bytes, unsigned bits);
/* "name": "12" */
void nlri_digits_emit(struct emit *e, const struct spell *name, uint32_t n);
