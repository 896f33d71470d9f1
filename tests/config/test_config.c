/* The structure of a file: blocks, ends, places of faults. */
#include "case.h"

#include "reading.h"

#define GOOD                                                                                       \
	"neighbor 10.0.0.1 { local-address 10.0.0.2; local-as 1; peer-as 2; family { ipv4 unicast; } }"

Case(config, the_smallest_file_is_read)
{
	struct config *c = read_good(GOOD "\n", NULL);

	cr_assert(c->neighbor_count == 1 && c->helper_count == 0);
	cr_expect_str_eq(c->neighbors[0]->peer.name,
	    "neighbor 10.0.0.1 local-ip 10.0.0.2 local-as 1 peer-as 2 router-id 10.0.0.2 "
	    "family-allowed in-open");
	config_free(c);
}

Case(config, a_file_without_neighbors_is_read)
{
	struct config *c = read_good("process a { run b; }", NULL);

	cr_expect(c->neighbor_count == 0 && c->helper_count == 1);
	config_free(c);
}

Case(config, a_file_that_says_nothing_is_refused)
{
	expect_fault("",
	    "line 1, column 1: expected a section: the configuration says nothing, "
	    "found the end");
	expect_fault("# nothing\n\n",
	    "line 3, column 1: expected a section: the configuration says "
	    "nothing, found the end");
}

Case(config, the_end_may_close_sections)
{
	static const struct config_env lax = { .end_closes = true };
	struct text why = { 0 };
	struct text warnings = { 0 };
	struct config *c = config_parse(
	    slice_on("neighbor 10.0.0.1 { local-address 10.0.0.2; local-as 1; peer-as 1;\n"
		     "static { route 10.0.0.0/24 next-hop 1.1.1.1;\n"),
	    &lax, &why, &warnings);

	cr_assert_not_null(c, "%s", text_chars(&why));
	cr_assert_eq(c->neighbors[0]->routes.count, 1);
	cr_assert_str_eq(text_chars(&warnings),
	    "line 3, column 1: expected a } that closes static: the end of the file does\n"
	    "line 3, column 1: expected a } that closes neighbor: the end of the file does\n");
	config_free(c);
	cr_assert_null(
	    config_parse(slice_on("neighbor 10.0.0.1 { static { route 10"), &lax, &why, &warnings));
	text_free(&why);
	text_free(&warnings);
}

Case(config, structure_is_checked)
{
	expect_fault("neighbor 10.0.0.1 {\n",
	    "line 2, column 1: expected a } that closes neighbor, found the end");
	expect_fault("neighbor 10.0.0.1 {\nfamily {\n}\n",
	    "line 4, column 1: expected a } that closes neighbor, found the end");
	expect_fault(GOOD "\n}\n", "line 2, column 1: expected a keyword of the file, found \"}\"");
	expect_fault("group a {\n}\n",
	    "line 1, column 1: expected a keyword or a section of the file, found \"group\"");
	expect_fault(
	    "neighbor 10.0.0.1 {\n passive }\n", "line 2, column 10: expected \";\", found \"}\"");
	expect_fault("neighbor 10.0.0.1 {\n static { route 10.0.0.0/24 next-hop 1.1.1.1 }\n}\n",
	    "line 2, column 46: expected \";\", found \"}\"");
	expect_fault("neighbor 10.0.0.1 {\n passive {\n}\n",
	    "line 2, column 10: expected \";\", found \"{\"");
	expect_fault(
	    "neighbor 10.0.0.1 {\n static;\n}\n", "line 2, column 8: expected \"{\", found \";\"");
	expect_fault("neighbor 10.0.0.1 {\n ;\n}\n",
	    "line 2, column 2: expected a keyword of neighbor, found \";\"");
	expect_fault("neighbor 10.0.0.1 {\n passive;;\n}\n",
	    "line 2, column 10: expected a keyword of neighbor, found \";\"");
	expect_fault("neighbor 10.0.0.1\n{\n}\n",
	    "line 1, column 18: expected ; or { or } before the end of the line");
	expect_fault("neighbor 10.0.0.1 {\n description \"a\n}\n",
	    "line 2, column 14: expected a closing quote on the same line");
	expect_fault("neighbor 10.0.0.1 {\n colour red;\n}\n",
	    "line 2, column 2: expected a keyword or a section of neighbor, found \"colour\"");
	expect_fault("neighbor 10.0.0.1 {\n tea {\n}\n}\n",
	    "line 2, column 2: expected a keyword or a section of neighbor, found \"tea\"");
	expect_fault("neighbor 10.0.0.1 {\n \"}\";\n}\n",
	    "line 2, column 2: expected a keyword or a section of neighbor, found \"}\"");
	expect_fault("passive;\n",
	    "line 1, column 1: expected a keyword or a section of the file, found \"passive\"");
}

