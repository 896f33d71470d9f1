/* EVPN: RFC 7432 7, RFC 9136 3.1. What an NLRI is made of, and its words. */
#pragma once

#include "bgp/family.h"

#define ESI_LEN  10
#define MAC_LEN  6
#define MAC_BITS 48

enum evpn_type { EVPN_AUTO = 1, EVPN_MAC, EVPN_MULTICAST, EVPN_SEGMENT, EVPN_PREFIX, EVPN_TYPES };

/* What is there of a type; at == NULL: not part of it, or of a type that is not known. */
struct evpn {
	uint8_t type;
	struct slice rd;
	struct slice esi;
	struct slice tag;
	struct slice mac;
	uint8_t bits; /* of ip, where it is a prefix */
	struct slice ip;
	struct slice gateway;
	struct slice labels; /* one field of 3 bytes, or two */
};

/* r is bad afterwards if it is malformed. */
struct evpn evpn_read(struct reader *r);
/* The parts of a type that is known, in the words that evpn_parse() reads. */
void evpn_words(struct emit *e, const struct nlri *n);
/* KIND and its words, or raw, and all the words of a route behind them. */
void evpn_parse(struct lex *lx, struct draft *d);
/* The same with braces, behind "evpn". */
void evpn_statement(struct lex *lx, struct draft *d);
/* esi: behind the word. */
void esi_parse(struct lex *lx, uint8_t to[ESI_LEN]);
