/* Reload: helpers come, go, and start again only when that is asked for. */
#include "house.h"
#include "reload.h"

#include <signal.h>

Case(reload, helpers_come_and_go)
{
	struct stage s;
	pid_t first;
	pid_t second;

	stage_start(&s, BASIC);
	engine_start_helpers(s.engine);
	first = pid_of(&s, "h1");
	cr_expect(reload(&s, H1 H2 HEAD1 API "}\n", false));
	second = pid_of(&s, "h2");
	cr_expect(second > 0);
	cr_expect_eq(pid_of(&s, "h1"), first);
	cr_expect(reload(&s, H2, false));
	cr_expect(crew_named(&s, "h1") == NULL);
	cr_expect_eq(pid_of(&s, "h2"), second);
	until(&s, kill(first, 0) != 0);
	all_end(&s);
}

Case(reload, a_helper_that_comes_back_while_it_leaves_is_one)
{
	struct stage s;
	pid_t old;

	stage_start(&s, H1);
	engine_start_helpers(s.engine);
	old = pid_of(&s, "h1");
	cr_expect(reload(&s, H2, false));
	cr_expect(reload(&s, H1 H2, false));
	cr_expect(reload(&s, H1 H2, false));
	cr_expect(pid_of(&s, "h1") > 0 && pid_of(&s, "h1") != old);
	until(&s, engine_crew(s.engine, 2) == NULL);
	all_end(&s);
}

Case(reload, only_asked_for_a_changed_helper_is_started_again)
{
	struct stage s;
	pid_t first;
	pid_t second;

	stage_start(&s, H1 H2);
	engine_start_helpers(s.engine);
	first = pid_of(&s, "h1");
	second = pid_of(&s, "h2");
	cr_expect(reload(&s, "process h1 { run /bin/cat -u; encoder json; }\n" H2, false));
	cr_expect_eq(pid_of(&s, "h1"), first);
	cr_expect(reload(&s, "process h1 { run /bin/cat -u -u; encoder json; }\n" H2, true));
	until(&s, pid_of(&s, "h1") > 0 && pid_of(&s, "h1") != first);
	cr_expect_eq(pid_of(&s, "h2"), second);
	all_end(&s);
}

/* Whatever the reload that changed its section was asked for with. */
Case(reload, a_helper_that_was_left_as_it_was_is_started_again_by_a_later_one)
{
	static const char changed[] = "process h1 { run /bin/cat -u; encoder json; }\n";
	struct stage s;
	pid_t first;
	pid_t next;

	stage_start(&s, H1);
	engine_start_helpers(s.engine);
	first = pid_of(&s, "h1");
	cr_expect(reload(&s, changed, false));
	cr_expect_eq(pid_of(&s, "h1"), first);
	cr_expect(reload(&s, changed, true));
	until(&s, pid_of(&s, "h1") > 0 && pid_of(&s, "h1") != first);
	next = pid_of(&s, "h1");
	cr_expect(reload(&s, changed, true));
	cr_expect_eq(pid_of(&s, "h1"), next);
	all_end(&s);
}

Case(reload, a_helper_that_lives_is_told_in_the_form_that_it_was_started_with)
{
	static const char frames[] =
	    "process h1 { run /bin/cat; encoder json; protocol framed; dialect 4.2; }\n" HEAD1
	    "api { processes [ h1 ]; neighbor-changes; } }\n";
	struct stage s;
	struct member *m;
	struct text last = { 0 };
	pid_t first;

	stage_start(&s,
	    "process h1 { run /bin/cat; encoder text; }\n" HEAD1
	    "api { processes [ h1 ]; neighbor-changes; } }\n");
	engine_start_helpers(s.engine);
	m = stage_member(&s, "127.0.0.1");
	first = pid_of(&s, "h1");
	cr_expect(reload(&s, frames, false));
	cr_assert_eq(m->sub_count, 1);
	cr_expect_eq(m->subs[0].received.encoder, TELL_TEXT);
	cr_expect(m->subs[0].received.dialect == s.engine->conf.dialect);
	cr_expect(!m->subs[0].framed);
	cr_expect(!m->subs[0].crew->issuer.objects);
	fanout_shutdown_line(m->subs[0].crew, &last);
	cr_expect(last.len > 0 && text_chars(&last)[0] == 's', "%s", text_chars(&last));
	text_free(&last);
	cr_expect(reload(&s, frames, true));
	until(&s, pid_of(&s, "h1") > 0 && pid_of(&s, "h1") != first);
	cr_expect_eq(m->subs[0].received.encoder, TELL_JSON);
	cr_expect(m->subs[0].received.dialect != s.engine->conf.dialect);
	cr_expect(m->subs[0].framed);
	cr_expect(m->subs[0].crew->issuer.objects);
	all_end(&s);
}
