/* show accounting: what became of every event and of every route, and whether all is known. */
#include "call.h"

#include "base/num.h"
#include "engine/account.h"
#include "lang/emit.h"

#include <inttypes.h>

static uint64_t
lost_of(const struct helper_counts *n)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < HELPER_LOSSES; i++)
		lost += n->lost[i];
	return lost;
}

static void
events_text(struct text *to, const struct crew *c, const struct helper_counts *n)
{
	text_format(to,
	    "helper %s events %" PRIu64 " = delivered %" PRIu64 " + lost %" PRIu64
	    " + queued %zu + writing %zu\n",
	    c->conf->name, n->offered, n->delivered, lost_of(n), n->queued, n->writing);
	for (size_t i = 0; i < HELPER_LOSSES; i++) {
		if (n->lost[i] != 0)
			text_format(to, "helper %s lost %s %" PRIu64 "\n", c->conf->name,
			    helper_loss_word((enum helper_loss)i), n->lost[i]);
	}
	text_format(to,
	    "helper %s commands %" PRIu64 " = carried out %" PRIu64 " + refused %" PRIu64 "\n",
	    c->conf->name, c->issuer.commands, c->issuer.commands - c->issuer.refused,
	    c->issuer.refused);
}

static void
events_json(struct text *to, const struct crew *c, const struct helper_counts *n)
{
	text_string(to, "\"");
	json_escape(to, slice_on(c->conf->name));
	text_format(to,
	    "\": { \"commands\": %" PRIu64 ", \"refused\": %" PRIu64 ", \"events\": %" PRIu64
	    ", \"delivered\": %" PRIu64 ", \"queued\": %zu, \"writing\": %zu, \"lost\": { ",
	    c->issuer.commands, c->issuer.refused, n->offered, n->delivered, n->queued, n->writing);
	for (size_t i = 0; i < HELPER_LOSSES; i++)
		text_format(to, "%s\"%s\": %" PRIu64, i == 0 ? "" : ", ",
		    helper_loss_word((enum helper_loss)i), n->lost[i]);
	text_string(to, " } }");
}

static void
routes_text(struct text *to, const struct account *a)
{
	text_format(to,
	    "%s %s %s routes %" PRIu64 " = refused %" PRIu64 " + superseded %" PRIu64
	    " + unchanged %" PRIu64 " + pending %zu + sent %" PRIu64 "\n",
	    a->who, peer_name(a->member->peer), a->family->name, a->routes, a->refused,
	    a->superseded, a->unchanged, a->pending, a->sent);
}

static void
routes_json(struct text *to, const struct account *a)
{
	text_string(to, "{ \"by\": \"");
	json_escape(to, slice_on(a->who));
	text_string(to, "\", \"neighbor\": \"");
	json_escape(to, slice_on(peer_name(a->member->peer)));
	text_format(to,
	    "\", \"family\": \"%s\", \"routes\": %" PRIu64 ", \"refused\": %" PRIu64
	    ", \"superseded\": %" PRIu64 ", \"unchanged\": %" PRIu64 ", \"pending\": %zu"
	    ", \"sent\": %" PRIu64 " }",
	    a->family->name, a->routes, a->refused, a->superseded, a->unchanged, a->pending,
	    a->sent);
}

static void
all_crews(struct call *c)
{
	struct crew *crew;

	for (size_t i = 0; (crew = engine_crew(c->engine, i)) != NULL; i++) {
		struct helper_counts n;

		helper_count(crew->helper, &n);
		if (!c->json) {
			events_text(c->answer, crew, &n);
			continue;
		}
		text_string(c->answer, i == 0 ? " " : ", ");
		events_json(c->answer, crew, &n);
	}
}

static void
all_members(struct call *c)
{
	struct account a;
	bool any = false;

	for (size_t i = 0; i < engine_member_count(c->engine); i++) {
		for (size_t k = 0; member_account(engine_member(c->engine, i), k, &a); k++) {
			if (!c->json) {
				routes_text(c->answer, &a);
				continue;
			}
			text_string(c->answer, any ? ", " : " ");
			any = true;
			routes_json(c->answer, &a);
		}
	}
}

static enum call_result
show_accounting(struct call *c)
{
	uint64_t residual = engine_residual(c->engine);

	if (c->json)
		text_string(c->answer, "{ \"helpers\": {");
	all_crews(c);
	if (c->json)
		text_string(c->answer, " }, \"routes\": [");
	all_members(c);
	if (c->json)
		text_format(c->answer, " ], \"residual\": %" PRIu64 " }\n", residual);
	else
		text_format(c->answer, "residual %" PRIu64 "\n", residual);
	return CALL_DONE;
}

const struct command commands_accounting[] = {
	{ "show accounting", "[json]", false, show_accounting },
	{ 0 },
};
