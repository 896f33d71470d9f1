/* mrt: a file of MRT records as events, as lines like those of bgpdump, or as commands. */
#include "mrt/mrt.h"
#include "api/tell.h"
#include "app.h"
#include "base/arena.h"
#include "base/mem.h"
#include "bgp/message.h"
#include "bgp/notify.h"
#include "bgp/shape.h"
#include "commands.h"
#include "mrt_line.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define READ_STEP  (1024 * 1024)
#define WRITE_STEP (256 * 1024)
#define BODY_ROOM  (65535 * 2) /* a table's attributes, and what an UPDATE adds */

enum form { FORM_JSON, FORM_LINES, FORM_COMMANDS };

struct mrt {
	enum form form;
	struct mrt_reader reader;
	struct session session;
	struct dialect dialect;
	struct arena arena;
	struct text data; /* read and not yet used */
	struct text out;
	uint64_t counter;
	bool failed;
};

static void
flush(struct mrt *m)
{
	if (fwrite(text_chars(&m->out), 1, m->out.len, stdout) != m->out.len)
		m->failed = true;
	text_clear(&m->out);
}

/* Everything that a record may hold is allowed; as an internal session, so that no attribute is
 * left out. */
static void
settle_session(struct mrt *m, const struct mrt_peer *peer, bool asn4, bool path_ids)
{
	m->session.asn4 = asn4;
	m->session.local_as = m->session.peer_as = peer->asn;
	m->session.peer = peer->addr;
	m->session.peer_id = peer->id;
	m->session.path_ids_in = path_ids ? family_all() : (struct family_set){ 0 };
}

static void
tell(struct mrt *m, struct event e, const struct mrt_record *record)
{
	struct telling how = { .dialect = &m->dialect, .encoder = TELL_JSON, .parsed = true };
	struct event_peer peer = { .local = record->local.addr,
		.peer = m->session.peer,
		.local_as = record->local.asn,
		.peer_as = m->session.peer_as,
		.router_id = record->local.id };

	e.peer = &peer;
	e.counter = ++m->counter;
	e.wall = record->seconds * USEC_SECOND + record->micros;
	e.direction = record->ours ? EVENT_SEND : EVENT_RECEIVE;
	tell_event(&e, &how, &m->out);
}

static struct mrt_source
source_of(const struct mrt_record *record, const struct mrt_peer *peer)
{
	static const char *const kinds[] = {
		[MRT_TABLE_DUMP] = "TABLE_DUMP",
		[MRT_TABLE_DUMP_V2] = "TABLE_DUMP2",
		[MRT_BGP4MP] = "BGP4MP",
		[MRT_BGP4MP_ET] = "BGP4MP_ET",
	};

	return (struct mrt_source){ .kind = kinds[record->type],
		.table = record->kind == MRT_ROUTES,
		.seconds = record->seconds,
		.micros = record->micros,
		.has_micros = record->type == MRT_BGP4MP_ET,
		.peer = peer };
}

static void
complain(struct mrt *m, uint64_t offset, const char *what)
{
	flush(m);
	(void)fflush(stdout);
	fprintf(stderr, "record at offset %llu: %s\n", (unsigned long long)offset, what);
	m->failed = true;
}

static void
give_update(struct mrt *m, const struct mrt_record *record, const struct mrt_peer *peer,
    struct slice header, struct slice body)
{
	struct event e = {
		.kind = EVENT_MESSAGE, .type = MESSAGE_UPDATE, .header = header, .body = body
	};
	struct mrt_source from = source_of(record, peer);
	struct update u;

	update_decode(body, &m->session, &m->arena, NULL, &u);
	e.update = &u;
	e.parsed = true;
	if (u.verdict == VERDICT_RESET)
		complain(m, m->reader.offset, "expected an UPDATE that can be read");
	else if (m->form == FORM_LINES)
		mrt_line_update(&from, &u, &m->out);
	else if (m->form == FORM_JSON)
		tell(m, e, record);
	else
		(void)commands_of_update(&u, &m->out); /* what has no command has no line */
	update_done(&u);
	arena_reset(&m->arena);
}

/* A message that is no UPDATE: JSON shows it, the other forms have nothing for it. */
static void
give_other(struct mrt *m, const struct mrt_record *record, struct event e)
{
	struct notification why;
	struct notification n;
	struct open o;

	if (m->form != FORM_JSON)
		return;
	e.parsed = true;
	if (e.type == MESSAGE_OPEN && open_decode(e.body, &m->arena, &o, &why)) {
		e.open = &o;
	} else if (e.type == MESSAGE_NOTIFICATION && e.body.len >= 2) {
		n = notify_decode(e.body);
		e.notification = &n;
	} else if (e.type != MESSAGE_KEEPALIVE) {
		return;
	}
	tell(m, e, record);
	arena_reset(&m->arena);
}

