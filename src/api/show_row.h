/* What the forms of "show neighbor" share. */
#pragma once

#include "api/show.h"

/* "asn4", "route-refresh" ... */
const char *show_capability_word(enum show_capability c);
uint64_t show_messages_total(const struct show_messages *m);
/* "disabled" "send" "receive" "send/receive": what the two agreed on for the family */
const char *show_addpath_word(const struct show_peer *p, const struct family *f);
/* Does the peer offer the family? */
enum show_flag show_peer_family(const struct show_peer *p, const struct family *f);
/* The members of a peer's object without the braces. */
void show_neighbor_members(const struct dialect *d, const struct show_peer *p, struct text *to);
