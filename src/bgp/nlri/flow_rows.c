/* The components of FlowSpec rules, and the names of their values: RFC 8955 4.2.2, RFC 8956 3. */
#include "nlri/flow.h"

#include "base/num.h"

static const struct flow_name protocols[] = {
	{ "icmp", 1 },
	{ "igmp", 2 },
	{ "tcp", 6 },
	{ "egp", 8 },
	{ "udp", 17 },
	{ "rsvp", 46 },
	{ "gre", 47 },
	{ "esp", 50 },
	{ "ah", 51 },
	{ "ospf", 89 },
	{ "ipip", 94 },
	{ "pim", 103 },
	{ "sctp", 132 },
	{ NULL, 0 },
};

static const struct flow_name icmp_types[] = {
	{ "echo-reply", 0 },
	{ "unreachable", 3 },
	{ "redirect", 5 },
	{ "echo-request", 8 },
	{ "router-advertisement", 9 },
	{ "router-solicit", 10 },
	{ "time-exceeded", 11 },
	{ "parameter-problem", 12 },
	{ "timestamp", 13 },
	{ "timestamp-reply", 14 },
	{ "photuris", 40 },
	{ "experimental-mobility", 41 },
	{ "extended-echo-request", 42 },
	{ "extended-echo-reply", 43 },
	{ "experimental-one", 253 },
	{ "experimental-two", 254 },
	{ NULL, 0 },
};

/* Of ExaBGP 4.2: they are read, and not told. */
static const struct flow_name old_icmp_types[] = {
	{ "source-quench", 4 },
	{ "info-request", 15 },
	{ "info-reply", 16 },
	{ "mask-request", 17 },
	{ "mask-reply", 18 },
	{ "traceroute", 30 },
	{ NULL, 0 },
};

static const struct flow_name icmp_codes[] = {
	{ "network-unreachable", 0 },
	{ "host-unreachable", 1 },
	{ "protocol-unreachable", 2 },
	{ "port-unreachable", 3 },
	{ "fragmentation-needed", 4 },
	{ "source-route-failed", 5 },
	{ "destination-network-unknown", 6 },
	{ "destination-host-unknown", 7 },
	{ "source-host-isolated", 8 },
	{ "destination-network-prohibited", 9 },
	{ "destination-host-prohibited", 10 },
	{ "network-unreachable-for-tos", 11 },
	{ "host-unreachable-for-tos", 12 },
	{ "communication-prohibited-by-filtering", 13 },
	{ "host-precedence-violation", 14 },
	{ "precedence-cutoff-in-effect", 15 },
	{ "redirect-for-network", 0 },
	{ "redirect-for-host", 1 },
	{ "redirect-for-tos-and-net", 2 },
	{ "redirect-for-tos-and-host", 3 },
	{ "ttl-eq-zero-during-transit", 0 },
	{ "ttl-eq-zero-during-reassembly", 1 },
	{ "required-option-missing", 1 },
	{ "ip-header-bad", 2 },
	{ NULL, 0 },
};

static const struct flow_name tcp_flags[] = {
	{ "fin", 0x1 },
	{ "syn", 0x2 },
	{ "rst", 0x4 },
	{ "push", 0x8 },
	{ "ack", 0x10 },
	{ "urg", 0x20 },
	{ "ece", 0x40 },
	{ "cwr", 0x80 },
	{ "ns", 0x100 },
	{ "urgent", 0x20 },
	{ NULL, 0 },
};

static const struct flow_name fragments[] = {
	{ "dont-fragment", 0x1 },
	{ "is-fragment", 0x2 },
	{ "first-fragment", 0x4 },
	{ "last-fragment", 0x8 },
	{ "not-a-fragment", 0 }, /* of ExaBGP 4.2, which sends and tells no bits by it */
	{ NULL, 0 },
};

