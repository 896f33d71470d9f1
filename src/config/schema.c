/* The rows of sections as JSON Schema (2020-12): what `configuration export` prints is valid by it.
 */
#include "parse.h"

#include "bgp/family.h"
#include "lang/emit.h"

#include <inttypes.h>

struct schema {
	struct text *to;
	bool first; /* of the object or list that is open */
};

static void
put_string(struct schema *s, const char *chars)
{
	text_char(s->to, '"');
	json_escape(s->to, slice_on(chars));
	text_char(s->to, '"');
}

static void
next_item(struct schema *s)
{
	text_string(s->to, s->first ? "" : ",");
	s->first = false;
}

static void
put_name(struct schema *s, const char *name)
{
	next_item(s);
	put_string(s, name);
	text_char(s->to, ':');
}

static void
open_value(struct schema *s, char mark)
{
	text_char(s->to, mark);
	s->first = true;
}

static void
close_value(struct schema *s, char mark)
{
	text_char(s->to, mark);
	s->first = false;
}

static void
put_member(struct schema *s, const char *name, const char *value)
{
	put_name(s, name);
	put_string(s, value);
}

static void
put_number(struct schema *s, const char *name, int64_t value)
{
	put_name(s, name);
	text_format(s->to, "%" PRId64, value);
}

static void
put_item(struct schema *s, const char *word)
{
	next_item(s);
	put_string(s, word);
}

/* "^(CHOICE|CHOICE|OTHERS)$" */
static void
put_pattern(struct schema *s, const struct choice *choices, const char *others)
{
	struct text pattern = { 0 };

	text_string(&pattern, "^(");
	for (; choices != NULL && choices->word != NULL; choices++)
		text_format(&pattern, "%s|", choices->word);
	text_format(&pattern, "%s)$", others);
	put_member(s, "pattern", text_chars(&pattern));
	text_free(&pattern);
}

static void
put_types(struct schema *s, const char *type)
{
	put_name(s, "type");
	open_value(s, '[');
	put_item(s, "string");
	put_item(s, type);
	close_value(s, ']');
}

/* A JSON number has the bounds, a word the pattern. */
static void
put_bounds(struct schema *s, const struct setting *row, int64_t min, int64_t max)
{
	put_types(s, "integer");
	put_number(s, "minimum", min);
	put_number(s, "maximum", max);
	put_pattern(s, row->choices, row->min < 0 ? "-?[0-9]+" : "[0-9]+");
}

static void
put_bool(struct schema *s)
{
	static const char *const words[] = { "true", "enable", "enabled", "yes", "1", "false",
		"disable", "disabled", "no", "0" };

	put_name(s, "enum");
	open_value(s, '[');
	next_item(s);
	text_string(s->to, "true,false");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		put_item(s, words[i]);
	close_value(s, ']');
}

static void
put_rate(struct schema *s, const struct setting *row)
{
	put_name(s, "anyOf");
	open_value(s, '[');
	next_item(s);
	open_value(s, '{');
	put_bool(s);
	close_value(s, '}');
	next_item(s);
	open_value(s, '{');
	put_member(s, "type", "string");
	put_pattern(s, row->choices, "[0-9]+/[0-9]+(ms|s)?");
	close_value(s, '}');
	close_value(s, ']');
}

static void
put_choices(struct schema *s, const struct choice *choices)
{
	put_name(s, "enum");
	open_value(s, '[');
	for (; choices != NULL && choices->word != NULL; choices++)
		put_item(s, choices->word);
	close_value(s, ']');
}

/* An address or one of the choices; the marks tell prefixes apart. */
static void
put_address(struct schema *s, const struct setting *row, const char *marks)
{
	put_member(s, "type", "string");
	put_pattern(s, row->choices, marks);
}

static void
put_words(struct schema *s, const struct setting *row)
{
	put_member(s, "type", "string");
	if (row->min != 0)
		put_number(s, "minLength", row->min);
	if (row->max != 0)
		put_number(s, "maxLength", row->max);
}

static void
put_value(struct schema *s, const struct setting *row)
{
	switch (row->slot) {
	case SLOT_BOOL: put_bool(s); break;
	case SLOT_U16: put_bounds(s, row, row->min, row->max == 0 ? UINT16_MAX : row->max); break;
	case SLOT_INT: put_bounds(s, row, row->min, row->max == 0 ? INT32_MAX : row->max); break;
	case SLOT_SPAN:
		put_member(s, "type", "string");
		put_pattern(s, row->choices, "[0-9]+(ms|s)?");
		break;
	case SLOT_RATE: put_rate(s, row); break;
	case SLOT_CHOICE: put_choices(s, row->choices); break;
	case SLOT_ASN:
		put_types(s, "integer");
		put_number(s, "minimum", 0);
		put_number(s, "maximum", UINT32_MAX);
		put_pattern(s, row->choices, "[0-9]+(\\.[0-9]+)?");
		break;
	case SLOT_ID: put_address(s, row, "[0-9.]+"); break;
	case SLOT_ADDR: put_address(s, row, "[0-9A-Fa-f:.]+"); break;
	case SLOT_PREFIX: put_address(s, row, "[0-9A-Fa-f:.]+(/[0-9]+)?"); break;
	case SLOT_STRING: put_words(s, row); break;
	}
}

