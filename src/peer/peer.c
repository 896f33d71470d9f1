/* A peer for its owner: made, started, stopped, reset, given new settings, buried. */
#include "inside.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/must.h"

#include <string.h>

struct peer *
peer_new(struct loop *l, const struct peer_conf *conf, const struct peer_globals *globals,
    const struct peer_hooks *hooks, void *owner)
{
	struct peer *p = mem_zero(1, sizeof(*p));

	p->loop = l;
	p->conf = conf;
	p->globals = globals;
	p->hooks = hooks;
	p->owner = owner;
	p->out = rib_out_new(conf->adj_rib_out);
	p->in = conf->adj_rib_in ? rib_in_new() : NULL;
	p->since = loop_now(l);
	intake_init(p);
	p->random = hash_bytes(conf->name, strlen(conf->name)) | 1;
	list_init(&p->conns);
	list_init(&p->leaving);
	operational_configured(p, NULL);
	list_init(&p->marks);
	list_init(&p->unacked);
	return p;
}

static void
bury_all(struct list *conns)
{
	while (!list_empty(conns)) {
		struct conn *c = owner_of(conns->next, struct conn, link);

		c->over = true;
		conn_bury(c);
	}
}

bool
peer_reap(struct peer *p)
{
	bool more = rib_out_reap(p->out);

	if (p->in != NULL)
		more |= rib_in_reap(p->in);
	return more;
}

static void
tidy_step(struct again *a)
{
	struct peer *p = owner_of(a, struct peer, tidy);

	if (peer_reap(p))
		peer_tidy(p);
}

void
peer_tidy(struct peer *p)
{
	loop_again(&p->tidy, p->loop, tidy_step, "peer tidy");
}

void
peer_unwalked(struct peer *p)
{
	rib_out_walks_end(p->out);
	if (p->in != NULL)
		rib_in_walks_end(p->in);
}

void
peer_empty(struct peer *p)
{
	rib_out_down(p->out);
	rib_out_clear(p->out);
	if (p->in != NULL)
		rib_in_clear(p->in, family_all());
}

static void
peer_vanish(struct grave *g)
{
	mem_free(owner_of(g, struct peer, grave));
}

void
peer_free(struct peer *p)
{
	p->over_told = true;
	trace_stop(p);
	intake_done(p);
	p->up = NULL;
	bury_all(&p->conns);
	bury_all(&p->leaving);
	speak_down(p);
	timer_stop(&p->retry);
	again_stop(&p->over);
	again_stop(&p->tidy);
	text_free(&p->eors);
	text_free(&p->advisories);
	text_free(&p->operational);
	level_done(&p->sending);
	rib_out_free(p->out);
	if (p->in != NULL)
		rib_in_free(p->in);
	loop_bury(&p->grave, p->loop, peer_vanish);
}

void
peer_start(struct peer *p)
{
	if (p->started && !p->stopping)
		return;
	p->started = true;
	p->stopping = false;
	p->over_told = false;
	p->wait = 0;
	again_stop(&p->over);
	life_attempt(p);
}

/* The same event to every connection; what it tells may end others of them. */
static void
end_all(struct peer *p, enum fsm_event event, const struct ending *why)
{
	while (!list_empty(&p->conns))
		conn_step(owner_of(p->conns.next, struct conn, link), event, why);
}

static struct ending
ending_of(uint8_t code, uint8_t subcode, const char *text, const char *reason, struct text *data)
{
	bool said = text != NULL && *text != '\0'; /* else the subcode's name is the text */

	if (said && code == 6 && (subcode == 2 || subcode == 4))
		notify_shutdown_data(slice_on(text), data); /* RFC 9003 */
	else if (said)
		text_string(data, text);
	return (struct ending){ .note = { code, subcode, text_view(data) }, .reason = reason };
}

void
peer_stop(struct peer *p, uint8_t code, uint8_t subcode, const char *text, const char *reason)
{
	struct text data = { 0 };
	struct ending why = ending_of(code, subcode, text, reason, &data);

	p->stopping = true;
	timer_stop(&p->retry);
	end_all(p, FSM_STOP, &why);
	tell_fsm(p, NULL, FSM_IDLE);
	peer_settle(p);
	text_free(&data);
}

void
peer_reset(struct peer *p, uint8_t code, uint8_t subcode, const char *text, const char *reason)
{
	struct text data = { 0 };
	struct ending why = ending_of(code, subcode, text, reason, &data);
	struct list old;

	/* Those that begin while these end are not meant. */
	list_init(&old);
	while (!list_empty(&p->conns)) {
		struct list *link = p->conns.next;

		list_cut(link);
		list_add(&old, link);
	}
	p->wait = 0;
	p->short_ups = 0;
	while (!list_empty(&old))
		conn_step(owner_of(old.next, struct conn, link), FSM_RESET, &why);
	if (p->started && !p->stopping && list_empty(&p->conns)) {
		p->wait = 0;
		life_attempt(p);
	}
	text_free(&data);
}

void
peer_renew(struct peer *p, const char *reason)
{
	if (p->up != NULL && p->up->session.graceful)
		peer_reset(p, 0, 0, NULL,
		    "graceful restarted negotiated, closing without sending any notification");
	else
		peer_reset(p, 6, 3, NULL, reason);
}

void
peer_reconfigure(struct peer *p, const struct peer_conf *conf, bool again)
{
	bool kept = p->conf->adj_rib_out;
	const struct text *said = &p->conf->operational;

	p->conf = conf;
	intake_change(p);
	if (kept != conf->adj_rib_out)
		rib_out_keep(p->out, conf->adj_rib_out);
	if (conf->adj_rib_in && p->in == NULL)
		p->in = rib_in_new();
	if (!conf->adj_rib_in && p->in != NULL) {
		rib_in_free(p->in);
		p->in = NULL;
	}
	if (!slice_same(text_view(said), text_view(&conf->operational)))
		operational_configured(p, said);
	if (again)
		peer_renew(p, NULL);
	else
		peer_poke(p);
}

void
peer_want(struct peer *p, uint32_t wants)
{
	p->wants = wants;
}

void
peer_hold(struct peer *p)
{
	p->holds++;
}

void
peer_release(struct peer *p)
{
	MUST(p->holds != 0);
	if (--p->holds == 0)
		intake_release(p);
}
