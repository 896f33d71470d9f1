/* MP_UNREACH_NLRI: RFC 4760 4. Only its place in the list; update.c reads it. */
#include "attr.h"

const struct attr attr_mp_unreach = {
	.code = 15,
	.flags = ATTR_NON_TRANS,
	.traits = ATTR_REACH,
	.malformed = VERDICT_RESET,
};
