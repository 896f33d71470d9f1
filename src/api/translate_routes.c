/* NLRI of an event whose JSON differs by dialect. */
#include "translate.h"

#include "base/num.h"
#include "base/text.h"
#include "bgp/shape.h"

#define WITHDRAWN_LABEL 524288 /* 0x800000 without its last four bits: RFC 8277 2.4 */

/* hop: the address that it is announced with; empty: none, or it is withdrawn. */
struct place {
	struct translation *t;
	struct slice family;
	struct slice hop;
};

static struct json *
new_number(struct translation *t, uint64_t n)
{
	struct json *j = arena_zero(t->arena, 1, sizeof(*j));
	struct text digits = { 0 };

	text_uint(&digits, n);
	j->kind = JSON_NUMBER;
	j->text = arena_copy(t->arena, text_view(&digits));
	text_free(&digits);
	return j;
}

/* [ label, its 24 bits ] in 6.0, [ label ] before. The bottom of the stack is the last one. */
static void
labels(struct translation *t, struct json *list)
{
	for (struct json *one = list->first; one != NULL; one = one->next) {
		uint64_t label;

		if (one->kind != JSON_LIST || one->first == NULL ||
		    !num_decimal(one->first->text, UINT32_MAX, &label))
			return;
		if (!translate_has(t, SHAPE_LABEL_RAW))
			one->first->next = NULL;
		else if (one->first->next == NULL)
			one->first->next = new_number(
			    t, label << 4 | (one->next == NULL && label != WITHDRAWN_LABEL));
	}
}

static bool
ends_with(struct slice s, struct slice tail)
{
	return s.len >= tail.len && slice_same(slice_after(s, s.len - tail.len), tail);
}

/* The rule as text is followed by the next hop before 6.0. */
static void
flow_string(const struct place *p, struct json *string)
{
	struct text tail = { 0 };
	struct text words = { 0 };

	text_format(&tail, " next-hop %.*s", (int)p->hop.len, (const char *)p->hop.at);
	text_slice(&words, string->text);
	if (p->hop.len > 0 && ends_with(string->text, text_view(&tail)))
		words.len -= tail.len;
	if (p->hop.len > 0 && translate_has(p->t, SHAPE_NLRI_NEXT_HOP) &&
	    !translate_has(p->t, SHAPE_EXT_HEX))
		text_slice(&words, text_view(&tail));
	string->text = arena_copy(p->t->arena, text_view(&words));
	text_free(&tail);
	text_free(&words);
}

static void
flow(const struct place *p, struct json *n)
{
	struct json *string = json_member(n, "string");

	if (string == NULL || string->kind != JSON_STRING)
		return;
	translate_remove(n, "next-hop");
	if (p->hop.len > 0 && translate_has(p->t, SHAPE_NLRI_NEXT_HOP))
		translate_add(n, translate_string(p->t, "next-hop", p->hop), "string");
	flow_string(p, string);
}

/* A member of this name is there already: of lists the elements are, of others the first stays. */
static bool
merged(struct json *object, const struct json *m)
{
	for (struct json *old = object->first; old != NULL; old = old->next) {
		struct json **at = &old->first;

		if (!slice_same(old->name, m->name))
			continue;
		while (*at != NULL)
			at = &(*at)->next;
		if (old->kind == JSON_LIST && m->kind == JSON_LIST)
			*at = m->first;
		return true;
	}
	return false;
}

/* 4.2: the members of all descriptors are those of one. */
static void
join(struct translation *t, struct json *list)
{
	struct json *one = arena_zero(t->arena, 1, sizeof(*one));
	struct json *next;

	one->kind = JSON_OBJECT;
	for (const struct json *d = list->first; d != NULL; d = d->next)
		for (struct json *m = d->first; m != NULL; m = next) {
			next = m->next;
			if (!merged(one, m))
				translate_add(one, m, NULL);
		}
	list->kind = JSON_OBJECT;
	list->first = one->first;
}

/* The other way: an object a member. */
static void
part(struct translation *t, struct json *object)
{
	struct json *next;

	object->kind = JSON_LIST;
	for (struct json **at = &object->first; *at != NULL; at = &(*at)->next) {
		struct json *one = arena_zero(t->arena, 1, sizeof(*one));

		next = (*at)->next;
		one->kind = JSON_OBJECT;
		one->first = *at;
		one->first->next = NULL;
		one->next = next;
		*at = one;
	}
}

/* Without its length before 6.0; the member behind it has it in every version. */
static void
reachable(const struct place *p, struct json *n)
{
	struct json *reach = json_member(n, "ip-reachability-tlv");
	const struct json *prefix = json_member(n, "ip-reach-prefix");
	struct slice address;
	struct slice length;

	if (reach == NULL || prefix == NULL || reach->kind != JSON_STRING ||
	    prefix->kind != JSON_STRING || !word_cut(prefix->text, '/', &address, &length))
		return;
	reach->text = translate_has(p->t, SHAPE_LS_6) ? prefix->text : address;
}

static void
link_state(const struct place *p, struct json *n)
{
	static const char *const names[] = { "node-descriptors", "local-node-descriptors",
		"remote-node-descriptors" };
	const struct json *type;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct json *d = json_member(n, names[i]);

		if (d != NULL && d->kind == JSON_LIST && translate_has(p->t, SHAPE_LS_OBJECT))
			join(p->t, d);
		else if (d != NULL && d->kind == JSON_OBJECT &&
		    !translate_has(p->t, SHAPE_LS_OBJECT))
			part(p->t, d);
	}
	type = json_member(n, "ls-nlri-type");
	if (type == NULL || slice_is(type->text, "bgpls-srv6sid"))
		return;
	reachable(p, n);
	translate_remove(n, "nexthop");
	if (p->hop.len > 0 && translate_has(p->t, SHAPE_NLRI_NEXT_HOP))
		translate_add(n, translate_string(p->t, "nexthop", p->hop), NULL);
}

static void
nlri(const struct place *p, struct json *n)
{
	struct json *label = json_member(n, "label");

	/* those of EVPN have them in every version */
	if (label != NULL && label->kind == JSON_LIST && !slice_begins(p->family, "l2vpn"))
		labels(p->t, label);
	if (slice_begins(p->family, "bgp-ls"))
		link_state(p, n);
	else
		flow(p, n);
}

static void
nlris(const struct place *p, struct json *list)
{
	for (struct json *n = list->first; n != NULL; n = n->next)
		nlri(p, n);
}

static void
announced(struct translation *t, struct json *families)
{
	for (struct json *f = families->first; f != NULL; f = f->next)
		for (struct json *hop = f->first; hop != NULL; hop = hop->next) {
			struct place p = { t, f->name, hop->name };

			if (slice_is(p.hop, "no-nexthop"))
				p.hop = SLICE("");
			nlris(&p, hop);
		}
}

void
translate_routes(struct translation *t)
{
	struct json *update = translate_message(t);
	struct json *announce = update == NULL ? NULL : json_member(update, "announce");
	struct json *withdraw = update == NULL ? NULL : json_member(update, "withdraw");

	if (announce != NULL)
		announced(t, announce);
	if (withdraw == NULL)
		return;
	for (struct json *f = withdraw->first; f != NULL; f = f->next) {
		struct place p = { t, f->name, SLICE("") };

		nlris(&p, f);
	}
}
