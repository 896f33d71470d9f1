/* Parts of UPDATEs, as digits, and the sessions that they come over. */
#pragma once

#include "bytes.h"

#include "bgp/session.h"

#define ORIGIN   "40010100"
#define AS_PATH  "40020602010000fdea"
#define NEXT_HOP "400304c0000201"
#define BASE     ORIGIN AS_PATH NEXT_HOP
#define MP       ORIGIN AS_PATH
#define PREFIX   "180a0101"
#define GLOBAL   "20010db8000000000000000000000001"
#define REACH6   "800e1a00020110" GLOBAL "002020010db8"
#define UNREACH6                                                                                   \
	"800f0800020120"                                                                           \
	"20010db8"

enum peer_kind { INTERNAL, EXTERNAL, OLD }; /* OLD: internal, ASNs of two bytes */

static inline struct session
session_to(enum peer_kind kind)
{
	struct session s = session_assumed();

	if (kind == EXTERNAL)
		s.peer_as = 65002;
	s.asn4 = kind != OLD;
	return s;
}