static const struct flow_row rows[] = {
	{ FLOW_DESTINATION, FLOW_PREFIX, "destination-ipv4", "destination-ipv6", NULL, 0, 0, 0 },
	{ FLOW_SOURCE, FLOW_PREFIX, "source-ipv4", "source-ipv6", NULL, 0, 0, 0 },
	{ FLOW_PROTOCOL, FLOW_NUMBER, "protocol", "next-header", protocols, UINT8_MAX, 1,
	    FLOW_NAMES_SHOWN },
	{ FLOW_PORT, FLOW_NUMBER, "port", "port", NULL, UINT16_MAX, 2, FLOW_SERVICES },
	{ FLOW_DESTINATION_PORT, FLOW_NUMBER, "destination-port", "destination-port", NULL,
	    UINT16_MAX, 2, FLOW_SERVICES },
	{ FLOW_SOURCE_PORT, FLOW_NUMBER, "source-port", "source-port", NULL, UINT16_MAX, 2,
	    FLOW_SERVICES },
	{ FLOW_ICMP_TYPE, FLOW_NUMBER, "icmp-type", "icmp-type", icmp_types, UINT8_MAX, 1,
	    FLOW_NAMES_SHOWN },
	{ FLOW_ICMP_CODE, FLOW_NUMBER, "icmp-code", "icmp-code", icmp_codes, UINT8_MAX, 1, 0 },
	{ FLOW_TCP_FLAGS, FLOW_BITS, "tcp-flags", "tcp-flags", tcp_flags, UINT16_MAX, 2, 0 },
	{ FLOW_PACKET_LENGTH, FLOW_NUMBER, "packet-length", "packet-length", NULL, UINT16_MAX, 2,
	    0 },
	{ FLOW_DSCP, FLOW_NUMBER, "dscp", "traffic-class", NULL, UINT8_MAX, 1, 0 },
	{ FLOW_FRAGMENT, FLOW_BITS, "fragment", "fragment", fragments, UINT16_MAX, 2, 0 },
	{ FLOW_FLOW_LABEL, FLOW_NUMBER, NULL, "flow-label", NULL, 0xfffff, 4, 0 },
};

const struct flow_row *
flow_row(uint8_t type)
{
	return type == 0 || type > FLOW_TYPES ? NULL : &rows[type - 1];
}

const struct flow_row *
flow_row_of(struct slice word)
{
	if (slice_is(word, "destination"))
		return flow_row(FLOW_DESTINATION);
	if (slice_is(word, "source"))
		return flow_row(FLOW_SOURCE);
	for (size_t i = 0; i < FLOW_TYPES; i++)
		if (slice_is(word, rows[i].v6) ||
		    (rows[i].v4 != NULL && slice_is(word, rows[i].v4)))
			return &rows[i];
	return NULL;
}

/* Case is ignored, and _ is -. */
static bool
same_name(struct slice word, const char *name)
{
	if (word.len != strlen(name))
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = (char)word.at[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c == '_')
			c = '-';
		if (c != name[i])
			return false;
	}
	return true;
}

static bool
service_of(struct slice word, uint64_t *to)
{
	for (size_t i = 0; i < flow_services_count; i++)
		if (same_name(word, flow_services[i].word)) {
			*to = flow_services[i].value;
			return true;
		}
	return false;
}

static bool
name_among(const struct flow_name *names, struct slice word, uint64_t *to)
{
	for (const struct flow_name *n = names; n != NULL && n->word != NULL; n++)
		if (same_name(word, n->word)) {
			*to = n->value;
			return true;
		}
	return false;
}

bool
flow_value_of(const struct flow_row *row, struct slice word, uint64_t *to)
{
	if (num_any(word, row->most, to))
		return true;
	if ((row->traits & FLOW_SERVICES) != 0)
		return service_of(word, to);
	return name_among(row->names, word, to) ||
	    (row->type == FLOW_ICMP_TYPE && name_among(old_icmp_types, word, to));
}

const char *
flow_name_of(const struct flow_row *row, uint64_t value)
{
	if ((row->traits & FLOW_NAMES_SHOWN) == 0)
		return NULL;
	for (const struct flow_name *n = row->names; n->word != NULL; n++)
		if (n->value == value)
			return n->word;
	return NULL;
}
