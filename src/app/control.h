/* Where the daemon and who controls it meet: the directories that are searched, in order. */
#pragma once

#include "base/text.h"
#include "env.h"

#include <stdbool.h>

struct control_paths {
	struct text socket; /* empty: none */
	struct text in;     /* the pipes that the daemon reads and writes; empty: none */
	struct text out;
};

/* For the daemon: pipes that are there, and a place for the socket. */
void control_to_open(const struct env *s, struct control_paths *to);
/* For a client: a socket that is there, and pipes that are there. */
void control_to_find(const struct env *s, struct control_paths *to);
void control_paths_free(struct control_paths *p);
/* Directory number n of the search, ending in a slash: /run/exabgp/, /run/UID/, /run/, the same
 * below /var, then all below the root of the installation. False at the end. */
bool control_place(unsigned n, struct text *to);
