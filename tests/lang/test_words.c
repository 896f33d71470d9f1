/* Rows of settings: what is read is written, what is refused changes nothing. */
#include "case.h"

#include "lang/words.h"

struct thing {
	bool flag;
	uint16_t port;
	int ttl;
	int mode;
	uint32_t asn;
	uint32_t id;
	struct addr local;
	struct addr near;
	struct prefix range;
	struct rate pace;
	char *name;
};

static const struct choice off[] = { { "off", -1 }, { "never", -1 }, { NULL, 0 } };
static const struct choice modes[] = { { "slow", 1 }, { "fast", 2 }, { NULL, 0 } };
static const struct choice automatic[] = { { "auto", 0 }, { NULL, 0 } };

static const struct setting rows[] = {
	{ .word = "flag",
	    .slot = SLOT_BOOL,
	    .traits = SETTING_ENABLE | SETTING_SESSION,
	    .offset = offsetof(struct thing, flag),
	    .initial = "true",
	    .bare = "false",
	    .expects = "a truth" },
	{ .word = "port",
	    .slot = SLOT_U16,
	    .traits = SETTING_IF_SET,
	    .offset = offsetof(struct thing, port),
	    .min = 1,
	    .max = 65535,
	    .expects = "a port" },
	{ .word = "ttl",
	    .slot = SLOT_INT,
	    .offset = offsetof(struct thing, ttl),
	    .min = -5,
	    .max = 255,
	    .choices = off,
	    .initial = "off",
	    .expects = "a TTL" },
	{ .word = "mode",
	    .slot = SLOT_CHOICE,
	    .offset = offsetof(struct thing, mode),
	    .choices = modes,
	    .initial = "slow",
	    .expects = "a mode" },
	{ .word = "asn",
	    .slot = SLOT_ASN,
	    .offset = offsetof(struct thing, asn),
	    .choices = automatic,
	    .expects = "an ASN" },
	{ .word = "id",
	    .slot = SLOT_ID,
	    .offset = offsetof(struct thing, id),
	    .initial = "1.2.3.4",
	    .expects = "an id" },
	{ .word = "local",
	    .slot = SLOT_ADDR,
	    .traits = SETTING_IPV4,
	    .offset = offsetof(struct thing, local),
	    .choices = automatic,
	    .initial = "auto",
	    .expects = "an address" },
	{ .word = "near",
	    .slot = SLOT_ADDR,
	    .traits = SETTING_LINK_LOCAL | SETTING_SILENT,
	    .offset = offsetof(struct thing, near),
	    .expects = "an address in fe80::/10" },
	{ .word = "range",
	    .slot = SLOT_PREFIX,
	    .offset = offsetof(struct thing, range),
	    .initial = "10.0.0.1/8",
	    .expects = "a range" },
	{ .word = "pace",
	    .slot = SLOT_RATE,
	    .traits = SETTING_SILENT,
	    .offset = offsetof(struct thing, pace),
	    .min = 500,
	    .max = 90000,
	    .initial = "true",
	    .expects = "a rate" },
	{ .word = "name",
	    .slot = SLOT_STRING,
	    .traits = SETTING_QUOTED,
	    .offset = offsetof(struct thing, name),
	    .max = 5,
	    .expects = "a name" },
};

static const struct settings settings = SETTINGS(rows);

static const struct {
	const char *row;
	const char *word;
	const char *print; /* NULL: refused */
} values[] = {
	{ "flag", "YES", "enable" },
	{ "flag", "0", "disable" },
	{ "flag", "2", NULL },
	{ "flag", "", NULL },
	{ "port", "1", "1" },
	{ "port", "65535", "65535" },
	{ "port", "0", NULL },
	{ "port", "65536", NULL },
	{ "port", "1x", NULL },
	{ "ttl", "-5", "-5" },
	{ "ttl", "-6", NULL },
	{ "ttl", "-", NULL },
	{ "ttl", "never", "off" },
	{ "ttl", "-1", "off" },
	{ "ttl", "255", "255" },
	{ "ttl", "256", NULL },
	{ "ttl", "99999999999999999999", NULL },
	{ "mode", "fast", "fast" },
	{ "mode", "1", NULL },
	{ "asn", "1.1", "65537" },
	{ "asn", "0", "auto" },
	{ "asn", "auto", "auto" },
	{ "asn", "4294967296", NULL },
	{ "id", "255.0.0.1", "255.0.0.1" },
	{ "id", "::1", NULL },
	{ "local", "10.0.0.1", "10.0.0.1" },
	{ "local", "auto", "auto" },
	{ "local", "::1", NULL },
	{ "near", "fe80::9", "fe80::9" },
	{ "near", "::9", NULL },
	{ "range", "10.0.0.9", "10.0.0.9" },
	{ "range", "10.0.0.9/31", "10.0.0.9/31" },
	{ "range", "2001:db8::/32", "2001:db8::/32" },
	{ "range", "10.0.0.0/33", NULL },
	{ "pace", "5/60s", "5/60s" },
	{ "pace", "1/60", "1/60s" },
	{ "pace", "2147483647/500ms", "2147483647/500ms" },
	{ "pace", "YES", "true" },
	{ "pace", "disable", "false" },
	{ "pace", "", NULL },
	{ "pace", "/", NULL },
	{ "pace", "5", NULL },
	{ "pace", "5/", NULL },
	{ "pace", "/60s", NULL },
	{ "pace", "0/60s", NULL },
	{ "pace", "-1/60s", NULL },
	{ "pace", "2147483648/60s", NULL },
	{ "pace", "5/499ms", NULL },
	{ "pace", "5/91s", NULL },
	{ "pace", "5/60s/2", NULL },
	{ "name", "", "\"\"" },
	{ "name", "plain", "\"plain\"" },
	{ "name", "a b", "\"a b\"" },
	{ "name", "longer", NULL },
};

