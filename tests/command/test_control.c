/* Commands about the daemon and the helper's own session. */
#include "call.h"
#include "scene.h"

#include "api/dialect.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

/* Commands that read no words of their own: one answer, and nothing is done. */
Case(control, a_word_that_cannot_be_read_stops_a_command_before_it_begins)
{
	static const char *const commands[] = { "show accounting", "reload", "shutdown", "version",
		"clear adj-rib out", "withdraw watchdog", "show queues" };
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		char line[64];

		(void)snprintf(line, sizeof(line), "%s \"never ends", commands[i]);
		scene_refused(&s, line);
	}
	cr_expect(s.stage.ended == 0 && stage_rib(&s.stage, 0)[0] != '\0');
	scene_done(&s);
}

static struct text logged;

static void
log_kept(enum log_level level, enum log_source source, const char *line)
{
	(void)level;
	(void)source;
	text_format(&logged, "%s\n", line);
}

Case(control, what_is_refused_is_logged_with_its_reason)
{
	char line[4096];
	struct scene s;

	scene_start(&s, stage_two);
	log_to(log_kept);
	scene_refused(&s, "anounce route 10.0.0.0/24");
	cr_expect_str_eq(text_chars(&logged),
	    "command refused helper=boss reason=\"unknown command\" "
	    "command=\"anounce route 10.0.0.0/24\"\n");
	text_clear(&logged);
	(void)snprintf(line, sizeof(line), "neighbor 192.0.2.9 announce %04000d", 0);
	scene_refused(&s, line);
	cr_expect(logged.len > 256 && logged.len < 512, "%zu", logged.len);
	log_to(NULL);
	text_free(&logged);
	scene_done(&s);
}

Case(control, rows_do_not_begin_one_another)
{
	const struct command *a;
	const struct command *b;

	for (size_t i = 0; (a = command_at(i)) != NULL; i++) {
		for (size_t k = 0; (b = command_at(k)) != NULL; k++) {
			size_t n = strlen(a->words);

			cr_expect(i == k || strncmp(a->words, b->words, n) != 0 ||
				(b->words[n] != ' ' && b->words[n] != '\0'),
			    "\"%s\" begins \"%s\"", a->words, b->words);
		}
	}
}

Case(control, answers_come_before_the_acknowledgement)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "version", "exabgp 5.0.13\ndone\n");
	scene_expect(
	    &s, "version json", "{\"version\": \"5.0.13\", \"application\": \"exabgp\"}\ndone\n");
	scene_expect(&s, "reset", "asynchronous queue cleared\ndone\n");
	scene_expect(&s, "queue-status", "no queued messages\ndone\n");
	scene_accepted(&s, "bye");
	scene_accepted(&s, "enable-sync");
	scene_accepted(&s, "disable-sync");
	scene_expect(&s, "ping", "{\"pong\": \"" STAGE_UUID "\", \"active\": true}\ndone\n");
	scene_expect(
	    &s, "ping 0123 17", "{\"pong\": \"" STAGE_UUID "\", \"active\": true}\ndone\n");
	scene_expect(&s, "ping 0123 17 text", "pong " STAGE_UUID " active=true\ndone\n");
	scene_done(&s);
}

Case(control, crash_answers_error_and_the_daemon_lives)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "crash", "error\n");
	scene_expect(&s, "neighbor 127.0.0.1 crash", "error\n");
	scene_expect(&s, "version", "exabgp 5.0.13\ndone\n");
	scene_done(&s);
}

Case(control, blanks_and_tabs_separate_words)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "  version  ", "exabgp 5.0.13\ndone\n");
	scene_expect(&s, "\tversion\t json\r",
	    "{\"version\": \"5.0.13\", \"application\": \"exabgp\"}\ndone\n");
	scene_accepted(&s, "announce\troute\t10.0.0.0/24   next-hop\t10.0.0.1");
	scene_accepted(&s, "neighbor\t127.0.0.1\tclear \t adj-rib \tout");
	scene_done(&s);
}

