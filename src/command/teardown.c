/* teardown: a NOTIFICATION of our choice, then the session comes back. */
#include "call.h"

/* Without a selector nobody is torn down, as the reference's stable line has it, and where there is
 * no session that is fine; the coming one tears down all. */
static enum call_result
teardown(struct call *c)
{
	uint64_t code = lex_number(c->lx, UINT8_MAX, "a subcode of Cease");

	if (!lex_failed(c->lx) && !lex_over(c->lx))
		lex_fault(c->lx, "expected the end of the command");
	if (lex_failed(c->lx))
		return call_bad_words(c);
	if (!c->selected && !call_of_coming_line(c))
		return CALL_DONE;
	call_keep_established(c);
	if (c->peers->count == 0 && call_of_coming_line(c))
		return call_fails(c, "no neighbor is established");
	for (size_t i = 0; i < c->peers->count; i++) {
		struct member *m = c->peers->at[i];

		if (m->conf->peer.caps.graceful)
			peer_reset(m->peer, 0, 0, "",
			    "graceful restarted negotiated, closing without sending any "
			    "notification");
		else
			peer_reset(m->peer, 6, (uint8_t)code, "", NULL);
	}
	return CALL_DONE;
}

const struct command commands_teardown[] = {
	{ "teardown", NULL, true, teardown },
	{ 0 },
};
