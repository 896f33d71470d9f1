/* What is to be known of everything that runs, as the plain values that show metrics prints. */
#pragma once

#include "api/metrics.h"
#include "base/arena.h"
#include "engine/engine.h"

/* Records, and all that they name. Zero is nothing. */
struct measured {
	struct metrics metrics;
	void *rooms[METRIC_KINDS]; /* of the records */
	size_t sizes[METRIC_KINDS];
	struct arena names;
};

void measured_ask(struct measured *m, enum metric_kind kind);
void measured_free(struct measured *m);

/* Each adds its part. */
void measure_loop(struct engine *e, struct measured *to);
void measure_fds(struct engine *e, struct measured *to);
void measure_buffers(struct engine *e, struct measured *to);
void measure_ways(struct engine *e, struct measured *to); /* that were asked for */

/* Queues and peers are many: one neighbor after the other, then the queues of helpers and clients;
 * of these two kinds what is asked for. */
void measure_member(const struct member *m, struct measured *to);
void measure_others(struct engine *e, struct measured *to);

/* All high-water marks start again. */
void measure_reset(struct engine *e);
