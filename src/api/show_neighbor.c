/* show neighbor as tables: summary and extensive. */
#include "show_row.h"

#include <ctype.h>
#include <inttypes.h>

#define CELL 64 /* longest value of a cell, and an end mark */

static const char *const capability_words[SHOW_CAPABILITIES] = {
	[SHOW_ASN4] = "asn4",
	[SHOW_ROUTE_REFRESH] = "route-refresh",
	[SHOW_MULTI_SESSION] = "multi-session",
	[SHOW_OPERATIONAL] = "operational",
	[SHOW_ADD_PATH] = "add-path",
	[SHOW_EXTENDED_MESSAGE] = "extended-message",
	[SHOW_GRACEFUL_RESTART] = "graceful-restart",
};

const char *
show_capability_word(enum show_capability c)
{
	return capability_words[c];
}

uint64_t
show_messages_total(const struct show_messages *m)
{
	return m->open + m->notification + m->keepalive + m->update + m->refresh;
}

const char *
show_addpath_word(const struct show_peer *p, const struct family *f)
{
	bool out = family_in(p->addpath_out, f);
	bool in = family_in(p->addpath_in, f);

	return out && in ? "send/receive" : out ? "send" : in ? "receive" : "disabled";
}

/* [D day[s], ]H:MM:SS */
static void
duration(struct text *to, uint64_t seconds)
{
	uint64_t days = seconds / 86400;

	if (days != 0)
		text_format(to, "%" PRIu64 " day%s, ", days, days == 1 ? "" : "s");
	text_format(to, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, seconds / 3600 % 24,
	    seconds / 60 % 60, seconds % 60);
}

enum show_flag
show_peer_family(const struct show_peer *p, const struct family *f)
{
	if (!p->peer.known)
		return SHOW_UNKNOWN;
	return family_in(p->peer.families, f) ? SHOW_ON : SHOW_OFF;
}

static uint8_t
flag(bool on)
{
	return on ? SHOW_ON : SHOW_OFF;
}

void
show_side_caps(struct show_side *side, const struct caps *caps)
{
	bool any_path = false;

	for (unsigned i = 0; i < family_count(); i++)
		any_path = any_path || caps->addpath[i] != ADDPATH_NONE;
	memcpy(side->addpath, caps->addpath, sizeof(side->addpath));
	side->families = family_list_set(&caps->families);
	side->capabilities[SHOW_ASN4] = flag(caps->asn4);
	side->capabilities[SHOW_ROUTE_REFRESH] = flag(caps->route_refresh);
	side->capabilities[SHOW_MULTI_SESSION] = flag(caps->multisession);
	side->capabilities[SHOW_OPERATIONAL] = flag(caps->operational);
	side->capabilities[SHOW_ADD_PATH] = flag(any_path);
	side->capabilities[SHOW_EXTENDED_MESSAGE] = flag(caps->extended_message);
	side->capabilities[SHOW_GRACEFUL_RESTART] = flag(caps->graceful);
}

void
show_usage(const struct dialect *d, struct text *to)
{
	text_string(to, d->layout->usage);
}

void
show_summary_head(const struct dialect *d, struct text *to)
{
	text_string(to, "Peer            AS        up/down state       |     #sent     #recvd");
	text_string(to, d->layout->prefixes ? "    #pfx_in\n" : "\n");
}

/* A value of a cell as a string: what doesn't fit is never cut, for all have a longest form. */
struct cell {
	char room[CELL];
};

static const char *
cell_addr(struct cell *c, const struct addr *a)
{
	struct text t = { .at = c->room, .size = sizeof(c->room) };

	c->room[0] = '\0';
	addr_print(&t, a);
	return c->room;
}

static const char *
cell_uint(struct cell *c, uint64_t n)
{
	struct text t = { .at = c->room, .size = sizeof(c->room) };

	text_uint(&t, n);
	return c->room;
}

static const char *
cell_as(struct cell *c, uint32_t as)
{
	return as == 0 ? "auto" : cell_uint(c, as);
}

static const char *
cell_duration(struct cell *c, uint64_t seconds)
{
	struct text t = { .at = c->room, .size = sizeof(c->room) };

	duration(&t, seconds);
	return c->room;
}

static const char *
cell_lower(struct cell *c, const char *word)
{
	size_t n = strnlen(word, sizeof(c->room) - 1);

	for (size_t i = 0; i < n; i++)
		c->room[i] = (char)tolower((unsigned char)word[i]);
	c->room[n] = '\0';
	return c->room;
}

bool
show_summary_row(const struct dialect *d, const struct show_peer *p, struct text *to)
{
	struct cell peer;
	struct cell as;
	struct cell up;
	struct cell fsm;

	if (!p->up && !d->layout->lists_down)
		return false;
	text_format(to, "%-15s %-7s %9s %-12s %10" PRIu64 " %10" PRIu64,
	    cell_addr(&peer, &p->peer.address), cell_as(&as, p->peer.as),
	    p->up ? cell_duration(&up, p->duration) : "down", cell_lower(&fsm, p->fsm),
	    p->sent.update, p->received.update);
	if (d->layout->prefixes)
		text_format(to, " %10" PRIu64, p->prefixes_received);
	text_char(to, '\n');
	return true;
}

/* The table that one extensive answer is. */
struct sheet {
	const struct layout *layout;
	struct text *to;
};

