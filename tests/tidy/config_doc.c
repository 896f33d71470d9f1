/* The manual of the configuration, out of the rows that read it: docs/config.md but its ends. */
#include "parse.h"

#include "attr.h"
#include "family_rows.h"
#include "ls/ls.h"

#include <stdio.h>
#include <string.h>

/* What a section is for, by its title. A section that is not here is listed by its rows alone. */
static const struct {
	const char *title;
	const char *says;
} about[] = {
	{ "process",
	    "A helper: a program that is started with pipes on its stdin and stdout, and started "
	    "again when it ends. A program that is no path is looked for in the etc directory, "
	    "beside the file, and in `$PATH`, and the last one that is found is run. Helpers run as the user "
	    "of `daemon.user`. "
	    "A reload changes nothing of one that runs: a changed section is for its next start, at once "
	    "with SIGUSR2, SIGALRM and `restart`." },
	{ "template",
	    "Named neighbors that nobody connects to. `inherit` copies from them: lists grow by "
	    "those of the template, and a value of the template replaces the neighbor's own." },
	{ "neighbor",
	    "A router. The name in front of `{` is its address, or a range of addresses for "
	    "neighbors that are `passive`: each address of it that connects gets a session of its "
	    "own. `local-as`, `peer-as` and (unless the local address is IPv4) `router-id` have "
	    "to be there." },
	{ "capability", "What our OPEN offers. What both sides offer is used." },
	{ "family",
	    "Families of the session, `AFI SAFI` a line. Without the section all are offered." },
	{ "nexthop",
	    "RFC 8950: `ipv4 SAFI ipv6` lets IPv4 routes of that SAFI have IPv6 next hops. Both "
	    "families have to be among those of the neighbor." },
	{ "add-path",
	    "RFC 7911: the families for which the capability `add-path` is offered, `AFI SAFI` a "
	    "line. Behind it `limit N` asks the peer for no more than N paths of a prefix. Without "
	    "the section it is all that ExaBGP offers: not `l2vpn evpn`, which has to be named." },
	{ "api",
	    "Who hears of the neighbor, and who may command it. Several sections may stand here; "
	    "the name behind `api` is for templates, where sections of one name become one." },
	{ "send",
	    "Messages that we send, told to the helpers of this section. Besides these "
	    "words the types of messages stand here: `open`, `update`, `notification`, "
	    "`keepalive`, `refresh`, `operational`." },
	{ "receive", "The same for messages that the neighbor sends." },
	{ "tcp-ao",
	    "RFC 5925, on Linux from 6.7 on: connections to and from the neighbor carry codes made "
	    "with this key, others are refused. Not beside `md5-password`." },
	{ "operational",
	    "Messages of draft-ietf-idr-operational-message, where `capability { operational; }` "
	    "is on: `asm` or `adm`, `afi AFI safi SAFI advisory TEXT`; `rpcq`, `apcq` or `lpcq`, "
	    "`[router-id ADDRESS] afi AFI safi SAFI sequence N`; `rpcp`, `apcp` or `lpcp`, the "
	    "same and `counter N`. `asm` is said in every session, the others once. A text of "
	    "more than 2048 bytes is cut." },
	{ "static", "Routes that are announced from the start." },
	{ "announce", "Routes by family: the SAFI, the prefix, then words as in `static`." },
	{ "announce ipv4", "`unicast PREFIX WORDS;` and the other SAFIs of IPv4." },
	{ "announce l2vpn", "`vpls WORDS;` or `evpn KIND WORDS;`." },
	{ "announce bgp-ls",
	    "`bgp-ls NLRI WORDS;` and `bgp-ls-vpn`: what an NLRI is stands in "
	    "\"Words of link state\"." },
	{ "announce ipv6", "`unicast PREFIX WORDS;` and the other SAFIs of IPv6." },
};

