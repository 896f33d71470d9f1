/* Bits of struct emit's shape: where the JSON and text of the dialects differ in shape, not in
 * names. Zero is ExaBGP 5.0's shape. A dialect is a row that sets them (api/dialect.h). */
#pragma once

enum shape {
	SHAPE_AS_PATH_FLAT = 1 << 0,    /* 4.2: "as-path": [ 1, 2 ], "confederation-path": [] */
	SHAPE_WIRE_ORDER = 1 << 1,      /* 6.0: communities as they came; 5.0 sorts */
	SHAPE_LABEL_RAW = 1 << 2,       /* 6.0: labels with their 24 bits */
	SHAPE_EXT_HEX = 1 << 3,         /* 6.0: unknown extended communities as hex, 5.0: empty */
	SHAPE_NEXT_HOP_INSIDE = 1 << 4, /* 6.0: next-hop in the attributes if there are withdraws */
	SHAPE_NO_ERROR = 1 << 5,        /* 6.0: no "error" member */
	SHAPE_NLRI_NEXT_HOP = 1 << 6,   /* 4.2, 5.0, 6.0/v4: next hop inside flow and bgp-ls */
	SHAPE_COMPACT = 1 << 7,         /* api.compact: unicast NLRI as bare strings */
	SHAPE_NEGOTIATED = 1 << 8,      /* the negotiated block in every update and packet */
	SHAPE_NO_ROUTER_ID = 1 << 9,    /* 4.2: envelope without router-id */
	SHAPE_NO_NOTE = 1 << 10,        /* 4.2: notification without message */
	SHAPE_OPEN_FIELD = 1 << 11,     /* 6.0: the asn of a sent OPEN is its 16-bit field */
	SHAPE_REASON_WRAPPED = 1 << 12, /* 4.2: "peer reset, message (...) error()" */
	SHAPE_LISTS_WIDE = 1 << 13,     /* 4.2: negotiated lists as [ "a" ,"b" ], [  ] */
	SHAPE_TEXT_6 = 1 << 14,         /* 6.0 text: announces first, next-hop behind NLRI words */
	SHAPE_COMMUNITY_WIRE = 1 << 15, /* 4.2: communities of all kinds as they came */
	SHAPE_LONG = 1 << 16,           /* show adj-rib: all words of NLRI, which text only names */
	SHAPE_LS_6 = 1 << 17,           /* 6.0: members of bgp-ls */
	SHAPE_LS_OBJECT = 1 << 18,      /* 4.2: node descriptors in one object, no SRv6 */
	SHAPE_TUNNEL = 1 << 19,         /* 6.0: tunnel-encap is known */
	SHAPE_POLICY = 1 << 20,         /* WORDS of a route that has those of a policy */
	SHAPE_CAPS_4 = 1 << 21,         /* 4.2: capabilities that came with 5.0 are unknown */
	SHAPE_CAPS_6 = 1 << 22,         /* 6.0: its own capabilities are known */
	/* 4.2: bytes with consolidate alone, raw refreshes as "route refresh" */
	SHAPE_MESSAGES_4 = 1 << 25,
	SHAPE_JSON = 1 << 24, /* 6.0: events are JSON, also where text was asked for */
	SHAPE_FILE = 1 << 23, /* WORDS of a file of ours: the reference need not know them */
};
