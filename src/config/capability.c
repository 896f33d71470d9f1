/* capability { ... }: rows, and the capabilities that an OPEN will offer. RFC 5492. */
#include "parse.h"

#include "base/must.h"
#include "bgp/role.h"

#define IN(member) offsetof(struct neighbor_draft, member)

#define FQDN_MAX     64   /* draft-walton-bgp-hostname-capability */
#define GRACEFUL_MAX 4095 /* RFC 4724 3: 12 bits */

static const struct choice add_path_modes[] = {
	{ "disable", ADDPATH_NONE },
	{ "disabled", ADDPATH_NONE },
	{ "send", ADDPATH_SEND },
	{ "receive", ADDPATH_RECEIVE },
	{ "send/receive", ADDPATH_BOTH },
	{ NULL, 0 },
};

static const struct choice graceful_off[] = {
	{ "disable", GRACEFUL_OFF },
	{ "disabled", GRACEFUL_OFF },
	{ NULL, 0 },
};

static const struct choice roles[] = {
	{ "disable", ROLE_NONE },
	{ "disabled", ROLE_NONE },
	{ "provider", ROLE_PROVIDER },
	{ "rs", ROLE_RS },
	{ "rs-client", ROLE_RS_CLIENT },
	{ "customer", ROLE_CUSTOMER },
	{ "peer", ROLE_PEER },
	{ NULL, 0 },
};

#define FLAG(name, member, start, alone, says)                                                     \
	{                                                                                          \
		.word = (name), .slot = SLOT_BOOL, .traits = SETTING_ENABLE | SETTING_SESSION,     \
		.offset = IN(member), .initial = (start), .bare = (alone),                         \
		.expects = "enable or disable", .help = (says)                                     \
	}

/* In the order in which they are written. */
static const struct setting rows[] = {
	FLAG("asn4", conf.caps.asn4, "enable", "enable", "4-byte ASNs, RFC 6793"),
	FLAG("route-refresh", conf.route_refresh, "disable", "enable", "RFC 2918 and RFC 7313"),
	{ .word = "graceful-restart",
	    .slot = SLOT_INT,
	    .traits = SETTING_SESSION,
	    .offset = IN(graceful),
	    .max = GRACEFUL_MAX,
	    .choices = graceful_off,
	    .initial = "disable",
	    .bare = "0",
	    .expects = "seconds (0 to 4095) or disable",
	    .known = "'%' is no number, or % exceeds maximum 4095",
	    .help = "RFC 4724; 0: the hold time" },
	FLAG("software-version", software, "disable", "disable", "our name and version"),
	FLAG("nexthop", next_hop, "disable", "enable", "IPv6 next hops for IPv4, RFC 8950"),
	{ .word = "add-path",
	    .slot = SLOT_CHOICE,
	    .traits = SETTING_SESSION,
	    .offset = IN(add_path_mode),
	    .choices = add_path_modes,
	    .initial = "disable",
	    .expects = "send, receive, send/receive or disable",
	    .known = "'%' is not a valid add-path option",
	    .help = "several paths of a prefix, RFC 7911" },
	FLAG("multi-session", conf.caps.multisession, "disable", "enable", "a session per family"),
	FLAG("operational", conf.caps.operational, "disable", "enable", "OPERATIONAL messages"),
	FLAG("aigp", conf.aigp, "disable", "enable", "believe and send AIGP, RFC 7311"),
	FLAG("extended-message", conf.caps.extended_message, "enable", "enable", "RFC 8654"),
	FLAG("link-local-nexthop", conf.caps.link_local_nexthop, "disable", NULL,
	    "next hops that are link-local alone"),
	{ .word = "role",
	    .slot = SLOT_CHOICE,
	    .traits = SETTING_IF_SET | SETTING_SESSION,
	    .offset = IN(conf.role),
	    .choices = roles,
	    .initial = "disable",
	    .expects = "provider, rs, rs-client, customer, peer or disable",
	    .help = "what we are to an external neighbor, RFC 9234" },
	{ .word = "role-strict",
	    .slot = SLOT_BOOL,
	    .traits = SETTING_ENABLE | SETTING_IF_SET | SETTING_SESSION,
	    .offset = IN(conf.role_strict),
	    .initial = "disable",
	    .bare = "enable",
	    .expects = "enable or disable",
	    .help = "no session with a neighbor that says no role" },
	{ .word = "link-local-prefer",
	    .slot = SLOT_BOOL,
	    .traits = SETTING_SILENT,
	    .offset = IN(link_local_prefer),
	    .initial = "false",
	    .bare = "false",
	    .expects = "true or false",
	    .help = "accepted, without effect" },
};

const struct settings capability_settings = SETTINGS(rows);