/* One way to write each word of a route, and what is to be said about it. */
static const struct {
	const char *word;
	const char *value;
	const char *says;
} examples[] = {
	{ "next-hop", "192.0.2.1", "or `2001:db8::1`, or `self`: our end of the session" },
	{ "origin", "igp", "or `egp`, or `incomplete`" },
	{ "as-path", "[ 65001 65002 ] ( 65003 65004 )",
	    "a set in parentheses, also inside: `[ 65001 ( 65003 ) ]`" },
	{ "med", "100", "" },
	{ "local-preference", "200", "sent to internal peers only" },
	{ "atomic-aggregate", "", "" },
	{ "aggregator", "( 65001:192.0.2.1 )", "" },
	{ "community", "[ 65001:1 no-export 0x00010002 ]", "" },
	{ "originator-id", "192.0.2.1", "" },
	{ "cluster-list", "[ 192.0.2.1 192.0.2.2 ]", "" },
	{ "extended-community-ipv6", "redirect-to-nexthop-ietf 2001:db8::1",
	    "or `copy-to-nexthop-ietf`, or `0x` and 20 bytes; several in `[ ]`" },
	{ "extended-community", "[ target:65001:1 origin:65001:1 0x0002FDE900000001 ]",
	    "for EVPN see below" },
	{ "pmsi", "( ingress-replication 192.0.2.1 vni 100 )", "RFC 6514: see below" },
	{ "aigp", "100", "" },
	{ "bgp-ls", "[ node-name r1 sr-algorithms [ 0 1 ] generic-lsid-999 0x01 ]", "see below" },
	{ "large-community", "[ 65001:1:2 ]", "" },
	{ "otc", "65001", "" },
	{ "preference", "100", "this and the words below are of `sr-policy`, RFC 9830" },
	{ "priority", "10", "0 to 255" },
	{ "binding-sid", "mpls 25000", "or `null`" },
	{ "srv6-binding-sid", "2001:db8::b endpoint-behavior 65 32 16 16 0",
	    "the behavior may be left out" },
	{ "policy-name", "foo", "" },
	{ "candidate-path-name", "bar", "" },
	{ "segment-list", "weight 5 segment type-a mpls 17000 segment type-b srv6 2001:db8::5",
	    "see below" },
	{ "bgp-prefix-sid", "[ 300, [ ( 800000,4096 ) ] ]",
	    "index, then base and range, RFC 8669" },
	{ "bgp-prefix-sid-srv6", "( l3-service 2001:db8:1:1:: 0x48 [ 64,24,16,0,0,0 ] )",
	    "RFC 9252" },
};

static void
print_example(const char *word)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		if (strcmp(examples[i].word, word) != 0)
			continue;
		printf(" `%s%s%s`%s%s |\n", word, examples[i].value[0] == '\0' ? "" : " ",
		    examples[i].value, examples[i].says[0] == '\0' ? "" : "; ", examples[i].says);
		return;
	}
	puts(" |");
}

#define HOP    " next-hop 192.0.2.1"
#define ROUTER "node-descriptors [ autonomous-system 65001 router-id 0000.0000.0001 ]"

