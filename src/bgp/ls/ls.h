/*
 * Link state: what a TLV is called and how its value is laid out. One row serves JSON, words and
 * bytes; the kinds of fields know how each is told and read. RFC 9552 5.
 *
 * Words that would not give exactly the bytes they came from are never used: such a TLV is said by
 * its number and bytes.
 */
#pragma once

#include "base/text.h"
#include "base/wire.h"
#include "lang/lex.h"

#include <stdbool.h>
#include <stdint.h>

enum ls_kind {
	LS_END,         /* behind the last field */
	LS_FLAGS,       /* { "A": 1, ..., "RSV": 0 }   A, [ A B ] or 0x80 */
	LS_FLAGS_OTHER, /* the same in JSON, whose names stand at other bits than the RFC's: only
			   0x80 */
	LS_FLAG_O,      /* { "O": 1 }                  0x80 */
	LS_FLAGS_NONE,  /* [ ]                         0x80 */
	LS_NUMBER,      /* 1                           1 */
	LS_METRIC, /* 1                           1; of another width than the field's: 1 width 2 */
	LS_AREA,   /* "1"                         1; where zeroes lead: 0x000001 */
	LS_NUMBERS, /* [1, 2], each of width bytes [ 1 2 ] */
	LS_FLOAT,   /* 1.5                         1.5; of what is no number the bits: 0x7f800000 */
	LS_FLOATS,  /* [1.5, 2.5]                  [ 1.5 2.5 ] */
	LS_LOSS,    /* percent, in units of 0.000003: RFC 8571 2.4 */
	LS_ANOMALOUS, /* the first bit: true */
	LS_ADDR,      /* "10.0.0.1"                  10.0.0.1 */
	LS_HEX,       /* "0a01"                      0x0a01 */
	LS_STRING,    /* "name"                      name */
	LS_SID,       /* [16000]                     label 16000 (3 bytes) or index 100 (4 bytes) */
	LS_SID_ODD,   /* what is neither: ["0a"]     no words */
	LS_RANGES,    /* [[100, 16000]]              [ 100 label 16000 50 index 7 ] */
	LS_STRUCTURE, /* of a SID, where it is there */
	LS_OTHERS,    /* "unknown-subtlv-9": "0x01" for each TLV that is not it; no words */
	LS_OTHERS_5,  /* "9-undecoded": "0x01"       the same, in 5.0 */
	LS_TLVS,      /* no JSON of its own          [ word value ... ] */
	LS_SUBS,      /* the same, in the order of the words */
	LS_MASKED,    /* the same                    ls_masked_say() */
	LS_ROUTER,    /* the same                    RFC 9552 5.2.1.4 */
	LS_PREFIX,    /* the same                    10.0.0.0/24; width bytes at most */
	LS_KINDS
};

enum ls_type { LS_NODE = 1, LS_LINK, LS_PREFIX_V4, LS_PREFIX_V6, LS_SRV6_SID = 6 };

struct ls_table;

struct ls_field {
	const char *name; /* NULL: the value is the field */
	enum ls_kind kind;
	uint8_t at;               /* where it begins in the value */
	uint8_t width;            /* bytes; what has no width ends with the value */
	const char *const *flags; /* from the left, up to NULL */
	const struct ls_table *tlvs;
};

enum ls_trait {
	LS_LIST = 1,    /* all of them are told in one list */
	LS_BARE = 2,    /* its fields are told without an object around them */
	LS_GENERIC = 4, /* JSON tells it as bytes */
	LS_NEEDED = 8,  /* stands there once */
	LS_OUTER = 16,  /* has TLVs inside, and no words inside of another: nesting has an end */
};

struct ls_row {
	uint16_t type;
	uint16_t least; /* bytes; what is of another length is told as bytes */
	uint16_t most;  /* 0: any */
	uint16_t unit;  /* a multiple of this above least; 0: any */
	unsigned traits;
	const char *name; /* the member of JSON, and the word */
	const struct ls_field *fields;
	uint16_t type_v6; /* of the row of this name that has IPv6 addresses; 0: none */
};

struct ls_table {
	const char *name;    /* what has these words, for faults */
	const char *generic; /* what stands before the number of the others */
	const struct ls_row *rows;
	size_t count;
	unsigned without; /* rows with these traits */
};

struct ls_tlv {
	uint16_t type;
	struct slice value;
};

static inline struct ls_tlv
ls_take(struct reader *r)
{
	struct ls_tlv t = { .type = read_u16(r) };

	t.value = read_slice(r, read_u16(r));
	return t;
}

extern const struct ls_table ls_attribute;   /* attribute 29 */
extern const struct ls_table ls_descriptors; /* of a node */

/* The table of an NLRI type, or NULL. RFC 9552 5.2, RFC 9514 6 */
const struct ls_table *ls_nlri_table(uint16_t type);

/* Kinds that only JSON tells; their bytes are said by another field, or not. */
static inline bool
ls_is_told_only(enum ls_kind kind)
{
	return kind == LS_SID_ODD || kind == LS_OTHERS || kind == LS_OTHERS_5;
}

/* The bytes of a field in a value that fits its row. */
struct slice ls_field_of(const struct ls_field *f, struct slice value);
/* Bytes in front of the field that ends with the value; all of them without one. */
size_t ls_fixed(const struct ls_row *row);
const struct ls_row *ls_row_of(const struct ls_table *table, uint16_t type); /* or NULL */
bool ls_fits(const struct ls_row *row, size_t len);
uint64_t ls_number(struct slice v);
size_t ls_least_bytes(uint64_t n); /* that hold it */
#define LS_LOSS_UNIT  0.000003     /* percent: RFC 8571 2.4 */
#define LS_DESIGNATED "designated-router-id"
/* The structure of a SID (4 bytes) among its sub-TLVs; the first of several: RFC 9514 4, 8. */
bool ls_structure(struct slice subs, struct slice *to);
extern const struct ls_row ls_structure_row;
#define LS_SUB_SID 1161 /* SID/Label: RFC 9085 2.1.1 */

/* TLVs in ascending order: RFC 9552 5.1. They fit their bytes. */
void ls_sort(uint8_t *at, size_t len);

/* How JSON of 6.0, or of before, tells an attribute's TLV: NULL as bytes. */
const struct ls_row *ls_told(const struct ls_tlv *tlv, bool six);
/* A value that fits its row; the members alone of what is LS_BARE. */
void ls_json(struct text *to, const struct ls_row *row, struct slice value);

/* The fields of a row, by what their words do. */
void ls_field_say(struct text *to, const struct ls_field *f, struct slice value);
void ls_field_parse(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w);

/* ( name value ... ), or the value of the only field. */
void ls_value_say(struct text *to, const struct ls_row *row, struct slice value);
void ls_value_parse(struct lex *lx, const struct ls_row *row, struct writer *w);

/*
 * ( standard-applications 0xBYTES user-applications 0xBYTES sub-tlvs [ ... ] ): masks of any length
 * in front of TLVs. RFC 9294 2
 */
void ls_masked_say(struct text *to, const struct ls_field *f, struct slice value);
void ls_masked_parse(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w);

/* All TLVs as words, with a blank between. */
void ls_say(struct text *to, const struct ls_table *table, struct slice tlvs);
/* Words up to one that isn't the table's, which is not taken; faults lx. */
void ls_parse(struct lex *lx, const struct ls_table *table, struct writer *w);
/* [ ... ] */
void ls_parse_list(struct lex *lx, const struct ls_table *table, struct writer *w);
