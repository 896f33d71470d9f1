/* A neighbor section closes: what rows can't say, in the order of the checks, and the value. */
#include "parse.h"

#include "base/hex.h"
#include "base/mem.h"

static bool
given(const struct neighbor_draft *d, const char *word)
{
	const struct setting *row = setting_of(&neighbor_settings, slice_on(word));

	return (d->given & setting_bit(&neighbor_settings, row)) != 0;
}

static void
check_numbers(struct parse *p, const struct neighbor_draft *d, const struct token *brace)
{
	bool local = given(d, "local-as");
	bool peer = given(d, "peer-as");

	if (!local || !peer)
		lex_fault_at(&p->lx, brace, "incomplete neighbor, missing %s%s%s",
		    local ? "" : "local-as", local || peer ? "" : ", ", peer ? "" : "peer-as");
}

static void
check_batches(struct parse *p, const struct neighbor_draft *d, const struct token *brace)
{
	if (d->conf.batch_mode == BATCH_TICK && d->conf.batch_time == 0)
		lex_fault_at(&p->lx, brace, "expected a batch-time above 0 with batch-mode tick");
}

static void
check_addresses(struct parse *p, struct neighbor_draft *d, const struct token *brace)
{
	struct peer_conf *c = &d->conf;

	if (c->router_id == 0 && c->local.family == ADDR_IPV4)
		c->router_id = addr_u32(&c->local);
	if (c->router_id == 0)
		lex_fault_at(&p->lx, brace, "incomplete neighbor, missing router-id");
	if (c->listen != 0 && c->local.family == ADDR_NONE)
		lex_fault_at(&p->lx, brace, "incomplete neighbor, missing local-address");
	if (c->local.family != ADDR_NONE && c->local.family != c->peer.addr.family)
		lex_fault_at(
		    &p->lx, brace, "local-address and peer-address must be of the same family");
	if (peer_conf_is_range(c) && !c->passive && !p->env->passive)
		lex_fault_at(&p->lx, &d->where,
		    "can only use ip ranges for the peer address with passive neighbors");
}