/* A route of each family, as it stands in `announce`. */
static const char *const routes[] = {
	[FAMILY_ID_ipv4_unicast] = "unicast 198.51.100.0/24" HOP,
	[FAMILY_ID_ipv4_multicast] = "multicast 198.51.100.0/24" HOP,
	[FAMILY_ID_ipv4_nlri_mpls] = "nlri-mpls 198.51.100.0/24 label 1000" HOP,
	[FAMILY_ID_ipv4_mcast_vpn] =
	    "mcast-vpn shared-join rp 10.0.0.1 group 239.0.0.1 rd 65001:1 source-as 65001" HOP,
	[FAMILY_ID_ipv4_sr_policy] =
	    "sr-policy distinguisher 1 color 100 endpoint 10.0.0.9" HOP
	    " preference 50 segment-list weight 1 segment type-a mpls 17000",
	[FAMILY_ID_ipv4_mup] = "mup mup-isd 10.0.1.0/24 rd 65001:1 next-hop 2001:db8::1 "
			       "extended-community [ target:65001:1 ]",
	[FAMILY_ID_ipv4_mpls_vpn] = "mpls-vpn 198.51.100.0/24 rd 65001:1 label 1000" HOP
				    " extended-community [ target:65001:1 ]",
	[FAMILY_ID_ipv4_rtc] = "rtc origin-as 65001 route-target target:65001:1" HOP,
	[FAMILY_ID_ipv4_flow] =
	    "flow destination 198.51.100.0/24 protocol =tcp destination-port =80 discard",
	[FAMILY_ID_ipv4_flow_vpn] =
	    "flow-vpn rd 65001:1 destination 198.51.100.0/24 redirect 65001:1",
	[FAMILY_ID_ipv6_unicast] = "unicast 2001:db8:1::/48 next-hop 2001:db8::1",
	[FAMILY_ID_ipv6_multicast] = "multicast 2001:db8:1::/48 next-hop 2001:db8::1",
	[FAMILY_ID_ipv6_nlri_mpls] = "nlri-mpls 2001:db8:1::/48 label 1000 next-hop 2001:db8::1",
	[FAMILY_ID_ipv6_mcast_vpn] = "mcast-vpn source-ad source 2001:db8::9 group ff0e::1 rd "
				     "65001:1 next-hop 2001:db8::1",
	[FAMILY_ID_ipv6_sr_policy] =
	    "sr-policy distinguisher 1 color 100 endpoint 2001:db8::9 next-hop 2001:db8::1 "
	    "segment-list weight 1 segment type-b srv6 2001:db8:5::",
	[FAMILY_ID_ipv6_mup] = "mup mup-dsd 2001:db8::9 rd 65001:1 next-hop 2001:db8::1 "
			       "extended-community [ target:65001:1 mup:10:10 ]",
	[FAMILY_ID_ipv6_mpls_vpn] =
	    "mpls-vpn 2001:db8:1::/48 rd 65001:1 label 1000 next-hop 2001:db8::1",
	[FAMILY_ID_ipv6_flow] =
	    "flow destination 2001:db8:1::/48/0 next-header =udp rate-limit 9600",
	[FAMILY_ID_ipv6_flow_vpn] = "flow-vpn rd 65001:1 destination 2001:db8:1::/48/0 discard",
	[FAMILY_ID_l2vpn_vpls] = "vpls rd 65001:1 endpoint 7 base 20000 offset 2 size 10" HOP,
	[FAMILY_ID_l2vpn_evpn] = "evpn prefix rd 65001:1 ip 198.51.100.0/24 vni 100" HOP,
	[FAMILY_ID_bgp_ls_bgp_ls] = "bgp-ls node protocol-id isis-l2 " ROUTER HOP,
	[FAMILY_ID_bgp_ls_bgp_ls_vpn] =
	    "bgp-ls-vpn prefix-v4 rd 65001:1 protocol-id isis-l2 " ROUTER
	    " ip-reach-prefix 198.51.100.0/24" HOP,
};

static void
print_about(const struct section *s)
{
	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++)
		if (strcmp(about[i].title, s->title) == 0)
			printf("%s\n\n", about[i].says);
}

/* A cell of a table: | would end it. */
static void
print_cell(const char *text)
{
	putchar(' ');
	for (; *text != '\0'; text++)
		printf(*text == '|' ? "\\|" : "%c", *text);
	fputs(" |", stdout);
}

static void
print_code(const char *word)
{
	if (word == NULL || word[0] == '\0')
		fputs("  |", stdout);
	else
		printf(" `%s` |", word);
}

static void
print_settings(const struct settings *s)
{
	if (s->count == 0)
		return;
	fputs("| setting | value | initially | the word alone means | what it is |\n"
	      "|---|---|---|---|---|\n",
	    stdout);
	for (size_t i = 0; i < s->count; i++) {
		const struct setting *row = &s->at[i];

		putchar('|');
		print_code(row->word);
		print_cell(row->expects);
		print_code(row->initial);
		print_code(row->bare);
		print_cell(row->help);
		putchar('\n');
	}
	putchar('\n');
}

static void
print_statements(const struct statement *s)
{
	if (s == NULL || s->word == NULL)
		return;
	fputs("| statement | what it is |\n|---|---|\n", stdout);
	for (; s->word != NULL; s++) {
		putchar('|');
		print_code(s->word);
		print_cell(s->help);
		putchar('\n');
	}
	putchar('\n');
}

/* Rows that were printed; sections share them. */
static const struct setting *printed[64];
static size_t printed_count;

static bool
was_printed(const struct section *s)
{
	for (size_t i = 0; i < printed_count; i++)
		if (printed[i] == s->settings.at)
			return true;
	if (s->settings.count != 0 && printed_count < sizeof(printed) / sizeof(printed[0]))
		printed[printed_count++] = s->settings.at;
	return false;
}

static void
print_inside(const struct section *s)
{
	if (s->sections == NULL || s->sections[0] == NULL)
		return;
	fputs("Sections inside:", stdout);
	for (size_t i = 0; s->sections[i] != NULL; i++)
		printf("%s `%s { }`", i == 0 ? "" : ",", s->sections[i]->word);
	fputs(".\n\n", stdout);
}

