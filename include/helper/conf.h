/* What the configuration says of one helper program. */
#pragma once

#include "base/usec.h"

#include <stdbool.h>
#include <stddef.h>

enum helper_encoder { HELPER_JSON, HELPER_TEXT };

/* What becomes of events that a full channel has no room for. */
enum helper_overflow {
	HELPER_BLOCK, /* the neighbors that feed it are not read until it has read */
	HELPER_DROP_NEWEST,
	HELPER_DROP_OLDEST,
	HELPER_ERROR, /* refused; one that lets ten in a row come so far is started anew */
};

/* What it speaks on which descriptors. */
enum helper_protocol {
	HELPER_LINES,  /* as ExaBGP: stdin and stdout */
	HELPER_FRAMES, /* HF/1: 3 and 4 */
};

/* Whether the reason of an error goes to it, in front of the error. */
enum helper_reasons {
	HELPER_REASONS_BY_DIALECT, /* as that version of the reference */
	HELPER_REASONS_NEVER,
	HELPER_REASONS_ALWAYS,
};

struct helper_conf {
	char *name;
	char **argv;   /* ends in NULL; argv[0] is the word of the file */
	char *program; /* resolved path */
	enum helper_encoder encoder;
	bool respawn;
	unsigned respawns; /* starts again at once within the window; 0: those of the limits */
	usec respawn_window;
	bool ack; /* answer with done and error */
	enum helper_reasons reasons;
	char *dialect; /* NULL: the default */
	enum helper_overflow overflow;
	size_t queue_items; /* events that wait for it at most; 0: only their bytes count */
	size_t queue_bytes; /* 0: 8 MiB */
	unsigned queue_low; /* per cent of these at which a full channel is open again; 0: 50 */
	usec stall_limit;   /* full and nothing read for so long: it has stalled; 0: never */
	bool stall_kills;   /* then it is started anew; else its oldest events are lost */
	usec block_timeout; /* held for so long, the newest are lost instead; 0: never */
	/* of frames only */
	enum helper_protocol protocol;
	bool raw;           /* messages as bytes, on 5 and 6 */
	usec ready_timeout; /* until it has to be ready */
	usec heartbeat;     /* three of them without a frame, and it is stuck; 0: it need not */
	usec drain_timeout; /* for the parts of an answer to be read */
	usec grace;         /* between cancel and interrupt */
	size_t frame_max;   /* of its frames, in bytes; 0: 1 MiB */
};
