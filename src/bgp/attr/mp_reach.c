/* MP_REACH_NLRI: RFC 4760 3. Only its place in the list; update.c reads it. */
#include "attr.h"

const struct attr attr_mp_reach = {
	.code = 14,
	.flags = ATTR_NON_TRANS,
	.traits = ATTR_REACH,
	.malformed = VERDICT_RESET,
};
