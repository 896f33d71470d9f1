/* The session that decode and encode work with: assumed, or that of a configuration. */
#pragma once

#include "base/text.h"
#include "bgp/session.h"
#include "config/config.h"

/* What "AFI SAFI" names; NULL, with a sentence in *why. */
const struct family *assumed_family(const char *words, struct text *why);
/* The file's configuration; NULL, with a sentence in *why. */
struct config *assumed_config(const char *path, struct text *why);
/* What a session of this neighbor would agree on if the peer offered the same. */
struct session assumed_session(const struct peer_conf *c);
/* Path identifiers in both directions for all families that can have them. */
void assumed_paths(struct session *s);
/* "configuration error: ..." on standard output; gives exit status 1. */
int assumed_fault(const struct text *why);
