/* What becomes of a receipt that is asked for. */
#include "scene.h"

#define ROUTE " announce route 10.0.0.0/24 next-hop 192.0.2.1"
#define DOWN                                                                                       \
	" error: there is no session of neighbor 127.0.0.1 local-ip 127.0.0.1 local-as 65001 "     \
	"peer-as 65002 router-id 10.0.0.1 family-allowed in-open\n"
#define LONG "0123456789012345678901234567890123456789012345678901234567890123"

Case(receipt, no_session_is_told_behind_the_acknowledgement)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(
	    &s, "receipt sent a-1.b_2 neighbor 127.0.0.1" ROUTE, "done\nreceipt a-1.b_2" DOWN);
	scene_expect(&s, "receipt acked " LONG " within 5 neighbor 127.0.0.1" ROUTE,
	    "done\nreceipt " LONG DOWN);
	scene_done(&s);
}

Case(receipt, wrong_words_are_refused)
{
	static const char *const wrong[] = {
		"receipt",
		"receipt sent",
		"receipt sent a",
		"receipt received a" ROUTE,
		"receipt sent a!b" ROUTE,
		"receipt sent " LONG "4" ROUTE,
		"receipt sent a within" ROUTE,
		"receipt sent a within 3601" ROUTE,
		"receipt sent a version",
	};
	struct scene s;

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		scene_refused(&s, wrong[i]);
	scene_done(&s);
}
