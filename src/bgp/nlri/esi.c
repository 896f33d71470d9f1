/* Ethernet segment identifiers in words: RFC 7432 5. */
#include "nlri/evpn.h"

#include "base/addr.h"
#include "lang/lex.h"
#include "nlri/words.h"

#define DISCRIMINATOR_MOST 0xffffff

static void
write_mac(struct lex *lx, struct writer *w)
{
	uint8_t mac[MAC_LEN] = { 0 };

	nlri_pairs(lx, mac, sizeof(mac), "a MAC address");
	write_bytes(w, mac, sizeof(mac));
}

static void
write_lacp(struct lex *lx, struct writer *w)
{
	write_mac(lx, w);
	write_u16(w, lex_u16(lx, "a port key (0 to 65535)"));
}

static void
write_stp(struct lex *lx, struct writer *w)
{
	write_mac(lx, w);
	write_u16(w, lex_u16(lx, "a priority of the root bridge (0 to 65535)"));
}

static void
write_system(struct lex *lx, struct writer *w)
{
	write_mac(lx, w);
	write_u24(w, (uint32_t)lex_number(lx, DISCRIMINATOR_MOST, "a discriminator of 3 bytes"));
}

static void
write_router_id(struct lex *lx, struct writer *w)
{
	struct addr id = lex_addr_v4(lx, "a router id, which is an IPv4 address");

	write_u32(w, lex_failed(lx) ? 0 : addr_u32(&id));
	write_u32(w, lex_u32(lx, "a discriminator of 4 bytes"));
}

static void
write_as(struct lex *lx, struct writer *w)
{
	write_u32(w, lex_asn(lx, "an ASN"));
	write_u32(w, lex_u32(lx, "a discriminator of 4 bytes"));
}

/* By type; type 0, and what each of them becomes, is written as it is. */
static const struct {
	const char *word;
	void (*write)(struct lex *lx, struct writer *w);
} types[] = {
	[1] = { "lacp", write_lacp },
	[2] = { "stp", write_stp },
	[3] = { "mac", write_system },
	[4] = { "router-id", write_router_id },
	[5] = { "as", write_as },
};

#define TYPES (sizeof(types) / sizeof(types[0]))

void
esi_parse(struct lex *lx, uint8_t to[ESI_LEN])
{
	struct writer w = writer_on(to, ESI_LEN);

	memset(to, 0, ESI_LEN);
	if (lex_take(lx, "-"))
		return;
	for (uint8_t type = 1; type < TYPES; type++)
		if (lex_take(lx, types[type].word)) {
			write_u8(&w, type);
			types[type].write(lx, &w);
			return;
		}
	nlri_pairs(lx, to, ESI_LEN,
	    "-, ten pairs of hexadecimal digits between colons, lacp, stp, mac, router-id or as");
}
