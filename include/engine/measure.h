/* What is to be known of everything that runs, as the plain values that show metrics prints. */
#pragma once

#include "api/metrics.h"
#include "engine/engine.h"

/* The rooms of what was measured; names and histograms are borrowed from the engine. */
struct measured {
	struct metric_loop loop;
	struct metric_queue *queues;
	struct metric_peer *peers;
	size_t queue_count;
	size_t peer_count;
};

void measure_loop(struct engine *e, struct measured *to);
void measure_queues(struct engine *e, struct measured *to);
void measure_peers(struct engine *e, struct measured *to);
void measured_free(struct measured *m);
/* All high-water marks start again. */
void measure_reset(struct engine *e);
