/*
 * What a full table costs in adj-rib-in and adj-rib-out: a million IPv4 prefixes of the usual
 * lengths in sets of seven on average. Prints the least, middle and most of several runs.
 */
#include "base/mem.h"
#include "bgp/attrs.h"
#include "rib/in.h"
#include "rib/out.h"
#include "rib/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUTES 1000000
#define SETS   136638
#define RUNS   7

struct figures {
	double at[RUNS];
};

static uint8_t prefixes[ROUTES][5];
static struct attrs *sets[SETS];
static uint32_t set_of[ROUTES];

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t
chance(void)
{
	static uint64_t state = 42;

	state += UINT64_C(0x9e3779b97f4a7c15);
	return (state ^ state >> 31) * UINT64_C(0xbf58476d1ce4e5b9) >> 20;
}

static uint8_t
usual_length(void)
{
	uint64_t c = chance() % 1000;

	return c < 628 ? 24
	    : c < 736  ? 22
	    : c < 835  ? 23
	    : c < 885  ? 21
	    : c < 940  ? 20
	    : c < 983  ? 19
		       : 16;
}

static struct nlri
route_at(size_t i)
{
	return (struct nlri){ .family = family_of(1, 1),
		.bytes = slice_of(prefixes[i], 1U + (prefixes[i][0] + 7U) / 8U) };
}

/* Some hundred bytes: a path of five, communities on most. */
static struct attrs *
set_at(uint32_t number)
{
	static uint8_t room[ATTRS_MAX];
	struct writer w = writer_on(room, sizeof(room));
	struct attrs_build b = { .room = &w, .next_hop = SLICE("\x0a\0\0\1") };
	uint8_t path[2 + 4 * 5] = { 2, 5 };
	uint8_t words[4 * 12];

	for (size_t i = 0; i < 5; i++)
		store_u32(path + 2 + 4 * i, i == 4 ? number : (uint32_t)(chance() % 400000));
	for (size_t i = 0; i < sizeof(words) / 4; i++)
		store_u32(words + 4 * i, (uint32_t)chance());
	(void)build_add(&b, 1, 0x40, RECORD_VALUE, SLICE("\0"));
	(void)build_add(&b, 2, 0x40, RECORD_VALUE, slice_of(path, sizeof(path)));
	if (number % 100 < 72)
		(void)build_add(&b, 8, 0xc0, RECORD_VALUE, slice_of(words, 4 + number % 8 * 4));
	if (number % 100 < 28)
		(void)build_add(&b, 32, 0xc0, RECORD_VALUE, slice_of(words, 24));
	return attrs_freeze(&b);
}

static int
by_size(const void *left, const void *right)
{
	const double *a = left;
	const double *b = right;

	return *a < *b ? -1 : *a > *b;
}

static void
tell(const char *what, struct figures *f, double unit, const char *name)
{
	qsort(f->at, RUNS, sizeof(double), by_size);
	printf("%-34s %8.1f %8.1f %8.1f %s\n", what, f->at[0] * unit, f->at[RUNS / 2] * unit,
	    f->at[RUNS - 1] * unit, name);
}

static void
bench_in(void)
{
	struct figures put = { 0 };
	struct figures worst = { 0 };
	struct figures again = { 0 };
	struct figures cut = { 0 };
	size_t bytes = 0;

	for (unsigned run = 0; run < RUNS; run++) {
		struct rib_in *r = rib_in_new();
		double start = now();
		double last = start;

		for (size_t i = 0; i < ROUTES; i++) {
			struct nlri n = route_at(i);

			rib_in_put(r, &n, sets[set_of[i]]);
			if (i % 16 == 0) {
				double at = now();

				worst.at[run] =
				    at - last > worst.at[run] ? at - last : worst.at[run];
				last = at;
			}
		}
		put.at[run] = (now() - start) / ROUTES;
		bytes = rib_in_memory(r);
		start = now();
		for (size_t i = 0; i < ROUTES; i++) {
			struct nlri n = route_at(i);

			rib_in_put(r, &n, sets[set_of[ROUTES - 1 - i]]);
		}
		again.at[run] = (now() - start) / ROUTES;
		start = now();
		for (size_t i = 0; i < ROUTES; i++) {
			struct nlri n = route_at(i);

			(void)rib_in_cut(r, &n);
		}
		cut.at[run] = (now() - start) / ROUTES;
		rib_in_free(r);
	}
	tell("rib_in_put, new", &put, 1e9, "ns a route");
	tell("  sixteen puts, the slowest", &worst, 1e6, "us");
	tell("rib_in_put, known, another set", &again, 1e9, "ns a route");
	tell("rib_in_cut", &cut, 1e9, "ns a route");
	printf("%-34s %8.1f with sets %.1f bytes a route\n", "rib_in memory",
	    (double)bytes / ROUTES, (double)(bytes + attrs_memory()) / ROUTES);
}