static struct slots
capability_slots(struct parse *p)
{
	return (struct slots){ p->neighbor, &p->neighbor->capability_given };
}

const struct section section_capability = {
	.word = "capability",
	.title = "capability",
	.settings = SETTINGS(rows),
	.slots = capability_slots,
};

static void
make_add_path(const struct neighbor_draft *d, struct peer_conf *to)
{
	struct caps *c = &to->caps;

	if (d->add_path_mode == ADDPATH_NONE)
		return;
	for (unsigned id = 0; id < family_count(); id++) {
		const struct family *f = family_at(id);

		if (!family_in(to->families, f) || (f->traits & FAMILY_PATH_ID) == 0)
			continue;
		if ((d->add_path_any || (f->traits & FAMILY_PATH_ID_NAMED) != 0) &&
		    !family_in(d->add_path, f))
			continue;
		c->addpath[id] = (uint8_t)d->add_path_mode;
		c->has_addpath = true;
		if ((d->add_path_mode & ADDPATH_RECEIVE) == 0 || d->paths_limit[id] == 0)
			continue;
		c->paths_limit[id] = d->paths_limit[id];
		c->has_paths_limit = true;
	}
}

static void
make_graceful(const struct neighbor_draft *d, struct peer_conf *to)
{
	struct caps *c = &to->caps;
	int seconds = d->graceful == 0 ? to->hold_time : d->graceful;

	if (d->graceful == GRACEFUL_OFF)
		return;
	c->graceful = true;
	c->graceful_restarting = true;
	c->graceful_time = (uint16_t)(seconds > GRACEFUL_MAX ? GRACEFUL_MAX : seconds);
	c->graceful_families = to->families;
	c->graceful_forwarding = to->families;
}

static bool
next_hop_given(const struct neighbor_draft *d)
{
	const struct setting *row = setting_of(&capability_settings, SLICE("nexthop"));

	return (d->capability_given & setting_bit(&capability_settings, row)) != 0;
}

/* Only families whose next hops are of a family of the neighbor too; with a session per family that
 * one may be another's, and a session written back is a neighbor without it. */
static void
make_next_hop(const struct neighbor_draft *d, struct peer_conf *to)
{
	struct caps *c = &to->caps;

	c->next_hop = next_hop_given(d) ? d->next_hop : d->next_hop_any;
	for (unsigned id = 0; c->next_hop && id < family_count(); id++) {
		const struct family *f = family_at(id);
		const struct family *v6 = family_of(2, f->safi);

		if (family_in(d->next_hop_v6, f) && family_in(to->families, f) && v6 != NULL &&
		    (c->multisession || family_in(d->conf.families, v6)))
			family_add(&c->next_hop_v6, f);
	}
}

static struct slice
cut_name(const char *name)
{
	struct slice s = slice_on(name);

	return slice_of(s.at, s.len > FQDN_MAX ? FQDN_MAX : s.len);
}

void
capability_make(const struct neighbor_draft *d, const struct config_env *env, struct peer_conf *to)
{
	struct caps *c = &to->caps;

	c->families = (struct family_list){ 0 };
	for (unsigned id = 0; id < family_count(); id++)
		if (family_in(to->families, family_at(id)))
			family_list_add(&c->families, family_at(id));
	c->asn = to->local_as;
	c->route_refresh = to->route_refresh;
	c->enhanced_refresh = to->route_refresh;
	/* RFC 9234 4.1: only on external sessions; an AS that is found out may be any */
	c->has_role = to->role != ROLE_NONE && (to->local_as != to->peer_as || to->local_as == 0);
	c->role = c->has_role ? role_number((enum role)to->role) : 0;
	make_next_hop(d, to);
	make_add_path(d, to);
	make_graceful(d, to);
	if (to->host_name[0] != '\0') {
		c->host_name = cut_name(to->host_name);
		c->domain_name = cut_name(to->domain_name);
	}
	if (d->software)
		c->software = slice_on(env->software == NULL ? SOFTWARE : env->software);
}

void
capability_unmake(const struct peer_conf *c, struct neighbor_draft *to)
{
	to->graceful = c->caps.graceful ? c->caps.graceful_time : GRACEFUL_OFF;
	to->software = c->caps.software.at != NULL;
	to->next_hop = c->caps.next_hop;
	to->next_hop_v6 = c->caps.next_hop_v6;
	to->add_path_mode = ADDPATH_NONE;
	for (unsigned id = 0; id < family_count(); id++) {
		if (c->caps.addpath[id] == ADDPATH_NONE)
			continue;
		to->add_path_mode = c->caps.addpath[id];
		family_add(&to->add_path, family_at(id));
		to->paths_limit[id] = c->caps.paths_limit[id];
	}
}
