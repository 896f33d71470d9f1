/* show neighbor configuration: in slices of routes, since a file may have a million of them. */
#include "long.h"

#include "base/mem.h"
#include "config/config.h"

#define SLICE_OF 4 /* routes; one is some ten microseconds, as its words are read back */

struct telling {
	struct dump dump;
	struct meant meant;
	const struct neighbor_conf *conf; /* whose section is open; a reload may have replaced it */
	size_t route;
	struct text lines;
};

/* The next piece of a section; false: it is closed. */
static bool
some_more(struct telling *t, const struct neighbor_conf *now)
{
	if (t->conf == NULL && now != NULL) {
		neighbor_print_settings(
		    now, engine_dialect(t->dump.engine, t->dump.issuer)->layout, &t->lines);
		t->conf = now;
		t->route = 0;
		return true;
	}
	for (int i = 0; t->conf != NULL && t->conf == now && i < SLICE_OF; i++)
		if (!neighbor_print_route(now, t->route++, &t->lines))
			t->conf = NULL;
	if (t->conf != NULL && t->conf == now)
		return true;
	if (t->conf != NULL) /* what it was is gone */
		text_string(&t->lines, "}\n");
	t->conf = NULL;
	return false;
}

static bool
tell_step(struct dump *dump)
{
	struct telling *t = owner_of(dump, struct telling, dump);
	const struct member *m;

	if (meant_over(&t->meant))
		return false;
	m = meant_member(&t->meant, dump->engine);
	if (!some_more(t, m == NULL ? NULL : m->conf))
		t->meant.at++;
	long_give(dump, &t->lines);
	return !meant_over(&t->meant);
}

static void
tell_done(struct dump *dump)
{
	struct telling *t = owner_of(dump, struct telling, dump);

	meant_free(&t->meant);
	text_free(&t->lines);
	mem_free(t);
}

enum call_result
configuration_told(struct call *c, struct meant meant)
{
	struct telling *t = mem_zero(1, sizeof(*t));

	t->dump = (struct dump){ .step = tell_step, .done = tell_done };
	t->meant = meant;
	dump_start(&t->dump, c->engine, c->issuer);
	return CALL_LATER;
}
