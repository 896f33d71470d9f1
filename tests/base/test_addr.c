/* Addresses and prefixes, to and from words. */
#include "case.h"

#include "base/addr.h"

#include <arpa/inet.h>

static const char *const good[] = {
	"0.0.0.0",
	"255.255.255.255",
	"10.0.0.1",
	"::",
	"::1",
	"1::",
	"2001:db8::1",
	"fe80::1:2:3:4",
	"1:2:3:4:5:6:7:8",
	"::ffff:192.0.2.1",
	"1:0:0:2:0:0:0:3",
	"1:0:2:0:3:0:4:0",
	"64:ff9b::1.2.3.4",
	"::1.2.3.4",
	"1:2:3:4:5:6:1.2.3.4",
	"1::8",
	"0:0:1::",
};

static const char *const bad[] = {
	"",
	"1",
	"1.2.3",
	"1.2.3.4.5",
	"256.0.0.1",
	"01.2.3.4",
	"1.2.3.4 ",
	"a.b.c.d",
	":",
	":::",
	"1:2:3:4:5:6:7",
	"1:2:3:4:5:6:7:8:9",
	"1::2::3",
	"12345::",
	"g::",
	"1:2:3:4:5:6:7::8",
	"1.2.3.4::",
	"1:",
	":1",
	"::1.2.3",
	"1:2:3:4:5:6:7:1.2.3.4",
};

Case(addr, words_are_read_as_inet_pton_does)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint8_t want[16] = { 0 };
		struct addr a = { 0 };
		bool six = strchr(good[i], ':') != NULL;

		cr_expect(addr_parse(slice_on(good[i]), &a), "%s", good[i]);
		cr_expect(inet_pton(six ? AF_INET6 : AF_INET, good[i], want) == 1, "%s", good[i]);
		cr_expect(memcmp(a.bytes, want, 16) == 0, "%s", good[i]);
	}
}

Case(addr, other_words_are_refused)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct addr a = { 0 };

		cr_expect(!addr_parse(slice_on(bad[i]), &a), "%s", bad[i]);
	}
}

Case(addr, print_and_parse_are_inverse)
{
	uint32_t seed = 7;

	for (int i = 0; i < 20000; i++) {
		uint8_t b[16];
		char want[INET6_ADDRSTRLEN];
		struct text t = { 0 };
		struct addr a;
		struct addr back = { 0 };

		for (int k = 0; k < 16; k++) {
			seed = seed * 1664525 + 1013904223;
			b[k] = (seed >> 28) < 9 ? 0 : (uint8_t)(seed >> 20);
		}
		a = addr_v6(b);
		addr_print(&t, &a);
		cr_assert(
		    addr_parse(text_view(&t), &back) && addr_same(&a, &back), "%s", text_chars(&t));
		inet_ntop(AF_INET6, b, want, sizeof(want));
		if (strchr(want, '.') == NULL)
			cr_assert(strcmp(text_chars(&t), want) == 0, "%s %s", text_chars(&t), want);
		text_free(&t);
	}
}

Case(addr, host_bits_and_lengths_are_told_apart)
{
	struct prefix p;

	cr_expect(prefix_parse(SLICE("10.0.0.0/8"), &p) == PREFIX_FINE);
	cr_expect(prefix_parse(SLICE("10.0.0.1"), &p) == PREFIX_FINE && p.len == 32);
	cr_expect(prefix_parse(SLICE("::1"), &p) == PREFIX_FINE && p.len == 128);
	cr_expect(prefix_parse(SLICE("10.0.0.1/24"), &p) == PREFIX_HOST_BITS);
	cr_expect(prefix_parse(SLICE("10.0.0.0/33"), &p) == PREFIX_BAD_LEN);
	cr_expect(prefix_parse(SLICE("10.0.0.0/255.0.0.0"), &p) == PREFIX_BAD_LEN);
	cr_expect(prefix_parse(SLICE("10.0.0/8"), &p) == PREFIX_BAD_ADDR);
	cr_expect(prefix_parse(SLICE("0.0.0.0/0"), &p) == PREFIX_FINE && p.len == 0);
}
