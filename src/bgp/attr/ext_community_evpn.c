/* Extended communities of EVPN in words: RFC 7432 7.5 to 7.8, RFC 9012 4.1, RFC 9135 8.1. */
#include "attr/ext_community.h"

#include "base/hex.h"
#include "base/num.h"

#define VALUE_LEN     6
#define LABEL_MOST    0xfffff
#define STICKY        1 /* RFC 7432 7.7 */
#define SINGLE_ACTIVE 1 /* RFC 7432 7.5 */

static const char *const encaps[] = {
	[0] = "Default",
	[1] = "L2TPv3",
	[2] = "GRE",
	[7] = "IP-in-IP",
	[8] = "VXLAN",
	[9] = "NVGRE",
	[10] = "MPLS",
	[12] = "VXLAN-GPE",
	[13] = "MPLS-in-UDP",
};

#define ENCAPS (sizeof(encaps) / sizeof(encaps[0]))

const char *
encap_name(uint16_t type)
{
	return type < ENCAPS ? encaps[type] : NULL;
}

/* A name of whatever case, or a number. */
static bool
encap_parse(struct slice word, struct writer *w)
{
	uint16_t type = 0;

	while (type < ENCAPS && (encaps[type] == NULL || !word_same_case(word, encaps[type])))
		type++;
	if (type == ENCAPS && !num_u16(word, &type))
		return false;
	write_u32(w, 0);
	write_u16(w, type);
	return true;
}

static void
encap_put(struct text *t, const uint8_t *value)
{
	uint16_t type = load_u16(value + 4);
	const char *name = encap_name(type);

	if (name != NULL)
		text_string(t, name);
	else
		text_uint(t, type);
}

/* NUMBER, or NUMBER:FLAG. */
static bool
flag_cut(struct slice word, const char *flag, uint64_t most, uint32_t *number, bool *set)
{
	struct slice head = word;
	struct slice tail;
	uint64_t n;

	*set = word_cut(word, ':', &head, &tail);
	if ((*set && !slice_is(tail, flag)) || !num_decimal(*set ? head : word, most, &n))
		return false;
	*number = (uint32_t)n; /* limited */
	return true;
}

static bool
mobility_parse(struct slice word, struct writer *w)
{
	uint32_t sequence;
	bool sticky;

	if (!flag_cut(word, "sticky", UINT32_MAX, &sequence, &sticky))
		return false;
	write_u8(w, sticky ? STICKY : 0);
	write_u8(w, 0);
	write_u32(w, sequence);
	return true;
}

static void
mobility_put(struct text *t, const uint8_t *value)
{
	text_format(t, "%u%s", load_u32(value + 2), value[0] == STICKY ? ":sticky" : "");
}

static bool
esi_label_parse(struct slice word, struct writer *w)
{
	uint32_t label;
	bool single;

	if (!flag_cut(word, "single-active", LABEL_MOST, &label, &single))
		return false;
	write_u8(w, single ? SINGLE_ACTIVE : 0);
	write_u16(w, 0);
	write_u24(w, label << 4);
	return true;
}

static void
esi_label_put(struct text *t, const uint8_t *value)
{
	text_format(t, "%u%s", load_u32(value + 2) >> 4 & LABEL_MOST,
	    value[0] == SINGLE_ACTIVE ? ":single-active" : "");
}

static bool
mac_parse(struct slice word, struct writer *w)
{
	uint8_t mac[VALUE_LEN];

	if (!hex_pairs(word, mac, sizeof(mac)))
		return false;
	write_bytes(w, mac, sizeof(mac));
	return true;
}

static void
mac_put(struct text *t, const uint8_t *value)
{
	for (size_t i = 0; i < VALUE_LEN; i++)
		text_format(t, i == 0 ? "%02X" : ":%02X", value[i]);
}

static const struct form {
	uint16_t kind;
	const char *word; /* with its colon, if a value follows */
	bool (*parse)(struct slice word, struct writer *w);
	void (*put)(struct text *t, const uint8_t *value);
} forms[] = {
	{ ENCAPSULATION, "encap:", encap_parse, encap_put },
	{ DEFAULT_GATEWAY, "default-gateway", NULL, NULL },
	{ MAC_MOBILITY, "mac-mobility:", mobility_parse, mobility_put },
	{ ESI_LABEL, "esi-label:", esi_label_parse, esi_label_put },
	{ ES_IMPORT, "es-import:", mac_parse, mac_put },
	{ ROUTER_MAC, "router-mac:", mac_parse, mac_put },
};

#define FORMS (sizeof(forms) / sizeof(forms[0]))

static bool
parse_as(const struct form *f, struct slice word, uint8_t to[ONE])
{
	struct writer w = writer_on(to, ONE);

	memset(to, 0, ONE);
	write_u16(&w, f->kind);
	if (f->parse == NULL)
		return slice_is(word, f->word);
	return slice_begins(word, f->word) && f->parse(slice_after(word, strlen(f->word)), &w);
}

bool
evpn_community_parse(struct slice word, uint8_t to[ONE])
{
	for (size_t i = 0; i < FORMS; i++)
		if (parse_as(&forms[i], word, to))
			return true;
	return false;
}

static const struct form *
form_of(uint16_t kind)
{
	for (size_t i = 0; i < FORMS; i++)
		if (forms[i].kind == kind)
			return &forms[i];
	return NULL;
}

/* Bits that have no words are seen by reading back. */
bool
evpn_community_put(struct text *t, const uint8_t *at)
{
	const struct form *f = form_of(load_u16(at));
	struct text word = { 0 };
	uint8_t again[ONE];
	bool same;

	if (f == NULL)
		return false;
	text_string(&word, f->word);
	if (f->put != NULL)
		f->put(&word, at + 2);
	same = parse_as(f, text_view(&word), again) && memcmp(again, at, ONE) == 0;
	if (same)
		text_bytes(t, word.at, word.len);
	text_free(&word);
	return same;
}