Case(config, lines_may_be_joined)
{
	struct config *c = read_good(
	    "neighbor 10.0.0.1 { \\\n local-address 10.0.0.2; local-as \\\n 1; peer-as 2; }", NULL);

	cr_expect(c->neighbors[0]->peer.local_as == 1);
	config_free(c);
}

Case(config, words_behind_a_value_are_ignored_with_a_warning)
{
	struct text warnings = { 0 };
	struct config *c =
	    read_good("neighbor 10.0.0.1 foo {\n local-address 10.0.0.2; local-as 1; "
		      "peer-as 2;\n description foo bar;\n hold-time 90 x;\n family "
		      "{ ipv4 unicast ipv4 multicast; }\n}\n",
		&warnings);

	cr_expect_str_eq(c->neighbors[0]->peer.description, "foo");
	cr_expect(c->neighbors[0]->peer.hold_time == 90);
	cr_expect(c->neighbors[0]->peer.caps.families.count == 1);
	cr_expect_str_eq(text_chars(&warnings),
	    "line 1, column 19: words behind the value mean nothing\n"
	    "line 3, column 18: words behind the value mean nothing\n"
	    "line 4, column 15: words behind the value mean nothing\n"
	    "line 5, column 24: words behind the value mean nothing\n");
	text_free(&warnings);
	config_free(c);
}

Case(config, a_section_may_come_again_and_the_last_value_wins)
{
	struct config *c = read_neighbor("hold-time 30; hold-time 40;\nfamily { ipv4 unicast; }\n"
					 "family { ipv6 unicast; }\n"
					 "capability { asn4 disable; }\ncapability { aigp; }");

	cr_expect(c->neighbors[0]->peer.hold_time == 40);
	cr_expect(c->neighbors[0]->peer.caps.families.count == 2);
	cr_expect(!c->neighbors[0]->peer.caps.asn4 && c->neighbors[0]->peer.aigp);
	config_free(c);
}

static void
try_reading(struct slice text, bool end_closes)
{
	struct config_env env = { .directory = "/nowhere", .end_closes = end_closes };
	struct text why = { 0 };
	struct text warnings = { 0 };
	struct config *c = config_parse(text, &env, &why, &warnings);

	cr_expect((c == NULL) == (why.len != 0));
	cr_expect(c != NULL || slice_begins(text_view(&why), "line "), "%s", text_chars(&why));
	config_free(c);
	text_free(&why);
	text_free(&warnings);
}

