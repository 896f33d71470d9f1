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
