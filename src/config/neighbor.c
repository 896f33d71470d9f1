/* neighbor PEER { ... }: its settings as rows, and the sections inside. */
#include "parse.h"

#include "base/mem.h"

#define IN(member) offsetof(struct neighbor_draft, member)

static const struct choice as_auto[] = { { "auto", 0 }, { NULL, 0 } };
static const struct choice hold_off[] = { { "0", 0 }, { NULL, 0 } };

static const struct choice rate_off[] = {
	{ "disable", 0 },
	{ "disabled", 0 },
	{ NULL, 0 },
};

static const struct choice ttl_off[] = {
	{ "disable", PEER_TTL_UNSET },
	{ "disabled", PEER_TTL_UNSET },
	{ "false", PEER_TTL_UNSET },
	{ NULL, 0 },
};

/* The spellings of a bool, and auto. */
static const struct choice md5_codings[] = {
	{ "false", MD5_RAW },
	{ "true", MD5_BASE64 },
	{ "auto", MD5_AUTO },
	{ "disable", MD5_RAW },
	{ "enable", MD5_BASE64 },
	{ "disabled", MD5_RAW },
	{ "enabled", MD5_BASE64 },
	{ "no", MD5_RAW },
	{ "yes", MD5_BASE64 },
	{ "0", MD5_RAW },
	{ "1", MD5_BASE64 },
	{ "False", MD5_RAW },
	{ "True", MD5_BASE64 },
	{ NULL, 0 },
};

#define INTERFACE_MAX 15 /* IFNAMSIZ without the end mark */

static const struct choice batch_modes[] = {
	{ "linger", BATCH_LINGER },
	{ "tick", BATCH_TICK },
	{ NULL, 0 },
};

/* Rows that are alike: of a bool whose change needs a new session, */
#define SWITCH(name, member, first, alone, what)                                                   \
	{                                                                                          \
		.word = name, .slot = SLOT_BOOL, .traits = SETTING_SESSION,                        \
		.offset = IN(conf.member), .initial = first, .bare = alone,                        \
		.expects = "true or false", .help = what                                           \
	}
/* of a port, */
#define PORT(name, member, what)                                                                   \
	{                                                                                          \
		.word = name, .slot = SLOT_U16, .traits = SETTING_IF_SET | SETTING_SESSION,        \
		.offset = IN(conf.member), .min = 1, .max = 65535,                                 \
		.expects = "a port (1 to 65535)", .known = "port % is invalid (must be 1-65535)",  \
		.help = what                                                                       \
	}
/* of a TTL, */
#define TTL(name, member, what)                                                                    \
	{                                                                                          \
		.word = name, .slot = SLOT_INT, .traits = SETTING_IF_SET | SETTING_SESSION,        \
		.offset = IN(conf.member), .max = 255, .choices = ttl_off, .initial = "disable",   \
		.expects = "a TTL (0 to 255) or disable", .known = "TTL % is invalid",             \
		.help = what                                                                       \
	}
/* of a bound that a running session takes over. */
#define BOUND(name, member, least, most, first, unit, what)                                        \
	{                                                                                          \
		.word = name, .slot = SLOT_INT, .traits = SETTING_IF_SET,                          \
		.offset = IN(conf.member), .min = least, .max = most, .initial = first,            \
		.expects = unit, .help = what                                                      \
	}

