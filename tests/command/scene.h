/* A stage with commands: what is said is compared whole. */
#pragma once

#include "../engine/stage.h"
#include "command/command.h"

struct scene {
	struct stage stage;
	struct commands commands;
};

void scene_start(struct scene *s, const char *file);
void scene_done(struct scene *s);
/* Says the command and settles; gives all that was answered. Dies with the next call. */
const char *scene_say(struct scene *s, const char *line);
const char *scene_say_bytes(struct scene *s, struct slice line);
/* The answer has to be exactly this. */
void scene_expect(struct scene *s, const char *line, const char *answer);
/* "done", and nothing besides. */
void scene_accepted(struct scene *s, const char *line);
/* "error", perhaps with one line that explains, and no adj-rib-out is another. */
void scene_refused(struct scene *s, const char *line);
