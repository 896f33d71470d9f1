/* What a malformed part of a message means for the session: RFC 7606 2, ordered; the worst wins. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

enum verdict {
	VERDICT_FINE,
	VERDICT_DISCARD,        /* the attribute is dropped, the routes stand */
	VERDICT_WITHDRAW,       /* treat-as-withdraw */
	VERDICT_DISABLE_FAMILY, /* AFI/SAFI disable: nothing of them is believed any more */
	VERDICT_RESET,          /* NOTIFICATION and the end of the session */
};

static inline enum verdict
verdict_worst(enum verdict a, enum verdict b)
{
	return a > b ? a : b;
}

/* A NOTIFICATION: RFC 4271 4.5. Data is borrowed. */
struct notification {
	uint8_t code;
	uint8_t subcode;
	struct slice data;
};
