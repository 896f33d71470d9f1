/* show neighbor: in slices, for there may be a thousand of them. */
#include "long.h"

#include "api/show.h"
#include "base/mem.h"
#include "engine/report.h"

struct neighbors {
	struct dump dump;
	struct meant meant;
	enum told_as as;
	bool any; /* one was told */
	struct text lines;
};

static void
tell(struct neighbors *t, const struct member *m)
{
	const struct dialect *d = engine_dialect(t->dump.engine, t->dump.issuer);
	struct show_peer p;

	report_member(m, &p);
	switch (t->as) {
	case TOLD_SUMMARY: (void)show_summary_row(d, &p, &t->lines); break; /* false: not listed */
	case TOLD_EXTENSIVE: show_extensive(d, &p, &t->lines); break;
	case TOLD_JSON:
		if (t->any)
			text_string(&t->lines, ", ");
		show_neighbor_json(d, &p, &t->lines);
		break;
	}
	t->any = true;
}

static bool
neighbors_step(struct dump *d)
{
	struct neighbors *t = owner_of(d, struct neighbors, dump);
	bool more = !meant_over(&t->meant);
	const struct member *m = more ? meant_member(&t->meant, d->engine) : NULL;

	if (m != NULL)
		tell(t, m);
	if (more)
		t->meant.at++;
	else if (t->as == TOLD_JSON)
		text_string(&t->lines, "]\n");
	if (t->as != TOLD_JSON || !more) /* which is one line */
		long_give(d, &t->lines);
	return more;
}

static void
neighbors_done(struct dump *d)
{
	struct neighbors *t = owner_of(d, struct neighbors, dump);

	meant_free(&t->meant);
	text_free(&t->lines);
	mem_free(t);
}

enum call_result
neighbors_told(struct call *c, enum told_as as, struct meant meant)
{
	struct neighbors *t = mem_zero(1, sizeof(*t));

	t->dump = (struct dump){ .step = neighbors_step, .done = neighbors_done };
	t->as = as;
	t->meant = meant;
	if (as == TOLD_SUMMARY)
		show_summary_head(engine_dialect(c->engine, c->issuer), &t->lines);
	if (as == TOLD_JSON)
		text_char(&t->lines, '[');
	return long_told(c, &t->dump, meant.count);
}
