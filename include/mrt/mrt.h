/*
 * MRT records (RFC 6396, RFC 8050) read: messages and state changes of sessions
 * (BGP4MP, BGP4MP_ET), tables (TABLE_DUMP, TABLE_DUMP_V2). Other records are passed as such.
 */
#pragma once

#include "base/addr.h"
#include "base/slice.h"
#include "base/wire.h"
#include "bgp/family.h"

#include <stdbool.h>
#include <stdint.h>

#define MRT_HEADER     12
#define MRT_RECORD_MAX (16 * 1024 * 1024) /* longer ones are not believed */

enum mrt_type {
	MRT_TABLE_DUMP = 12,
	MRT_TABLE_DUMP_V2 = 13,
	MRT_BGP4MP = 16,
	MRT_BGP4MP_ET = 17,
};

enum mrt_kind {
	MRT_OTHER,   /* a type that is none of ours */
	MRT_MESSAGE, /* a BGP message, whole */
	MRT_STATE,   /* a session changed its state */
	MRT_PEERS,   /* the peers of a table; the reader keeps them */
	MRT_ROUTES,  /* a prefix and its routes */
};

struct mrt_peer {
	struct addr addr;
	uint32_t asn;
	uint32_t id; /* BGP identifier, host order; 0 where the record has none */
};

struct mrt_record {
	enum mrt_kind kind;
	uint16_t type;
	uint16_t subtype;
	uint32_t seconds; /* since 1970 UTC */
	uint32_t micros;
	/* MRT_MESSAGE, MRT_STATE */
	struct mrt_peer peer;
	struct mrt_peer local;
	uint16_t interface;
	bool asn4;     /* ASNs of the record, and of the message, have four bytes */
	bool path_ids; /* NLRI of the message, or routes of the table, have path identifiers */
	bool ours;     /* a message that the collector sent */
	struct slice message;
	uint16_t old_state; /* 1 Idle .. 6 Established */
	uint16_t new_state;
	/* MRT_PEERS */
	uint32_t collector; /* BGP identifier */
	struct slice view;
	/* MRT_ROUTES */
	uint16_t view_number; /* TABLE_DUMP */
	uint32_t sequence;
	struct nlri nlri; /* without path identifier */
	uint16_t routes;
	struct slice entries; /* see mrt_route_next() */
	uint8_t made[20];     /* bytes of nlri where the file has none in that form */
};

enum mrt_did {
	MRT_MORE,   /* data ends inside a record (or with the last one): nothing was taken */
	MRT_RECORD, /* one was read */
	MRT_BAD,    /* one was skipped: fault_at and expected say why */
	MRT_LOST,   /* nothing behind it can be read */
};

struct mrt_reader {
	uint64_t offset;   /* in the file, of the data */
	uint64_t fault_at; /* offset of the record that was bad */
	const char *expected;
	struct mrt_peer *peers;
	size_t peer_count;
};

void mrt_reader_done(struct mrt_reader *m);

/* Takes a record off data, which *to borrows. to->made is part of it: *to is not moved. */
enum mrt_did mrt_read(struct mrt_reader *m, struct slice *data, struct mrt_record *to);

/* A route of MRT_ROUTES. */
struct mrt_route {
	const struct mrt_peer *peer;
	struct mrt_peer own; /* TABLE_DUMP: where peer points */
	uint32_t originated; /* seconds since 1970 */
	struct nlri nlri;
	struct slice attributes;
	bool asn4;
};

/* The next one; r starts on record->entries. */
bool mrt_route_next(const struct mrt_reader *m, const struct mrt_record *record, struct reader *r,
    struct mrt_route *to);
/* The route as the body of an UPDATE, NLRI included: a table's MP_REACH has only the next hop
 * (RFC 6396 4.3.4). w is full when it doesn't fit. */
void mrt_route_update(const struct mrt_route *route, struct writer *w);
