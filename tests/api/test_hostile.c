/* Whatever a peer says, lines stay lines and JSON stays JSON. */
#include "bgp/message.h"
#include "case.h"
#include "lang/json.h"
#include "scene.h"

#define ROUNDS 400

static uint64_t seed = 88172645463325252u;

static uint32_t
dice(uint32_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 16) % sides);
}

/* Each line one JSON value of printable ASCII. */
static void
expect_json_lines(const char *lines)
{
	struct arena a = { 0 };
	struct text why = { 0 };

	for (const char *end; (end = strchr(lines, '\n')) != NULL; lines = end + 1) {
		struct slice line = slice_of(lines, (size_t)(end - lines));

		cr_assert(json_read(line, &a, &why) != NULL, "%s: %.*s", text_chars(&why),
		    (int)line.len, lines);
		for (size_t i = 0; i < line.len; i++)
			cr_assert(line.at[i] >= 0x20 && line.at[i] < 0x7f);
		arena_reset(&a);
	}
	cr_assert(*lines == '\0');
	text_free(&why);
	arena_free(&a);
}

/* Each line is of a known beginning and of printable ASCII; an event ends in an empty line. */
static void
expect_text_lines(const char *lines)
{
	size_t n = strlen(lines);

	cr_assert(n == 0 || (n > 2 && strcmp(lines + n - 2, "\n\n") == 0));
	for (const char *end; (end = strchr(lines, '\n')) != NULL; lines = end + 1) {
		cr_assert(end == lines || strncmp(lines, "neighbor ", 9) == 0 ||
			strncmp(lines, " header ", 8) == 0 || strncmp(lines, "shutdown ", 9) == 0 ||
			strncmp(lines, "dropped ", 8) == 0,
		    "%s", lines);
		for (const char *c = lines; c < end; c++)
			cr_assert(*c >= ' ' && *c < 127, "%s", lines);
	}
}

/* The event in every dialect, encoder and combination of forms. */
static void
expect_safe(struct scene *s, const struct event *e)
{
	const struct dialect *d;

	for (unsigned i = 0; (d = dialect_at(i)) != NULL; i++) {
		for (unsigned bits = 0; bits < 64; bits++) {
			const char *got;
			unsigned lines = 0;

			s->how = (struct telling){ .dialect = d,
				.encoder = (bits & 1) != 0 ? TELL_TEXT : TELL_JSON,
				.packets = (bits & 2) != 0,
				.parsed = (bits & 4) != 0,
				.consolidate = (bits & 8) != 0,
				.negotiated = (bits & 16) != 0,
				.compact = (bits & 32) != 0 };
			got = scene_tell(s, e);
			if (s->how.encoder == TELL_TEXT) {
				expect_text_lines(got);
				continue;
			}
			expect_json_lines(got);
			for (; (got = strchr(got, '\n')) != NULL; got++)
				lines++;
			cr_assert(e->kind == EVENT_SHUTDOWN || e->kind == EVENT_GAP ||
			    lines == tell_count(e, &s->how));
		}
	}
}

static void
every_byte(uint8_t *to)
{
	for (unsigned i = 0; i < 256; i++)
		to[i] = (uint8_t)i;
}

Case(hostile, names_and_reasons_of_every_byte_are_escaped)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	uint8_t bytes[256];
	struct event e = scene_event(s, EVENT_STATE);

	every_byte(bytes);
	tell_identity("a\"b\\c\nd\xff", 1, 2);
	e.state.name = "down";
	e.state.reason = slice_of(bytes, sizeof(bytes));
	expect_safe(s, &e);
	scene_free(s);
}

Case(hostile, long_host_names_have_room)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	struct event e = scene_event(s, EVENT_SHUTDOWN);
	char name[1024];

	memset(name, '\x01', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	tell_identity(name, INT64_MIN, INT64_MAX);
	expect_safe(s, &e);
	scene_free(s);
}