Case(control, comments_are_acknowledged_and_nothing_is_an_error)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "# a comment, [ { \" of any shape");
	scene_accepted(&s, "#");
	scene_accepted(&s, "  # version");
	scene_refused(&s, "");
	scene_refused(&s, "   ");
	scene_refused(&s, "\t\r");
	scene_done(&s);
}

Case(control, debug_lines_are_never_answered)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "debug version", "");
	scene_expect(&s, "debug \x01\x02 anything { [ \"", "");
	scene_refused(&s, "debug");
	scene_done(&s);
}

Case(control, unknown_commands_answer_error)
{
	static const char *const lines[] = {
		"versions",
		"vers",
		"foo",
		"announce",
		"announce foo",
		"withdraw",
		"show",
		"clear",
		"flush adj-rib in",
		"announce route-refresh",
		"json",
		"neighbor",
		"neighbor 127.0.0.1",
		"peer",
		"peer [",
		"peer [ ]",
		"peer [ 127.0.0.1",
		"VERSION",
		"announce \"route\" 10.0.0.0/24 next-hop 10.0.0.1",
		"\"version\"",
		"version#",
		"{",
		"}",
		";",
		"[",
		"]",
		",",
		"(",
		"\\",
		"\"",
		"'",
	};
	struct scene s;

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		scene_refused(&s, lines[i]);
	scene_done(&s);
}

Case(control, acknowledgements_are_switched)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "disable-ack");
	scene_expect(&s, "version", "exabgp 5.0.13\n");
	scene_expect(&s, "foo", "");
	scene_expect(&s, "# comment", "");
	scene_accepted(&s, "disable-ack"); /* always sent */
	scene_expect(&s, "bye", "");
	scene_accepted(&s, "enable-ack");
	scene_accepted(&s, "bye");
	scene_expect(&s, "silence-ack", "");
	scene_expect(&s, "bye", "");
	scene_accepted(&s, "enable-ack");
	scene_refused(&s, "neighbor 127.0.0.1 enable-ack");
	scene_done(&s);
}

Case(control, help_lists_every_command_sorted)
{
	struct scene s;
	const struct command *row;
	const char *said;

	scene_start(&s, stage_two);
	said = scene_say(&s, "help");
	cr_expect(
	    strncmp(said, "\navailable API commands are listed here:\n", 41) == 0, "%s", said);
	for (size_t i = 0; (row = command_at(i)) != NULL; i++)
		cr_expect(strstr(said, row->words) != NULL, "%s is not in\n%s", row->words, said);
	cr_expect(strstr(said, "\n[neighbor <ip> [filters]] announce route\n") != NULL, "%s", said);
	cr_expect(strstr(said, "\n# \n") != NULL, "%s", said);
	cr_expect(strstr(said, "\nshutdown \n") != NULL, "%s", said);
	cr_expect_str_eq(said + strlen(said) - 6, "\ndone\n");
	scene_done(&s);
}

Case(control, status_says_who_and_how_everybody_is)
{
	struct scene s;
	const char *said;

	scene_start(&s, stage_two);
	said = scene_say(&s, "status");
	cr_expect(strncmp(said,
		      "ExaBGP Daemon Status\n====================\nVersion: 5.0.13\n"
		      "UUID: " STAGE_UUID "\nPID: ",
		      104) == 0,
	    "%s", said);
	cr_expect(
	    strstr(said,
		"s\nPeers: 2\n  - neighbor 127.0.0.1 local-ip 127.0.0.1 local-as 65001 peer-as "
		"65002 router-id 10.0.0.1 family-allowed in-open: IDLE\n") != NULL,
	    "%s", said);
	said = scene_say(&s, "status json");
	cr_expect(strncmp(said,
		      "{\"version\": \"5.0.13\", \"uuid\": \"" STAGE_UUID "\", \"pid\": ", 73) == 0,
	    "%s", said);
	cr_expect(strstr(said, "family-allowed in-open\": \"IDLE\"}}\ndone\n") != NULL, "%s", said);
	scene_done(&s);
}

