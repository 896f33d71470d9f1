/*
 * template { neighbor NAME { ... } }, and what a neighbor inherits: lists grow by those of the
 * template, a value of the template replaces the neighbor's, the last template wins.
 */
#include "parse.h"

static const struct section *const sections[] = { &section_template_neighbor, NULL };

const struct section section_template = {
	.word = "template",
	.title = "template",
	.sections = sections,
};

static void
merge_limits(struct neighbor_draft *to, const struct neighbor_draft *from)
{
	for (unsigned id = 0; id < family_count(); id++)
		if (from->paths_limit[id] != 0)
			to->paths_limit[id] = from->paths_limit[id];
}

static void
merge(struct parse *p, struct neighbor_draft *to, const struct neighbor_draft *from)
{
	if ((to->given & from->given) != 0 || (to->capability_given & from->capability_given) != 0)
		parse_warn(p, &to->where, "values of template %.*s replace some of this neighbor",
		    (int)from->where.word.len, (const char *)from->where.word.at);
	settings_copy(&neighbor_settings, from->given, from, to);
	to->given |= from->given;
	settings_copy(&capability_settings, from->capability_given, from, to);
	to->capability_given |= from->capability_given;
	settings_copy(&tcp_ao_settings, from->ao_given, from, to);
	to->ao_given |= from->ao_given;
	to->ao |= from->ao;
	to->families.bits |= from->families.bits;
	to->family_all |= from->family_all;
	to->next_hop_v6.bits |= from->next_hop_v6.bits;
	to->next_hop_any |= from->next_hop_any;
	to->add_path.bits |= from->add_path.bits;
	to->add_path_any |= from->add_path_any;
	merge_limits(to, from);
	apis_merge(p, to, from);
	text_slice(&to->operational, text_view(&from->operational));
}

bool
template_merge_some(struct parse *p, struct neighbor_draft *d)
{
	struct closing *c = &p->closing;
	const struct neighbor_draft *from;

	if (c->template == NULL)
		return false;
	from = map_get(&p->templates, c->template->at.word);
	if (from == NULL) {
		lex_fault_at(&p->lx, &c->template->at, "expected a template defined above");
		return false;
	}
	if (c->route == 0)
		merge(p, d, from);
	if (routes_append_some(&d->routes, &from->routes, NULL, &c->route))
		return true;
	c->route = 0;
	c->template = c->template->next;
	return c->template != NULL;
}
