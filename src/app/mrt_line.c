/* Lines of MRT data in the form of "bgpdump -m": KIND|time|A|peer|as|prefix|path|origin|... */
#include "mrt_line.h"

#include "bgp/attrs.h"
#include "bgp/family.h"

enum {
	ORIGIN = 1,
	AS_PATH = 2,
	MED = 4,
	LOCAL_PREF = 5,
	ATOMIC = 6,
	AGGREGATOR = 7,
	COMMUNITY = 8
};

static void
begin(const struct mrt_source *from, const char *letter, struct text *to)
{
	text_format(to, "%s|%u", from->kind, from->seconds);
	if (from->has_micros)
		text_format(to, ".%06u", from->micros);
	text_format(to, "|%s|", letter);
	addr_print(to, &from->peer->addr);
	text_format(to, "|%u|", from->peer->asn);
}

static void
put_prefix(const struct nlri *n, struct text *to)
{
	struct reader r = reader_on(n->bytes);
	uint8_t bits = read_u8(&r);
	struct slice bytes = read_rest(&r);

	addr_print_bytes(to, n->family->afi == 1 ? ADDR_IPV4 : ADDR_IPV6, bytes.at, bytes.len);
	text_format(to, "/%u", bits);
}

/* Unicast and multicast prefixes; anything else has no line. */
static bool
has_line(const struct update_part *part)
{
	const struct family *f = part->family;

	return f != NULL && (f->afi == 1 || f->afi == 2) && (f->safi == 1 || f->safi == 2);
}

/* Segments by type: a set, a sequence, a confederation's sequence, a confederation's set. */
static void
put_path(const struct attrs *a, struct text *to)
{
	static const char marks[][3] = { "", "{}", "", "()", "[]" };
	struct record path;
	struct reader r;

	if (!attrs_find(a, AS_PATH, &path))
		return;
	r = reader_on(path.value);
	for (bool first = true; reader_more(&r); first = false) {
		uint8_t type = read_u8(&r);
		uint8_t count = read_u8(&r);
		char between = type == 1 || type == 4 ? ',' : ' ';

		if (!first)
			text_char(to, ' ');
		if (marks[type][0] != '\0')
			text_char(to, marks[type][0]);
		for (uint8_t i = 0; i < count; i++) {
			if (i != 0)
				text_char(to, between);
			text_uint(to, read_u32(&r));
		}
		if (marks[type][1] != '\0')
			text_char(to, marks[type][1]);
	}
}

static uint32_t
number_of(const struct attrs *a, uint8_t code)
{
	struct record n;

	return attrs_find(a, code, &n) && n.value.len == 4 ? load_u32(n.value.at) : 0;
}

static void
put_origin(const struct attrs *a, struct text *to)
{
	static const char *const words[] = { "IGP", "EGP", "INCOMPLETE" };
	struct record origin;

	if (attrs_find(a, ORIGIN, &origin) && origin.value.len == 1 && origin.value.at[0] < 3)
		text_string(to, words[origin.value.at[0]]);
}

static void
put_communities(const struct attrs *a, struct text *to)
{
	struct record list;
	struct reader r;

	if (!attrs_find(a, COMMUNITY, &list))
		return;
	r = reader_on(list.value);
	for (bool first = true; reader_more(&r); first = false) {
		uint32_t c = read_u32(&r);

		if (!first)
			text_char(to, ' ');
		if (c == 0xffffff01)
			text_string(to, "no-export");
		else if (c == 0xffffff02)
			text_string(to, "no-advertise");
		else if (c == 0xffffff03)
			text_string(to, "local-AS");
		else
			text_format(to, "%u:%u", c >> 16, c & 0xffff);
	}
}

static void
put_aggregator(const struct attrs *a, struct text *to)
{
	struct record r;

	text_string(to, attrs_find(a, ATOMIC, &r) ? "AG|" : "NAG|");
	if (attrs_find(a, AGGREGATOR, &r) && r.value.len == 8) {
		text_uint(to, load_u32(r.value.at));
		text_char(to, ' ');
		addr_print_bytes(to, ADDR_IPV4, r.value.at + 4, 4);
	}
}

/* Everything behind the prefix. */
static void
put_attributes(const struct attrs *a, struct text *to)
{
	struct slice hop = attrs_next_hop(a);
	struct addr addr = addr_of_bytes(slice_of(hop.at, hop.len > 16 ? 16 : hop.len));

	text_char(to, '|');
	put_path(a, to);
	text_char(to, '|');
	put_origin(a, to);
	text_char(to, '|');
	addr_print(to, &addr);
	text_format(to, "|%u|%u|", number_of(a, LOCAL_PREF), number_of(a, MED));
	put_communities(a, to);
	text_char(to, '|');
	put_aggregator(a, to);
	text_string(to, "|\n");
}

static void
put_withdraws(const struct mrt_source *from, const struct update_part *part, struct text *to)
{
	struct nlri_walk w;
	struct nlri n;

	if (!has_line(part))
		return;
	w = nlri_walk_on(part);
	while (nlri_next(&w, &n)) {
		begin(from, "W", to);
		put_prefix(&n, to);
		text_char(to, '\n');
	}
}

void
mrt_line_update(const struct mrt_source *from, const struct update *u, struct text *to)
{
	struct text tail = { 0 };

	for (unsigned i = 0; i < UPDATE_PARTS; i++)
		put_withdraws(from, &u->withdraw[i], to);
	for (unsigned i = 0; i < UPDATE_PARTS; i++)
		put_withdraws(from, &u->twisted[i], to);
	for (unsigned i = 0; i < UPDATE_PARTS; i++) {
		struct nlri_walk w;
		struct nlri n;

		if (!has_line(&u->announce[i]))
			continue;
		text_clear(&tail);
		put_attributes(u->announce[i].attrs, &tail);
		w = nlri_walk_on(&u->announce[i]);
		while (nlri_next(&w, &n)) {
			begin(from, from->table ? "B" : "A", to);
			put_prefix(&n, to);
			text_slice(to, text_view(&tail));
		}
	}
	text_free(&tail);
}

void
mrt_line_state(
    const struct mrt_source *from, uint16_t old_state, uint16_t new_state, struct text *to)
{
	begin(from, "STATE", to);
	text_format(to, "%u|%u\n", old_state, new_state);
}
