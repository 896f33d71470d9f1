/*
 * Connections that are for nobody: a NOTIFICATION, then closed so that it is not lost: our side is
 * shut, the other side is read until it ends, for a second at most.
 */
#include "house.h"

#include "base/log.h"
#include "base/mem.h"
#include "bgp/notify.h"

#include <unistd.h>

#define REFUSED_MOST 256 /* at once; the ones over it are closed without a word */
#define TOLD_MOST    10  /* lines of the log in a second */

struct refused {
	struct list link;
	struct engine *engine;
	struct stream stream;
	struct timer limit;
	struct grave grave;
};

static void
refused_buried(struct grave *g)
{
	mem_free(owner_of(g, struct refused, grave));
}

static void
refused_end(struct refused *r)
{
	timer_stop(&r->limit);
	stream_close(&r->stream);
	list_cut(&r->link);
	r->engine->refused_count--;
	loop_bury(&r->grave, r->engine->loop, refused_buried);
}

static size_t
refused_bytes(struct stream *s, struct slice in)
{
	(void)s; /* what a stranger says is not read, only taken off */
	return in.len;
}

static void
refused_ended(struct stream *s, int error, struct slice rest)
{
	(void)error;
	(void)rest;
	refused_end(owner_of(s, struct refused, stream));
}

static void
refused_late(struct timer *t)
{
	refused_end(owner_of(t, struct refused, limit));
}

static const struct stream_hooks refused_hooks = {
	.bytes = refused_bytes,
	.ended = refused_ended,
};

void
refuse(struct engine *e, int fd, uint8_t subcode)
{
	struct text data = { 0 };
	uint8_t room[512];
	struct writer w = writer_on(room, sizeof(room));
	struct refused *r;

	if (e->refused_count >= REFUSED_MOST) {
		(void)close(fd); /* a flood gets nothing */
		return;
	}
	notify_default_data(6, subcode, &data);
	notify_encode(&(struct notification){ 6, subcode, text_view(&data) }, &w);
	text_free(&data);
	r = mem_zero(1, sizeof(*r));
	r->engine = e;
	e->refused_count++;
	list_add(&e->refused, &r->link);
	stream_start(&r->stream, e->loop, fd, fd, &refused_hooks, "refused");
	timer_start(&r->limit, e->loop, loop_now(e->loop) + USEC_SECOND, refused_late, "refused");
	stream_send(&r->stream, writer_slice(&w));
	stream_finish(&r->stream);
}

/* What came after the lines of this second. */
static void
tell_more(struct timer *t)
{
	struct engine *e = owner_of(t, struct engine, refused_second);

	if (e->refused_now > TOLD_MOST)
		log_say(LOG_WARN, LOG_NETWORK, "connection refused more=%u",
		    e->refused_now - TOLD_MOST);
	e->refused_now = 0;
}

bool
refuse_is_told(struct engine *e)
{
	if (e->refused_now == 0)
		timer_start(&e->refused_second, e->loop, loop_now(e->loop) + USEC_SECOND, tell_more,
		    "refused");
	return ++e->refused_now <= TOLD_MOST;
}

void
refuse_end_all(struct engine *e)
{
	timer_stop(&e->refused_second);
	list_each (link, &e->refused) {
		refused_end(owner_of(link, struct refused, link));
	}
}
