/* What is to be known of everything that runs, as the plain values that show metrics prints. */
#pragma once

#include "api/metrics.h"
#include "engine/engine.h"

/* The rooms of what was measured; names and histograms are borrowed from the engine. */
struct measured {
	struct metric_loop loop;
	struct metric_queue *queues;
	struct metric_peer *peers;
	struct metric_fd *fds;
	struct metric_buffer *buffers;
	size_t queue_count;
	size_t peer_count;
	size_t fd_count;
	size_t buffer_count;
	struct metric_way *ways;
	size_t way_count;
};

/* Each adds its part to what is there; zero is nothing. */
void measure_loop(struct engine *e, struct measured *to);
void measure_queues(struct engine *e, struct measured *to);
void measure_peers(struct engine *e, struct measured *to);
void measure_fds(struct engine *e, struct measured *to);
void measure_buffers(struct engine *e, struct measured *to);
void measure_ways(struct engine *e, struct measured *to); /* that were asked for */
void measured_free(struct measured *m);
/* All high-water marks start again. */
void measure_reset(struct engine *e);
