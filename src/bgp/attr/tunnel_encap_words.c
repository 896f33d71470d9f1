/* The words of an SR policy: RFC 9830 2.4. */
#include "attr/tunnel_encap.h"

void
preference_read(struct lex *lx, struct writer *w)
{
	struct gap len;

	write_u8(w, SUB_PREFERENCE);
	len = open_u8(w);
	write_u16(w, 0); /* flags, reserved */
	write_u32(w, lex_u32(lx, "a number for preference"));
	close_u8(w, len);
}

void
priority_read(struct lex *lx, struct writer *w)
{
	struct gap len;

	write_u8(w, SUB_PRIORITY);
	len = open_u8(w);
	write_u8(w, (uint8_t)lex_number(lx, UINT8_MAX, "a priority (0 to 255)"));
	write_u8(w, 0);
	close_u8(w, len);
}

#define BINDING_SPECIFIED 0x10 /* not of RFC 9830; what ExaBGP sends */

/* mpls LABEL, or null */
void
binding_sid_read(struct lex *lx, struct writer *w)
{
	bool label = lex_take(lx, "mpls");
	struct gap len;

	if (!label && !lex_take(lx, "null"))
		lex_fault(lx, "expected mpls and a label, or null, for binding-sid");
	write_u8(w, SUB_BINDING_SID);
	len = open_u8(w);
	write_u8(w, label ? BINDING_SPECIFIED : 0);
	write_u8(w, 0);
	if (label)
		write_u32(w,
		    (uint32_t)lex_number(lx, LABEL_MAX, "a label (0 to 1048575)") << LABEL_SHIFT |
			LABEL_BOTTOM);
	close_u8(w, len);
}

#define BINDING_BEHAVIOR 0x20 /* an endpoint behavior follows: RFC 9830 2.4.3 */

/* SID, and an endpoint behavior if there is one */
void
srv6_binding_sid_read(struct lex *lx, struct writer *w)
{
	struct token where = lx->now;
	struct addr sid = lex_addr(lx, "a SID for srv6-binding-sid");
	struct gap len;
	size_t flags;

	if (!lex_failed(lx) && sid.family != ADDR_IPV6)
		lex_fault_at(lx, &where, "expected a SID, which is an IPv6 address");
	write_u8(w, SUB_SRV6_BINDING_SID);
	len = open_u8(w);
	flags = writer_len(w);
	write_u16(w, 0); /* flags, reserved */
	write_bytes(w, sid.bytes, 16);
	if (behavior_read(lx, w) && writer_ok(w))
		w->start[flags] = BINDING_BEHAVIOR;
	close_u8(w, len);
}

static void
name_read(struct lex *lx, struct writer *w, uint8_t type, const char *what)
{
	struct gap len;

	write_u8(w, type);
	len = open_u16(w);
	write_u8(w, 0);
	write_slice(w, lex_word(lx, what));
	close_u16(w, len);
}

void
policy_name_read(struct lex *lx, struct writer *w)
{
	name_read(lx, w, SUB_POLICY_NAME, "a name for policy-name");
}

void
path_name_read(struct lex *lx, struct writer *w)
{
	name_read(lx, w, SUB_PATH_NAME, "a name for candidate-path-name");
}

/* [weight N] segment ... segment ... */
void
segment_list_read(struct lex *lx, struct writer *w)
{
	size_t bottom = 0;
	struct gap list;
	struct gap len;

	write_u8(w, SUB_SEGMENT_LIST);
	list = open_u16(w);
	write_u8(w, 0);
	if (lex_take(lx, "weight")) {
		write_u8(w, SEGMENT_WEIGHT);
		len = open_u8(w);
		write_u16(w, 0); /* flags, reserved */
		write_u32(w, lex_u32(lx, "a number for weight"));
		close_u8(w, len);
	} else if (!lex_is(lx, "segment")) {
		lex_fault(lx, "expected weight or segment behind segment-list");
	}
	while (lex_take(lx, "segment"))
		segment_read(lx, w, &bottom);
	close_u16(w, list);
	if (bottom != 0 && writer_ok(w))
		w->start[bottom + 2] |= LABEL_BOTTOM >> 8; /* of the last one that may be it */
}

static const struct {
	const char *word;
	void (*read)(struct lex *lx, struct writer *w);
} words[] = {
	{ "preference", preference_read },
	{ "priority", priority_read },
	{ "binding-sid", binding_sid_read },
	{ "srv6-binding-sid", srv6_binding_sid_read },
	{ "policy-name", policy_name_read },
	{ "candidate-path-name", path_name_read },
	{ "segment-list", segment_list_read },
};

#define WORDS (sizeof(words) / sizeof(words[0]))

bool
policy_words_read(struct lex *lx, struct writer *w)
{
	while (!lex_ends(lx)) {
		size_t i = 0;

		while (i < WORDS && !lex_take(lx, words[i].word))
			i++;
		if (i == WORDS)
			return false;
		words[i].read(lx, w);
	}
	return !lex_failed(lx) && writer_ok(w);
}
