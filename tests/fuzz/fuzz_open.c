/*
 * OPENs, NOTIFICATIONs and refreshes of any peer: a verdict, events that are JSON in every dialect
 * and single lines of text, an agreement with an OPEN of ours, and bytes that say the same again.
 */
#include "api/tell.h"
#include "bgp/message.h"
#include "bgp/notify.h"
#include "lang/json.h"

#include "base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const struct event_peer who = { .local = { 4, { 127, 0, 0, 1 } },
	.peer = { 4, { 127, 0, 0, 2 } },
	.local_as = 65001,
	.peer_as = 65002,
	.router_id = 1 };

static void
check_lines(const struct event *event, const struct telling *how)
{
	struct text t = { 0 };
	struct text why = { 0 };
	struct arena a = { 0 };

	tell_event(event, how, &t);
	for (size_t i = 0; i < t.len; i++)
		MUST(t.at[i] == '\n' || (t.at[i] >= ' ' && t.at[i] < 127));
	if (how->encoder == TELL_JSON)
		MUST(t.len > 0 && json_read(text_view(&t), &a, &why) != NULL);
	arena_free(&a);
	text_free(&why);
	text_free(&t);
}

static void
check_event(struct event *event)
{
	const struct dialect *d;

	event->kind = EVENT_MESSAGE;
	event->peer = &who;
	event->counter = 1;
	event->parsed = true;
	for (unsigned i = 0; (d = dialect_at(i)) != NULL; i++) {
		check_lines(
		    event, &(struct telling){ .dialect = d, .encoder = TELL_JSON, .parsed = true });
		check_lines(
		    event, &(struct telling){ .dialect = d, .encoder = TELL_TEXT, .parsed = true });
	}
}

static struct open
ours(void)
{
	struct open o = { .version = 4, .asn = 65001, .hold_time = 180, .router_id = 1 };

	for (unsigned i = 0; i < family_count(); i++)
		family_list_add(&o.caps.families, family_at(i));
	o.caps.multiprotocol = true;
	o.caps.asn4 = true;
	o.caps.asn = 65001;
	return o;
}

static void
check_open(struct slice body)
{
	static uint8_t room[65535];
	struct writer w = writer_on(room, sizeof(room));
	struct arena a = { 0 };
	struct open mine = ours();
	struct open o;
	struct open again;
	struct session s;
	struct notification why;
	struct event event = { .type = MESSAGE_OPEN, .open = &o };

	if (open_decode(body, &a, &o, &why)) {
		check_event(&event);
		(void)session_agree(
		    &mine, &o, &(struct open_rules){ 0 }, &s, &why); /* any answer */
		open_encode(&o, &w);
		MUST(!writer_ok(&w) ||
		    (open_decode(message_body(writer_slice(&w)), &a, &again, &why) &&
			again.hold_time == o.hold_time && again.router_id == o.router_id));
	} else {
		MUST(why.code != 0);
	}
	arena_free(&a);
}

static void
check_notification(struct slice body)
{
	struct notification n;
	struct event event = { .type = MESSAGE_NOTIFICATION, .notification = &n };

	if (body.len < 2)
		return; /* the header's length refuses it */
	n = notify_decode(body);
	check_event(&event);
}

static void
check_refresh(struct slice body)
{
	struct refresh r;
	struct notification why;
	struct event event = { .type = MESSAGE_REFRESH, .refresh = &r };

	if (refresh_decode(body, &r, &why))
		check_event(&event);
	else
		MUST(why.code == 7);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct slice body;

	if (len == 0)
		return 0;
	body = slice_of(bytes + 1, len - 1);
	switch (bytes[0] % 4) {
	case 0: check_notification(body); break;
	case 1: check_refresh(body); break;
	default: check_open(body); break;
	}
	return 0;
}