static void
put_setting(struct schema *s, const struct setting *row)
{
	put_name(s, row->word);
	open_value(s, '{');
	put_member(s, "description", row->help);
	put_value(s, row);
	if (row->initial != NULL)
		put_member(s, "default", row->initial);
	if (row->expects != NULL)
		put_member(s, "$comment", row->expects);
	close_value(s, '}');
}

/* The values of a JSON list are its statements: there is nothing in it that has to have a value. */
static bool
is_list(const struct section *s)
{
	if (s->sections != NULL)
		return false;
	for (size_t i = 0; i < s->settings.count; i++)
		if (s->settings.at[i].bare == NULL || strcmp(s->settings.at[i].bare, "true") != 0)
			return false;
	return s->settings.count == 0 || s->statements == NULL;
}

static void
put_statements(struct schema *s, const struct section *from)
{
	put_member(s, "type", "array");
	put_name(s, "items");
	open_value(s, '{');
	put_member(s, "type", "string");
	close_value(s, '}');
	if (from->statements == NULL)
		return;
	put_name(s, "$comment");
	text_char(s->to, '"');
	for (const struct statement *one = from->statements; one->word != NULL; one++) {
		text_string(s->to, one == from->statements ? "" : "; ");
		json_escape(s->to, slice_on(one->word));
		text_string(s->to, ": ");
		json_escape(s->to, slice_on(one->help));
	}
	text_char(s->to, '"');
}

static void put_section(struct schema *s, const struct section *from);

static void
put_properties(struct schema *s, const struct section *from)
{
	put_name(s, "properties");
	open_value(s, '{');
	for (size_t i = 0; i < from->settings.count; i++)
		put_setting(s, &from->settings.at[i]);
	for (const struct statement *one = from->statements; one != NULL && one->word != NULL;
	     one++) {
		put_name(s, one->word);
		open_value(s, '{');
		put_member(s, "description", one->help);
		put_types(s, "array");
		close_value(s, '}');
	}
	for (size_t i = 0; from->sections != NULL && from->sections[i] != NULL; i++) {
		const struct section *inside = from->sections[i];

		if (inside->name != NULL && inside->name[0] == '[')
			continue;
		put_name(s, inside->word);
		open_value(s, '{');
		put_section(s, inside);
		close_value(s, '}');
	}
	if (from == &section_neighbor || from == &section_template_neighbor) {
		put_name(s, "routes"); /* what is exported of its sections of routes */
		open_value(s, '{');
		put_statements(s, &section_next_hop);
		close_value(s, '}');
	}
	close_value(s, '}');
}

/* Sections that may have a name: "api" and "api NAME". */
static void
put_named(struct schema *s, const struct section *from)
{
	struct text pattern = { 0 };
	bool any = false;

	for (size_t i = 0; from->sections != NULL && from->sections[i] != NULL; i++) {
		const struct section *inside = from->sections[i];

		if (inside->name == NULL || inside->name[0] != '[')
			continue;
		if (!any) {
			put_name(s, "patternProperties");
			open_value(s, '{');
		}
		any = true;
		text_clear(&pattern);
		text_format(&pattern, "^%s( .*)?$", inside->word);
		put_name(s, text_chars(&pattern));
		open_value(s, '{');
		put_section(s, inside);
		close_value(s, '}');
	}
	if (any)
		close_value(s, '}');
	text_free(&pattern);
}

static void
put_inside(struct schema *s, const struct section *from)
{
	put_member(s, "type", "object");
	put_properties(s, from);
	put_named(s, from);
	put_name(s, "additionalProperties");
	text_string(s->to, "false");
}

/* The members of one that is open: a list, an object, or an object by names. */
static void
put_section(struct schema *s, const struct section *from)
{
	if (is_list(from)) {
		put_statements(s, from);
	} else if (from->name == NULL || from->name[0] == '[') {
		put_inside(s, from);
	} else {
		put_member(s, "type", "object");
		put_name(s, "additionalProperties");
		open_value(s, '{');
		put_inside(s, from);
		close_value(s, '}');
	}
}

static const struct section *
find(const struct section *in, const char *word)
{
	const struct section *found = NULL;

	if (in->word != NULL && strcmp(in->word, word) == 0)
		return in;
	for (size_t i = 0; found == NULL && in->sections != NULL && in->sections[i] != NULL; i++)
		found = find(in->sections[i], word);
	return found;
}

bool
config_schema(const char *section, struct text *to)
{
	const struct section *from = section == NULL ? &section_root : find(&section_root, section);
	struct schema s = { .to = to };

	if (from == NULL)
		return false;
	open_value(&s, '{');
	put_member(&s, "$schema", "https://json-schema.org/draft/2020-12/schema");
	put_member(&s, "title", section == NULL ? "configuration" : section);
	put_section(&s, from);
	close_value(&s, '}');
	return true;
}
