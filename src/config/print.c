/* A neighbor written back as the section that it could have come from: the same rows. */
#include "parse.h"

#include "bgp/shape.h"
#include "lang/emit.h"

struct neighbor_draft
neighbor_unmake(const struct peer_conf *c)
{
	struct neighbor_draft d = { .conf = *c };

	d.rate = c->rate_limit > INT32_MAX ? INT32_MAX : (int)c->rate_limit;
	if (c->md5_ip.family == ADDR_NONE)
		d.conf.md5_ip = c->local; /* which it is then */
	capability_unmake(c, &d);
	return d;
}

void
word_print(struct slice word, struct text *to)
{
	struct emit e = emit_on(to, SPELL_WORDS, 0);

	emit_str(&e, &BARE, word);
}

static void
print_families(const struct peer_conf *c, struct text *to)
{
	text_string(to, "  family {\n");
	for (unsigned i = 0; i < c->caps.families.count; i++)
		text_format(to, "    %s;\n", family_at(c->caps.families.ids[i])->name);
	text_string(to, "  }\n");
}

static void
print_next_hops(const struct neighbor_draft *d, struct text *to)
{
	text_string(to, "  nexthop {\n");
	for (unsigned id = 0; id < family_count(); id++)
		if (family_in(d->next_hop_v6, family_at(id)))
			text_format(to, "    %s ipv6;\n", family_at(id)->name);
	text_string(to, "  }\n");
}

static void
print_add_path(const struct neighbor_draft *d, struct text *to)
{
	text_string(to, "  add-path {\n");
	for (unsigned id = 0; id < family_count(); id++) {
		if (!family_in(d->add_path, family_at(id)))
			continue;
		text_format(to, "    %s", family_at(id)->name);
		if (d->paths_limit[id] != 0)
			text_format(to, " limit %u", d->paths_limit[id]);
		text_string(to, ";\n");
	}
	text_string(to, "  }\n");
}

/* Would the statement "route WORDS" give this NLRI? Most do; what doesn't names its family. */
static bool
is_plain_route(const struct text *words, const struct route *r)
{
	struct routes read = { 0 };
	struct lex lx;
	bool same;

	lex_init(&lx, text_view(words), LEX_COMMAND);
	route_parse(&lx, ROUTE_FILE, &read);
	same = !lex_failed(&lx) && read.count == 1 && read.at[0].nlri.family == r->nlri.family &&
	    slice_same(read.at[0].nlri.bytes, r->nlri.bytes);
	lex_done(&lx);
	routes_free(&read);
	return same;
}

static void
add_word(const char *keyword, struct slice word, struct text *to)
{
	if (word.at == NULL)
		return;
	text_format(to, " %s ", keyword);
	word_print(word, to);
}

static void
print_route(const struct route *r, struct text *to)
{
	const struct family *f = r->nlri.family;
	struct text words = { 0 };
	struct emit e = emit_on(&words, SPELL_WORDS, SHAPE_FILE);

	route_emit_whole(&e, r);
	add_word("name", r->name, &words);
	add_word("watchdog", r->watchdog, &words);
	if (r->withdrawn)
		text_string(&words, " withdraw");
	if (f == NULL)
		text_format(to, "  static {\n    attributes %s;\n  }\n", text_chars(&words));
	else if (is_plain_route(&words, r))
		text_format(to, "  static {\n    route %s;\n  }\n", text_chars(&words));
	else
		text_format(to, "  announce {\n    %s {\n      %s %s;\n    }\n  }\n", f->afi_word,
		    f->safi_word, text_chars(&words));
	text_free(&words);
}

/* Where the settings of a session end and those of its behaviour begin: an empty line. */
static size_t
first_part(void)
{
	return (size_t)(setting_of(&neighbor_settings, SLICE("passive")) - neighbor_settings.at);
}

void
neighbor_print_settings(const struct neighbor_conf *n, struct text *to)
{
	struct neighbor_draft d = neighbor_unmake(&n->peer);
	size_t first = first_part();
	struct settings session = { neighbor_settings.at, first };
	struct settings rest = { neighbor_settings.at + first, neighbor_settings.count - first };

	text_string(to, "neighbor ");
	setting_print(setting_of(&neighbor_settings, SLICE("peer-address")), &d, to);
	text_string(to, " {\n");
	settings_print(&session, &d, "  ", to);
	text_char(to, '\n');
	settings_print(&rest, &d, "  ", to);
	text_string(to, "  capability {\n");
	settings_print(&capability_settings, &d, "    ", to);
	text_string(to, "  }\n");
	print_families(&n->peer, to);
	print_next_hops(&d, to);
	print_add_path(&d, to);
	tcp_ao_print(&d, to);
	apis_print(n, to);
	operational_section_print(&n->peer.operational, to);
}

bool
neighbor_print_route(const struct neighbor_conf *n, size_t at, struct text *to)
{
	if (at < n->routes.count)
		print_route(&n->routes.at[at], to);
	else
		text_string(to, "}\n");
	return at < n->routes.count;
}

void
neighbor_print(const struct neighbor_conf *n, struct text *to)
{
	neighbor_print_settings(n, to);
	for (size_t i = 0; neighbor_print_route(n, i, to); i++)
		continue;
}
