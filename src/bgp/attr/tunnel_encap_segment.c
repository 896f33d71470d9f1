/* Segments, type A to type K, as rows: RFC 9830 2.4.4.2, RFC 9831 2. */
#include "attr/tunnel_encap.h"

#include "base/must.h"

enum piece_kind {
	PIECE_NONE,
	PIECE_LABEL,
	PIECE_ID,
	PIECE_V4,
	PIECE_V6,
	PIECE_KINDS,
};

static const uint8_t piece_lens[PIECE_KINDS] = {
	[PIECE_LABEL] = 4, [PIECE_ID] = 4, [PIECE_V4] = 4, [PIECE_V6] = 16
};

struct piece {
	const char *word;
	struct spell name;
	enum piece_kind kind;
};

#define PIECES 4

struct segment_row {
	char letter;
	uint8_t type;
	bool algorithm;
	bool behavior;
	bool stacked;                /* its label may be the bottom of the stack */
	struct piece pieces[PIECES]; /* up to the first of no kind */
	struct piece sid;            /* may be left out */
};

enum segment_flag {
	SEGMENT_ALGORITHM = 0x40,
	SEGMENT_BEHAVIOR = 0x10,
};

#define S(literal)                                                                                 \
	{                                                                                          \
		(const uint8_t *)(literal), sizeof(literal) - 1                                    \
	}
#define PIECE(word, json, kind)                                                                    \
	{                                                                                          \
		word, { { S("\"" json "\": "), S(word " "), S(word " ") } }, kind                  \
	}
#define LABEL_SID PIECE("sid", "sid", PIECE_LABEL)
#define SRV6_SID  PIECE("sid", "sid", PIECE_V6)
#define NODE_V4   PIECE("ipv4", "ipv4_node", PIECE_V4)
#define NODE_V6   PIECE("ipv6", "ipv6_node", PIECE_V6)
#define PAIR_V4   PIECE("local", "local_ipv4", PIECE_V4), PIECE("remote", "remote_ipv4", PIECE_V4)
#define PAIR_V6   PIECE("local", "local_ipv6", PIECE_V6), PIECE("remote", "remote_ipv6", PIECE_V6)
#define LOCAL_ID  PIECE("local-if-id", "local_if_id", PIECE_ID)
#define LINKS_V6                                                                                   \
	LOCAL_ID, PIECE("local-ipv6", "local_ipv6", PIECE_V6),                                     \
	    PIECE("remote-if-id", "remote_if_id", PIECE_ID),                                       \
	    PIECE("remote-ipv6", "remote_ipv6", PIECE_V6)

/* clang-format off */
static const struct segment_row rows[] = {
	{ 'a', 1, .pieces = { PIECE("mpls", "label", PIECE_LABEL) }, .stacked = true },
	{ 'b', 13, .pieces = { PIECE("srv6", "sid", PIECE_V6) }, .behavior = true },
	{ 'c', 3, .pieces = { NODE_V4 }, .algorithm = true, .sid = LABEL_SID, .stacked = true },
	{ 'd', 4, .pieces = { NODE_V6 }, .algorithm = true, .sid = LABEL_SID },
	{ 'e', 5, .pieces = { LOCAL_ID, NODE_V4 }, .sid = LABEL_SID },
	{ 'f', 6, .pieces = { PAIR_V4 }, .sid = LABEL_SID },
	{ 'g', 7, .pieces = { LINKS_V6 }, .sid = LABEL_SID },
	{ 'h', 8, .pieces = { PAIR_V6 }, .sid = LABEL_SID },
	{ 'i', 14, .pieces = { NODE_V6 }, .algorithm = true, .sid = SRV6_SID, .behavior = true },
	{ 'j', 15, .pieces = { LINKS_V6 }, .algorithm = true, .sid = SRV6_SID, .behavior = true },
	{ 'k', 16, .pieces = { PAIR_V6 }, .algorithm = true, .sid = SRV6_SID, .behavior = true },
};
/* clang-format on */

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct segment_row *
row_of(unsigned type)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}

bool
segment_known(const struct part *p)
{
	return row_of(p->type) != NULL;
}

