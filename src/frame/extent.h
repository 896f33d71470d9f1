/*
 * What the first bytes tell of the frame that begins with them: every framer is one function that
 * measures; cutting is common.
 */
#pragma once

#include "frame/frame.h"

#include <stdbool.h>

struct extent {
	enum frame_fault fault;
	bool known;    /* the lengths below are */
	size_t header; /* bytes before the body; more than there are while it isn't whole */
	size_t body;
	size_t whole; /* header, body, and what ends it */
	uint32_t type;
};

typedef struct extent extent_fn(struct framer *f, struct slice in);

extent_fn line_extent;
extent_fn prefixed_extent;
extent_fn tlv_extent;
extent_fn chunked_extent;
extent_fn bgp_extent;

frame_fn line_next;
frame_fn prefixed_next;
frame_fn tlv_next;
frame_fn chunked_next;
frame_fn bgp_next;

enum frame_status frame_cut(
    struct framer *f, struct slice in, struct frame *out, extent_fn *measure);
