/*
 * The commands of the helper API: a line in, a change, an answer, an acknowledgement. Rows live one
 * subject a file; the list is made from command/meson.build. Answers come strictly in the order of
 * the commands.
 */
#pragma once

#include "engine/engine.h"

struct commands {
	struct engine *engine;
	struct selection selection; /* room that is used again */
	struct routes routes;
	struct text answer;
	usec round;                 /* what was said in this round of the loop: */
	size_t said;                /* routes times neighbors */
	const struct command *last; /* the row that was found last, */
	size_t last_words;          /* and how many words it has */
};

void commands_init(struct commands *c, struct engine *e); /* e is borrowed */
void commands_done(struct commands *c);
/* A line without its newline: it is carried out and answered through the issuer's hooks, with one
 * acknowledgement, now or, for what takes more than a round, when it is done. */
void command_line(struct commands *c, struct issuer *i, struct slice line);

/* The words of command number i ("announce route"), in the order of the list; NULL at the end. */
const char *command_words(size_t i);
/* The other words of version 6 ("daemon shutdown"); NULL at the end. */
const char *command_words_of_version_6(size_t i);

/* A command as 4.2, 5.0 and version 4 of the API have it, in the words of version 6; its answer is
 * the same. False: it is none, or has no words there, and is left as it is. */
bool command_in_version_6(struct slice line, struct text *to);
