/* flush and clear of the adj-ribs. */
#include "call.h"

static enum call_result
flush_out(struct call *c)
{
	call_keep_established(c);
	if (c->peers->count == 0 && (c->selected || !call_of_coming_line(c)))
		return call_fails(c, "no neighbor is established");
	for (size_t i = 0; i < c->peers->count; i++)
		peer_flush(c->peers->at[i]->peer, family_all());
	return CALL_DONE;
}

static enum call_result
clear_out(struct call *c)
{
	if (c->peers->count == 0)
		return call_fails(c, "no neighbor takes commands of this helper");
	for (size_t i = 0; i < c->peers->count; i++) {
		rib_out_clear(peer_out(c->peers->at[i]->peer));
		peer_poke(c->peers->at[i]->peer);
		peer_tidy(c->peers->at[i]->peer);
	}
	return CALL_DONE;
}

static enum call_result
clear_in(struct call *c)
{
	if (c->peers->count == 0)
		return call_fails(c, "no neighbor takes commands of this helper");
	for (size_t i = 0; i < c->peers->count; i++) {
		struct rib_in *in = peer_in(c->peers->at[i]->peer);

		if (in != NULL)
			rib_in_clear(in, family_all());
		peer_tidy(c->peers->at[i]->peer);
	}
	return CALL_DONE;
}

const struct command commands_rib[] = {
	{ "flush adj-rib out", NULL, true, flush_out },
	{ "clear adj-rib out", NULL, true, clear_out },
	{ "clear adj-rib in", NULL, true, clear_in },
	{ 0 },
};
