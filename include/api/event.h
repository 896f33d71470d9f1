/* What can be told to helpers: tagged news that borrows everything and is dead when the call
 * returns. */
#pragma once

#include "base/addr.h"
#include "base/slice.h"
#include "base/usec.h"
#include "bgp/open.h"
#include "bgp/refresh.h"
#include "bgp/session.h"
#include "bgp/update.h"

#include <stdint.h>

enum event_kind {
	EVENT_STATE,        /* connected, up, down */
	EVENT_FSM,          /* a transition of the state machine */
	EVENT_NEGOTIATED,   /* both OPENs are there */
	EVENT_MESSAGE,      /* a message came or went */
	EVENT_SIGNAL,       /* the daemon got a signal */
	EVENT_SHUTDOWN,     /* the daemon ends; no peer */
	EVENT_BACKPRESSURE, /* the neighbor is held, or is not any more */
	EVENT_GAP,          /* events for this helper were lost; no peer */
	EVENT_KINDS
};

enum event_direction { EVENT_RECEIVE, EVENT_SEND, EVENT_IN /* exabgp decode */ };

/* Who it is about. */
struct event_peer {
	struct addr local;
	struct addr peer;
	uint32_t local_as;
	uint32_t peer_as;
	uint32_t router_id; /* ours, host order */
};

struct event {
	enum event_kind kind;
	const struct event_peer *peer; /* NULL for EVENT_SHUTDOWN and EVENT_GAP */
	uint64_t counter;              /* of its first line; who fans it out numbers it */
	usec wall;
	enum event_direction direction;
	const struct session *session; /* what was negotiated; NULL before that */
	/* EVENT_MESSAGE */
	uint8_t type;        /* enum message_type, or an unknown one */
	struct slice header; /* 19 bytes */
	struct slice body;
	bool parsed; /* what belongs to type below is there */
	union {
		struct {
			const char *name;    /* "connected" "up" "down"; of FSM "OPENSENT" ... */
			struct slice reason; /* of down */
			const struct notification
			    *said; /* of down: to the peer, or by it; else NULL */
		} state;
		const struct open *open;
		const struct update *update;
		const struct notification *notification;
		const struct refresh *refresh;
		struct {
			int number;
			const char *name; /* "SIGTERM" */
		} signal;
		struct {
			bool on;
			const char *by; /* the helper that it waits for */
		} pressure;
		struct {
			uint64_t count;
			uint64_t first; /* numbers of the helper's events, from 1 */
			uint64_t last;
			const char *by; /* "drop-oldest" */
		} gap;
	};
};
