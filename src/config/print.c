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

static bool
is_among(const char *const *words, const char *word)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static void
keep_apart(const struct layout *l, const char *word, struct text *to)
{
	if (is_among(l->apart, word))
		text_char(to, '\n');
}

/* A setting as the layout has it. */
static void
print_setting(const struct layout *l, struct setting row, const struct neighbor_draft *d,
    const char *indent, struct text *to)
{
	struct settings one = { &row, 1 };
	struct text line = { 0 };

	if (is_among(l->unknown, row.word))
		row.traits |= SETTING_IF_SET;
	settings_print(&one, d, indent, &line);
	if (line.len != 0)
		keep_apart(l, row.word, to);
	text_slice(to, text_view(&line));
	text_free(&line);
}

/* Without a password it makes no difference, and versions have different words for that. */
static bool
print_md5_coding(const struct layout *l, const struct setting *row, const struct neighbor_draft *d,
    const char *indent, struct text *to)
{
	bool unasked = d->conf.md5_coding == MD5_RAW && *d->conf.md5_password == '\0';

	if (l->md5_coding == NULL || !unasked || strcmp(row->word, "md5-base64") != 0)
		return false;
	text_format(to, "%s%s %s;\n", indent, row->word, l->md5_coding);
	return true;
}

static void
print_settings(const struct layout *l, const struct settings *s, const struct neighbor_draft *d,
    const char *indent, struct text *to)
{
	for (size_t i = 0; i < s->count; i++)
		if (!print_md5_coding(l, &s->at[i], d, indent, to))
			print_setting(l, s->at[i], d, indent, to);
}

void
neighbor_print_settings(const struct neighbor_conf *n, const struct layout *l, struct text *to)
{
	struct neighbor_draft d = neighbor_unmake(&n->peer);
	size_t first = first_part();
	struct settings session = { neighbor_settings.at, first };
	struct settings rest = { neighbor_settings.at + first, neighbor_settings.count - first };

	text_string(to, "neighbor ");
	setting_print(setting_of(&neighbor_settings, SLICE("peer-address")), &d, to);
	text_string(to, " {\n");
	print_settings(l, &session, &d, "  ", to);
	text_char(to, '\n');
	print_settings(l, &rest, &d, "  ", to);
	keep_apart(l, "capability", to);
	text_string(to, "  capability {\n");
	print_settings(l, &capability_settings, &d, "    ", to);
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
	neighbor_print_settings(n, dialect_5_0.layout, to);
	for (size_t i = 0; neighbor_print_route(n, i, to); i++)
		continue;
}
