/* What the configuration says of one neighbor; a value, constant once made. */
#pragma once

#include "base/addr.h"
#include "base/text.h"
#include "bgp/cap.h"
#include "bgp/family.h"
#include "bgp/route.h"
#include "flow/batch.h"
#include "loop/net.h"

#include <stdbool.h>
#include <stdint.h>

#define PEER_TTL_UNSET (-1)
#define PEER_MD5_MAX   80
#define TCP_AO_NO_ID   (-1)

enum md5_coding { MD5_RAW, MD5_BASE64, MD5_AUTO }; /* AUTO: base64 if it looks like it */

struct peer_conf {
	struct prefix peer;     /* one address, or a range (passive neighbors) */
	struct addr local;      /* family none: auto */
	struct addr link_local; /* local-link-local; none: unset */
	struct addr md5_ip;     /* source address to bind; none: local */
	uint32_t local_as;      /* 0: auto */
	uint32_t peer_as;       /* 0: auto */
	uint32_t router_id;     /* host order; 0: from the socket's IPv4 address */
	uint16_t hold_time;     /* 0, or 3..65535 seconds */
	uint16_t listen;        /* port; 0: none of its own */
	uint16_t connect;       /* port; 0: the default */
	uint32_t rate_limit;    /* UPDATEs a second; 0: off */
	int queue;              /* intake: messages that wait at most, 1.. */
	int queue_bytes;        /* and their bytes; a longer message waits alone */
	int batch_size;         /* messages that are handed on together at most, 1.. */
	int batch_time;         /* milliseconds; TICK: 1.. */
	int batch_mode;         /* enum batch_mode */
	int ttl_out;            /* PEER_TTL_UNSET or 0..255 */
	int ttl_in;
	bool passive;
	bool group_updates;
	bool auto_flush;
	bool adj_rib_in;
	bool adj_rib_out;
	bool manual_eor;
	bool disable_family; /* NLRI that can't be read end their family alone: RFC 7606 2 */
	bool route_refresh;
	bool aigp;
	int role; /* enum role */
	bool role_strict;
	uint8_t md5[PEER_MD5_MAX]; /* the key itself */
	uint8_t md5_len;           /* 0: none */
	int md5_coding;            /* enum md5_coding of md5_password */
	struct net_ao ao;          /* the TCP-AO key; none, or md5_len is 0 */
	int ao_id;                 /* keyid as written, or TCP_AO_NO_ID */
	bool ao_base64;            /* ao_password is base64 */
	char *description;         /* strings are owned, never NULL ("" if unset) */
	char *host_name;
	char *domain_name;
	char *interface;
	char *md5_password; /* as written */
	char *ao_password;  /* as written */
	struct caps caps;   /* what we offer; slices point into owned strings */
	struct family_set families;
	struct text operational; /* bodies of OPERATIONAL messages, to be said by themselves */
	struct routes alone;     /* attributes without a route, that a session is told first */
	char *name;              /* "neighbor 127.0.0.1 local-ip ... family-allowed in-open" */
};

static inline bool
peer_conf_is_range(const struct peer_conf *c)
{
	return c->peer.len < addr_len(&c->peer.addr) * 8;
}
