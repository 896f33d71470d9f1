/* show adj-rib: one route at a time. */
#include "bgp/route.h"
#include "bgp/shape.h"
#include "show_row.h"
#include "tale.h"

#define INET_SAFIS 4
#define SAFI_VPN   128

static const uint8_t inet_safis[INET_SAFIS] = { 1, 2, 4, SAFI_VPN };

/* Families of prefixes. */
static bool
is_inet(const struct family *f)
{
	for (size_t i = 0; i < INET_SAFIS; i++)
		if (f->safi == inet_safis[i])
			return f->afi == 1 || f->afi == 2;
	return false;
}

bool
show_filter(struct slice word, struct family_set *to)
{
	struct family_set set = { 0 };
	bool inet = slice_is(word, "inet");
	bool flow = slice_is(word, "flow");
	bool l2vpn = slice_is(word, "l2vpn");

	if (!inet && !flow && !l2vpn)
		return false;
	for (unsigned i = 0; i < family_count(); i++) {
		const struct family *f = family_at(i);

		if ((inet && is_inet(f)) || (flow && (f->safi == 133 || f->safi == 134)) ||
		    (l2vpn && f->afi == 25))
			family_add(&set, f);
	}
	*to = set;
	return true;
}

/* The bytes of the next hop; those of self where it stands for it. */
static struct slice
resolved(const struct show_route *r)
{
	if (r->attrs->next_hop_self && r->self != NULL && r->attrs->next_hop_len == 0)
		return addr_slice(r->self);
	return attrs_next_hop(r->attrs);
}

static void
put_nlri_words(const struct dialect *d, const struct show_route *r, struct text *to)
{
	char room[HOP_WORDS_MAX];
	struct slice hop = tale_hop_words(room, resolved(r));

	if (r->attrs->next_hop_self && (d->layout->self_told || hop.len == 0))
		hop = SLICE("self");
	tale_nlri_words(to, d->shape | SHAPE_LONG, r->nlri, hop);
}

void
show_route_text(const struct dialect *d, const struct show_route *r, struct text *to)
{
	struct emit e = emit_on(to, SPELL_TEXT, d->shape | SHAPE_LONG);

	text_string(to, d->layout->of_peer);
	addr_print(to, r->peer);
	text_char(to, ' ');
	text_string(to, r->nlri->family->name);
	text_char(to, ' ');
	if (d->layout->hop_told)
		put_nlri_words(d, r, to);
	else
		r->nlri->family->emit(&e, r->nlri);
	text_char(to, '\n');
}

/* The NLRI with its next hop inside, and the attributes. */
static void
put_vpn_words(const struct dialect *d, const struct show_route *r, struct text *to)
{
	struct emit e = emit_on(to, SPELL_TEXT, d->shape | SHAPE_LONG);
	size_t behind;

	put_nlri_words(d, r, to);
	text_char(to, ' ');
	behind = to->len;
	attrs_emit(&e, r->attrs);
	if (to->len == behind)
		to->at[--to->len] = '\0';
}

void
show_route_extensive(const struct dialect *d, const struct show_route *r, struct text *to)
{
	struct emit e;

	text_string(to, r->name);
	text_char(to, ' ');
	text_string(to, r->nlri->family->name);
	text_char(to, ' ');
	e = emit_on(to, SPELL_TEXT, d->shape | SHAPE_LONG);
	if (d->layout->hop_inside && r->nlri->family->safi == SAFI_VPN)
		put_vpn_words(d, r, to);
	else
		route_emit(&e, r->nlri, r->attrs, d->layout->self_told ? NULL : r->self);
	text_char(to, '\n');
}

static void
put_family(const struct show_route *r, struct text *to)
{
	text_string(to, "\"family\": \"");
	text_string(to, r->nlri->family->name);
	text_char(to, '"');
}

/* "prefix": the first word of an NLRI that is one; else "nlri": all of its words. */
static void
put_nlri(const struct dialect *d, const struct show_route *r, struct text *to)
{
	struct text words = { 0 };
	struct emit e = emit_on(&words, SPELL_TEXT, d->shape | SHAPE_LONG);
	struct slice shown;

	r->nlri->family->emit(&e, r->nlri);
	shown = text_view(&words);
	if (is_inet(r->nlri->family)) {
		const char *blank = memchr(text_chars(&words), ' ', words.len);

		if (blank != NULL)
			shown.len = (size_t)(blank - words.at);
		text_string(to, "\"prefix\": \"");
	} else {
		text_string(to, "\"nlri\": \"");
	}
	json_escape(to, shown);
	text_char(to, '"');
	text_free(&words);
}

void
show_routes_json_open(const struct addr *peer, struct text *to)
{
	text_string(to, "{\"");
	addr_print(to, peer);
	text_string(to, "\": {\"routes\": [");
}

void
show_routes_json_add(
    const struct dialect *d, const struct show_route *r, bool first, struct text *to)
{
	text_string(to, first ? "{" : ", {");
	if ((d->shape & SHAPE_TEXT_6) != 0) {
		put_family(r, to);
		text_string(to, ", ");
		put_nlri(d, r, to);
	} else {
		put_nlri(d, r, to);
		text_string(to, ", ");
		put_family(r, to);
	}
	text_char(to, '}');
}

void
show_routes_json_close(const struct dialect *d, const struct show_peer *about, struct text *to)
{
	text_char(to, ']');
	if (about != NULL) {
		text_string(to, ", ");
		show_neighbor_members(d, about, to);
	}
	text_string(to, "}}\n");
}

void
show_route_json_v2(const struct dialect *d, const struct show_route *r, struct text *to)
{
	uint32_t shape = d->shape & ~(uint32_t)SHAPE_NEXT_HOP_INSIDE;
	struct emit nlri = emit_on(to, SPELL_JSON, shape);
	struct emit rest = emit_on(to, SPELL_JSON, shape);
	struct addr next_hop = next_hop_shown(resolved(r));

	text_string(to, "{\"peer\": {\"address\": \"");
	addr_print(to, r->peer);
	text_string(to, "\"}, ");
	put_family(r, to);
	text_string(to, ", \"route\": { \"nlri\": ");
	r->nlri->family->emit(&nlri, r->nlri);
	text_string(to, ", ");
	if (next_hop.family != ADDR_NONE)
		emit_addr(&rest, &FIELD("next-hop"), &next_hop);
	emit_open(&rest, &FIELD("attribute"), &MARKS_OBJECT);
	attrs_emit(&rest, r->attrs);
	emit_close(&rest);
	text_string(to, " }}\n");
}
