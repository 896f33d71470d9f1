/*
 * Receipts: behind the acknowledgement of a command, later, a line that says that the neighbors
 * were told: what was pending for them is in the kernel (sent), or their TCP has it (acked). Nobody
 * waits meanwhile. TCP is asked by a timer, more and more rarely, while a receipt is open.
 */
#include "job.h"

#include "base/mem.h"

#define ID_MOST    64
#define WITHIN     60 /* seconds, unless it is said otherwise */
#define WITHIN_MAX 3600
#define LOOK_FIRST USEC_MSEC
#define LOOK_MOST  (100 * USEC_MSEC)

enum receipt_state { RECEIPT_OPEN, RECEIPT_DONE, RECEIPT_FAILED };

struct errand { /* to one neighbor; gone from the peer's list when it is over */
	struct peer_mark mark;
	struct receipt *receipt;
	struct peer *peer;
	bool written;
};

struct receipt {
	struct promise promise;
	struct issuer *issuer;
	struct loop *loop;
	struct timer timer;
	enum receipt_state state;
	bool acked; /* that is what is asked for */
	bool told;
	bool json;
	char id[ID_MOST + 1];
	struct text why; /* it failed */
	usec begun;
	usec end;
	usec pause; /* until TCP is asked again */
	size_t left;
	size_t count;
	struct errand at[];
};

static void
receipt_free(struct receipt *r)
{
	text_free(&r->why);
	mem_free(r);
}

static void
receipt_drop(struct promise *p)
{
	struct receipt *r = owner_of(p, struct receipt, promise);

	for (size_t i = 0; i < r->count; i++)
		peer_mark_stop(&r->at[i].mark);
	timer_stop(&r->timer);
	list_cut(&r->promise.link);
	r->issuer->promised--;
	r->issuer->receipts.gone += !r->told;
	receipt_free(r);
}

static void
count(struct receipt *r)
{
	struct receipts *all = &r->issuer->receipts;

	r->told = true;
	all->kept += r->state == RECEIPT_DONE;
	all->failed += r->state == RECEIPT_FAILED;
	histogram_add(&all->waits, (uint64_t)(loop_now(r->loop) - r->begun)); /* it goes forward */
}

static void
tell(struct receipt *r)
{
	const char *state = r->state == RECEIPT_FAILED ? "error" : r->acked ? "acked" : "sent";
	struct text line = { 0 };

	text_format(&line, r->json ? "{\"receipt\": \"%s\", \"state\": \"%s\"" : "receipt %s %s",
	    r->id, state);
	if (r->state == RECEIPT_FAILED) {
		text_string(&line, r->json ? ", \"error\": \"" : ": ");
		json_escape(&line, text_view(&r->why));
		text_string(&line, r->json ? "\"" : "");
	}
	text_string(&line, r->json ? "}\n" : "\n");
	count(r);
	r->issuer->later(r->issuer, text_view(&line));
	text_free(&line);
}

static void receipt_due(struct timer *t);

static void
wake(struct receipt *r, usec at)
{
	timer_start(&r->timer, r->loop, at < r->end || r->state != RECEIPT_OPEN ? at : r->end,
	    receipt_due, "receipt");
}

/* The line itself is for the timer: who comes here may stand in the middle of anything. */
static void
settle(struct receipt *r, enum receipt_state state)
{
	r->state = state;
	for (size_t i = 0; i < r->count; i++)
		peer_mark_stop(&r->at[i].mark);
	wake(r, loop_now(r->loop));
}

static void
fail(struct receipt *r, const char *why, const char *who)
{
	if (r->state != RECEIPT_OPEN)
		return;
	text_string(&r->why, why);
	text_string(&r->why, who);
	settle(r, RECEIPT_FAILED);
}

static void
one_done(struct receipt *r)
{
	if (--r->left == 0)
		settle(r, RECEIPT_DONE);
}

static void
errand_written(struct errand *e)
{
	struct receipt *r = e->receipt;

	e->written = true;
	if (!r->acked) {
		one_done(r);
		return;
	}
	peer_mark_acks(e->peer, &e->mark);
	r->pause = LOOK_FIRST;
	wake(r, loop_now(r->loop) + LOOK_FIRST);
}

static void
written(struct peer_mark *m)
{
	struct errand *e = owner_of(m, struct errand, mark);

	if (m->lost)
		fail(e->receipt, "the session ended of ", peer_name(e->peer));
	else
		errand_written(e);
}

/* Those that wait for nothing but TCP. */
static void
ask_tcp(struct receipt *r)
{
	for (size_t i = 0; i < r->count && r->state == RECEIPT_OPEN; i++) {
		struct errand *e = &r->at[i];

		if (!e->written || !list_linked(&e->mark.link) ||
		    !peer_mark_acked(e->peer, &e->mark))
			continue;
		peer_mark_stop(&e->mark);
		one_done(r);
	}
}

