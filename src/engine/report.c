/* A member's state as plain values. */
#include "engine/report.h"

#include "bgp/message.h"

static void
report_messages(const uint64_t *counts, struct show_messages *to)
{
	*to = (struct show_messages){
		.open = counts[MESSAGE_OPEN],
		.notification = counts[MESSAGE_NOTIFICATION],
		.keepalive = counts[MESSAGE_KEEPALIVE],
		.update = counts[MESSAGE_UPDATE],
		.refresh = counts[MESSAGE_REFRESH],
	};
}

static void
report_local(const struct peer *p, struct show_side *to)
{
	const struct peer_conf *c = peer_conf(p);
	const struct open *sent = peer_open_sent(p);

	to->address = peer_local(p);
	to->as = sent != NULL ? sent->asn : c->local_as;
	to->router_id = sent != NULL ? sent->router_id : c->router_id;
	to->hold_time = c->hold_time;
	to->known = true;
	to->families = c->families;
	show_side_caps(to, sent != NULL ? &sent->caps : &c->caps);
}

static void
report_remote(const struct peer *p, struct show_side *to)
{
	const struct open *theirs = peer_open_received(p);

	to->address = peer_address(p);
	to->as = peer_conf(p)->peer_as;
	if (theirs == NULL)
		return;
	to->as = theirs->asn;
	to->router_id = theirs->router_id;
	to->hold_time = theirs->hold_time;
	to->known = true;
	to->families = family_list_set(&theirs->caps.families);
	show_side_caps(to, &theirs->caps);
}

void
report_member(const struct member *m, struct show_peer *to)
{
	const struct peer *p = m->peer;
	const struct peer_counts *counts = peer_counted(p);
	const struct session *s = peer_session(p);

	*to = (struct show_peer){
		.name = peer_name(p),
		.up = peer_established(p),
		.duration =
		    (uint64_t)((loop_now(engine_loop(m->engine)) - peer_since(p)) / USEC_SECOND),
		.fsm = fsm_state_name(peer_state(p)),
		.families = peer_conf(p)->caps.families,
		.prefixes_received = counts->prefixes_in,
		.prefixes_withdrawn = counts->withdrawn_in,
	};
	report_local(p, &to->local);
	report_remote(p, &to->peer);
	report_messages(counts->sent, &to->sent);
	report_messages(counts->received, &to->received);
	if (s == NULL || !to->up)
		return;
	to->agreed = s->family_bits;
	to->addpath_out = s->path_ids_out;
	to->addpath_in = s->path_ids_in;
}
