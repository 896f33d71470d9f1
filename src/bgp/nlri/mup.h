/*
 * Mobile user plane: segments and sessions. draft-mpmz-bess-mup-safi. Architecture (1), type (2),
 * length (1), value; what has another architecture or type is kept as it is.
 */
#pragma once

#include "bgp/family.h"

#define MUP_3GPP_5G   1
#define MUP_TEID_BITS 32

enum mup_type { MUP_ISD = 1, MUP_DSD, MUP_T1ST, MUP_T2ST };

struct mup {
	uint8_t arch;
	uint16_t type;
	bool known; /* else nothing follows */
	struct slice rd;
	unsigned bits; /* of the prefix; of endpoint and TEID of type 4 */
	struct slice prefix;
	uint32_t teid;
	unsigned teid_bits;
	uint8_t qfi;
	struct slice endpoint; /* an address: the direct segment too */
	bool has_source;
	struct slice source; /* may have no bytes */
};

/* Of an NLRI that passed; borrows it. */
struct mup mup_of(const struct nlri *n);
/* The word of a type that is known. */
const char *mup_kind(const struct mup *m);
/* In the words that mup_parse() reads; raw, where none say exactly these bytes. */
void mup_words(struct emit *e, const struct nlri *n);
/* mup-KIND and its words, or raw. */
void mup_parse(struct lex *lx, struct draft *d);