static void
receipt_due(struct timer *t)
{
	struct receipt *r = owner_of(t, struct receipt, timer);

	if (r->state == RECEIPT_OPEN && r->acked)
		ask_tcp(r);
	if (r->state == RECEIPT_OPEN && loop_now(r->loop) >= r->end)
		fail(r, "not within its time", "");
	if (r->state != RECEIPT_OPEN && r->issuer->dump == NULL) {
		tell(r);
		receipt_drop(&r->promise);
		return;
	}
	r->pause = r->pause * 2 < LOOK_MOST ? r->pause * 2 : LOOK_MOST;
	wake(r, loop_now(r->loop) + r->pause);
}

static void
send_out(struct receipt *r, struct peer *p)
{
	struct errand *e = &r->at[r->count++];

	*e = (struct errand){ .mark.written = written, .receipt = r, .peer = p };
	if (!peer_established(p))
		fail(r, "there is no session of ", peer_name(p));
	else if (!peer_mark_start(p, &e->mark))
		errand_written(e);
}

static struct receipt *
receipt_new(struct call *c, struct slice id, bool acked, uint64_t within)
{
	struct issuer *i = c->issuer;
	struct receipt *r = mem_zero(1, sizeof(*r) + c->peers->count * sizeof(struct errand));

	r->promise.drop = receipt_drop;
	r->issuer = i;
	r->loop = engine_loop(c->engine);
	r->acked = acked;
	r->json = i->objects || c->asked_json || ((c->version_6 || c->named_6) && !c->text);
	memcpy(r->id, id.at, id.len);
	r->begun = loop_now(r->loop);
	r->end = r->begun + (usec)within * USEC_SECOND;
	r->pause = LOOK_FIRST;
	return r;
}

/* peers: of those that it was made for; how many of them are gone. */
static void
receipt_open(struct receipt *r, const struct selection *peers, size_t gone)
{
	struct issuer *i = r->issuer;

	r->left = peers->count;
	if (i->promises.next == NULL)
		list_init(&i->promises);
	list_add(&i->promises, &r->promise.link);
	i->promised++;
	i->receipts.made++;
	if (i->promised > i->receipts.most)
		i->receipts.most = i->promised;
	wake(r, r->end);
	if (gone > 0)
		fail(r, "a neighbor of it was taken out", "");
	for (size_t k = 0; k < peers->count && r->state == RECEIPT_OPEN; k++)
		send_out(r, peers->at[k]->peer);
	if (r->left == 0 && r->state == RECEIPT_OPEN)
		settle(r, RECEIPT_DONE); /* there is nobody to be told */
}

/* Of a command that takes long. */

static bool
open_now(struct job *j)
{
	struct selection *peers = &j->commands->selection;
	size_t gone = job_peers(j, peers);
	struct receipt *r = j->more;

	j->more = NULL;
	receipt_open(r, peers, gone);
	return false;
}

static void
open_never(struct job *j)
{
	if (j->more != NULL)
		receipt_free(j->more);
}

static void
receipt_behind(struct job *j, struct receipt *r)
{
	j->more = r;
	j->then = open_now;
	j->drop = open_never;
}

static bool
is_id(struct slice word)
{
	for (size_t i = 0; i < word.len; i++) {
		uint8_t a = word.at[i];

		if (!(a >= '0' && a <= '9') && !(a >= 'a' && a <= 'z') && !(a >= 'A' && a <= 'Z') &&
		    a != '-' && a != '_' && a != '.')
			return false;
	}
	return word.len > 0 && word.len <= ID_MOST;
}

/* receipt sent|acked ID [within SECONDS] COMMAND */
static enum call_result
receipt(struct call *c)
{
	bool acked = lex_is(c->lx, "acked");
	struct slice id;
	uint64_t within = WITHIN;
	struct call inner = *c;
	enum call_result result;

	if (!acked && !lex_is(c->lx, "sent"))
		lex_fault(c->lx, "expected sent or acked");
	(void)lex_next(c->lx);
	id = lex_word(c->lx, "an identifier");
	if (!lex_failed(c->lx) && !is_id(id))
		lex_fault(c->lx,
		    "expected an identifier of 1 to %d letters, digits, \"-\", \"_\" and \".\"",
		    ID_MOST);
	if (lex_take(c->lx, "within"))
		within = lex_number(c->lx, WITHIN_MAX, "a number of seconds");
	if (lex_over(c->lx))
		lex_fault(c->lx, "expected a command");
	if (lex_failed(c->lx))
		return call_bad_words(c);
	if (c->dry || c->issuer->grouping)
		return call_fails(c, "a command of a group has no receipt of its own");
	if (c->issuer->promised >= RECEIPTS_MOST)
		return call_fails(c, "%d receipts are open", RECEIPTS_MOST);
	result = call_behind(&inner, lex_rest(c->lx));
	lex_skip_all(c->lx);
	c->why = inner.why;
	c->job = inner.job;
	if (result == CALL_DONE)
		receipt_open(receipt_new(&inner, id, acked, within), inner.peers, 0);
	else if (result == CALL_LATER)
		receipt_behind(c->job, receipt_new(&inner, id, acked, within));
	return result;
}

const struct command commands_receipt[] = {
	{ "receipt", "sent | acked ID [ within SECONDS ] COMMAND", false, receipt },
	{ 0 },
};
