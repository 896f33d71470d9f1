/* What is debugged: messages and their parts, routes that came and routes that were said, as lines
 * of the log. */
#include "house.h"

#include "api/dialect.h"
#include "base/log.h"
#include "bgp/message.h"
#include "bgp/outline.h"
#include "bgp/route.h"
#include "bgp/shape.h"

static bool
debugs(enum log_source source)
{
	return log_wants(LOG_DEBUG, source);
}

uint32_t
logged_wants(void)
{
	if (debugs(LOG_PACKETS) || debugs(LOG_MESSAGE))
		return PEER_WANT_UPDATES_IN | PEER_WANT_SENT | PEER_WANT_KEEPALIVES;
	/* the reference reads UPDATEs for routes at any level */
	return log_wants(LOG_INFO, LOG_ROUTES) || debugs(LOG_PARSER) ? PEER_WANT_UPDATES_IN : 0;
}

static void
log_message(const struct member *m, const struct event *event)
{
	const struct message_row *row = message_of(event->type);
	const char *way = event->direction == EVENT_SEND ? "send" : "receive";
	struct text bytes = { 0 };

	log_say(LOG_DEBUG, LOG_MESSAGE, "peer=%s what=message direction=%s type=%s length=%zu",
	    peer_name(m->peer), way, row == NULL ? "unknown" : row->word,
	    event->header.len + event->body.len);
	if (!debugs(LOG_PACKETS))
		return;
	text_hex_upper(&bytes, event->header);
	text_hex_upper(&bytes, event->body);
	log_say(LOG_DEBUG, LOG_PACKETS, "peer=%s what=packet direction=%s bytes=%s",
	    peer_name(m->peer), way, text_chars(&bytes));
	text_free(&bytes);
}

static void
log_routes(const struct event *event)
{
	static const struct telling how = {
		.dialect = &dialect_5_0,
		.encoder = TELL_TEXT,
		.parsed = true,
	};
	struct text lines = { 0 };

	tell_event(event, &how, &lines);
	log_lines(LOG_DEBUG, LOG_ROUTES, text_chars(&lines));
	text_free(&lines);
}

/* A line for each line, behind whose it is. */
static void
log_parts(const struct member *m, struct slice lines)
{
	const uint8_t *end;

	for (; (end = memchr(lines.at, '\n', lines.len)) != NULL;
	     lines = slice_after(lines, (size_t)(end + 1 - lines.at)))
		log_say(LOG_DEBUG, LOG_PARSER, "peer=%s %.*s", peer_name(m->peer),
		    (int)(end - lines.at), (const char *)lines.at);
}

static void
log_parsed(const struct member *m, const struct event *event)
{
	struct text lines = { 0 };

	if (event->type == MESSAGE_UPDATE)
		update_outline(event->body, &lines);
	else if (event->type == MESSAGE_OPEN && event->parsed)
		caps_outline(event->open->seen, event->open->seen_count, &lines);
	if (lines.len != 0)
		log_parts(m, text_view(&lines));
	text_free(&lines);
}

void
logged_event(const struct member *m, const struct event *event)
{
	if (event->kind != EVENT_MESSAGE)
		return;
	if (debugs(LOG_PACKETS) || debugs(LOG_MESSAGE))
		log_message(m, event);
	if (event->direction == EVENT_RECEIVE && debugs(LOG_PARSER))
		log_parsed(m, event);
	if (event->type == MESSAGE_UPDATE && event->direction == EVENT_RECEIVE &&
	    debugs(LOG_ROUTES))
		log_routes(event);
}

static void
log_route(const struct member *m, const char *what, const struct route *r)
{
	struct text words = { 0 };
	struct emit e = emit_on(&words, SPELL_TEXT, SHAPE_LONG);

	route_emit(&e, &r->nlri, r->attrs, NULL);
	log_say(LOG_DEBUG, LOG_RIB, "peer=%s what=%s family=\"%s\" route=\"%s\"",
	    peer_name(m->peer), what, r->nlri.family->name, text_chars(&words));
	text_free(&words);
}

void
logged_route(const struct member *m, const char *what, const struct route *r)
{
	if (debugs(LOG_RIB))
		log_route(m, what, r);
}
