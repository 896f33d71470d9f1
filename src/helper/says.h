/* What a helper writes to its stdout and stderr, where these are no commands: lines for the log. */
#pragma once

#include "frame/frame.h"
#include "loop/stream.h"

struct says {
	struct stream stream;
	struct framer lines;
	const char *who; /* borrowed: the name of the helper */
	const char *tag; /* "stdout" */
};

void says_start(struct says *s, struct loop *l, int fd, const char *who, const char *tag); /* fd is
											  taken */
void says_stop(struct says *s);
