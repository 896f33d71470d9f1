/* A peer, a session, and events about them. */
#include "scene.h"

#include "base/hex.h"
#include "base/mem.h"
#include "bgp/message.h"
#include "bgp/notify.h"
#include "case.h"

struct scene *
scene_new(const char *dialect, enum tell_encoder encoder)
{
	struct scene *s = mem_zero(1, sizeof(*s));

	tell_identity("vm", 1921, 1736);
	s->how = (struct telling){
		.dialect = dialect_of(slice_on(dialect)), .encoder = encoder, .parsed = true
	};
	cr_assert(s->how.dialect != NULL);
	s->session = session_assumed();
	s->session.message_max = 4096;
	s->session.hold_time = 60;
	s->session.operational = true;
	s->session.refresh = REFRESH_ENHANCED;
	s->session.local_as = 65001;
	s->session.peer_as = 65002;
	s->session.next_hop_v6 = (struct family_set){ 0 };
	s->session.families = (struct family_list){ 0 };
	family_list_add(&s->session.families, family_of(1, 1));
	family_list_add(&s->session.families, family_of(2, 1));
	s->session.family_bits = family_list_set(&s->session.families);
	s->peer = (struct event_peer){ .local = addr_v4_of(0x7f000001),
		.peer = addr_v4_of(0x7f000001),
		.local_as = 65001,
		.peer_as = 65002,
		.router_id = 0x0a000002 };
	return s;
}

static void
forget(struct scene *s)
{
	if (s->has_update)
		update_done(&s->update);
	s->has_update = false;
}

void
scene_free(struct scene *s)
{
	forget(s);
	arena_free(&s->arena);
	text_free(&s->out);
	mem_free(s);
}

struct event
scene_event(const struct scene *s, enum event_kind kind)
{
	return (struct event){ .kind = kind,
		.peer = &s->peer,
		.counter = 3,
		.wall = INT64_C(1795219573360000),
		.session = &s->session };
}

static bool
decode(struct scene *s, struct event *e)
{
	struct notification why;

	switch (e->type) {
	case MESSAGE_OPEN:
		e->open = &s->open;
		return open_decode(e->body, &s->arena, &s->open, &why);
	case MESSAGE_UPDATE:
		forget(s);
		update_decode(e->body, &s->session, &s->arena, NULL, &s->update);
		s->has_update = true;
		e->update = &s->update;
		return s->update.verdict != VERDICT_RESET;
	case MESSAGE_NOTIFICATION:
		if (e->body.len < 2)
			return false;
		s->notification = notify_decode(e->body);
		e->notification = &s->notification;
		return true;
	case MESSAGE_REFRESH:
		e->refresh = &s->refresh;
		return refresh_decode(e->body, &s->refresh, &why);
	default: return true;
	}
}

struct event
scene_message_bytes(struct scene *s, uint8_t type, struct slice body)
{
	struct event e = scene_event(s, EVENT_MESSAGE);
	size_t len = BGP_HEADER + body.len;

	cr_assert(len <= sizeof(s->bytes));
	memset(s->bytes, 0xff, BGP_MARKER_LEN);
	s->bytes[16] = (uint8_t)(len >> 8);
	s->bytes[17] = (uint8_t)len;
	s->bytes[18] = type;
	if (body.len != 0)
		memmove(s->bytes + BGP_HEADER, body.at, body.len);
	e.type = type;
	e.header = slice_of(s->bytes, BGP_HEADER);
	e.body = slice_of(s->bytes + BGP_HEADER, body.len);
	e.direction = EVENT_RECEIVE;
	e.parsed = decode(s, &e);
	return e;
}

struct event
scene_message(struct scene *s, uint8_t type, const char *body_hex)
{
	uint8_t body[4096];
	size_t len;

	cr_assert(hex_decode(slice_on(body_hex), body, sizeof(body), &len), "%s", body_hex);
	return scene_message_bytes(s, type, slice_of(body, len));
}

const char *
scene_tell(struct scene *s, const struct event *e)
{
	text_clear(&s->out);
	tell_event(e, &s->how, &s->out);
	return text_chars(&s->out);
}

void
scene_says(struct scene *s, const struct event *e, const char *expected, int line)
{
	const char *got = scene_tell(s, e);

	cr_expect(strcmp(got, expected) == 0, "line %d\n got  %s\n want %s", line, got, expected);
}

/* Content of the line, or NULL. */
static const char *
content(struct scene *s, const struct event *e)
{
	static const char mark[] = "\"router-id\": \"10.0.0.2\" ";
	const char *at = strstr(scene_tell(s, e), mark);

	return at == NULL ? NULL : at + sizeof(mark) - 1;
}

void
scene_content(struct scene *s, const struct event *e, const char *expected, int line)
{
	const char *at = content(s, e);

	cr_assert(at != NULL, "line %d %s", line, text_chars(&s->out));
	cr_expect(strcmp(at, expected) == 0, "line %d\n got  %s\n want %s", line, at, expected);
}

struct event
scene_received(struct scene *s, uint8_t type, const char *body_hex, const char *expected, int line)
{
	struct event e = scene_message(s, type, body_hex);
	struct text whole = { 0 };

	cr_assert(e.parsed, "line %d", line);
	if (s->how.encoder == TELL_JSON) {
		text_format(&whole, ", \"direction\": \"receive\", %s } }\n", expected);
		scene_content(s, &e, text_chars(&whole), line);
	} else {
		text_format(&whole, "neighbor 127.0.0.1 receive %s\n\n", expected);
		scene_says(s, &e, text_chars(&whole), line);
	}
	text_free(&whole);
	return e;
}

void
scene_same_words(struct scene *s, const struct event *e, const char *expected, int line)
{
	const char *at = content(s, e);

	cr_assert(at != NULL, "line %d %s", line, text_chars(&s->out));
	for (;;) {
		at += strspn(at, " ");
		expected += strspn(expected, " ");
		if (*at != *expected || *at == '\0')
			break;
		at++;
		expected++;
	}
	cr_expect(*at == *expected, "line %d\n got  %s\n want %s", line, at, expected);
}
