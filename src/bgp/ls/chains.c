/* TLVs of one member are found again by a hash of its key, and linked. */
#include "ls/chains.h"

static size_t
slot_of(uint32_t key)
{
	return key * 40503u & (LS_SLOTS - 1);
}

static size_t
slot_behind(size_t slot)
{
	return (slot + 1) & (LS_SLOTS - 1);
}

/* Only what is used, since mostly it is little: all slots up to a free one are of members. */
struct ls_chains *
ls_chains_empty(enum ls_depth depth)
{
	static struct ls_chains room[LS_DEPTHS];
	struct ls_chains *c = &room[depth];

	for (size_t i = 0; i < c->count; i++)
		for (size_t slot = slot_of(c->at[i].key); c->slots[slot] != 0;
		     slot = slot_behind(slot))
			c->slots[slot] = 0;
	c->count = 0;
	return c;
}

void
ls_chains_add(struct ls_chains *c, const struct ls_member *m)
{
	size_t slot = slot_of(m->key);
	size_t i = c->count++;

	c->at[i] = *m;
	while (c->slots[slot] != 0 && c->at[c->slots[slot] - 1].key != m->key)
		slot = slot_behind(slot);
	c->first[i] = c->slots[slot] == 0;
	if (!c->first[i])
		c->next[c->slots[slot] - 1] = (uint16_t)(i + 1);
	c->next[i] = 0;
	c->slots[slot] = (uint16_t)(i + 1);
}

static void
put_bytes(struct text *to, struct slice bytes)
{
	text_string(to, "\"0x");
	text_hex_upper(to, bytes);
	text_char(to, '"');
}

static void
put_values(struct text *to, const struct ls_chains *c, size_t first)
{
	for (size_t n = first + 1; n != 0; n = c->next[n - 1]) {
		const struct ls_member *m = &c->at[n - 1];

		text_string(to, n == first + 1 ? "" : ", ");
		if (m->row == NULL)
			put_bytes(to, m->tlv.value);
		else
			ls_json(to, m->row, m->tlv.value);
	}
}

void
ls_chains_put_bytes(struct text *to, const struct ls_chains *c, size_t first)
{
	bool several = c->next[first] != 0;

	text_string(to, several ? "[" : "");
	put_values(to, c, first);
	text_string(to, several ? "]" : "");
}

void
ls_chains_put(struct text *to, const struct ls_chains *c, size_t first, const char *generic)
{
	const struct ls_row *row = c->at[first].row;

	if (row == NULL)
		text_format(to, "\"%s%u\": [", generic, c->at[first].tlv.type);
	else
		text_format(to, "\"%s\": [", row->name);
	put_values(to, c, first);
	text_char(to, ']');
}