static double
pack_all(struct rib_out *r, const struct session *s, size_t *messages)
{
	static uint8_t room[65535];
	struct pack_rules rules = { .group = true };
	double start = now();
	struct nlri lost;
	size_t routes;

	for (*messages = 0;; ++*messages) {
		struct writer w = writer_on(room, sizeof(room));

		if (pack_next(r, s, &rules, &w, &routes, &lost) == PACK_NOTHING)
			break;
	}
	return now() - start;
}

static void
bench_out(void)
{
	struct session s = session_assumed();
	struct figures put = { 0 };
	struct figures pack = { 0 };
	struct figures up = { 0 };
	struct figures again = { 0 };
	struct figures clear = { 0 };
	struct figures gone = { 0 };
	size_t messages = 0;
	size_t bytes = 0;

	s.message_max = 4096;
	for (unsigned run = 0; run < RUNS; run++) {
		struct rib_out *r = rib_out_new(true);
		double start = now();
		size_t withdraws;

		for (size_t i = 0; i < ROUTES; i++) {
			struct nlri n = route_at(i);

			(void)rib_out_announce(r, &n, sets[set_of[i]]);
		}
		put.at[run] = (now() - start) / ROUTES;
		pack.at[run] = pack_all(r, &s, &messages);
		bytes = rib_out_memory(r);
		start = now();
		rib_out_up(r);
		up.at[run] = now() - start;
		again.at[run] = pack_all(r, &s, &messages);
		start = now();
		rib_out_clear(r);
		clear.at[run] = now() - start;
		gone.at[run] = pack_all(r, &s, &withdraws);
		rib_out_free(r);
	}
	tell("rib_out_announce", &put, 1e9, "ns a route");
	tell("pack_next, all", &pack, 1e3, "ms");
	tell("rib_out_up", &up, 1e6, "us");
	tell("pack_next, all again", &again, 1e3, "ms");
	tell("rib_out_clear", &clear, 1e6, "us");
	tell("pack_next, all withdrawn", &gone, 1e3, "ms");
	printf("%-34s %8zu\n", "messages", messages);
	printf("%-34s %8.1f with sets %.1f bytes a route\n", "rib_out memory",
	    (double)bytes / ROUTES, (double)(bytes + attrs_memory()) / ROUTES);
}

int
main(int argc, char **argv)
{
	bool mixed = argc > 1 && argv[1][0] == 'm';

	for (uint32_t i = 0; i < SETS; i++)
		sets[i] = set_at(i);
	for (size_t i = 0; i < ROUTES; i++) {
		uint8_t len = usual_length();
		uint32_t bits = (uint32_t)(chance() & 0xffffffff) & ~(0xffffffffU >> len);

		prefixes[i][0] = len;
		store_u32(prefixes[i] + 1, bits);
		set_of[i] = mixed ? (uint32_t)(chance() % SETS) : (uint32_t)(i * SETS / ROUTES);
	}
	printf("%-34s %8s %8s %8s\n", mixed ? "sets mixed" : "sets in order", "least", "middle",
	    "most");
	bench_in();
	bench_out();
	for (uint32_t i = 0; i < SETS; i++)
		attrs_drop(sets[i]);
	return 0;
}
