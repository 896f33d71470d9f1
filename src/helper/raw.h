/*
 * Messages as bytes for a helper that speaks frames, on descriptors of their own: type 1, length 2,
 * value. Bounded as its events are; what does not fit is lost, counted and told.
 */
#pragma once

#include "flow/queue.h"
#include "helper/conf.h"
#include "helper/exec.h"
#include "loop/stream.h"

struct raw {
	struct stream stream;
	struct queue queue;
	struct flush flush;
	uint64_t offered;
	uint64_t dropped;
	uint64_t written; /* taken from the queue, those in the stream too */
};

void raw_init(struct raw *r);
void raw_start(
    struct raw *r, struct loop *l, const struct helper_conf *conf, int read_fd, int write_fd);
void raw_stop(struct raw *r); /* what was not written is lost */
void raw_done(struct raw *r);
void raw_tell(
    struct raw *r, enum helper_raw_type type, uint32_t peer, usec wall, struct slice bytes);
void raw_count(const struct raw *r, struct helper_session *to);
