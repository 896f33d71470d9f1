/*
 * What stands around every event: who we are, when, and which neighbor. The neighbor's part is the
 * same in each of a peer's events and is kept as text, so that an UPDATE costs a copy of it.
 */
#include "base/addr.h"
#include "base/must.h"
#include "bgp/shape.h"
#include "tale.h"

#define HOST_MAX      255 /* RFC 1123 2.1: no name is longer */
#define IDENTITY_ROOM 2048
#define NEIGHBOR_ROOM 256
#define NEIGHBORS     256 /* kept; a power of two */

static struct {
	char bytes[IDENTITY_ROOM];
	size_t len;
	int64_t pid;
	int64_t ppid;
} identity;

struct kept {
	bool used;
	bool router_id;
	struct event_peer peer;
	size_t len;
	char bytes[NEIGHBOR_ROOM];
};

static struct kept kept[NEIGHBORS];

void
tell_identity(const char *host, int64_t pid, int64_t ppid)
{
	struct text t = { .at = identity.bytes, .size = sizeof(identity.bytes) };

	text_string(&t, ", \"host\" : \"");
	json_escape(&t, slice_of(host, strnlen(host, HOST_MAX)));
	text_string(&t, "\", \"pid\" : ");
	text_int(&t, pid);
	text_string(&t, ", \"ppid\" : ");
	text_int(&t, ppid);
	MUST(t.at == identity.bytes);
	identity.len = t.len;
	identity.pid = pid;
	identity.ppid = ppid;
}

static void
put(struct text *to, struct slice s)
{
	text_bytes(to, s.at, s.len);
}

/* As a float is written: no zeros at the end, but one digit behind the point. */
static void
put_time(struct text *to, usec wall)
{
	uint64_t us = wall < 0 ? 0 : (uint64_t)wall;
	uint32_t part = (uint32_t)(us % USEC_SECOND);
	char digits[7];
	size_t n = 6;

	text_uint(to, us / USEC_SECOND);
	digits[0] = '.';
	for (size_t i = 6; i > 0; i--, part /= 10)
		digits[i] = (char)('0' + part % 10);
	while (n > 1 && digits[n] == '0')
		n--;
	text_bytes(to, digits, n + 1);
}

static void
put_head(struct tale *t)
{
	put(t->to, SLICE("{ \"exabgp\": \""));
	text_string(t->to, t->how->dialect->version);
	put(t->to, SLICE("\", \"time\": "));
	put_time(t->to, t->e->wall);
	text_bytes(t->to, identity.bytes, identity.len);
}

static void
put_neighbor(struct text *to, const struct event_peer *p, bool router_id)
{
	struct addr id = addr_v4_of(p->router_id);

	put(to, SLICE("\"neighbor\": { \"address\": { \"local\": \""));
	addr_print(to, &p->local);
	put(to, SLICE("\", \"peer\": \""));
	addr_print(to, &p->peer);
	put(to, SLICE("\" }, \"asn\": { \"local\": "));
	text_uint(to, p->local_as);
	put(to, SLICE(", \"peer\": "));
	text_uint(to, p->peer_as);
	if (router_id) {
		put(to, SLICE(" }, \"router-id\": \""));
		addr_print(to, &id);
		put(to, SLICE("\" "));
	} else {
		put(to, SLICE(" } "));
	}
}

static bool
same_peer(const struct event_peer *a, const struct event_peer *b)
{
	return a->router_id == b->router_id && a->peer_as == b->peer_as &&
	    a->local_as == b->local_as && addr_same(&a->peer, &b->peer) &&
	    addr_same(&a->local, &b->local);
}

static struct kept *
kept_for(const struct event_peer *p, bool router_id)
{
	uint32_t h = load_u32(p->peer.bytes) ^ load_u32(p->peer.bytes + 4) ^
	    load_u32(p->peer.bytes + 12) ^ p->peer_as ^ load_u32(p->local.bytes) * 31 ^
	    (router_id ? 1u << 20 : 0);

	h *= 2654435761u; /* Knuth's: what differs low or high differs in the top bits */
	return &kept[h >> 24 & (NEIGHBORS - 1)];
}

