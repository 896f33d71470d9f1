/* FlowSpec: RFC 8955, RFC 8956. The components of a rule, as the wire and as words have them. */
#pragma once

#include "base/slice.h"
#include "base/wire.h"
#include "lang/emit.h"

#include <stdbool.h>
#include <stdint.h>

enum flow_type {
	FLOW_DESTINATION = 1,
	FLOW_SOURCE,
	FLOW_PROTOCOL,
	FLOW_PORT,
	FLOW_DESTINATION_PORT,
	FLOW_SOURCE_PORT,
	FLOW_ICMP_TYPE,
	FLOW_ICMP_CODE,
	FLOW_TCP_FLAGS,
	FLOW_PACKET_LENGTH,
	FLOW_DSCP,
	FLOW_FRAGMENT,
	FLOW_FLOW_LABEL, /* of IPv6 only */
	FLOW_TYPES = FLOW_FLOW_LABEL
};

enum flow_kind { FLOW_PREFIX, FLOW_NUMBER, FLOW_BITS };

/* An operator byte: RFC 8955 4.2.1. */
enum flow_op {
	OP_LAST = 0x80,
	OP_AND = 0x40,
	OP_LEN = 0x30, /* log2 of the bytes of the value */
	OP_LESS = 4,
	OP_GREATER = 2,
	OP_EQUAL = 1,
	OP_NUMBER = 7,
	OP_NOT = 2,
	OP_MATCH = 1,
	OP_BITS = 3,
};

struct flow_name {
	const char *word;
	uint16_t value;
};

enum flow_trait {
	FLOW_NAMES_SHOWN = 1, /* in events; else names are for words only */
	FLOW_SERVICES = 2,
};

struct flow_row {
	uint8_t type;
	uint8_t kind;   /* enum flow_kind */
	const char *v4; /* NULL: IPv6 only */
	const char *v6;
	const struct flow_name *names; /* up to the first without a word */
	uint32_t most;                 /* value that words may give */
	uint8_t size;                  /* bytes of the longest value that is sent */
	uint8_t traits;
};

extern const struct flow_name flow_services[];
extern const size_t flow_services_count;

const struct flow_row *flow_row(uint8_t type); /* NULL: unknown */
const struct flow_row *flow_row_of(struct slice word);
bool flow_value_of(const struct flow_row *row, struct slice word, uint64_t *to);
const char *flow_name_of(const struct flow_row *row, uint64_t value); /* NULL: none is shown */

/* A component as it stands in a rule. */
struct flow_component {
	const struct flow_row *row;
	struct slice body; /* behind the type */
};

/* An operator and its value. */
struct flow_term {
	uint8_t op;
	uint64_t value;
};

/*
 * How prefixes stand in a rule. Of IPv6 the bytes in front of the offset are there, as ExaBGP has
 * it and we send it, or only what is compared is, as RFC 8956 3.1 has it: the short form.
 */
enum flow_form { FLOW_V4, FLOW_V6, FLOW_V6_SHORT };

/* On the way through the components of a rule. */
struct flow_walk {
	struct reader r;
	enum flow_form form;
};

/* The next component; w->r is bad afterwards if there is none, or one that is not known. */
struct flow_component flow_component_take(struct flow_walk *w);
/* The next term of a component's body, whose row is no FLOW_PREFIX. */
struct flow_term flow_term_take(struct reader *r);

struct family;
struct nlri;

/* The components of an NLRI; rd: what stands in front of them, empty where the family has none. */
struct flow_walk flow_components(const struct family *f, struct slice nlri, struct slice *rd);
/* A rule that is sound, in any spelling. */
void flow_emit(struct emit *e, const struct nlri *n);

#define FLOW_MOST 4095 /* bytes of a rule, without the length in front: RFC 8955 4.1 */

struct lex;
struct draft;

/* The words of a rule. flow_parse: behind "ipv4 flow"; flow_statement: behind "flow route", a block
 * too. */
void flow_parse(struct lex *lx, struct draft *d);
void flow_statement(struct lex *lx, struct draft *d);

/* What is to be done with what matches; false, with nothing taken: no such word. */
bool flow_action(struct lex *lx, struct draft *d);