/* In the order in which they are written. */
static const struct setting rows[] = {
	{ .word = "peer-address",
	    .slot = SLOT_PREFIX,
	    .traits = SETTING_SILENT | SETTING_SESSION,
	    .offset = IN(conf.peer),
	    .expects = "an IP address or range",
	    .known = "'%' is not a valid IP address or range",
	    .help = "another address than that of the section" },
	{ .word = "description",
	    .slot = SLOT_STRING,
	    .traits = SETTING_QUOTED,
	    .offset = IN(conf.description),
	    .expects = "a text",
	    .help = "for people" },
	{ .word = "router-id",
	    .slot = SLOT_ID,
	    .traits = SETTING_SESSION,
	    .offset = IN(conf.router_id),
	    .expects = "an IPv4 address",
	    .known = "'%' is not a valid router-id",
	    .help = "BGP identifier; the local address if that is IPv4" },
	{ .word = "host-name",
	    .slot = SLOT_STRING,
	    .traits = SETTING_SESSION,
	    .offset = IN(conf.host_name),
	    .expects = "a name",
	    .help = "FQDN capability; 64 bytes of it are sent" },
	{ .word = "domain-name",
	    .slot = SLOT_STRING,
	    .traits = SETTING_SESSION,
	    .offset = IN(conf.domain_name),
	    .expects = "a name",
	    .help = "FQDN capability; sent with a host-name" },
	{ .word = "local-address",
	    .slot = SLOT_ADDR,
	    .traits = SETTING_SESSION,
	    .offset = IN(conf.local),
	    .choices = as_auto,
	    .initial = "auto",
	    .expects = "an IP address or auto",
	    .help = "our end of the connection" },
	{ .word = "local-link-local",
	    .slot = SLOT_ADDR,
	    .traits = SETTING_IF_SET | SETTING_LINK_LOCAL,
	    .offset = IN(conf.link_local),
	    .expects = "an address in fe80::/10",
	    .help = "added to IPv6 next hops" },
	{ .word = "source-interface",
	    .slot = SLOT_STRING,
	    .offset = IN(conf.interface),
	    .max = INTERFACE_MAX,
	    .expects = "the name of an interface (15 characters at most)",
	    .help =
		"bind the outgoing connection to it; what listens on a link-local address, too" },
	{ .word = "local-as",
	    .slot = SLOT_ASN,
	    .traits = SETTING_SESSION,
	    .offset = IN(conf.local_as),
	    .choices = as_auto,
	    .expects = "an ASN or auto",
	    .known = "'%' is not a valid ASN",
	    .help = "ours; auto: that of the peer's OPEN" },
	{ .word = "peer-as",
	    .slot = SLOT_ASN,
	    .traits = SETTING_SESSION,
	    .offset = IN(conf.peer_as),
	    .choices = as_auto,
	    .expects = "an ASN or auto",
	    .known = "'%' is not a valid ASN",
	    .help = "the peer's; auto: any" },
	{ .word = "hold-time",
	    .slot = SLOT_U16,
	    .traits = SETTING_SESSION,
	    .offset = IN(conf.hold_time),
	    .min = 3,
	    .max = 65535,
	    .choices = hold_off,
	    .initial = "180",
	    .expects = "seconds (0, or 3 to 65535)",
	    .known = "hold-time % is invalid",
	    .help = "proposed hold time, RFC 4271 4.2" },
	{ .word = "rate-limit",
	    .slot = SLOT_INT,
	    .traits = SETTING_SESSION,
	    .offset = IN(rate),
	    .min = -INT32_MAX,
	    .choices = rate_off,
	    .initial = "disable",
	    .expects = "a number or disable",
	    .help = "UPDATEs a second; off below 1" },
	{ .word = "manual-eor",
	    .slot = SLOT_BOOL,
	    .offset = IN(conf.manual_eor),
	    .initial = "false",
	    .bare = "false",
	    .expects = "true or false",
	    .help = "send no end of RIB by ourselves" },
	{ .word = "disable-family",
	    .slot = SLOT_BOOL,
	    .traits = SETTING_IF_SET | SETTING_SESSION,
	    .offset = IN(conf.disable_family),
	    .initial = "false",
	    .bare = "true",
	    .expects = "true or false",
	    .help = "NLRI that can't be read end their family, not the session, RFC 7606 2" },
	SWITCH("passive", passive, "false", "true", "never connect, wait for the peer"),
	PORT("listen", listen, "listen on the local address for this neighbor"),
	PORT("connect", connect, "port to connect to"),
	SWITCH("group-updates", group_updates, "true", "true",
	    "routes of equal attributes share an UPDATE"),
	SWITCH("auto-flush", auto_flush, "true", "true", "compared by a reload, without effect"),
	SWITCH("adj-rib-in", adj_rib_in, "true", "false", "keep the routes of the peer"),
	SWITCH("adj-rib-out", adj_rib_out, "true", "false", "keep the routes that were sent"),
	{ .word = "md5-password",
	    .slot = SLOT_STRING,
	    .traits = SETTING_QUOTED | SETTING_IF_SET | SETTING_SESSION,
	    .offset = IN(conf.md5_password),
	    .bare = "",
	    .expects = "a password",
	    .help = "TCP MD5 key, RFC 2385; 80 bytes at most" },
	{ .word = "md5-base64",
	    .slot = SLOT_CHOICE,
	    .offset = IN(conf.md5_coding),
	    .choices = md5_codings,
	    .initial = "false",
	    .bare = "false",
	    .expects = "true, false or auto",
	    .help = "the password is base64; auto: if it looks like it" },
	{ .word = "md5-ip",
	    .slot = SLOT_ADDR,
	    .traits = SETTING_QUOTED | SETTING_IF_SET | SETTING_SESSION,
	    .offset = IN(conf.md5_ip),
	    .expects = "an IP address",
	    .help = "address to bind to, if not the local address" },
	TTL("outgoing-ttl", ttl_out, "of packets that we send; 0 is as disable"),
	TTL("incoming-ttl", ttl_in, "least TTL of packets that we take, RFC 5082; 0 is as disable"),
	BOUND("queue", queue, 1, 1000000, "1000", "messages (1 to 1000000)",
	    "that wait to be taken, before the socket is not read any more"),
	BOUND("queue-bytes", queue_bytes, 4096, INT32_MAX, "4194304", "bytes (4096 to 2147483647)",
	    "of messages that wait to be taken"),
	BOUND("batch-size", batch_size, 1, 1000000, "100", "messages (1 to 1000000)",
	    "that are taken together at most"),
	BOUND("batch-time", batch_time, 0, 60000, "0", "milliseconds (0 to 60000)",
	    "that a batch waits to be full; 0: it is what came at once"),
	{ .word = "batch-mode",
	    .slot = SLOT_CHOICE,
	    .traits = SETTING_IF_SET,
	    .offset = IN(conf.batch_mode),
	    .choices = batch_modes,
	    .initial = "linger",
	    .expects = "linger or tick",
	    .help = "linger: batch-time begins with the first message; tick: it is a period" },
};