static void
put_kept_neighbor(struct text *to, const struct event_peer *p, bool router_id)
{
	struct kept *k = kept_for(p, router_id);
	size_t start = to->len;

	if (k->used && k->router_id == router_id && same_peer(&k->peer, p)) {
		text_bytes(to, k->bytes, k->len);
		return;
	}
	put_neighbor(to, p, router_id);
	k->len = to->len - start;
	MUST(k->len <= sizeof(k->bytes));
	memcpy(k->bytes, to->at + start, k->len);
	k->used = true;
	k->router_id = router_id;
	k->peer = *p;
}

static void
put_direction(struct text *to, enum event_direction d)
{
	switch (d) {
	case EVENT_RECEIVE: put(to, SLICE(", \"direction\": \"receive\"")); break;
	case EVENT_SEND: put(to, SLICE(", \"direction\": \"send\"")); break;
	case EVENT_IN: put(to, SLICE(", \"direction\": \"in\"")); break;
	}
}

void
tale_open(struct tale *t, const char *type, bool with_message)
{
	put_head(t);
	put(t->to, SLICE(", \"counter\": "));
	text_uint(t->to, t->counter);
	put(t->to, SLICE(", \"type\": \""));
	text_string(t->to, type);
	put(t->to, SLICE("\", "));
	if (with_message) {
		put(t->to, SLICE("\"header\": \"0x"));
		text_hex_upper(t->to, t->e->header);
		put(t->to, SLICE("\", "));
		if (t->e->body.len != 0) {
			put(t->to, SLICE("\"body\": \"0x"));
			text_hex_upper(t->to, t->e->body);
			put(t->to, SLICE("\", "));
		}
	}
	put_kept_neighbor(t->to, t->e->peer, !tale_has(t, SHAPE_NO_ROUTER_ID));
	if (t->e->kind == EVENT_MESSAGE)
		put_direction(t->to, t->e->direction);
}

void
tale_close(struct tale *t)
{
	put(t->to, SLICE(" } }\n"));
}

void
tale_shutdown(struct tale *t)
{
	if (t->how->encoder == TELL_TEXT) {
		put(t->to, SLICE("shutdown "));
		text_int(t->to, identity.pid);
		text_char(t->to, ' ');
		text_int(t->to, identity.ppid);
		put(t->to, SLICE("\n\n"));
		return;
	}
	put_head(t);
	put(t->to, SLICE(", \"type\": \"notification\", \"notification\": \"shutdown\" }\n"));
}

static void
put_gap(struct tale *t, const char *const words[3])
{
	text_string(t->to, words[0]);
	text_uint(t->to, t->e->gap.count);
	text_string(t->to, words[1]);
	text_uint(t->to, t->e->gap.first);
	text_string(t->to, words[2]);
	text_uint(t->to, t->e->gap.last);
}

void
tale_gap(struct tale *t)
{
	if (t->how->encoder == TELL_TEXT) {
		put_gap(t, (const char *const[3]){ "dropped count ", " first ", " last " });
		text_string(t->to, " by ");
		text_string(t->to, t->e->gap.by);
		put(t->to, SLICE("\n\n"));
		return;
	}
	put_head(t);
	put(t->to, SLICE(", \"type\": \"dropped\", \"dropped\": { "));
	put_gap(t, (const char *const[3]){ "\"count\": ", ", \"first\": ", ", \"last\": " });
	text_string(t->to, ", \"by\": \"");
	text_string(t->to, t->e->gap.by);
	put(t->to, SLICE("\" } }\n"));
}

void
tale_who(struct tale *t)
{
	put(t->to, SLICE("neighbor "));
	addr_print(t->to, &t->e->peer->peer);
}

void
tale_who_did(struct tale *t)
{
	tale_who(t);
	put(t->to,
	    t->e->direction == EVENT_SEND     ? SLICE(" send ")
		: t->e->direction == EVENT_IN ? SLICE(" in ")
					      : SLICE(" receive "));
}

void
tale_header_body(struct tale *t)
{
	put(t->to, SLICE(" header 0x"));
	text_hex_upper(t->to, t->e->header);
	if (t->e->body.len != 0) {
		put(t->to, SLICE(" body 0x"));
		text_hex_upper(t->to, t->e->body);
	}
}

void
tale_end_text(struct tale *t)
{
	if (tale_consolidated(t))
		tale_header_body(t);
	text_string(t->to, "\n\n");
}
