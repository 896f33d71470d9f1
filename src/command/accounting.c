/* show accounting: what became of every event and of every route, and whether all is known. */
#include "long.h"

#include "base/mem.h"
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

/* The answer: in slices, for each neighbor's pending routes are counted one by one. */

struct accounting {
	struct dump dump;
	bool json;
	bool any; /* row of routes */
	struct numbered members;
	struct rib_check check; /* of the neighbor there */
	uint64_t residual;
	struct text lines;
};

static void
all_crews(struct accounting *a)
{
	struct crew *crew;

	for (size_t i = 0; (crew = engine_crew(a->dump.engine, i)) != NULL; i++) {
		struct helper_counts n;

		helper_count(crew->helper, &n);
		if (!a->json) {
			events_text(&a->lines, crew, &n);
			continue;
		}
		text_string(&a->lines, i == 0 ? " " : ", ");
		events_json(&a->lines, crew, &n);
	}
}

static void
rows_of(struct accounting *a, const struct member *m)
{
	struct account row;

	for (size_t i = 0; member_account(m, i, &row); i++) {
		if (!a->json) {
			routes_text(&a->lines, &row);
			continue;
		}
		text_string(&a->lines, a->any ? ", " : " ");
		a->any = true;
		routes_json(&a->lines, &row);
	}
}

/* Helpers change between the slices too: all of them are told in the first. */
static void
begin(struct accounting *a)
{
	if (a->json)
		text_string(&a->lines, "{ \"helpers\": {");
	all_crews(a);
	if (a->json)
		text_string(&a->lines, " }, \"routes\": [");
}

static void
end(struct accounting *a)
{
	a->residual += engine_residual(a->dump.engine);
	if (a->json)
		text_format(&a->lines, " ], \"residual\": %" PRIu64 " }\n", a->residual);
	else
		text_format(&a->lines, "residual %" PRIu64 "\n", a->residual);
	a->dump.issuer->answer(a->dump.issuer, text_view(&a->lines));
}

/* A neighbor's rows are those of the moment in which all of it was counted. */
static bool
accounting_step(struct dump *d)
{
	struct accounting *a = owner_of(d, struct accounting, dump);
	const struct member *m;
	uint64_t residual;

	if (numbered_over(&a->members)) {
		end(a);
		return false;
	}
	m = numbered_member(&a->members, d->engine);
	if (m != NULL && member_check(m, &a->check, &residual))
		return true;
	if (m != NULL) {
		a->residual += residual;
		rows_of(a, m);
	}
	rib_check_end(&a->check); /* of one that went */
	a->members.at++;
	return true;
}

static void
accounting_done(struct dump *d)
{
	struct accounting *a = owner_of(d, struct accounting, dump);

	rib_check_end(&a->check);
	text_free(&a->lines);
	numbered_free(&a->members);
	mem_free(a);
}

static enum call_result
show_accounting(struct call *c)
{
	struct accounting *a = mem_zero(1, sizeof(*a));

	a->dump =
	    (struct dump){ .engine = c->engine, .step = accounting_step, .done = accounting_done };
	a->json = c->json;
	a->members = numbered_all(c->engine);
	begin(a);
	dump_start(&a->dump, c->engine, c->issuer);
	return CALL_LATER;
}

const struct command commands_accounting[] = {
	{ "show accounting", "[json]", false, show_accounting },
	{ 0 },
};