static void
print_section(const struct section *s, unsigned depth, const char *path)
{
	char here[256];

	(void)snprintf(here, sizeof(here), "%s%s%s", path, path[0] == '\0' ? "" : " / ", s->word);
	printf("%.*s %s\n\n", (int)depth, "######", here);
	if (was_printed(s)) {
		if (s->sections == NULL)
			print_about(s);
		printf("It holds what `%s { }` holds above.\n\n",
		    s->sections == NULL ? "send" : s->word);
		return;
	}
	print_about(s);
	print_settings(&s->settings);
	print_statements(s->statements);
	print_inside(s);
	for (size_t i = 0; s->sections != NULL && s->sections[i] != NULL; i++)
		print_section(s->sections[i], depth + 1, here);
}

static void
print_families(void)
{
	fputs("## Families\n\nAn example is a line of `announce { AFI { } }`; as a command it is "
	      "`announce AFI` and the same words.\n\n"
	      "| AFI | SAFI | numbers | for example |\n|---|---|---|---|\n",
	    stdout);
	for (unsigned id = 0; id < family_count(); id++) {
		const struct family *f = family_at(id);

		printf("| `%s` | `%s` | %u/%u | `%s` |\n", f->afi_word, f->safi_word, f->afi,
		    f->safi, routes[id]);
	}
	putchar('\n');
}

static void
print_attributes(void)
{
	const struct attr *row;

	fputs("| word | attribute | for example |\n|---|---|---|\n", stdout);
	for (size_t i = 0; (row = attr_at(i)) != NULL; i++)
		for (size_t k = 0; k < ATTR_WORDS && row->words[k].word != NULL; k++) {
			printf("| `%s` | %u |", row->words[k].word, row->code);
			print_example(row->words[k].word);
		}
	putchar('\n');
}

/* What the value of a row without names in it is. */
static const char *const values[LS_KINDS] = {
	[LS_FLAGS] = "flags",
	[LS_FLAGS_OTHER] = "0xNN",
	[LS_FLAG_O] = "0xNN",
	[LS_FLAGS_NONE] = "0xNN",
	[LS_NUMBER] = "N",
	[LS_METRIC] = "N [width N]",
	[LS_AREA] = "0xBYTES",
	[LS_NUMBERS] = "[ N N ]",
	[LS_FLOAT] = "bytes per second",
	[LS_FLOATS] = "[ eight of them ]",
	[LS_LOSS] = "percent",
	[LS_ANOMALOUS] = "true or false",
	[LS_ADDR] = "IP",
	[LS_HEX] = "0xBYTES",
	[LS_STRING] = "TEXT",
	[LS_SID] = "N",
	[LS_RANGES] = "[ RANGE label N ]",
	[LS_STRUCTURE] = "( ... )",
	[LS_SUBS] = "[ TLVs ]",
	[LS_MASKED] =
	    "( standard-applications 0xBYTES user-applications 0xBYTES sub-tlvs [ TLVs ] )",
};

static void
print_field(const struct ls_field *f)
{
	if (f->kind == LS_SID)
		printf(" label N");
	else if (!ls_is_told_only(f->kind))
		printf(" %s %s", f->name, values[f->kind]);
}

static void
print_link_state(void)
{
	fputs("| word | TLV | value |\n|---|---|---|\n", stdout);
	for (size_t i = 0; i < ls_attribute.count; i++) {
		const struct ls_row *row = &ls_attribute.rows[i];

		printf("| `%s` | %u |", row->name, row->type);
		if (row->fields->name == NULL) {
			printf(" %s |\n", values[row->fields->kind]);
			continue;
		}
		fputs(" (", stdout);
		for (const struct ls_field *f = row->fields; f->kind != LS_END; f++)
			print_field(f);
		fputs(" ) |\n", stdout);
	}
	putchar('\n');
}

int
main(int argc, char **argv)
{
	bool attributes = argc > 1 && strcmp(argv[1], "attributes") == 0;
	const struct section *const *inside = section_root.sections;

	if (attributes) {
		print_attributes();
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "link-state") == 0) {
		print_link_state();
		return 0;
	}
	for (size_t i = 0; inside[i] != NULL; i++)
		if (inside[i] != &section_template)
			print_section(inside[i], 2, "");
	print_section(&section_template, 2, "");
	print_families();
	return 0;
}
