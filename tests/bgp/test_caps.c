/* Capabilities: the registry, and what their rows show of bytes that a peer chose. */
#include "bytes.h"

#include "bgp/cap.h"
#include "lang/json.h"
#include "pieces.h"

Case(cap, rows_are_whole_and_apart)
{
	const struct cap *row;
	size_t n = 0;
	bool taken[256] = { false };

	for (size_t i = 0; (row = cap_at(i)) != NULL; i++, n++) {
		cr_assert(row->word != NULL && row->read != NULL && row->write != NULL &&
			row->emit != NULL && row->tell != NULL,
		    "row %zu", i);
		cr_expect(row->code != 0 && !taken[row->code], "%s", row->word);
		taken[row->code] = true;
		cr_expect(cap_of(row->code) == row, "%s", row->word);
		if (row->code_too != 0) {
			cr_expect(!taken[row->code_too], "%s", row->word);
			taken[row->code_too] = true;
			cr_expect(cap_of(row->code_too) == row, "%s", row->word);
		}
		for (size_t k = 0; k < i; k++)
			cr_expect(strcmp(cap_at(k)->word, row->word) != 0, "%s", row->word);
	}
	cr_expect(n == 15 && cap_at(n + 1) == NULL);
	for (unsigned code = 0; code < 256; code++)
		cr_expect((cap_of((uint8_t)code) != NULL) == taken[code], "%u", code);
}

static const struct {
	uint8_t code;
	const char *values[3]; /* hexadecimal */
	const char *json;
	const char *text;
} shown[] = {
	{ 1, { "00010001", "00020001" },
	    "{ \"name\": \"multiprotocol\", \"families\": [ \"ipv4/unicast\", \"ipv6/unicast\" ] }",
	    "multiprotocol(ipv4 unicast,ipv6 unicast)" },
	{ 1, { "00010084", "00070009" },
	    "{ \"name\": \"multiprotocol\", \"families\": [ \"ipv4/rtc\", "
	    "\"unknown afi 7/unknown safi 9\" ] }",
	    "multiprotocol(ipv4 rtc,unknown afi 7 unknown safi 9)" },
	{ 2, { "" }, "{ \"name\": \"route-refresh\", \"variant\": \"RFC\" }", "route refresh" },
	{ 128, { "" }, "{ \"name\": \"route-refresh\", \"variant\": \"Cisco\" }",
	    "cisco route refresh" },
	{ 5, { "000100010002000100800002" },
	    "{ \"name\": \"nexthop\", \"conversion\": [ \"ipv4/unicast/ipv6\", "
	    "\"ipv4/mpls-vpn/ipv6\" ] }",
	    "nexthop(ipv4 unicast ipv6,ipv4 mpls-vpn ipv6)" },
	{ 5, { "" }, "{ \"name\": \"nexthop\", \"conversion\": [ ] }", "nexthop()" },
	{ 5, { "000100010007" },
	    "{ \"name\": \"nexthop\", \"conversion\": [ \"ipv4/unicast/unknown afi 7\" ] }",
	    "nexthop(ipv4 unicast unknown afi 7)" },
	{ 6, { "" }, "{ \"name\": \"extended-message\", \"size\": 65535 }",
	    "extended message(65535)" },
	{ 64, { "c0780001018000020100" },
	    "{ \"name\": \"graceful restart\", \"time\": 120, \"address-family-flags\": { "
	    "\"ipv4/unicast\": [ \"restart\" ] , \"ipv6/unicast\": [ ] }, \"restart-flags\": [ "
	    "\"forwarding\" ]  }",
	    "graceful restart flags 0xc time 120 ipv4/unicast=0x80 ipv6/unicast=0x0" },
	{ 64, { "c07800010180", "0fff" },
	    "{ \"name\": \"graceful restart\", \"time\": 4095, \"address-family-flags\": {  }, "
	    "\"restart-flags\": [ ]  }",
	    "graceful restart flags 0x0 time 4095" },
	{ 65, { "000f4240" }, "{ \"name\": \"asn4\", \"asn4\": 1000000 }", "asn4(1000000)" },
	{ 69, { "000101030002010200018001" },
	    "{ \"name\": \"addpath\", \"ipv4/unicast\": \"send/receive\",\"ipv6/unicast\": \"send\","
	    "\"ipv4/mpls-vpn\": \"receive\" }",
	    "addpath(send/receive ipv4 unicast,send ipv6 unicast,receive ipv4 mpls-vpn)" },
	{ 69, { "00010104", "0001010100010102" },
	    "{ \"name\": \"addpath\", \"ipv4/unicast\": \"send\" }", "addpath(send ipv4 unicast)" },
	{ 69, { "00010104" }, "{ \"name\": \"addpath\", \"ipv4/unicast\": \"invalid (4)\" }",
	    "addpath(invalid 4 ipv4 unicast)" },
	{ 70, { "" }, "{ \"name\": \"enhanced-route-refresh\" }", "enhanced route refresh" },
	{ 73, { "0361626303646566" }, "{ \"host-name\": \"abc\", \"domain-name\": \"def\" }",
	    "hostname(abc def)" },
	{ 73, { "0000" }, "{ \"host-name\": \"\", \"domain-name\": \"\" }", "hostname( )" },
	{ 73, { "03220a5c022c29" }, "{ \"host-name\": \"\\\"\\n\\\\\", \"domain-name\": \",)\" }",
	    "hostname(\\x22\\x0a\\x5c \\x2c\\x29)" },
	{ 75, { "0545462f3131" }, "{ \"software\": \"EF/11\" }", "software version(EF/11)" },
	{ 76, { "000101000a" }, "{ \"name\": \"paths-limit\", \"ipv4/unicast\": 10 }",
	    "paths limit(ipv4 unicast 10)" },
	{ 77, { "" }, "{ \"name\": \"link-local-nexthop\" }", "link-local nexthop" },
	{ 68, { "00", "01" },
	    "{ \"name\": \"multisession\", \"variant\": \"RFC\", \"capabilities\": [ ] }",
	    "multisession" },
	{ 131, { "000102" },
	    "{ \"name\": \"multisession\", \"variant\": \"Cisco\", \"capabilities\": [ 1, 2 ] }",
	    "cisco multisession" },
	{ 185, { "" }, "{ \"name\": \"operational\" }", "operational" },
	{ 9, { "03" },
	    "{ \"name\": \"unknown\", \"iana\": \"unknown\", \"value\": 9, \"raw\": \"03\" }",
	    "unknown 9" },
	{ 99, { "" },
	    "{ \"name\": \"unknown\", \"iana\": \"unassigned\", \"value\": 99, \"raw\": \"\" }",
	    "unassigned 99" },
	{ 200, { "ab" },
	    "{ \"name\": \"unknown\", \"iana\": \"reserved\", \"value\": 200, \"raw\": \"AB\" }",
	    "reserved 200" },
};