const struct settings neighbor_settings = SETTINGS(rows);

static struct neighbor_draft *
draft_new(struct parse *p, const struct token *where)
{
	struct neighbor_draft *d = mem_zero(1, sizeof(*d));

	d->where = *where;
	settings_init(&neighbor_settings, &p->strings, d);
	settings_init(&capability_settings, &p->strings, d);
	settings_init(&tcp_ao_settings, &p->strings, d);
	d->next = p->drafts;
	p->drafts = d;
	p->neighbor = d;
	return d;
}

bool
neighbor_draft_free_some(struct neighbor_draft *d)
{
	if (routes_free_some(&d->routes) || routes_free_some(&d->flows) ||
	    routes_free_some(&d->l2vpn) || routes_free_some(&d->alone))
		return true;
	text_free(&d->operational);
	mem_free(d);
	return false;
}

static void
neighbor_open(struct parse *p, const struct token *word)
{
	struct token name = p->lx.now;
	enum prefix_fault fault;
	struct prefix peer;

	(void)word;
	(void)lex_word(&p->lx, "an IP address or range");
	if (lex_failed(&p->lx))
		return;
	fault = prefix_parse(name.word, &peer);
	if (fault != PREFIX_FINE && fault != PREFIX_HOST_BITS) {
		lex_fault_at(&p->lx, &name, "expected an IP address or range");
		lex_known_as(&p->lx, &name, "'%' is not a valid IP address or range");
		return;
	}
	draft_new(p, &name)->conf.peer = peer;
}

static bool
neighbor_close(struct parse *p, const struct token *brace)
{
	return neighbor_make_some(p, p->neighbor, brace);
}

static struct slots
neighbor_slots(struct parse *p)
{
	return (struct slots){ p->neighbor, &p->neighbor->given };
}

static void
inherit_read(struct parse *p, const struct token *word)
{
	struct neighbor_draft *d = p->neighbor;
	struct token name = p->lx.now;
	struct token second;

	if (d->is_template)
		parse_warn(p, word, "a template inherits nothing");
	if (lex_is(&p->lx, "[")) {
		names_read(p, &d->inherits, "the name of a template or ]");
		return;
	}
	(void)lex_word(&p->lx, "the name of a template, or a list in [ ]");
	second = p->lx.now;
	if (!lex_failed(&p->lx) && !lex_ends(&p->lx))
		lex_fault(&p->lx, "expected ; (several templates stand in [ ])");
	lex_known_as(&p->lx, &second, "invalid inherit list");
	name_add(p, &d->inherits, &name);
}

static const struct statement statements[] = {
	{ "inherit", inherit_read, "templates, whose values replace those given here" },
	{ NULL, NULL, NULL },
};

/* What a neighbor may hold: a new section is its file and its word here. */
static const struct section *const sections[] = {
	&section_family,
	&section_capability,
	&section_add_path,
	&section_next_hop,
	&section_api,
	&section_tcp_ao,
	&section_static,
	&section_announce,
	&section_flow,
	&section_l2vpn,
	&section_operational,
	NULL,
};

/* A neighbor and a template of one differ in what their names mean. */
#define LIKE_NEIGHBOR(is, opens, closes)                                                           \
	{                                                                                          \
		.word = "neighbor", .title = "neighbor", .name = is, .settings = SETTINGS(rows),   \
		.slots = neighbor_slots, .statements = statements, .sections = sections,           \
		.open = opens, .close = closes                                                     \
	}

const struct section section_neighbor = LIKE_NEIGHBOR("PEER", neighbor_open, neighbor_close);

static bool
is_name(struct slice word)
{
	for (size_t i = 0; i < word.len; i++) {
		uint8_t c = word.at[i];
		uint8_t low = c | 0x20;

		if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9') && c != '.' &&
		    c != '_' && c != '-')
			return false;
	}
	return word.len != 0;
}

static void
template_open(struct parse *p, const struct token *word)
{
	struct token name = p->lx.now;

	(void)word;
	(void)lex_word(&p->lx, "the name of the template");
	if (lex_failed(&p->lx))
		return;
	if (!is_name(name.word))
		lex_fault_at(
		    &p->lx, &name, "expected a name of letters, digits, \".\", \"_\" and \"-\"");
	else if (map_get(&p->templates, name.word) != NULL)
		lex_fault_at(
		    &p->lx, &name, "expected another name: a template has this one already");
	draft_new(p, &name)->is_template = true;
}

static bool
template_close(struct parse *p, const struct token *brace)
{
	(void)brace;
	if (routes_settle_some(p))
		return true;
	map_put(&p->templates, p->neighbor->where.word, p->neighbor);
	return false;
}

const struct section section_template_neighbor =
    LIKE_NEIGHBOR("NAME", template_open, template_close);
