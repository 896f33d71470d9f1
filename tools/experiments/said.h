/* The messages that both ends of an experiment say; each is at most SAID_MOST bytes. */
#pragma once

#include "bgp/session.h"

#include <stddef.h>
#include <stdint.h>

#define SAID_MOST 64

/* Their lengths. */
size_t said_open(uint8_t *to, uint16_t asn, uint32_t router_id); /* IPv4 unicast, no hold time */
size_t said_keepalive(uint8_t *to);
size_t said_update(uint8_t *to, uint16_t asn, uint32_t prefix); /* announces the /32 */

/* What the server and a router of the source agree on. */
struct session said_session(struct addr router);
