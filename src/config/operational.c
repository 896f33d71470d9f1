/* operational { ... }: what every session, or the first one, is told beside routes. */
#include "parse.h"

#include "bgp/operational.h"

#define BODIES_MAX 32768 /* bytes, of a neighbor */

static void
operational_read(struct parse *p)
{
	struct text *to = &p->neighbor->operational;
	struct token where = p->lx.now;
	uint8_t room[64 + OPERATIONAL_TEXT_MAX];
	struct writer w = writer_on(room, sizeof(room));
	struct operational o;

	operational_parse(&p->lx, &o);
	if (lex_failed(&p->lx))
		return;
	operational_encode(&o, &w);
	if (to->len + writer_len(&w) > BODIES_MAX)
		lex_fault_at(&p->lx, &where, "expected fewer messages in operational (%u bytes)",
		    BODIES_MAX);
	else
		text_slice(to, writer_slice(&w));
}

const struct section section_operational = {
	.word = "operational",
	.title = "operational",
	.all = operational_read,
};

void
operational_make(const struct text *from, const struct family *only, struct text *to)
{
	struct reader r = reader_on(text_view(from));
	struct operational o;

	while (reader_more(&r)) {
		const uint8_t *start = r.at;

		if (!operational_take(&r, &o))
			return;
		if (only == NULL || only == family_of(o.afi, o.safi))
			text_bytes(to, start, (size_t)(r.at - start));
	}
}

void
operational_section_print(const struct text *bodies, struct text *to)
{
	struct reader r = reader_on(text_view(bodies));
	struct operational o;

	if (bodies->len == 0)
		return;
	text_string(to, "  operational {\n");
	while (reader_more(&r) && operational_take(&r, &o)) {
		text_string(to, "    ");
		operational_print(&o, to);
		text_string(to, ";\n");
	}
	text_string(to, "  }\n");
}
