/*
 * Answers of the show commands and of help: plain values in, lines out. The caller chooses the
 * form, ends with the acknowledgement, and keeps nothing of this.
 */
#pragma once

#include "api/dialect.h"
#include "base/addr.h"
#include "base/text.h"
#include "bgp/attrs.h"
#include "bgp/cap.h"
#include "bgp/family.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum show_flag { SHOW_UNKNOWN, SHOW_OFF, SHOW_ON };

enum show_capability {
	SHOW_ASN4,
	SHOW_ROUTE_REFRESH,
	SHOW_MULTI_SESSION,
	SHOW_OPERATIONAL,
	SHOW_ADD_PATH,
	SHOW_EXTENDED_MESSAGE,
	SHOW_GRACEFUL_RESTART,
	SHOW_CAPABILITIES
};

/* One side of a session; zero where it is not known. */
struct show_side {
	struct addr address;
	uint32_t as;        /* 0: auto, or unknown */
	uint32_t router_id; /* host order; 0: unknown */
	uint16_t hold_time;
	bool known; /* router_id and hold_time are (the peer's: an OPEN came) */
	uint8_t capabilities[SHOW_CAPABILITIES]; /* enum show_flag */
	struct family_set families;
	uint8_t addpath[FAMILY_MAX]; /* enum addpath_mode, as that side said it */
};

/* Messages by kind, one direction. */
struct show_messages {
	uint64_t open;
	uint64_t notification;
	uint64_t keepalive;
	uint64_t update;
	uint64_t refresh;
};

struct show_peer {
	const char *name;  /* "neighbor 127.0.0.1 local-ip ..." */
	bool up;           /* ESTABLISHED */
	uint64_t duration; /* seconds in this state */
	const char *fsm;   /* "ESTABLISHED" */
	struct show_side local;
	struct show_side peer;       /* zero but for address and as before an OPEN came */
	struct family_list families; /* configured, in order */
	struct family_set agreed;    /* of an established session */
	struct family_set addpath_out;
	struct family_set addpath_in;
	struct show_messages sent;
	struct show_messages received;
	uint64_t prefixes_received;
	uint64_t prefixes_withdrawn;
};

/* Fill a side's flags and ADD-PATH from capabilities (ours as configured, theirs of the OPEN). */
void show_side_caps(struct show_side *side, const struct caps *caps);

/* show neighbor */
void show_usage(const struct dialect *d, struct text *to);
/* show neighbor summary: the heading once, then a row a peer; true if the dialect lists it. */
void show_summary_head(const struct dialect *d, struct text *to);
bool show_summary_row(const struct dialect *d, const struct show_peer *p, struct text *to);
/* show neighbor extensive: all blocks of one peer, and the empty line behind them. */
void show_extensive(const struct dialect *d, const struct show_peer *p, struct text *to);
/* show neighbor json: the object of one peer, of a list in one line. */
void show_neighbor_json(const struct dialect *d, const struct show_peer *p, struct text *to);

/* A route of show adj-rib. */
struct show_route {
	const struct addr *peer; /* whose rib it is */
	const char *name;        /* of that peer, for extensive */
	const struct nlri *nlri;
	const struct attrs *attrs;
	const struct addr *self; /* what next-hop self stands for; may be NULL */
};

/* A line each, newline included. */
void show_route_text(const struct dialect *d, const struct show_route *r, struct text *to);
void show_route_extensive(const struct dialect *d, const struct show_route *r, struct text *to);
/* {"peer": {"routes": [{...}, {...}]}}: opened, routes of one peer added, closed; with about: the
 * members of show neighbor json behind the routes */
void show_routes_json_open(const struct addr *peer, struct text *to);
void show_routes_json_add(
    const struct dialect *d, const struct show_route *r, bool first, struct text *to);
void show_routes_json_close(
    const struct dialect *d, const struct show_peer *about, struct text *to);
/* show_routes_format v2: {"peer": ..., "family": ..., "route": {...}} */
void show_route_json_v2(const struct dialect *d, const struct show_route *r, struct text *to);

/* Which families a filter word means: "inet", "flow", "l2vpn"; false: no such word. */
bool show_filter(struct slice word, struct family_set *to);

/* A line of help. */
struct show_command {
	const char *words;   /* "show neighbor" */
	const char *options; /* "[ summary | extensive ]"; NULL: none */
	bool selector;       /* takes "neighbor <ip> ..." in front */
	bool behind_peer;    /* in version 6: "peer <ip> ..." */
};

/* Sorts; without the acknowledgement. six: as version 6 of the API heads the list. */
void show_help(const struct show_command *commands, size_t count, bool six, struct text *to);
void show_help_json(struct show_command *commands, size_t count, struct text *to);