static void
give_message(struct mrt *m, const struct mrt_record *record)
{
	struct reader r = reader_on(record->message);
	struct event e = { .kind = EVENT_MESSAGE };

	settle_session(m, &record->peer, record->asn4, record->path_ids);
	m->session.local_as = record->peer.asn; /* internal, see above */
	e.header = read_slice(&r, BGP_HEADER);
	e.body = read_rest(&r);
	r = reader_on(slice_after(e.header, BGP_MARKER_LEN + 2));
	e.type = read_u8(&r);
	if (e.type == MESSAGE_UPDATE)
		give_update(m, record, &record->peer, e.header, e.body);
	else
		give_other(m, record, e);
}

static void
give_routes(struct mrt *m, const struct mrt_record *record)
{
	static uint8_t room[BODY_ROOM];
	struct reader r = reader_on(record->entries);
	struct mrt_route route;

	while (mrt_route_next(&m->reader, record, &r, &route)) {
		struct writer w = writer_on(room, sizeof(room));

		settle_session(m, route.peer, route.asn4, route.nlri.has_path_id);
		mrt_route_update(&route, &w);
		if (writer_ok(&w))
			give_update(m, record, route.peer, (struct slice){ 0 }, writer_slice(&w));
		else
			complain(m, m->reader.offset, "expected attributes of less than 64 KiB");
	}
}

static void
give_state(struct mrt *m, const struct mrt_record *record)
{
	static const char *const names[] = { "", "IDLE", "CONNECT", "ACTIVE", "OPENSENT",
		"OPENCONFIRM", "ESTABLISHED" };
	struct mrt_source from = source_of(record, &record->peer);
	struct event e = { .kind = EVENT_FSM };

	settle_session(m, &record->peer, record->asn4, false);
	if (m->form == FORM_LINES)
		mrt_line_state(&from, record->old_state, record->new_state, &m->out);
	if (m->form != FORM_JSON || record->new_state > 6)
		return;
	e.state.name = names[record->new_state];
	tell(m, e, record);
}

static void
give(struct mrt *m, const struct mrt_record *record)
{
	switch (record->kind) {
	case MRT_OTHER:
	case MRT_PEERS: break;
	case MRT_MESSAGE: give_message(m, record); break;
	case MRT_STATE: give_state(m, record); break;
	case MRT_ROUTES: give_routes(m, record); break;
	}
	if (m->out.len >= WRITE_STEP)
		flush(m);
}

/* All whole records of what was read; false: nothing behind can be. */
static bool
use_data(struct mrt *m)
{
	struct slice data = text_view(&m->data);
	struct mrt_record record;
	enum mrt_did did;
	size_t left;

	while ((did = mrt_read(&m->reader, &data, &record)) == MRT_RECORD || did == MRT_BAD) {
		if (did == MRT_BAD)
			complain(m, m->reader.fault_at, m->reader.expected);
		else
			give(m, &record);
	}
	if (did == MRT_LOST) {
		complain(m, m->reader.fault_at, m->reader.expected);
		return false;
	}
	left = data.len;
	if (left != 0)
		memmove(m->data.at, data.at, left);
	m->data.len = left;
	return true;
}

static void
use_file(struct mrt *m, FILE *file)
{
	size_t n;

	do {
		n = fread(text_room(&m->data, READ_STEP), 1, READ_STEP, file);
		if (n != 0)
			text_took(&m->data, n);
		if (!use_data(m))
			return;
	} while (n != 0);
	if (m->data.len != 0)
		complain(m, m->reader.offset, "expected a whole record before the end");
}

static bool
use_path(struct mrt *m, const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");

	if (file == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	use_file(m, file);
	if (file != stdin)
		(void)fclose(file); /* it was only read */
	mrt_reader_done(&m->reader);
	text_clear(&m->data);
	return true;
}

static const struct option options[] = {
	{ "lines", no_argument, NULL, 'm' },
	{ "commands", no_argument, NULL, 'c' },
	{ "json", no_argument, NULL, 'j' },
	{ NULL, 0, NULL, 0 },
};

static bool
read_options(struct mrt *m, int argc, char **argv)
{
	int c;

	optind = 0; /* this is not the first scan: main had one */
	while ((c = getopt_long(argc, argv, "mcj", options, NULL)) != -1) {
		switch (c) {
		case 'm': m->form = FORM_LINES; break;
		case 'c': m->form = FORM_COMMANDS; break;
		case 'j': m->form = FORM_JSON; break;
		default: return false;
		}
	}
	return true;
}

int
app_mrt(int argc, char **argv)
{
	struct mrt m = { .session = session_assumed(), .dialect = dialect_5_0 };
	char host[256] = "";

	if (!read_options(&m, argc, argv))
		return 2;
	(void)gethostname(host, sizeof(host) - 1); /* empty is fine */
	tell_identity(host, getpid(), getppid());
	m.dialect.shape &= ~(uint32_t)SHAPE_NEGOTIATED; /* nothing was */
	if (optind == argc && !use_path(&m, "-"))
		m.failed = true;
	for (; optind < argc; optind++)
		m.failed |= !use_path(&m, argv[optind]);
	flush(&m);
	if (fflush(stdout) != 0)
		m.failed = true;
	arena_free(&m.arena);
	text_free(&m.data);
	text_free(&m.out);
	return m.failed ? 1 : 0;
}