static bool
looks_like_base64(struct slice word)
{
	for (size_t i = 0; i < word.len; i++) {
		uint8_t c = word.at[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return true;
}

static void
check_md5(struct parse *p, struct neighbor_draft *d, const struct token *brace)
{
	struct peer_conf *c = &d->conf;
	struct slice word = slice_on(c->md5_password);
	uint8_t key[PEER_MD5_MAX];
	size_t len = 0;
	bool decoded = false;

	if (c->md5_coding == MD5_BASE64 || (c->md5_coding == MD5_AUTO && looks_like_base64(word)))
		decoded = base64_decode(word, key, sizeof(key), &len);
	if (c->md5_coding == MD5_BASE64 && !decoded) {
		lex_fault_at(&p->lx, brace,
		    "md5-password must be base64 of 80 bytes at most (Invalid MD5 password: not valid base64)");
		return;
	}
	if (!decoded && word.len > sizeof(key)) {
		lex_fault_at(&p->lx, brace, "MD5 password must be no larger than 80 characters");
		return;
	}
	if (!decoded)
		len = word.len;
	memcpy(c->md5, decoded ? key : word.at, len);
	c->md5_len = (uint8_t)len; /* 80 at most */
}

/* RFC 4760: only what the session is offered can be announced. IPv4 unicast that it is not offered
 * is dropped, as it always was. */
static bool
is_offered(struct parse *p, const struct neighbor_draft *d, const struct route *r,
    const struct token *brace)
{
	const struct family *f = r->nlri.family;

	if (f == NULL || family_in(d->conf.families, f))
		return true;
	if ((f->traits & FAMILY_CLASSIC) == 0)
		lex_fault_at(&p->lx, brace,
		    "Trying to announce a route of type %s,%s when we are not "
		    "announcing the family to our peer",
		    f->afi_word, f->safi_word);
	return false;
}

static void
check_self(struct parse *p, const struct neighbor_draft *d, const struct route *r,
    const struct token *brace)
{
	if (!route_self_fits(r, d->conf.peer.addr.family))
		lex_fault_at(&p->lx, brace, "%s", route_self_misfit);
}

/* A next hop of the other kind, which only RFC 8950 allows. It is sent as it was said. */
static bool
has_strange_next_hop(const struct neighbor_draft *d, const struct route *r)
{
	const struct family *f = r->nlri.family;
	unsigned len = r->attrs == NULL ? 0 : r->attrs->next_hop_len;

	if (f == NULL || f->safi > 2 || len == 0) /* unicast and multicast */
		return false;
	return (f->next_hop_lens & UINT64_C(1) << len) == 0 && !family_in(d->next_hop_v6, f);
}

/* What stays is brought to the front, in order. */
static void
check_route(struct parse *p, struct neighbor_draft *d, const struct token *brace)
{
	struct closing *c = &p->closing;
	struct route *r = &d->routes.at[c->route++];
	struct route *to = &d->routes.at[c->kept];
	struct route stays = *r;

	if (!is_offered(p, d, r, brace)) {
		c->left_out += route_parts(r);
		return;
	}
	check_self(p, d, r, brace);
	c->strange += has_strange_next_hop(d, r) ? route_parts(r) : 0;
	*r = *to;
	*to = stays;
	c->kept++;
	route_tell_apart(&c->seen, to);
	if (to->nlri.family == NULL && !to->withdrawn)
		routes_add(&d->alone, to);
}

/* True if there are more to be looked at, or to be left out. */
static bool
check_routes_some(struct parse *p, struct neighbor_draft *d, const struct token *brace)
{
	struct closing *c = &p->closing;
	struct routes *routes = &d->routes;

	for (size_t n = 0; n < PARSE_BLOCK && c->route < routes->count; n++)
		check_route(p, d, brace);
	if (c->route < routes->count)
		return true;
	if (c->left_out > 0)
		parse_warn(p, &d->where, "%zu routes of a family that is not listed are left out",
		    c->left_out);
	if (c->strange > 0)
		parse_warn(p, &d->where,
		    "%zu routes have a next hop of another kind than their prefix, "
		    "which the peer may not take",
		    c->strange);
	c->left_out = c->strange = 0;
	c->route = routes->count - c->kept > PARSE_BLOCK ? routes->count - PARSE_BLOCK : c->kept;
	routes_cut(routes, c->route);
	return c->route > c->kept;
}

static void
check_refresh(struct parse *p, struct neighbor_draft *d)
{
	if (!d->conf.route_refresh || d->conf.adj_rib_out)
		return;
	parse_warn(p, &d->where, "route-refresh needs adj-rib-out, which is turned on");
	d->conf.adj_rib_out = true;
}

/* The kernel can't know where it is. */
static void
check_link_local(struct parse *p, const struct neighbor_draft *d)
{
	const struct peer_conf *c = &d->conf;
	bool is = addr_is_link_local(&c->peer.addr) || addr_is_link_local(&c->local);

	if (is && c->interface[0] == '\0' && (!c->passive || c->listen != 0))
		parse_warn(p, &d->where, "a link-local address needs source-interface");
}

static void
print_as(struct text *to, const char *word, uint32_t asn)
{
	if (asn == 0)
		text_format(to, " %s auto", word);
	else
		text_format(to, " %s %u", word, asn);
}

static void
print_peer(struct text *to, const struct peer_conf *c)
{
	if (peer_conf_is_range(c))
		prefix_print(to, &c->peer);
	else
		addr_print(to, &c->peer.addr);
}

/* The identity of a neighbor: what commands select, and what a reload compares. */
static char *
name_of(const struct peer_conf *c)
{
	struct addr id = addr_v4_of(c->router_id);
	struct text t = { 0 };
	char *name;

	text_string(&t, "neighbor ");
	print_peer(&t, c);
	text_string(&t, " local-ip ");
	if (c->local.family == ADDR_NONE)
		text_string(&t, "auto");
	addr_print(&t, &c->local);
	print_as(&t, "local-as", c->local_as);
	print_as(&t, "peer-as", c->peer_as);
	text_string(&t, " router-id ");
	addr_print(&t, &id);
	text_string(&t, " family-allowed ");
	if (!c->caps.multisession)
		text_string(&t, "in-open");
	for (unsigned i = 0; c->caps.multisession && i < c->caps.families.count; i++) {
		const struct family *f = family_at(c->caps.families.ids[i]);

		text_format(&t, "%s%s-%s", i == 0 ? "" : "/", f->afi_word, f->safi_word);
	}
	name = word_string(text_view(&t));
	text_free(&t);
	return name;
}

/* Two neighbors may not be told apart by less than their name; with a port of its own to listen on,
 * by that. */
static void
check_duplicate(struct parse *p, const struct neighbor_draft *d, struct neighbor_conf *n)
{
	struct text key = { 0 };

	if (n->peer.listen != 0) {
		print_peer(&key, &n->peer);
		text_format(&key, " listen %u", n->peer.listen);
		if (n->peer.caps.multisession)
			text_format(
			    &key, " family %016llx", (unsigned long long)n->peer.families.bits);
	} else {
		text_string(&key, n->peer.name);
	}
	if (map_get(&p->neighbors, text_view(&key)) != NULL)
		lex_fault_at(&p->lx, &d->where, "duplicate peer definition %.*s",
		    (int)d->where.word.len, (const char *)d->where.word.at);
	map_put(&p->neighbors, text_view(&key), n);
	text_free(&key);
}

static void
own_strings(struct peer_conf *c)
{
	c->description = word_string(slice_on(c->description));
	c->host_name = word_string(slice_on(c->host_name));
	c->domain_name = word_string(slice_on(c->domain_name));
	c->interface = word_string(slice_on(c->interface));
	c->md5_password = word_string(slice_on(c->md5_password));
	c->ao_password = word_string(slice_on(c->ao_password));
}

static struct neighbor_conf *
conf_add(struct config *c)
{
	struct neighbor_conf *n = mem_zero(1, sizeof(*n));

	if ((c->neighbor_count & (c->neighbor_count - 1)) == 0)
		c->neighbors = mem_grow(
		    c->neighbors, (c->neighbor_count == 0 ? 1 : c->neighbor_count * 2) * sizeof(n));
	c->neighbors[c->neighbor_count++] = n;
	return n;
}

/* only: the one family of a clone, or NULL. Without its routes. */
static struct neighbor_conf *
make_one(struct parse *p, struct neighbor_draft *d, const struct family *only)
{
	struct neighbor_conf *n = conf_add(p->config);
	struct peer_conf *c = &n->peer;

	d->made_count++;
	*c = d->conf;
	c->rate_limit = d->rate > 0 ? (uint32_t)d->rate : 0;
	if (addr_same(&c->md5_ip, &c->local))
		c->md5_ip = (struct addr){ 0 }; /* says nothing that local-address does not */
	if (only != NULL) {
		c->families = (struct family_set){ 0 };
		family_add(&c->families, only);
	}
	own_strings(c);
	capability_make(d, p->env, c);
	c->name = name_of(c);
	check_duplicate(p, d, n);
	for (size_t at = 0; routes_append_some(&c->alone, &d->alone, NULL, &at);)
		;
	operational_make(&d->operational, only, &c->operational);
	return n;
}

static bool
has_clones(const struct neighbor_draft *d)
{
	uint64_t bits = d->conf.families.bits;

	return d->conf.caps.multisession && (bits & (bits - 1)) != 0;
}

/* A neighbor for each family, with its routes. True if there is more to make. */
static bool
clone_some(struct parse *p, struct neighbor_draft *d)
{
	struct closing *c = &p->closing;
	const struct family *f = family_at(c->family);

	if (family_in(d->conf.families, f)) {
		if (c->made == NULL)
			c->made = make_one(p, d, f);
		if (routes_append_some(&c->made->routes, &d->routes, f, &c->route))
			return true;
	}
	c->made = NULL;
	c->route = 0;
	return ++c->family < family_count();
}

static bool
make_some(struct parse *p, struct neighbor_draft *d)
{
	if (d->made_count == 0)
		d->made = p->config->neighbor_count;
	if (has_clones(d))
		return clone_some(p, d);
	routes_move(&make_one(p, d, NULL)->routes, &d->routes);
	return false;
}

/* What is known without looking at its routes. */
static void
check_all(struct parse *p, struct neighbor_draft *d, const struct token *brace)
{
	families_settle(d);
	check_numbers(p, d, brace);
	check_batches(p, d, brace);
	check_addresses(p, d, brace);
	if (lex_failed(&p->lx))
		return;
	check_md5(p, d, brace);
	tcp_ao_check(p, d, brace);
}

static bool
stage_some(struct parse *p, struct neighbor_draft *d, const struct token *brace)
{
	switch (p->closing.stage) {
	case CLOSE_SETTLE: return routes_settle_some(p);
	case CLOSE_INHERIT: return template_merge_some(p, d);
	case CLOSE_CHECK: return check_routes_some(p, d, brace);
	case CLOSE_MAKE: return make_some(p, d);
	}
	return false;
}

bool
neighbor_make_some(struct parse *p, struct neighbor_draft *d, const struct token *brace)
{
	struct closing *c = &p->closing;

	if (stage_some(p, d, brace))
		return true;
	if (c->stage == CLOSE_MAKE)
		return false;
	c->route = 0;
	c->stage++;
	if (c->stage == CLOSE_INHERIT)
		c->template = d->inherits.first;
	if (c->stage == CLOSE_CHECK)
		check_all(p, d, brace);
	if (c->stage == CLOSE_MAKE) {
		check_refresh(p, d);
		check_link_local(p, d);
	}
	return !lex_failed(&p->lx);
}

static bool
has_key(const struct neighbor_draft *d)
{
	return d->conf.md5_len != 0 || d->conf.ao.len != 0;
}

/* The kernel knows keys by addresses alone, and can't be told that one of them has none. */
static void
warn_within(struct parse *p, const struct neighbor_draft *range)
{
	for (const struct neighbor_draft *d = p->drafts; d != NULL; d = d->next) {
		if (d->made_count == 0 || peer_conf_is_range(&d->conf) || has_key(d) ||
		    !prefix_holds(&range->conf.peer, &d->conf.peer.addr))
			continue;
		parse_warn(p, &d->where, "it can't connect to us without the key of the range %.*s",
		    (int)range->where.word.len, (const char *)range->where.word.at);
	}
}

void
keys_check(struct parse *p)
{
	for (const struct neighbor_draft *d = p->drafts; d != NULL; d = d->next)
		if (d->made_count != 0 && peer_conf_is_range(&d->conf) && has_key(d))
			warn_within(p, d);
}