Case(hostile, notifications_of_every_byte_are_escaped)
{
	struct scene *s = scene_new("5.0", TELL_JSON);
	uint8_t body[258];

	every_byte(body + 2);
	for (uint8_t code = 0; code < 9; code++)
		for (uint8_t sub = 0; sub < 12; sub++) {
			struct event e;

			body[0] = code;
			body[1] = sub;
			body[2] = (uint8_t)(sub * 20);
			e = scene_message_bytes(
			    s, MESSAGE_NOTIFICATION, slice_of(body, sizeof(body)));
			expect_safe(s, &e);
			e.direction = EVENT_SEND;
			expect_safe(s, &e);
		}
	scene_free(s);
}

struct start {
	uint8_t type;
	uint8_t len;
	uint8_t body[64];
};

static const struct start starts[] = {
	{ MESSAGE_OPEN, 32,
	    { 4, 0xfd, 0xea, 0, 180, 10, 0, 0, 9, 22, 2, 12, 73, 10, 4, '"', '\n', 0xff, '\\', 4, 0,
		1, 2, 3, 2, 6, 75, 4, 3, '"', 0x80, 7 } },
	{ MESSAGE_UPDATE, 46,
	    { 0, 0, 0, 0x22, 0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xea, 0x40, 3, 4, 192, 0,
		2, 1, 0x80, 4, 4, 0, 0, 0, 10, 0xc0, 8, 4, 0xfd, 0xea, 0, 1, 24, 10, 1, 1, 24, 10,
		1, 2 } },
	{ MESSAGE_UPDATE, 40,
	    { 0, 4, 24, 10, 1, 3, 0, 0x1a, 0x40, 1, 1, 0, 0x40, 2, 0, 0x40, 3, 4, 192, 0, 2, 1,
		0xe0, 0x63, 3, '"', 0, 0xff, 0xc0, 0x10, 8, 0, 2, 0xfd, 0xea, 0, 0, 0, 1, 8 } },
	{ MESSAGE_NOTIFICATION, 8, { 6, 2, 5, 'b', 'y', 'e', '"', '\n' } },
	{ MESSAGE_KEEPALIVE, 0, { 0 } },
	{ MESSAGE_REFRESH, 4, { 0, 1, 0, 1 } },
	{ MESSAGE_OPERATIONAL, 12, { 0, 2, 0, 8, 0, 1, 1, 'h', '"', '\n', 'l', 0xff } },
	{ 200, 3, { 1, 2, 3 } },
};

Case(hostile, messages_with_wrong_bytes_stay_lines)
{
	struct scene *s = scene_new("5.0", TELL_JSON);

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct start m = starts[round % (sizeof(starts) / sizeof(*starts))];
		struct event e;

		for (uint32_t i = dice(4); m.len != 0 && i > 0; i--)
			m.body[dice(m.len)] = (uint8_t)dice(256);
		e = scene_message_bytes(s, m.type, slice_of(m.body, m.len));
		expect_safe(s, &e);
		e.direction = EVENT_SEND;
		expect_safe(s, &e);
		arena_reset(&s->arena);
	}
	scene_free(s);
}

Case(hostile, every_kind_of_event_is_told_in_every_dialect)
{
	struct scene *s = scene_new("5.0", TELL_JSON);

	for (enum event_kind k = EVENT_STATE; k < EVENT_KINDS; k++) {
		struct event e = scene_event(s, k);

		if (k == EVENT_MESSAGE)
			continue;
		if (k == EVENT_SIGNAL) {
			e.signal.number = 10;
			e.signal.name = "SIGUSR1";
		} else if (k == EVENT_BACKPRESSURE) {
			e.pressure.by = "a\"b\\c";
		} else if (k == EVENT_GAP) {
			e.gap.by = "drop-oldest";
		} else {
			e.state.name = "up";
		}
		e.session = k == EVENT_FSM ? NULL : &s->session;
		expect_safe(s, &e);
	}
	scene_free(s);
}
