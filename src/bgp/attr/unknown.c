/*
 * Attributes that no row knows, which pass through unchanged, and those that words gave as bytes:
 * attribute [ 0xCODE 0xFLAGS 0xDATA ].
 */
#include "attr.h"

#include "base/hex.h"
#include "base/num.h"
#include "draft.h"

static inline char
digit(unsigned n)
{
	return "0123456789ABCDEF"[n & 15];
}

/* "attribute-0x63-0xE0": 0x010203 */
static void
emit_json(struct emit *e, const struct record *r)
{
	char name[] = "\"attribute-0x00-0x00\": ";
	struct spell field = { { [SPELL_JSON] = slice_of(name, sizeof(name) - 1) } };

	name[13] = digit(r->code >> 4u);
	name[14] = digit(r->code);
	name[18] = digit(r->flags >> 4u);
	name[19] = digit(r->flags);
	emit_hex(e, &field, r->value);
}

static void
emit_words(struct emit *e, const struct record *r)
{
	struct text *t = emit_value(e, &WORDS_ONLY("attribute"));
	bool words = e->spelling == SPELL_WORDS; /* as ExaBGP's commands have it */

	if (t == NULL)
		return;
	text_format(t, words ? "[0x%02x 0x%02x 0x" : "[ 0x%02X 0x%02X 0x", r->code, r->flags);
	text_hex(t, r->value);
	text_string(t, words ? "]" : " ]");
}

void
unknown_emit(struct emit *e, const struct record *r)
{
	if (e->spelling == SPELL_JSON)
		emit_json(e, r);
	else
		emit_words(e, r);
}

static uint8_t
parse_byte(struct lex *lx, const char *what)
{
	struct token where = lx->now;
	uint64_t n = 0;

	if (!num_hex(lex_word(lx, what), UINT8_MAX, &n))
		lex_fault_at(lx, &where, "expected %s", what);
	return (uint8_t)n; /* limited above */
}

void
unknown_parse(struct lex *lx, struct draft *d)
{
	uint8_t value[ATTR_VALUE_MAX];
	size_t len = 0;
	struct token where;
	struct slice word;
	uint8_t code;
	uint8_t flags;

	(void)lex_want(lx, "[");
	code = parse_byte(lx, "the code of the attribute as 0x and digits");
	flags = parse_byte(lx, "the flags of the attribute as 0x and digits");
	where = lx->now;
	word = lex_word(lx, "the value of the attribute as 0x and digits");
	if (!hex_marked(word) || !hex_decode(slice_after(word, 2), value, sizeof(value), &len)) {
		lex_fault_at(lx, &where, "expected the value of the attribute as 0x and digits");
		return;
	}
	(void)lex_want(lx, "]");
	if (lex_failed(lx))
		return;
	(void)build_add(&d->build, code, flags, RECORD_RAW, slice_of(value, len));
	if (!writer_ok(&d->room))
		lex_fault_at(lx, &where, "the attributes are too long");
}
