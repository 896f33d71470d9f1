/* COMMUNITIES: RFC 1997. As they came; sorted where words gave them. */
#include "attr.h"

#include "base/num.h"
#include "bgp/shape.h"
#include "draft.h"

#define ONE 4

static const struct name {
	const char *word;
	uint32_t value;
} names[] = {
	/* the first word of a value is how it is spelt */
	{ "no-export", 0xffffff01 },
	{ "no_export", 0xffffff01 },
	{ "no-advertise", 0xffffff02 },
	{ "no_advertise", 0xffffff02 },
	{ "no-export-subconfed", 0xffffff03 },
	{ "no-peer", 0xffffff04 },
	{ "nopeer", 0xffffff04 },
	{ "blackhole", 0xffff029a },
};

#define NAMES (sizeof(names) / sizeof(names[0]))

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	(void)s;
	return attr_keep(r, &attr_community, ONE, true, to); /* RFC 7606 7.8 */
}

static bool
from_word(struct slice word, uint32_t *to)
{
	struct slice high;
	struct slice low;
	uint16_t a;
	uint16_t b;
	uint64_t whole;

	if (word_cut(word, ':', &high, &low)) {
		if (!num_u16(high, &a) || !num_u16(low, &b))
			return false;
		*to = (uint32_t)a << 16 | b;
		return true;
	}
	if (num_any(word, UINT32_MAX, &whole)) {
		*to = (uint32_t)whole; /* limited above */
		return true;
	}
	for (size_t i = 0; i < NAMES; i++)
		if (word_same_case(word, names[i].word)) {
			*to = names[i].value;
			return true;
		}
	return false;
}

static void
take(struct lex *lx, uint8_t *to)
{
	struct token where = lx->now;
	uint32_t community = 0;

	if (!from_word(lex_word(lx, "a community"), &community))
		lex_fault_at(lx, &where, "expected a community");
	lex_known_as(lx, &where, "invalid community name %");
	store_u32(to, community);
}

static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t value[ATTR_VALUE_MAX];
	struct writer w = writer_on(value, sizeof(value));
	size_t n = draft_list_take(lx, take, ONE, "community", &w);

	if (n == 0 || lex_failed(lx))
		return;
	attr_sort(value, n, ONE);
	draft_add(lx, d, &attr_community, writer_slice(&w));
}

static void
put(struct text *t, struct emit *e, const uint8_t *at)
{
	uint32_t community = load_u32(at);

	if (e->spelling == SPELL_TEXT)
		for (size_t i = 0; i < NAMES; i++)
			if (names[i].value == community) {
				text_string(t, names[i].word);
				return;
			}
	if (e->spelling == SPELL_JSON)
		text_bytes(t, "[ ", 2);
	text_uint(t, community >> 16);
	if (e->spelling == SPELL_JSON)
		text_bytes(t, ", ", 2);
	else
		text_char(t, ':');
	text_uint(t, community & 0xffff);
	if (e->spelling == SPELL_JSON)
		text_bytes(t, " ]", 2);
}

static void
emit(struct emit *e, struct slice value)
{
	attr_communities_emit(e, &FIELD("community"), value, ONE, put);
}

const struct attr attr_community = {
	.code = 8,
	.flags = ATTR_OPT_TRANS,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to community",
	.words = { { "community", parse } },
	.decode = decode,
	.emit = emit,
};