static void
row(struct sheet *s, const char *name, const char *local, const char *remote, const char *last)
{
	text_format(s->to, "%s%-20s %15s %15s %15s\n", s->layout->row, name, local, remote, last);
}

static void
heading(struct sheet *s, const char *name, const char *local, const char *remote, const char *last)
{
	const struct layout *l = s->layout;

	text_format(s->to, "%s%s%-*s%15s", l->gap, l->heading, l->heading_width, name, local);
	if (*remote != '\0')
		text_format(s->to, " %15s", remote);
	if (*last != '\0')
		text_format(s->to, " %15s", last);
	text_char(s->to, '\n');
}

static const char *
flag_word(uint8_t f)
{
	return f == SHOW_ON ? "enabled" : f == SHOW_OFF ? "disabled" : "n/a";
}

static void
block_session(struct sheet *s, const struct show_peer *p)
{
	struct cell c;

	heading(s, "Session", "Local", "", "");
	row(s, "local", cell_addr(&c, &p->local.address), "", "");
	row(s, "state", p->fsm, "", "");
	row(s, p->up ? "up for" : "down for", cell_duration(&c, p->duration), "", "");
}

static const char *
cell_id(struct cell *c, const struct show_side *side)
{
	struct addr id = addr_v4_of(side->router_id);

	return side->known ? cell_addr(c, &id) : "n/a";
}

static void
block_setup(struct sheet *s, const struct show_peer *p)
{
	struct cell local;
	struct cell peer;

	heading(s, "Setup", "Local", "Remote", "");
	row(s, "AS", cell_as(&local, p->local.as), cell_as(&peer, p->peer.as), "");
	row(s, "ID", cell_id(&local, &p->local), cell_id(&peer, &p->peer), "");
	row(s, "hold-time", cell_uint(&local, p->local.hold_time),
	    p->peer.known ? cell_uint(&peer, p->peer.hold_time) : "n/a", "");
}

/* A name with a colon. */
static void
named_row(
    struct sheet *s, const char *name, const char *local, const char *remote, const char *last)
{
	struct cell c;
	struct text t = { .at = c.room, .size = sizeof(c.room) };

	text_string(&t, name);
	text_char(&t, ':');
	row(s, c.room, local, remote, last);
}

static void
block_capability(struct sheet *s, const struct show_peer *p)
{
	heading(s, "Capability", "Local", "Remote", "");
	for (unsigned i = 0; i < SHOW_CAPABILITIES; i++)
		named_row(s, capability_words[i], flag_word(p->local.capabilities[i]),
		    flag_word(p->peer.known ? p->peer.capabilities[i] : SHOW_UNKNOWN), "");
}

/* What was agreed on; not known where we offer it, and the peer has not said. */
static const char *
add_path_word(const struct layout *l, const struct show_peer *p, const struct family *f)
{
	if (!p->peer.known && p->local.addpath[f->id] != ADDPATH_NONE)
		return "n/a";
	if (family_in(p->addpath_out, f) && family_in(p->addpath_in, f))
		return l->add_path_both;
	return show_addpath_word(p, f);
}

static void
block_families(struct sheet *s, const struct show_peer *p)
{
	heading(s, "Families", "Local", "Remote", "Add-Path");
	for (unsigned i = 0; i < p->families.count; i++) {
		const struct family *f = family_at(p->families.ids[i]);
		struct cell c;
		struct text t = { .at = c.room, .size = sizeof(c.room) };

		text_format(&t, "%*s", s->layout->add_path_width, add_path_word(s->layout, p, f));
		named_row(
		    s, f->name, "enabled", flag_word((uint8_t)show_peer_family(p, f)), c.room);
	}
}

static void
count_row(struct sheet *s, const char *name, uint64_t sent, uint64_t received)
{
	struct cell a;
	struct cell b;

	named_row(s, name, cell_uint(&a, sent), cell_uint(&b, received), "");
}

static void
block_messages(struct sheet *s, const struct show_peer *p)
{
	heading(s, "Message Statistic", "Sent", "Received", "");
	count_row(s, "open", p->sent.open, p->received.open);
	count_row(s, "notification", p->sent.notification, p->received.notification);
	count_row(s, "keepalive", p->sent.keepalive, p->received.keepalive);
	count_row(s, "update", p->sent.update, p->received.update);
	count_row(s, "refresh", p->sent.refresh, p->received.refresh);
	count_row(s, "total", show_messages_total(&p->sent), show_messages_total(&p->received));
}

static void
block_prefixes(struct sheet *s, const struct show_peer *p)
{
	struct cell c;

	heading(s, "Prefix Statistic", "Received", "", "");
	named_row(s, "received", cell_uint(&c, p->prefixes_received), "", "");
	named_row(s, "withdrawn", cell_uint(&c, p->prefixes_withdrawn), "", "");
}

void
show_extensive(const struct dialect *d, const struct show_peer *p, struct text *to)
{
	struct sheet s = { d->layout, to };

	text_string(to, "Neighbor ");
	addr_print(to, &p->peer.address);
	text_char(to, '\n');
	block_session(&s, p);
	block_setup(&s, p);
	block_capability(&s, p);
	block_families(&s, p);
	block_messages(&s, p);
	if (s.layout->prefixes)
		block_prefixes(&s, p);
	text_char(to, '\n');
}
