/* Messages part by part, as they stand on the wire. */
#include "bgp/outline.h"

#include "attr.h"
#include "bgp/cap.h"

static void
put_value(struct slice value, struct text *to)
{
	text_format(to, " length=%zu value=", value.len);
	text_hex_upper(to, value);
	text_char(to, '\n');
}

static void
put_routes(const char *what, struct slice nlri, struct text *to)
{
	if (nlri.len == 0)
		return;
	text_format(to, "what=%s", what);
	put_value(nlri, to);
}

/* Attributes have the first word that says them, if one does. */
static void
put_attribute(const struct attr_wire *a, struct text *to)
{
	const struct attr *row = attr_of(a->code);

	text_string(to, "what=attribute");
	if (row != NULL && row->words[0].word != NULL)
		text_format(to, " name=%s", row->words[0].word);
	text_format(to, " code=%u flags=0x%02x", a->code, a->flags);
	put_value(a->value, to);
}

static bool
put_attributes(struct slice block, struct text *to)
{
	struct reader r = reader_on(block);
	struct attr_wire a;

	while (reader_more(&r) && attr_take(&r, &a))
		put_attribute(&a, to);
	return reader_ok(&r);
}

void
update_outline(struct slice body, struct text *to)
{
	struct reader r = reader_on(body);
	struct slice withdrawn = read_slice(&r, read_u16(&r));
	struct slice attributes = read_slice(&r, read_u16(&r));
	bool whole = reader_ok(&r);

	if (whole) {
		put_routes("withdrawn", withdrawn, to);
		whole = put_attributes(attributes, to);
		put_routes("nlri", read_rest(&r), to);
	}
	if (!whole)
		text_string(to, "what=cut-off\n");
}

void
caps_outline(const struct cap_seen *seen, size_t count, struct text *to)
{
	for (size_t i = 0; i < count; i++) {
		const struct cap *row = cap_of(seen[i].code);

		text_string(to, "what=capability");
		if (row != NULL)
			text_format(to, " name=%s", row->word);
		text_format(to, " code=%u", seen[i].code);
		put_value(seen[i].value, to);
	}
}
