/* TUNNEL_ENCAP in JSON, text and words. Of what stands there twice JSON tells the first, but all
 * lists of segments. */
#include "attr/tunnel_encap.h"

#include "attr.h"

#include <stdio.h>

static void
label_emit(struct emit *e, struct slice value)
{
	uint32_t label = value.len < 6 ? 0 : load_u32(value.at + 2) >> LABEL_SHIFT;

	if (e->spelling != SPELL_JSON) {
		struct text *t = emit_value(e, &FIELD("binding-sid"));

		if (value.len < 6)
			text_string(t, "null");
		else
			text_format(t, "mpls %u", label);
	} else if (value.len < 6) {
		emit_null(e, &FIELD("binding-sid"));
	} else {
		emit_open(e, &FIELD("binding-sid"), &MARKS_OBJECT_TIGHT);
		emit_word(e, &FIELD("type"), SLICE("mpls"));
		emit_uint(e, &FIELD("label"), label);
		emit_close(e);
	}
}

static void
srv6_emit(struct emit *e, struct slice value)
{
	struct reader r = reader_on(slice_after(value, 2));
	struct addr sid = addr_of_bytes(read_slice(&r, 16));
	struct slice behavior = read_rest(&r);

	if (behavior.len == 0) {
		emit_addr(e, &FIELD("srv6-binding-sid"), &sid);
		return;
	}
	emit_open(e, &FIELD("srv6-binding-sid"), &MARKS_OBJECT_TIGHT);
	emit_addr(e, &JSON_NAMED("sid"), &sid);
	if (e->spelling != SPELL_JSON)
		emit_word(e, &BARE, SLICE("endpoint-behavior"));
	behavior_emit(e, behavior);
	emit_close(e);
}

/* The weight of a list, and whether it says one: RFC 9830 2.4.4.1. */
static bool
weight_of(struct slice list, uint32_t *weight)
{
	struct reader r = reader_on(slice_after(list, 1));

	*weight = 1;
	while (reader_more(&r)) {
		struct part p = segment_take(&r);

		if (p.type == SEGMENT_WEIGHT) {
			*weight = load_u32(p.value.at + 2);
			return true;
		}
	}
	return false;
}

static void
segments_emit(struct emit *e, struct slice list)
{
	struct reader r = reader_on(slice_after(list, 1));

	while (reader_more(&r)) {
		struct part p = segment_take(&r);

		if (segment_known(&p))
			segment_emit(e, &p);
	}
}

static void
list_json(struct emit *e, struct slice list)
{
	uint32_t weight;

	(void)weight_of(list, &weight);
	emit_open(e, &BARE, &MARKS_OBJECT_TIGHT);
	emit_uint(e, &FIELD("weight"), weight);
	emit_open(e, &FIELD("segments"), &MARKS_LIST_TIGHT);
	segments_emit(e, list);
	emit_close(e);
	emit_close(e);
}

static void
list_words(struct emit *e, struct slice list)
{
	uint32_t weight;

	emit_word(e, &BARE, SLICE("segment-list"));
	if (weight_of(list, &weight))
		emit_uint(e, &FIELD("weight"), weight);
	segments_emit(e, list);
}

static void
list_text(struct emit *e, struct slice list)
{
	struct reader r = reader_on(slice_after(list, 1));
	struct text *t = emit_value(e, &FIELD("segment-list"));
	bool any = false;
	uint32_t weight;

	(void)weight_of(list, &weight);
	text_format(t, "weight %u [", weight);
	while (reader_more(&r)) {
		struct part p = segment_take(&r);

		if (!segment_known(&p))
			continue;
		if (any)
			text_char(t, ' ');
		segment_text(t, &p);
		any = true;
	}
	text_char(t, ']');
}

/* What no row knows, by its number: "0xABCD" */
static void
unknown_part(struct emit *e, const char *what, const struct part *p)
{
	char name[48];
	int len = snprintf(name, sizeof(name), e->spelling == SPELL_JSON ? "\"%s-%u\": " : "%s-%u ",
	    what, p->type);
	struct slice said = slice_of(name, (size_t)len);
	struct spell field = { { said, said, said } };

	emit_hex_upper(e, &field, p->value);
}

static void
sub_emit(struct emit *e, const struct part *p)
{
	switch (p->type) {
	case SUB_PREFERENCE: emit_uint(e, &FIELD("preference"), load_u32(p->value.at + 2)); break;
	case SUB_PRIORITY: emit_uint(e, &FIELD("priority"), p->value.at[0]); break;
	case SUB_BINDING_SID: label_emit(e, p->value); break;
	case SUB_SRV6_BINDING_SID: srv6_emit(e, p->value); break;
	case SUB_PATH_NAME:
		emit_str(e, &FIELD("candidate-path-name"), slice_after(p->value, 1));
		break;
	case SUB_POLICY_NAME: emit_str(e, &FIELD("policy-name"), slice_after(p->value, 1)); break;
	case SUB_SEGMENT_LIST:
		if (e->spelling == SPELL_WORDS)
			list_words(e, p->value);
		else
			list_text(e, p->value);
		break;
	default: unknown_part(e, "unknown-subtlv", p);
	}
}