Case(control, in_the_coming_line_an_empty_line_is_done_and_a_selector_alone_is_not)
{
	struct scene s;

	scene_start(&s, stage_two);
	s.stage.issuer.dialect = dialect_of(SLICE("6.0-v4"));
	scene_accepted(&s, "");
	scene_accepted(&s, " \t ");
	scene_expect(&s, "neighbor 127.0.0.1", "error: unknown command\nerror\n");
	scene_expect(&s, "peer *", "error: unknown command\nerror\n");
	scene_done(&s);
}

Case(control, help_of_the_coming_line_has_its_words)
{
	struct scene s;
	const char *said;

	scene_start(&s, stage_two);
	s.stage.issuer.dialect = dialect_of(SLICE("6.0-v4"));
	said = scene_say(&s, "help");
	cr_expect(strstr(said, "available API commands (v6 format):\n") != NULL, "%s", said);
	cr_expect(strstr(said, "\n[peer <ip> [filters]] announce route\n") != NULL, "%s", said);
	scene_done(&s);
}

Case(control, an_unknown_kind_of_operational_is_ignored)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "announce operational nonsense afi ipv4");
	scene_refused(&s, "announce operational");
	scene_refused(&s, "announce operational asm afi ipv4");
	scene_refused(&s, "neighbor 9.9.9.9 announce operational nonsense");
	scene_done(&s);
}

Case(control, json_at_the_end_never_fails)
{
	static const char *const lines[] = {
		"version json",
		"status json",
		"help json",
		"bye json",
		"reset json",
		"ping json",
		"announce route 10.0.0.0/24 next-hop 10.0.0.1 json",
		"withdraw route 10.0.0.0/24 json",
		"announce watchdog json",
		"announce route 10.0.0.0/24 next-hop 10.0.0.1 name json",
		"announce attributes next-hop 10.0.0.1 nlri 10.0.0.0/24 json",
		"clear adj-rib out json",
		"clear adj-rib in json",
		"show neighbor json",
		"show neighbor summary json",
		"show adj-rib out json",
		"show adj-rib in json",
		"teardown 2 json",
		"enable-ack json",
		"queue-status json",
		("announce ipv4 unicast "
		 "10.0.0.0/24 next-hop 10.0.0.1 json"),
	};
	struct scene s;

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const char *said = scene_say(&s, lines[i]);
		size_t n = strlen(said);

		cr_expect(n >= 5 && strcmp(said + n - 5, "done\n") == 0, "%s: %s", lines[i], said);
	}
	scene_done(&s);
}

Case(control, explanations_are_one_clean_line)
{
	static const char *const lines[] = {
		"show neighbor \"a\\nb\"",
		"show neighbor \x01\x1b[2J",
		"announce route \xc3\xa9",
		"teardown \"\\r\\n done\"",
		"neighbor 127.0.0.1 foo\x7f",
	};
	struct scene s;

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const char *said = scene_say(&s, lines[i]);
		size_t breaks = 0;

		for (const char *c = said; *c != '\0'; c++) {
			breaks += *c == '\n';
			cr_expect(
			    *c == '\n' || (*c >= 0x20 && *c < 0x7f), "%s: %s", lines[i], said);
		}
		cr_expect_eq(breaks, 2, "%s: %s", lines[i], said);
	}
	scene_done(&s);
}

Case(control, shutdown_ends_the_engine)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "shutdown", "shutdown in progress\ndone\n");
	for (int i = 0; i < 1000 && s.stage.ended == 0; i++)
		(void)loop_round(s.stage.loop, 10 * USEC_MSEC);
	cr_expect_eq(s.stage.ended, 1);
	scene_done(&s);
}