/* Every kind of section, and routes that are left out, made into clones, inherited, there twice. */
static const char rich[] =
    "process h { run none; encoder text; }\n"
    "template { neighbor t { static { route 10.0.8.0/24 next-hop 1.1.1.1; }\n"
    "  flow { route { match { destination 10.0.0.0/24; } then { discard; } } } } }\n"
    "neighbor 10.0.0.1 { inherit t; local-address 10.0.0.2; local-as 1; peer-as 1;\n"
    "  family { ipv4 unicast; ipv4 flow; } capability { multi-session; }\n"
    "  api { processes [ h ]; } description \"one\";\n"
    "  static { route 10.0.0.0/24 next-hop 1.1.1.1; route 10.0.1.0/24 next-hop 1.1.1.1 split /26; }\n"
    "  flow { route { match { destination 10.0.0.0/24; } then { rate-limit 9600; } }\n"
    "    route { match { destination 10.0.0.0/24; } then { discard; } } }\n"
    "  announce { ipv4 { unicast 10.0.2.0/24 next-hop 1.1.1.1; } } }\n"
    "neighbor 10.0.0.3 { local-address 10.0.0.2; local-as 1; peer-as 1; family { ipv6 unicast; }\n"
    "  static { route 10.0.0.0/24 next-hop 1.1.1.1; route 2001:db8::/32 next-hop 2001:db8::1; } }\n";

static void
print_all(const struct config *c, struct text *to)
{
	for (size_t i = 0; i < c->neighbor_count; i++)
		neighbor_print(c->neighbors[i], to);
}

/* How many steps it took. */
static size_t
read_in_steps(size_t size, const char *want)
{
	static const struct config_env env = { .directory = "/nowhere" };
	struct text why = { 0 };
	struct text warnings = { 0 };
	struct text got = { 0 };
	struct parse *p = parse_new(slice_on(rich), &env, &warnings);
	struct config *c;
	size_t steps = 1;

	while (parse_some(p, size))
		steps++;
	c = parse_take(p, &why);
	cr_assert_not_null(c, "%s", text_chars(&why));
	while (parse_free_some(p))
		;
	print_all(c, &got);
	cr_expect_str_eq(text_chars(&got), want);
	cr_expect(
	    strstr(text_chars(&warnings), ": 1 routes of a family that is not listed") != NULL);
	config_free(c);
	text_free(&got);
	text_free(&why);
	text_free(&warnings);
	return steps;
}

Case(config, reading_in_steps_is_reading_at_once)
{
	struct text want = { 0 };
	struct text warnings = { 0 };
	struct config *c = read_good(rich, &warnings);

	cr_assert_eq(c->neighbor_count, 3); /* two of them clones */
	print_all(c, &want);
	cr_expect(read_in_steps(1, text_chars(&want)) > 30);
	(void)read_in_steps(2, text_chars(&want));
	(void)read_in_steps(7, text_chars(&want));
	config_free(c);
	text_free(&want);
	text_free(&warnings);
}

Case(config, reading_is_given_up_at_any_step)
{
	static const struct config_env env = { .directory = "/nowhere" };
	bool more = true;

	for (size_t steps = 0; more; steps++) {
		struct parse *p = parse_new(slice_on(rich), &env, NULL);

		more = parse_some(p, steps);
		while (parse_free_some(p))
			;
	}
}

/* More than a step of a section's end looks at, and more than is freed in one. */
Case(config, thousands_of_routes_are_inherited_left_out_and_given_back)
{
	struct text file = { 0 };
	struct text warnings = { 0 };
	struct config *c;

	text_string(&file, "template { neighbor t { static {\n");
	for (unsigned i = 0; i < 3000; i++)
		text_format(&file,
		    "route 10.0.%u.%u/32 next-hop 1.1.1.1;\nroute 2001:db8::%x/128 "
		    "next-hop 2001:db8::1;\n",
		    i / 256, i % 256, i);
	text_string(&file,
	    "} } }\nneighbor 10.0.0.1 { inherit t; local-address 10.0.0.2; local-as 1; "
	    "peer-as 1; family { ipv6 unicast; } }\n"
	    "neighbor 10.0.0.2 { inherit t; local-address 10.0.0.2; local-as 1; "
	    "peer-as 1; family { ipv4 unicast; ipv6 unicast; } }\n");
	c = read_good(text_chars(&file), &warnings);
	cr_expect_eq(c->neighbors[0]->routes.count, 3000);
	cr_expect_eq(c->neighbors[0]->routes.at[2999].nlri.family->afi, 2);
	cr_expect_eq(c->neighbors[1]->routes.count, 6000);
	cr_expect(
	    strstr(text_chars(&warnings), ": 3000 routes of a family that is not listed") != NULL,
	    "%s", text_chars(&warnings));
	config_free(c);
	text_free(&file);
	text_free(&warnings);
}

