/* Who commanded how much of whom, and whether all of it is accounted for. */
#include "engine/account.h"

#include "house.h"

#include "base/log.h"
#include "base/mem.h"

#include <inttypes.h>

#define CHECK_STEP 512 /* routes */

/* What one commanded for a family of a member; the rest is counted by its adj-rib-out. */
struct tally {
	unsigned by;
	const struct family *family;
	uint64_t routes;
	uint64_t refused;
};

/* A helper that comes back after a reload goes on with its number: there is one for each name. */
unsigned
account_number(struct engine *e, const char *name)
{
	struct names *n = &e->names;

	for (size_t i = 0; i < n->count; i++) {
		if (strcmp(n->at[i], name) == 0)
			return ACCOUNT_HELPERS + (unsigned)i;
	}
	n->at = mem_grow(n->at, (n->count + 1) * sizeof(char *));
	n->at[n->count] = mem_string(name, strlen(name));
	return ACCOUNT_HELPERS + (unsigned)n->count++;
}

void
account_names_free(struct engine *e)
{
	for (size_t i = 0; i < e->names.count; i++)
		mem_free(e->names.at[i]);
	mem_free(e->names.at);
}

static const char *
name_of(const struct engine *e, unsigned number)
{
	switch (number) {
	case ACCOUNT_FILE: return "configuration";
	case ACCOUNT_CONTROL: return "control";
	default: return e->names.at[number - ACCOUNT_HELPERS];
	}
}

static struct tally *
tally_of(struct member *m, unsigned by, const struct family *f)
{
	struct tally *t = m->last_tally < m->tally_count ? &m->tallies[m->last_tally] : NULL;

	if (t != NULL && t->by == by && t->family == f)
		return t;
	for (size_t i = 0; i < m->tally_count; i++) {
		t = &m->tallies[i];
		m->last_tally = i;
		if (t->by == by && t->family == f)
			return t;
	}
	m->tallies = mem_grow(m->tallies, (m->tally_count + 1) * sizeof(*m->tallies));
	m->last_tally = m->tally_count++;
	m->tallies[m->last_tally] = (struct tally){ .by = by, .family = f };
	return &m->tallies[m->last_tally];
}

void
account_route(struct member *m, const struct issuer *i, const struct family *f, bool refused)
{
	unsigned by = i == NULL ? ACCOUNT_FILE : i->number;
	struct tally *t = tally_of(m, by, f);

	t->routes++;
	t->refused += refused;
	if (!refused)
		rib_out_credit(peer_out(m->peer), by);
}

static uint64_t
apart(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* How many of those that are pending were found is what a check has to say. */
static size_t
add_rib(const struct member *m, const struct tally *t, struct account *to)
{
	const struct rib_account *rows;
	size_t count = rib_out_accounts(peer_out(m->peer), &rows);
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct rib_account *row = &rows[i];

		if (row->by != t->by || row->family != t->family)
			continue;
		to->refused += row->refused;
		to->superseded = row->superseded;
		to->unchanged = row->unchanged;
		to->sent = row->sent;
		to->pending = row->announces + row->withdraws;
		found = row->found_announces + row->found_withdraws;
	}
	return found;
}

static size_t
account_of(const struct member *m, const struct tally *t, struct account *to)
{
	*to = (struct account){
		.who = name_of(m->engine, t->by),
		.member = m,
		.family = t->family,
		.routes = t->routes,
		.refused = t->refused,
	};
	return add_rib(m, t, to);
}

bool
member_account(const struct member *m, size_t i, struct account *to)
{
	if (i >= m->tally_count)
		return false;
	(void)account_of(m, &m->tallies[i], to); /* no check is over */
	return true;
}

/* Behind a check that counted all. */
static uint64_t
row_residual(const struct member *m, const struct tally *t)
{
	struct account a;
	size_t found = account_of(m, t, &a);
	uint64_t known = a.refused + a.superseded + a.unchanged + a.sent + a.pending;
	uint64_t residual = apart(a.pending, found) + apart(a.routes, known);

	if (residual != 0)
		log_say(LOG_ERROR, LOG_REACTOR,
		    "not accounted for: routes=%" PRIu64 " helper=%s peer=%s family=\"%s\"",
		    residual, a.who, peer_name(m->peer), a.family->name);
	return residual;
}

bool
member_check(const struct member *m, struct rib_check *c, uint64_t *residual)
{
	if (!rib_check_going(c))
		rib_check_begin(c, peer_out(m->peer));
	if (rib_check_step(c, CHECK_STEP))
		return true;
	*residual = 0;
	for (size_t i = 0; i < m->tally_count; i++)
		*residual += row_residual(m, &m->tallies[i]);
	rib_check_end(c);
	return false;
}

uint64_t
crew_residual(const struct crew *c)
{
	struct helper_counts n;
	uint64_t known;
	uint64_t residual;

	helper_count(c->helper, &n);
	known = n.delivered + n.queued + n.writing;
	for (size_t i = 0; i < HELPER_LOSSES; i++)
		known += n.lost[i];
	residual = apart(n.offered, known);
	if (residual != 0)
		log_say(LOG_ERROR, LOG_REACTOR, "not accounted for: events=%" PRIu64 " helper=%s",
		    residual, c->conf->name);
	return residual;
}

uint64_t
engine_residual(const struct engine *e)
{
	uint64_t residual = e->residual;

	for (size_t i = 0; i < e->crew_count; i++)
		residual += crew_residual(e->crews[i]);
	return residual;
}