Case(control, reload_and_restart_are_carried_out_after_the_answer)
{
	struct scene s;

	scene_start(&s, stage_two);
	stage_file(&s.stage,
	    "neighbor 127.0.0.9 { router-id 1.1.1.1; local-as 1; peer-as 2; local-address auto; }\n");
	scene_expect(&s, "reload", "reload in progress\ndone\n");
	cr_expect(stage_member(&s.stage, "127.0.0.9") != NULL);
	cr_expect(stage_member(&s.stage, "127.0.0.1") == NULL);
	stage_file(&s.stage, stage_two);
	scene_expect(&s, "restart", "restart in progress\ndone\n");
	cr_expect(stage_member(&s.stage, "127.0.0.9") == NULL);
	cr_expect(stage_member(&s.stage, "127.0.0.1") != NULL);
	scene_done(&s);
}

static const char *const samples[] = {
	"announce route 10.0.0.0/24 next-hop 10.0.0.1 med 5 community [ 1:2 3:4 ] as-path [ 1 2 ]",
	("neighbor 127.0.0.1 local-as 65001 , neighbor 127.0.0.2 announce route 10.0.0.0/8 next-hop self "
	 "split /12"),
	"peer [ 127.0.0.1, 127.0.0.2 ] withdraw route 10.0.0.0/24",
	"announce attributes med 1 next-hop 1.2.3.4 nlri 10.0.0.0/24 10.0.1.0/24",
	"announce attributes med 1 next-hop 1.2.3.4",
	"announce ipv6 unicast 2001:db8::/32 next-hop 2001:db8::1",
	"announce eor ipv4 unicast",
	"announce route-refresh ipv4 unicast",
	"announce watchdog dog",
	"withdraw watchdog dog",
	"show neighbor 127.0.0.1 extensive json",
	"show adj-rib out inet extensive 127.0.0.1",
	"show adj-rib-in json",
	"clear adj-rib in",
	"clear adj-rib out",
	"flush adj-rib out",
	"neighbor 127.0.0.1 teardown 4",
	"version json",
	"status",
	"help",
	"queue-status",
	"ping a b text",
	"enable-ack",
	"silence-ack",
	"disable-ack",
	"crash",
	"# comment",
	"debug words",
	"reset",
	"bye",
};

Case(control, every_truncation_of_every_command_is_survived)
{
	struct scene s;

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		for (size_t n = 0; n <= strlen(samples[i]); n++)
			(void)scene_say_bytes(&s, slice_of(samples[i], n));
	}
	cr_expect_eq(s.stage.holds, 0);
	scene_done(&s);
}

Case(control, every_changed_byte_of_every_command_is_survived)
{
	static const char marks[] = { '\0', '\n', '"', '[', ']', '{', '}', ',', ';', '#', '(', '\\',
		' ', '\t', '9', 'z', '\x7f', '\xff' };
	char line[256];
	struct scene s;

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		size_t n = strlen(samples[i]);

		for (size_t at = 0; at < n; at++) {
			for (size_t k = 0; k < sizeof(marks); k++) {
				memcpy(line, samples[i], n);
				line[at] = marks[k];
				(void)scene_say_bytes(&s, slice_of(line, n));
			}
		}
	}
	cr_expect_eq(s.stage.holds, 0);
	scene_done(&s);
}

Case(control, very_long_lines_are_answered)
{
	static const char *const pieces[] = { "a", "neighbor ", "[", "{ ", "neighbor 127.0.0.1,",
		"\"", "announce ", "show neighbor ", "1", "local-as 1 ", "\\n" };
	struct scene s;

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct text t = { 0 };
		const char *said;

		while (t.len < 1000000)
			text_string(&t, pieces[i]);
		said = scene_say_bytes(&s, text_view(&t));
		cr_expect(strlen(said) < 2000, "%zu characters for %s", strlen(said), pieces[i]);
		text_free(&t);
	}
	scene_done(&s);
}
