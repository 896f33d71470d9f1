/* Helpers: their words, and where their programs are found. */
#include "case.h"

#include "reading.h"

Case(process, words_become_arguments)
{
	struct config *c = read_good(
	    "process a {\n run first;\n run /bin/sh -c 'echo \"a\"; echo b' [ x, y ] \"\";\n}",
	    NULL);
	static const char *const want[] = { "/bin/sh", "-c", "echo \"a\"; echo b", "[", "x", ",",
		"y", "]", "" };
	const struct helper_conf *h = c->helpers[0];

	cr_expect_str_eq(h->name, "a");
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		cr_expect_str_eq(h->argv[i], want[i]);
	cr_expect(h->argv[sizeof(want) / sizeof(want[0])] == NULL);
	cr_expect(h->encoder == HELPER_TEXT && h->respawn && h->ack && h->dialect == NULL);
	config_free(c);
}

Case(process, a_channel_has_bounds_and_a_policy)
{
	struct config *c = read_good("process a { run x; }\n"
				     "process b { run x; overflow drop-oldest; queue 100; "
				     "queue-bytes 4096; queue-low 10; stall-limit 5; "
				     "stall-action kill; dialect 6.0; }",
	    NULL);
	const struct helper_conf *a = c->helpers[0];
	const struct helper_conf *b = c->helpers[1];

	cr_expect(a->overflow == HELPER_BLOCK && a->queue_items == 0 && a->queue_bytes == 8 << 20);
	cr_expect(a->queue_low == 50 && a->stall_limit == 60 * USEC_SECOND && !a->stall_kills);
	cr_expect(b->overflow == HELPER_DROP_OLDEST && b->queue_items == 100);
	cr_expect(b->queue_bytes == 4096 && b->queue_low == 10 && b->stall_kills);
	cr_expect(b->stall_limit == 5 * USEC_SECOND);
	cr_expect_str_eq(b->dialect, "6.0");
	cr_expect(!helper_conf_same(a, b) && helper_conf_same(b, b));
	config_free(c);
}

Case(process, frames_have_times_of_their_own)
{
	struct config *c =
	    read_good("process a { run x; protocol framed; encoder text; }\n"
		      "process b { run x; protocol framed; block-timeout 500ms; "
		      "stall-limit 3; stall-action degrade; drain-timeout 7s; grace 2; "
		      "heartbeat 0; max-frame 2048; raw-lane; ready-timeout 1500ms; "
		      "overflow drop-new; }",
		NULL);
	const struct helper_conf *a = c->helpers[0];
	const struct helper_conf *b = c->helpers[1];

	cr_expect(a->protocol == HELPER_FRAMES && a->encoder == HELPER_JSON && a->stall_kills);
	cr_expect(a->block_timeout == 2 * USEC_SECOND && a->stall_limit == 10 * USEC_SECOND);
	cr_expect(a->ready_timeout == 10 * USEC_SECOND && a->heartbeat == 5 * USEC_SECOND);
	cr_expect(a->drain_timeout == 5 * USEC_SECOND && a->grace == 500 * USEC_MSEC);
	cr_expect(a->frame_max == 1 << 20 && !a->raw);
	cr_expect(b->block_timeout == 500 * USEC_MSEC && b->stall_limit == 3 * USEC_SECOND);
	cr_expect(b->drain_timeout == 7 * USEC_SECOND && b->grace == 2 * USEC_SECOND);
	cr_expect(b->heartbeat == 0 && b->frame_max == 2048 && b->raw && !b->stall_kills);
	cr_expect(b->ready_timeout == 1500 * USEC_MSEC && b->overflow == HELPER_DROP_NEWEST);
	cr_expect(!helper_conf_same(a, b) && helper_conf_same(b, b));
	config_free(c);
}

Case(process, channels_of_other_words_are_refused)
{
	expect_fault("process a { overflow drop; }",
	    "line 1, column 22: expected block, drop-newest, drop-oldest or error for overflow, "
	    "found \"drop\"");
	expect_fault("process a { dialect 3; }",
	    "line 1, column 21: expected 4.2, 5.0, 6.0 or 6.0-v4 for dialect, found \"3\"");
}

Case(process, settings_are_read)
{
	struct config *c = read_good("process a { run x; encoder json; respawn false; }", NULL);

	cr_expect(c->helpers[0]->encoder == HELPER_JSON && !c->helpers[0]->respawn);
	config_free(c);
}

Case(process, words_of_the_framed_protocol_are_read)
{
	struct config *c =
	    read_good("process policy { run ./x; protocol framed; queue 1024; overflow block;"
		      " block-timeout 2s; drain-timeout 5s; ready-timeout 10s; heartbeat 5s;"
		      " grace 500ms; respawn 5/60s; }",
		NULL);

	cr_expect(c->helpers[0]->protocol == HELPER_FRAMES && c->helpers[0]->respawns == 5);
	cr_expect(c->helpers[0]->reasons == HELPER_REASONS_ALWAYS);
	config_free(c);
}

