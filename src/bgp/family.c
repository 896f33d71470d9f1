/* Address families by code, by words and by id; sets and lists of them. */
#include "bgp/family.h"

#include "family_rows.h"

#include "base/must.h"

#include <assert.h>
#include <stdio.h>

static_assert(FAMILY_COUNT <= FAMILY_MAX, "a set has a bit for each family");

static const struct family *const rows[] = {
#define X(w) [FAMILY_ID_##w] = &family_##w,
#include "family.inc"
#undef X
};

struct code_word {
	uint16_t code;
	const char *word;
};

/* Words of all numbers that ExaBGP knows, whether or not a row decodes them. */
static const struct code_word afis[] = {
	{ 1, "ipv4" },
	{ 2, "ipv6" },
	{ 25, "l2vpn" },
	{ 16388, "bgp-ls" },
};

static const struct code_word safis[] = {
	{ 1, "unicast" },
	{ 2, "multicast" },
	{ 4, "nlri-mpls" },
	{ 5, "mcast-vpn" },
	{ 65, "vpls" },
	{ 70, "evpn" },
	{ 71, "bgp-ls" },
	{ 72, "bgp-ls-vpn" },
	{ 73, "sr-policy" },
	{ 85, "mup" },
	{ 128, "mpls-vpn" },
	{ 132, "rtc" },
	{ 133, "flow" },
	{ 134, "flow-vpn" },
};

static const char *
word_of(const struct code_word *at, size_t count, uint16_t code)
{
	for (size_t i = 0; i < count; i++)
		if (at[i].code == code)
			return at[i].word;
	return NULL;
}

const char *
afi_word(uint16_t afi)
{
	return word_of(afis, sizeof(afis) / sizeof(afis[0]), afi);
}

const char *
safi_word(uint8_t safi)
{
	return word_of(safis, sizeof(safis) / sizeof(safis[0]), safi);
}

struct slice
family_label(char room[FAMILY_LABEL_MAX], uint16_t afi, uint8_t safi, char between)
{
	const char *a = afi_word(afi);
	const char *s = safi_word(safi);
	char a_number[24];
	char s_number[24];
	int n;

	(void)snprintf(a_number, sizeof(a_number), "unknown afi %u", afi);
	(void)snprintf(s_number, sizeof(s_number), "unknown safi %u", safi);
	n = snprintf(room, FAMILY_LABEL_MAX, "%s%c%s", a != NULL ? a : a_number, between,
	    s != NULL ? s : s_number);
	MUST(n > 0 && n < FAMILY_LABEL_MAX);
	return slice_of(room, (size_t)n);
}

const struct family *
family_of(uint16_t afi, uint8_t safi)
{
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		if (rows[i]->safi == safi && rows[i]->afi == afi)
			return rows[i];
	return NULL;
}

const struct family *
family_of_words(struct slice afi, struct slice safi)
{
	if (slice_is(safi, "labeled-unicast"))
		safi = SLICE("nlri-mpls");
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		if (slice_is(afi, rows[i]->afi_word) && slice_is(safi, rows[i]->safi_word))
			return rows[i];
	return NULL;
}

const struct family *
family_at(unsigned id)
{
	MUST(id < FAMILY_COUNT);
	return rows[id];
}

unsigned
family_count(void)
{
	return FAMILY_COUNT;
}

struct family_set
family_all(void)
{
	return (struct family_set){ UINT64_MAX >> (64 - FAMILY_COUNT) };
}

void
family_list_add(struct family_list *l, const struct family *f)
{
	for (unsigned i = 0; i < l->count; i++)
		if (l->ids[i] == f->id)
			return;
	l->ids[l->count++] = f->id;
}

struct family_set
family_list_set(const struct family_list *l)
{
	struct family_set s = { 0 };

	for (unsigned i = 0; i < l->count; i++)
		family_add(&s, rows[l->ids[i]]);
	return s;
}

struct nlri
nlri_take(const struct family *f, struct reader *r, bool with_path_id)
{
	struct nlri n = { .family = f, .has_path_id = with_path_id };
	const uint8_t *start;

	if (with_path_id)
		n.path_id = read_u32(r);
	start = r->at;
	f->pass(r, f);
	if (reader_ok(r))
		n.bytes = slice_of(start, (size_t)(r->at - start));
	return n;
}

size_t
nlri_key(const struct nlri *n, uint8_t *room)
{
	store_u32(room, n->path_id);
	if (n->family->key != NULL)
		return 4 + n->family->key(n->bytes, room + 4);
	MUST(n->bytes.len <= NLRI_MAX);
	memcpy(room + 4, n->bytes.at, n->bytes.len);
	return 4 + n->bytes.len;
}