static const struct cap *
row_of(uint8_t code)
{
	const struct cap *row = cap_of(code);

	return row == NULL ? &cap_unknown : row;
}

Case(cap, values_are_shown)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		static struct bytes room[3];
		struct cap_seen seen[3];
		const struct cap *row = row_of(shown[i].code);
		struct text json = { 0 };
		struct text told = { 0 };
		struct emit e = emit_on(&json, SPELL_JSON, 0);
		struct caps caps = { 0 };
		size_t n = 0;

		for (; n < 3 && shown[i].values[n] != NULL; n++) {
			seen[n].code = shown[i].code;
			seen[n].value = bytes_of(&room[n], shown[i].values[n]);
			cr_expect(row->read(&seen[n], &caps), "row %zu", i);
		}
		row->emit(&e, &BARE, seen, n);
		row->tell(&told, seen, n);
		cr_expect(
		    slice_is(text_view(&json), shown[i].json), "row %zu: %s", i, text_chars(&json));
		cr_expect(
		    slice_is(text_view(&told), shown[i].text), "row %zu: %s", i, text_chars(&told));
		text_free(&json);
		text_free(&told);
	}
}

/* What a row takes, it shows: as JSON without a key twice, and as one line without marks of ours.
 */
Case(cap, whatever_is_taken_is_json_and_one_line)
{
	uint64_t seed = 4;

	for (int round = 0; round < 40000; round++) {
		uint8_t bytes[2][40];
		struct cap_seen seen[2];
		uint8_t code = (uint8_t)dice(&seed);
		const struct cap *row = row_of(code);
		struct caps caps = { 0 };
		struct text json = { 0 };
		struct text told = { 0 };
		struct text why = { 0 };
		struct arena arena = { 0 };
		struct emit e = emit_on(&json, SPELL_JSON, 0);
		size_t n = 0;

		for (int k = 0; k < 2; k++) {
			size_t len = dice(&seed) % sizeof(bytes[0]);

			for (size_t i = 0; i < len; i++)
				bytes[k][i] =
				    (uint8_t)(dice(&seed) % (dice(&seed) % 2 == 0 ? 4 : 256));
			if ((code == 73 || code == 75) && len > 1)
				bytes[k][0] = (uint8_t)(len - (code == 75 ? 1 : 2));
			if (code == 73 && len > 1)
				bytes[k][len - 1] = 0;
			seen[n] = (struct cap_seen){ code, slice_of(bytes[k], len) };
			if (row->read(&seen[n], &caps))
				n++;
		}
		if (n == 0)
			continue;
		row->emit(&e, &BARE, seen, n);
		cr_assert(json_read(text_view(&json), &arena, &why) != NULL, "code %u: %s", code,
		    text_chars(&json));
		row->tell(&told, seen, n);
		for (size_t i = 0; i < told.len; i++)
			cr_assert(told.at[i] >= ' ' && told.at[i] < 127, "code %u", code);
		text_free(&json);
		text_free(&told);
		text_free(&why);
		arena_free(&arena);
	}
}