Case(process, starts_are_as_many_in_a_time_as_it_says)
{
	struct config *c = read_good("process a { run x; respawn 3/500ms; }\n"
				     "process b { run x; respawn 5/60; }\n"
				     "process c { run x; respawn; }",
	    NULL);
	const struct helper_conf *const *h = (const struct helper_conf *const *)c->helpers;

	cr_expect(h[0]->respawn && h[0]->respawns == 3 && h[0]->respawn_window == 500 * USEC_MSEC);
	cr_expect(h[1]->respawn && h[1]->respawns == 5 && h[1]->respawn_window == 60 * USEC_SECOND);
	cr_expect(h[2]->respawn && h[2]->respawns == 0);
	config_free(c);
	expect_fault("process a { respawn 0/60s; }",
	    "line 1, column 21: expected true, false or starts in a time like 5/60s for respawn, "
	    "found \"0/60s\" ('0/60s' is not a valid boolean)");
	expect_fault("process a { respawn 5/; }",
	    "line 1, column 21: expected true, false or starts in a time like 5/60s for respawn, "
	    "found \"5/\" ('5/' is not a valid boolean)");
}

Case(process, acks_are_of_the_environment_unless_it_says)
{
	struct config_env quiet = { .no_acks = true };
	struct text why = { 0 };
	struct config *c = config_parse(
	    SLICE("process a { run x; }\nprocess b { run x; ack true; }"), &quiet, &why, NULL);

	cr_assert(c != NULL, "%s", text_chars(&why));
	cr_expect(!c->helpers[0]->ack && c->helpers[1]->ack);
	config_free(c);
	c = read_good("process a { run x; ack false; }", NULL);
	cr_expect(!c->helpers[0]->ack);
	config_free(c);
	text_free(&why);
}

Case(process, faults)
{
	expect_fault("process a {\n}", "line 2, column 1: unset process sections: run");
	expect_fault(
	    "process a { run; }", "line 1, column 16: expected a program for run, found \";\"");
	expect_fault(
	    "process a { run \"\"; }", "line 1, column 17: expected a program for run, found \"\"");
	expect_fault(
	    "process {\n}", "line 1, column 9: expected the name of the process, found \"{\"");
	expect_fault("process a { run x; }\nprocess a { run x; }",
	    "line 2, column 9: expected another name: a process has this one already, found \"a\"");
	expect_fault("process api-internal-cli-1 { run x; }",
	    "line 1, column 9: expected a name that does not begin with api-internal-cli-, found "
	    "\"api-internal-cli-1\"");
	expect_fault("process a { encoder xml; }",
	    "line 1, column 21: expected text or json for encoder, found \"xml\"");
}

/* A file system of four programs. */
static const char *
runnable(const char *path)
{
	static const char *const there[] = { "/etc/exabgp/one", "/conf/one", "/usr/bin/one",
		"/conf/./run/two", "/opt/etc/three", "/bin/four" };

	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		if (strcmp(path, there[i]) == 0)
			return NULL;
	return strcmp(path, "/conf/locked") == 0 ? "is not executable" : "does not exist";
}

static struct config_env
disk(const char *path)
{
	return (struct config_env){
		.directory = "/conf",
		.check_programs = true,
		.runnable = runnable,
		.path = path,
	};
}

static void
expect_program(struct config_env env, const char *word, const char *want)
{
	struct text t = { 0 };
	struct text why = { 0 };
	struct config *c;

	text_format(&t, "process a { run %s --opt; }", word);
	c = config_parse(text_view(&t), &env, &why, NULL);
	if (c == NULL) {
		cr_expect_str_eq(text_chars(&why), want);
	} else {
		cr_expect_str_eq(c->helpers[0]->program, want);
		cr_expect_str_eq(c->helpers[0]->argv[0], word, "argv is as written");
	}
	config_free(c);
	text_free(&t);
	text_free(&why);
}

Case(process, the_last_place_wins)
{
	struct config_env env = disk("/bin:/usr/bin:/sbin");

	expect_program(env, "one", "/usr/bin/one");
	expect_program(env, "four", "/bin/four");
	expect_program(env, "./run/two", "/conf/./run/two");
	expect_program(env, "/bin/four", "/bin/four");
	env = disk(NULL);
	expect_program(env, "one", "/conf/one");
	env.directory = NULL;
	expect_program(env, "one", "/etc/exabgp/one");
	env.etc = "/opt/etc";
	expect_program(env, "etc/exabgp/three", "/opt/etc/three");
	expect_program(env, "three", "/opt/etc/three");
}

Case(process, a_program_that_cant_run_is_refused_with_the_reason)
{
	expect_program(disk("/bin:/usr/bin"), "nothing",
	    "line 1, column 17: expected a program that can be run (does not exist \"nothing\"), "
	    "found \"nothing\"");
	expect_program(disk("/bin:/usr/bin"), "locked",
	    "line 1, column 17: expected a program that can be run (is not executable \"locked\"), "
	    "found \"locked\"");
	expect_program(disk(""), "/bin/five",
	    "line 1, column 17: expected a program that can be run (does not exist \"/bin/five\"), "
	    "found \"/bin/five\"");
}