struct segment {
	const struct segment_row *row;
	uint8_t algorithm;
	struct slice pieces[PIECES];
	struct slice sid;      /* at == NULL: none */
	struct slice behavior; /* at == NULL: none */
};

static bool
segment_open(const struct part *p, struct segment *to)
{
	struct reader r = reader_on(p->value);
	const struct segment_row *row = row_of(p->type);
	size_t sid;

	MUST(row != NULL);
	sid = piece_lens[row->sid.kind];
	*to = (struct segment){ .row = row };
	read_skip(&r, 1);
	to->algorithm = read_u8(&r);
	for (size_t i = 0; i < PIECES; i++)
		to->pieces[i] = read_slice(&r, piece_lens[row->pieces[i].kind]);
	if (sid != 0 && reader_left(&r) >= sid)
		to->sid = read_slice(&r, sid);
	if (row->behavior && reader_more(&r))
		to->behavior = read_slice(&r, BEHAVIOR_LEN);
	return reader_done(&r);
}

bool
segment_good(const struct part *p)
{
	struct segment s;

	if (p->type == SEGMENT_WEIGHT)
		return p->value.len == 6;
	return row_of(p->type) == NULL || segment_open(p, &s);
}

static void
addr_read(struct lex *lx, struct writer *w, enum addr_family family, const char *what)
{
	struct token where = lx->now;
	struct addr a = lex_addr(lx, what);

	if (!lex_failed(lx) && a.family != family)
		lex_fault_at(lx, &where, "expected %s that is an %s address", what,
		    family == ADDR_IPV4 ? "IPv4" : "IPv6");
	write_bytes(w, a.bytes, family == ADDR_IPV4 ? 4 : 16);
}

/* Behind its word. */
static void
piece_read(struct lex *lx, struct writer *w, const struct piece *p)
{
	switch (p->kind) {
	case PIECE_LABEL:
		write_u32(w,
		    (uint32_t)lex_number(lx, LABEL_MAX, "a label (0 to 1048575)") << LABEL_SHIFT);
		break;
	case PIECE_ID: write_u32(w, lex_u32(lx, "the number of an interface")); break;
	case PIECE_V4: addr_read(lx, w, ADDR_IPV4, p->word); break;
	case PIECE_V6: addr_read(lx, w, ADDR_IPV6, p->word); break;
	case PIECE_NONE:
	case PIECE_KINDS: break;
	}
}

static const struct segment_row *
row_read(struct lex *lx)
{
	static const char prefix[] = "type-";
	struct token where = lx->now;
	struct slice word = lex_word(lx, "type-a to type-k");

	if (word.len == sizeof(prefix) && slice_begins(word, prefix))
		for (size_t i = 0; i < ROWS; i++)
			if (rows[i].letter == word.at[word.len - 1])
				return &rows[i];
	lex_fault_at(lx, &where, "expected type-a to type-k behind segment");
	return NULL;
}

void
segment_read(struct lex *lx, struct writer *w, size_t *bottom)
{
	const struct segment_row *row = row_read(lx);
	uint8_t head[2] = { 0 }; /* flags, algorithm */
	struct gap len;
	size_t label = 0;
	size_t start;

	if (row == NULL)
		return;
	write_u8(w, row->type);
	len = open_u8(w);
	start = writer_len(w);
	write_u16(w, 0);
	for (size_t i = 0; i < PIECES && row->pieces[i].kind != PIECE_NONE; i++) {
		(void)lex_want(lx, row->pieces[i].word);
		label = row->pieces[i].kind == PIECE_LABEL ? writer_len(w) : 0;
		piece_read(lx, w, &row->pieces[i]);
	}
	if (row->algorithm && lex_want(lx, "algorithm"))
		head[1] = (uint8_t)lex_number(lx, UINT8_MAX, "an algorithm (0 to 255)");
	if (head[1] != 0)
		head[0] |= SEGMENT_ALGORITHM;
	if (row->sid.kind != PIECE_NONE && lex_take(lx, row->sid.word)) {
		label = row->sid.kind == PIECE_LABEL ? writer_len(w) : 0;
		piece_read(lx, w, &row->sid);
	}
	if (row->behavior && behavior_read(lx, w))
		head[0] |= SEGMENT_BEHAVIOR;
	close_u8(w, len);
	if (writer_ok(w))
		memcpy(w->start + start, head, sizeof(head));
	if (row->stacked && label != 0)
		*bottom = label;
}

