/* How fast frames are found in bytes that are there: long messages, and bare headers. */
#include "frame/frame.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define ROUNDS 400
#define RUNS   5

static uint8_t bytes[4096 * 1024];

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
fill(size_t length)
{
	memset(bytes, 0xff, sizeof(bytes));
	for (size_t at = 0; at + length <= sizeof(bytes); at += length) {
		bytes[at + 16] = (uint8_t)(length >> 8);
		bytes[at + 17] = (uint8_t)length;
		bytes[at + 18] = 2;
	}
}

static size_t
frames_of(struct slice in)
{
	struct framer f = frame_bgp(4096);
	struct frame out;
	size_t count = 0;

	while (frame_next(&f, in, &out) == FRAME_READY) {
		in = slice_after(in, out.used);
		count++;
	}
	return count;
}

int
main(void)
{
	static const size_t lengths[] = { 4096, 116, 19 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		double best = 1e9;
		size_t count = 0;

		fill(lengths[i]);
		for (int run = 0; run < RUNS; run++) {
			double start = now();

			count = 0;
			for (int round = 0; round < ROUNDS; round++)
				count += frames_of(slice_of(bytes, sizeof(bytes)));
			if (now() - start < best)
				best = now() - start;
		}
		printf("%4zu bytes: %7.1f M frames/s, %7.2f GB/s\n", lengths[i],
		    (double)count / best / 1e6, (double)count * (double)lengths[i] / best / 1e9);
	}
	return 0;
}