Case(words, values_are_read_and_written_or_refused)
{
	struct arena strings = { 0 };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct setting *row = setting_of(&settings, slice_on(values[i].row));
		struct thing t = { 0 };
		struct thing before;
		struct text got = { 0 };

		settings_init(&settings, &strings, &t);
		before = t;
		if (!setting_read(row, slice_on(values[i].word), &strings, &t)) {
			cr_expect(values[i].print == NULL, "%s %s", values[i].row, values[i].word);
			cr_expect(memcmp(&t, &before, sizeof(t)) == 0);
			continue;
		}
		setting_print(row, &t, &got);
		cr_expect_str_eq(text_chars(&got),
		    values[i].print == NULL ? "refused" : values[i].print, "%s %s: %s",
		    values[i].row, values[i].word, text_chars(&got));
		text_free(&got);
	}
	arena_free(&strings);
}

Case(words, what_is_written_is_read_as_the_same)
{
	struct arena strings = { 0 };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct setting *row = setting_of(&settings, slice_on(values[i].row));
		struct thing a = { 0 };
		struct thing b = { 0 };
		struct text t = { 0 };
		struct lex lx;

		settings_init(&settings, &strings, &a);
		settings_init(&settings, &strings, &b);
		if (!setting_read(row, slice_on(values[i].word), &strings, &a))
			continue;
		setting_print(row, &a, &t);
		lex_init(&lx, text_view(&t), LEX_COMMAND);
		setting_parse(row, &lx, &strings, &b);
		cr_expect(!lex_failed(&lx) && lex_over(&lx), "%s", text_chars(&t));
		cr_expect(setting_same(row, &a, &b), "%s", text_chars(&t));
		lex_done(&lx);
		text_free(&t);
	}
	arena_free(&strings);
}

Case(words, lines_leave_out_what_need_not_be_said)
{
	struct arena strings = { 0 };
	struct thing t = { 0 };
	struct text got = { 0 };

	settings_init(&settings, &strings, &t);
	settings_print(&settings, &t, "  ", &got);
	cr_expect_str_eq(text_chars(&got),
	    "  flag enable;\n  ttl off;\n  mode slow;\n  asn auto;\n  id 1.2.3.4;\n  local auto;\n"
	    "  range 10.0.0.1/8;\n  name \"\";\n");
	text_free(&got);
	arena_free(&strings);
}

Case(words, only_given_slots_are_copied)
{
	struct arena strings = { 0 };
	struct thing a = { 0 };
	struct thing b = { 0 };

	settings_init(&settings, &strings, &a);
	settings_init(&settings, &strings, &b);
	a.port = 5;
	a.asn = 6;
	settings_copy(
	    &settings, setting_bit(&settings, setting_of(&settings, SLICE("asn"))), &a, &b);
	cr_expect(b.asn == 6 && b.port == 0);
	cr_expect(settings_same(&settings, SETTING_SESSION, &a, &b), "port has no such trait");
	cr_expect(!settings_same(&settings, SETTING_IF_SET, &a, &b));
	arena_free(&strings);
}

Case(words, missing_values_are_those_of_the_bare_keyword_or_a_fault)
{
	struct arena strings = { 0 };
	struct thing t = { .flag = true };
	struct text why = { 0 };
	struct lex lx;

	lex_init(&lx, SLICE(";"), LEX_FILE);
	setting_parse(setting_of(&settings, SLICE("flag")), &lx, &strings, &t);
	cr_expect(!lex_failed(&lx) && !t.flag);
	setting_parse(setting_of(&settings, SLICE("port")), &lx, &strings, &t);
	lex_explain(&lx, &why);
	cr_expect_str_eq(
	    text_chars(&why), "line 1, column 1: expected a port for port, found \";\"");
	lex_done(&lx);
	text_free(&why);
	arena_free(&strings);
}