/* Is it there the first time? */
static bool
first(uint64_t *told, unsigned type)
{
	uint64_t bit = UINT64_C(1) << type % 64;
	bool before = (told[type / 64] & bit) != 0;

	told[type / 64] |= bit;
	return !before;
}

static void
policy_json(struct emit *e, struct slice value)
{
	struct reader r = reader_on(value);
	uint64_t told[4] = { 0 };
	bool lists = false;

	emit_open(e, &FIELD("sr-policy"), &MARKS_OBJECT_TIGHT);
	while (reader_more(&r)) {
		struct part p = sub_take(&r);

		if (p.type == SUB_SEGMENT_LIST)
			lists = true;
		else if (first(told, p.type))
			sub_emit(e, &p);
	}
	if (lists) {
		emit_open(e, &FIELD("segment-lists"), &MARKS_LIST_TIGHT);
		for (r = reader_on(value); reader_more(&r);) {
			struct part p = sub_take(&r);

			if (p.type == SUB_SEGMENT_LIST)
				list_json(e, p.value);
		}
		emit_close(e);
	}
	emit_close(e);
}

static void
subs_emit(struct emit *e, struct slice value)
{
	struct reader r = reader_on(value);

	while (reader_more(&r)) {
		struct part p = sub_take(&r);

		sub_emit(e, &p);
	}
}

static void
json(struct emit *e, struct slice value)
{
	struct reader r = reader_on(value);
	uint64_t told[(UINT16_MAX + 1) / 64] = { 0 };

	emit_open(e, &FIELD("tunnel-encap"), &MARKS_OBJECT_TIGHT);
	while (reader_more(&r)) {
		struct part p = tunnel_take(&r);

		if (!first(told, p.type))
			continue;
		if (p.type == TUNNEL_SR_POLICY)
			policy_json(e, p.value);
		else
			unknown_part(e, "tunnel-type", &p);
	}
	emit_close(e);
}

static void
text(struct emit *e, struct slice value)
{
	struct text *t = emit_value(e, &FIELD("tunnel-encap"));
	struct reader r = reader_on(value);
	struct emit in = emit_on(t, SPELL_TEXT, e->shape);

	text_string(t, "tunnel-encap [");
	while (reader_more(&r)) {
		struct part p = tunnel_take(&r);

		if (p.type == TUNNEL_SR_POLICY) {
			text_string(t, "sr-policy {");
			subs_emit(&in, p.value);
			text_char(t, '}');
		} else {
			text_format(t, "tunnel-type:%u", p.type);
		}
		if (reader_more(&r))
			text_char(t, ' ');
	}
	text_char(t, ']');
}

/* Do the words give these bytes again? They can't say everything that bytes can. */
static bool
reads_back(struct slice words, struct slice policy)
{
	uint8_t room[ATTR_VALUE_MAX];
	struct writer w = writer_on(room, sizeof(room));
	struct lex lx;
	bool same;

	lex_init(&lx, words, LEX_COMMAND);
	same = policy_words_read(&lx, &w) && slice_same(writer_slice(&w), policy);
	lex_done(&lx);
	return same;
}

static void
words(struct emit *e, struct slice value)
{
	struct record raw = { attr_tunnel_encap.code, attr_tunnel_encap.flags, RECORD_RAW, value };
	struct reader r = reader_on(value);
	struct part policy = tunnel_take(&r);
	struct text said = { 0 };
	struct emit in = emit_on(&said, SPELL_WORDS, e->shape);

	if ((e->shape & SHAPE_POLICY) != 0 && policy.type == TUNNEL_SR_POLICY &&
	    policy.value.len != 0 && reader_done(&r))
		subs_emit(&in, policy.value);
	if (said.len != 0 && reads_back(text_view(&said), policy.value))
		text_slice(emit_value(e, &BARE), text_view(&said));
	else
		unknown_emit(e, &raw);
	text_free(&said);
}

/* What ExaBGP before 6.0 tells of an attribute that it doesn't know, which it passes on. */
static void
unknown(struct emit *e, struct slice value)
{
	struct record raw = { attr_tunnel_encap.code, attr_tunnel_encap.flags | ATTR_PARTIAL,
		RECORD_RAW, value };

	unknown_emit(e, &raw);
}

void
tunnel_encap_emit(struct emit *e, struct slice value)
{
	if (e->left_out != 0)
		return;
	if (e->spelling == SPELL_WORDS)
		words(e, value);
	else if ((e->shape & SHAPE_TUNNEL) == 0)
		unknown(e, value);
	else if (e->spelling == SPELL_JSON)
		json(e, value);
	else
		text(e, value);
}