static void
label_emit(struct emit *e, const struct spell *name, struct slice value)
{
	uint32_t entry = load_u32(value.at);

	emit_uint(e, name, entry >> LABEL_SHIFT);
	emit_uint(e, &JSON_ONLY("tc"), entry >> 9 & 7);
	emit_bool(e, &JSON_ONLY("s"), (entry & LABEL_BOTTOM) != 0);
	emit_uint(e, &JSON_ONLY("ttl"), entry & 0xff);
}

static void
piece_emit(struct emit *e, const struct piece *p, struct slice value)
{
	struct addr a = addr_of_bytes(value);

	switch (p->kind) {
	case PIECE_LABEL: label_emit(e, &p->name, value); break;
	case PIECE_ID: emit_uint(e, &p->name, load_u32(value.at)); break;
	case PIECE_V4:
	case PIECE_V6: emit_addr(e, &p->name, &a); break;
	case PIECE_NONE:
	case PIECE_KINDS: break;
	}
}

void
segment_emit(struct emit *e, const struct part *p)
{
	char type[] = "A";
	struct segment s;

	(void)segment_open(p, &s); /* it is good */
	emit_open(e, &BARE, &MARKS_OBJECT_TIGHT);
	type[0] = (char)(s.row->letter - 'a' + 'A');
	if (e->spelling == SPELL_JSON)
		emit_word(e, &JSON_ONLY("type"), slice_on(type));
	else
		text_format(emit_value(e, &WORDS_ONLY("segment")), "type-%c", s.row->letter);
	for (size_t i = 0; i < PIECES; i++)
		piece_emit(e, &s.row->pieces[i], s.pieces[i]);
	if (s.row->algorithm)
		emit_uint(e, &FIELD("algorithm"), s.algorithm);
	if (s.sid.at != NULL)
		piece_emit(e, &s.row->sid, s.sid);
	if (s.behavior.at != NULL) {
		emit_open(e, &FIELD("endpoint-behavior"), &MARKS_OBJECT_TIGHT);
		behavior_emit(e, s.behavior);
		emit_close(e);
	}
	emit_close(e);
}

static void
value_text(struct text *t, enum piece_kind kind, struct slice value)
{
	struct addr a = addr_of_bytes(value);

	if (kind == PIECE_LABEL)
		text_uint(t, load_u32(value.at) >> LABEL_SHIFT);
	else if (kind == PIECE_ID)
		text_uint(t, load_u32(value.at));
	else
		addr_print(t, &a);
}

void
segment_text(struct text *t, const struct part *p)
{
	struct segment s;

	(void)segment_open(p, &s); /* it is good */
	if (s.sid.at != NULL) {
		value_text(t, s.row->sid.kind, s.sid);
		return;
	}
	for (size_t i = 0; i < PIECES && s.row->pieces[i].kind != PIECE_NONE; i++) {
		if (i != 0)
			text_char(t, '-');
		value_text(t, s.row->pieces[i].kind, s.pieces[i]);
	}
}

bool
behavior_read(struct lex *lx, struct writer *w)
{
	if (!lex_take(lx, "endpoint-behavior"))
		return false;
	write_u16(w, (uint16_t)lex_number_any(lx, UINT16_MAX, "a behavior"));
	write_u16(w, 0);
	for (size_t i = 0; i < 4; i++)
		write_u8(w, (uint8_t)lex_number_any(lx, UINT8_MAX, "a number of bits"));
	return true;
}

void
behavior_emit(struct emit *e, struct slice value)
{
	struct reader r = reader_on(value);

	emit_uint(e, &JSON_NAMED("behavior"), read_u16(&r));
	read_skip(&r, 2);
	emit_uint(e, &JSON_NAMED("lb-length"), read_u8(&r));
	emit_uint(e, &JSON_NAMED("ln-length"), read_u8(&r));
	emit_uint(e, &JSON_NAMED("fun-length"), read_u8(&r));
	emit_uint(e, &JSON_NAMED("arg-length"), read_u8(&r));
}