static void
truncate(const struct sample *s)
{
	for (size_t n = 0; n < s->text.len; n++)
		for (int lax = 0; lax < 2; lax++)
			try_reading(slice_of(s->text.at, n), lax);
}

Case(config, every_truncation_is_read_or_refused)
{
	each_sample(truncate);
}

static void
lose_lines(const struct sample *s)
{
	size_t begin = 0;

	while (begin < s->text.len) {
		const char *end = memchr(s->text.at + begin, '\n', s->text.len - begin);
		size_t next = end == NULL ? s->text.len : (size_t)(end - s->text.at) + 1;
		struct text without = { 0 };

		text_bytes(&without, s->text.at, begin);
		text_bytes(&without, s->text.at + next, s->text.len - next);
		try_reading(text_view(&without), true);
		text_free(&without);
		begin = next;
	}
}

Case(config, every_lost_line_is_read_or_refused)
{
	each_sample(lose_lines);
}

static void
lose_words(const struct sample *s)
{
	for (size_t begin = 0; begin < s->text.len; begin++) {
		struct text without = { 0 };
		size_t end = begin;

		while (end < s->text.len && s->text.at[end] != ' ' && s->text.at[end] != '\n')
			end++;
		text_bytes(&without, s->text.at, begin);
		text_bytes(&without, s->text.at + end, s->text.len - end);
		try_reading(text_view(&without), true);
		text_free(&without);
		begin = end;
	}
}

Case(config, every_lost_word_is_read_or_refused)
{
	each_sample(lose_words);
}

static void
read_sample(const struct sample *s)
{
	struct config *c = read_good(text_chars(&s->text), NULL);

	cr_expect(c->neighbor_count != 0, "%s", s->name);
	config_free(c);
}

Case(config, every_sample_is_read)
{
	each_sample(read_sample);
}

Case(config, quotes_make_no_difference_to_words)
{
	static const char text[] =
	    "\"neighbor\" '10.0.0.1' { \"local-address\" '10.0.0.2'; 'local-as' \"1\"; 'peer-as' '1';\n"
	    "'passive' \"true\"; 'family' { 'ipv4' 'unicast'; 'ipv6' 'unicast'; 'ipv4' 'flow'; }\n"
	    "'nexthop' { 'ipv4' 'unicast' 'ipv6'; }\n"
	    "'static' { 'route' '10.1.0.0/16' 'next-hop' 'self' 'origin' 'egp'; }\n"
	    "'flow' { 'route' 'discard' { 'match' { 'protocol' 'tcp'; 'port' [ '=80' '=81' ]; }\n"
	    "'then' { 'rate-limit' '5' 'packets'; 'action' 'sample'; } } } }";
	struct text plain = { 0 };
	struct config *one;
	struct config *other;

	for (const char *c = text; *c != '\0'; c++)
		if (*c != '\'' && *c != '"')
			text_char(&plain, *c);
	one = read_good(text, NULL);
	other = read_good(text_chars(&plain), NULL);
	cr_assert(one->neighbors[0]->routes.count == 2 && other->neighbors[0]->routes.count == 2);
	for (size_t i = 0; i < 2; i++)
		cr_expect(one->neighbors[0]->routes.at[i].attrs ==
		    other->neighbors[0]->routes.at[i].attrs);
	cr_expect(peer_conf_same_session(&one->neighbors[0]->peer, &other->neighbors[0]->peer));
	config_free(one);
	config_free(other);
	text_free(&plain);
}
