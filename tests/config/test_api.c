/* api sections: who hears what, and who may command. */
#include "case.h"

#include "bgp/message.h"
#include "reading.h"

#define HELPERS                                                                                    \
	"process a { run x; }\nprocess b { run x; }\nprocess watch-1 { run x; }\n"                 \
	"process my-watch { run x; }\n"
#define NEIGHBOR "neighbor 10.0.0.1 {\n local-address 10.0.0.2; local-as 1; peer-as 2;\n"

Case(api, sections_say_who_hears_what)
{
	struct config *c = read_good(HELPERS NEIGHBOR
	    "api one { processes [ a, b ]; neighbor-changes; negotiated false; fsm yes; signal;\n"
	    "send { parsed; update; open; open false; }\n"
	    "receive { packets; consolidate; keepalive; refresh; notification; operational; } }\n"
	    "api { processes [ b ]; }\n}",
	    NULL);
	const struct neighbor_conf *n = c->neighbors[0];
	const struct api_conf *a = &n->apis[0];

	cr_assert(n->api_count == 2);
	cr_expect_str_eq(a->name, "one");
	cr_assert(a->process_count == 2);
	cr_expect_str_eq(a->processes[1], "b");
	cr_expect(a->neighbor_changes && !a->negotiated && a->fsm && a->signal);
	cr_expect(a->send.parsed && !a->send.packets && !a->send.consolidate);
	cr_expect(a->send.types == 1u << MESSAGE_UPDATE);
	cr_expect(a->receive.packets && a->receive.consolidate && !a->receive.parsed);
	cr_expect(a->receive.types ==
	    (1u << MESSAGE_KEEPALIVE | 1u << MESSAGE_REFRESH | 1u << MESSAGE_NOTIFICATION |
		1u << MESSAGE_OPERATIONAL));
	cr_expect(strlen(n->apis[1].name) != 0 && !n->apis[1].neighbor_changes);
	config_free(c);
}

Case(api, commands_are_granted_by_name_and_by_expression)
{
	struct config *c = read_good(HELPERS NEIGHBOR
	    "api { processes [ a ]; }\napi { processes-match [ \"watch\" ]; }\n}",
	    NULL);
	const struct neighbor_conf *n = c->neighbors[0];

	cr_expect(neighbor_grants(n, "a") && !neighbor_grants(n, "b"));
	cr_expect(neighbor_grants(n, "watch-1"), "matched from the start of the name");
	cr_expect(!neighbor_grants(n, "my-watch"), "and nowhere else");
	cr_expect(!neighbor_grants(n, "nobody"));
	config_free(c);
}

Case(api, processes_may_be_defined_behind)
{
	struct config *c =
	    read_good(NEIGHBOR "api { processes [ z ]; }\n}\nprocess z { run x; }", NULL);

	cr_expect(neighbor_grants(c->neighbors[0], "z"));
	config_free(c);
}

Case(api, a_name_that_is_made_is_not_one_that_is_there)
{
	struct config *c = read_good(
	    HELPERS NEIGHBOR "api { processes [ a ]; }\napi api-0 { processes [ b ]; }\n}", NULL);

	cr_expect_str_neq(c->neighbors[0]->apis[0].name, "api-0");
	config_free(c);
}

Case(api, faults_stand_where_the_word_is)
{
	expect_fault(NEIGHBOR "api { processes [ z ]; }\n}",
	    "line 3, column 19: expected a process that is defined, found \"z\"");
	expect_fault(HELPERS NEIGHBOR "api { processes-match [ \"^z\" ]; }\n}",
	    "line 7, column 25: expected the match of a process that is defined, found \"^z\"");
	expect_fault(NEIGHBOR "api { processes-match [ \"(\" ]; }\n}",
	    "line 3, column 25: expected a regular expression, found \"(\"");
	expect_fault(NEIGHBOR "api { processes-match [ \"(a{99}){99}\" ]; }\n}",
	    "line 3, column 25: expected a regular expression, found \"(a{99}){99}\"");
	expect_fault(NEIGHBOR "api { processes-match [ \"a++++++\" ]; }\n}",
	    "line 3, column 25: expected a regular expression, found \"a++++++\"");
	expect_fault(
	    NEIGHBOR "api { processes a; }\n}", "line 3, column 17: expected \"[\", found \"a\"");
	expect_fault(NEIGHBOR "api { processes [ a; }\n}",
	    "line 3, column 20: expected the name of a process or ], found \";\"");
	expect_fault(NEIGHBOR "api x { }\napi x { }\n}",
	    "line 4, column 5: expected another name: an api section has this one, found \"x\"");
	expect_fault(NEIGHBOR "api { send { all; } }\n}",
	    "line 3, column 14: expected a keyword or a section of send, found \"all\"");
	expect_fault(NEIGHBOR "api { receive { update perhaps; } }\n}",
	    "line 3, column 24: expected true or false for update, found \"perhaps\"");
}
