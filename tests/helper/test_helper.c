/* Lives of helpers that are real children of /bin/sh. */
#include "boss.h"

#include "base/log.h"
#include "loop/child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

Case(helper, lines_come_and_answers_go)
{
	struct boss b = boss_of("echo hello; read x; echo got $x; read y; echo got $y; read z");

	boss_start(&b);
	rounds_until(b.l, b.line_count == 1);
	cr_expect(helper_pid(b.h) > 0 && helper_state_of(b.h) == HELPER_RUNNING);
	helper_answer(b.h, SLICE("answer\n"));
	helper_ack(b.h, true);
	rounds_until(b.l, b.line_count == 3);
	lines_are(&b, "hello\ngot answer\ngot done\n");
	cr_expect(helper_start(b.h) == -EALREADY);
	boss_end(&b);
}

Case(helper, environment_is_ours_with_a_dumb_terminal)
{
	struct boss b = boss_of("echo $TERM $PEERPIPE_CASE; read x");

	setenv("TERM", "xterm", 1);
	setenv("PEERPIPE_CASE", "kept", 1);
	boss_start(&b);
	rounds_until(b.l, b.line_count == 1);
	lines_are(&b, "dumb kept\n");
	boss_end(&b);
}

Case(helper, last_lines_of_a_dying_one_are_read_half_a_line_is_not)
{
	struct boss b =
	    boss_of("i=0; while [ $i -lt 1000 ]; do echo line; i=$((i+1)); done; printf half");

	b.conf.respawn = false;
	boss_start(&b);
	rounds_until(b.l, b.told[HELPER_GONE] == 1);
	cr_expect(b.line_count == 1000, "%u", b.line_count);
	cr_expect(helper_pid(b.h) == 0 && helper_state_of(b.h) == HELPER_GONE);
	cr_expect(!helper_tell(b.h, NULL, false));
	boss_end(&b);
}

Case(helper, one_that_dies_is_started_again_at_once_five_times_then_waits)
{
	struct boss b = boss_of("echo x");

	boss_start(&b);
	rounds_until(b.l, b.told[HELPER_RUNNING] == 6);
	rounds_until(b.l, b.told[HELPER_WAITING] == 6);
	for (int i = 0; i < 5; i++)
		loop_round(b.l, 20 * USEC_MSEC);
	cr_expect(b.told[HELPER_RUNNING] == 6 && helper_state_of(b.h) == HELPER_WAITING);
	rounds_until(b.l, b.told[HELPER_RUNNING] == 7);
	cr_expect(b.line_count >= 6);
	boss_end(&b);
}

Case(helper, a_killed_one_is_started_again_and_usable)
{
	struct boss b = boss_of("while read x; do echo $x; done");

	boss_start(&b);
	kill(helper_pid(b.h), SIGKILL);
	rounds_until(b.l, b.told[HELPER_RUNNING] == 2);
	helper_answer(b.h, SLICE("again\n"));
	rounds_until(b.l, b.line_count == 1);
	lines_are(&b, "again\n");
	boss_end(&b);
}

Case(helper, one_that_ended_too_often_is_gone_where_that_is_final)
{
	struct boss b = boss_of("exit 1");
	struct text past = { 0 };

	b.limits.respawns = 3;
	b.limits.final = true;
	boss_start(&b);
	rounds_until(b.l, helper_state_of(b.h) == HELPER_GONE);
	cr_expect(helper_pid(b.h) == 0);
	helper_history(b.h, &past);
	cr_expect(strstr(text_chars(&past), "state=OFF event=START next=SPAWNING\n") != NULL);
	cr_expect(strstr(text_chars(&past), "state=DOWN event=ENOUGH next=GONE\n") != NULL, "%s",
	    text_chars(&past));
	text_free(&past);
	boss_end(&b);
}

Case(helper, its_own_number_of_starts_goes_before_that_of_all)
{
	struct boss b = boss_of("exit 1");

	b.limits.respawns = 1000;
	b.limits.final = true;
	b.conf.respawns = 2;
	b.conf.respawn_window = 60 * USEC_SECOND;
	boss_start(&b);
	rounds_until(b.l, helper_state_of(b.h) == HELPER_GONE);
	cr_expect(b.told[HELPER_RUNNING] == 3, "%u", b.told[HELPER_RUNNING]);
	boss_end(&b);
}

Case(helper, without_respawn_it_is_gone_and_can_be_started_by_hand)
{
	struct boss b = boss_of("exit 3");

	b.limits.respawn = false;
	boss_start(&b);
	rounds_until(b.l, b.told[HELPER_GONE] == 1);
	cr_expect(helper_start(b.h) == 0);
	rounds_until(b.l, b.told[HELPER_GONE] == 2);
	boss_end(&b);
}

Case(helper, a_missing_program_is_reported_and_tried_again_later)
{
	struct boss b = boss_of("");
	static char missing[] = "/nonexistent/helper";

	b.conf.program = missing;
	b.h = helper_new(b.l, &b.conf, &b.limits, &boss_hooks, &b);
	cr_expect(helper_start(b.h) == -ENOENT);
	cr_expect(helper_state_of(b.h) == HELPER_WAITING && b.told[HELPER_WAITING] == 1);
	b.conf.program = b.argv[0];
	rounds_until(b.l, b.told[HELPER_RUNNING] == 1);
	boss_end(&b);
}

Case(helper, a_thousand_deaths_leave_nothing)
{
	struct boss b = boss_of("");
	static char true_program[] = "/bin/true";

	b.conf.program = true_program;
	b.limits.respawns = 2000;
	boss_start(&b);
	rounds_until(b.l, b.told[HELPER_RUNNING] >= 1000);
	boss_end(&b);
}

Case(helper, one_that_closes_its_stdout_is_mute_and_still_told)
{
	struct boss b = boss_of("exec >&-; read x; exit 5");

	b.conf.respawn = false;
	boss_start(&b);
	rounds_until(b.l, b.told[HELPER_MUTE] == 1);
	for (int i = 0; i < 10; i++)
		loop_round(b.l, 5 * USEC_MSEC);
	cr_expect(helper_state_of(b.h) == HELPER_MUTE && b.told[HELPER_RUNNING] == 1);
	helper_answer(b.h, SLICE("x\n"));
	rounds_until(b.l, b.told[HELPER_GONE] == 1);
	boss_end(&b);
}

Case(helper, one_that_closes_its_stdin_is_still_heard)
{
	struct boss b = boss_of("exec <&-; echo closed; sleep 0.2; echo heard; sleep 1000");
	struct blob *event = blob_new(SLICE("event\n"));

	boss_start(&b);
	rounds_until(b.l, b.line_count == 1);
	helper_tell(b.h, event, false);
	rounds_until(b.l, !helper_tell(b.h, event, false));
	rounds_until(b.l, b.line_count == 2);
	cr_expect(event->holders == 1 && helper_queued(b.h, NULL) == 0);
	boss_end(&b);
	blob_drop(event);
}

Case(helper, a_grandchild_that_keeps_the_pipe_delays_two_seconds_only)
{
	struct boss b = boss_of("echo mine; sleep 1000 & exit 0");
	usec start = loop_clock();

	b.conf.respawn = false;
	boss_start(&b);
	pid_t group = helper_pid(b.h);
	rounds_until(b.l, b.told[HELPER_GONE] == 1);
	cr_expect(loop_clock() - start >= 1900 * USEC_MSEC, "%d", (int)(loop_clock() - start));
	cr_expect(loop_clock() - start < 30 * USEC_SECOND);
	lines_are(&b, "mine\n");
	kill(-group, SIGKILL);
	boss_end(&b);
}

/* Its answers are full, so that it was not read; nobody will read them now. */
Case(helper, answers_that_nobody_reads_delay_no_new_life_either)
{
	struct boss b = boss_of("exec 3<&0; sleep 60 & echo $!; wait");
	usec died;
	pid_t grandchild;

	b.conf.queue_bytes = 100000;
	boss_start(&b);
	rounds_until(b.l, b.line_count == 1);
	grandchild = (pid_t)atoi(text_chars(&b.lines));
	while (!helper_full(b.h)) {
		helper_answer(b.h, SLICE("an answer\n"));
		loop_round(b.l, 0);
	}
	kill(helper_pid(b.h), SIGKILL);
	died = loop_clock();
	while (b.told[HELPER_RUNNING] < 2 && loop_clock() - died < 8 * USEC_SECOND)
		loop_round(b.l, 50 * USEC_MSEC);
	kill(grandchild, SIGKILL);
	cr_expect_eq(b.told[HELPER_RUNNING], 2, "another life");
	cr_expect(!helper_full(b.h));
	boss_end(&b);
}

Case(helper, a_line_without_end_is_a_fault_and_memory_stays_bounded)
{
	struct boss b = boss_of("head -c 10000000 /dev/zero; sleep 1000");

	boss_start(&b);
	rounds_until(b.l, b.told[HELPER_RUNNING] == 2);
	cr_expect(b.line_count == 0 && b.told[HELPER_DRAINING] >= 1);
	boss_end(&b);
}

Case(helper, the_longest_line_is_no_fault)
{
	struct boss b = boss_of("head -c 1048576 /dev/zero; echo; read x");

	boss_start(&b);
	rounds_until(b.l, b.line_count == 1);
	cr_expect(b.lines.len == 1048577 && b.told[HELPER_DRAINING] == 0);
	boss_end(&b);
}

Case(helper, binary_rubbish_harms_nobody)
{
	struct boss b = boss_of("head -c 3000000 /dev/urandom; printf '\\nend\\n'; read x");

	boss_start(&b);
	rounds_until(b.l, b.lines.len > 4 && memcmp(b.lines.at + b.lines.len - 4, "end\n", 4) == 0);
	cr_expect(b.lines.len == 3000005);
	boss_end(&b);
}

static struct text logged;

static void
log_kept(enum log_level level, enum log_source source, const char *line)
{
	(void)level;
	(void)source;
	text_format(&logged, "%s\n", line);
}

Case(helper, stop_writes_the_last_line_and_ends_stdin_first)
{
	struct boss b =
	    boss_of("trap '' TERM; while read x; do y=$y$x; done; [ $y = ab ] && exit 7");

	log_to(log_kept);
	boss_start(&b);
	helper_answer(b.h, SLICE("a\n"));
	helper_stop(b.h, SLICE("b\n"));
	cr_expect(helper_state_of(b.h) == HELPER_STOPPING && b.told[HELPER_STOPPING] == 1);
	helper_stop(b.h, SLICE("twice\n"));
	cr_expect(helper_start(b.h) == -EBUSY);
	rounds_until(b.l, b.told[HELPER_OFF] == 1);
	cr_expect(b.told[HELPER_STOPPING] == 1 && b.told[HELPER_WAITING] == 0);
	cr_expect(strstr(text_chars(&logged), "status=7") != NULL, "%s", text_chars(&logged));
	log_to(NULL);
	text_free(&logged);
	boss_end(&b);
}

Case(helper, stop_terminates_the_group_of_one_that_does_not_end)
{
	struct boss b = boss_of("sleep 1000 & echo up; wait");

	log_to(log_kept);
	boss_start(&b);
	rounds_until(b.l, b.line_count == 1);
	helper_stop(b.h, (struct slice){ 0 });
	rounds_until(b.l, b.told[HELPER_OFF] == 1);
	cr_expect(strstr(text_chars(&logged), "signal=15") != NULL, "%s", text_chars(&logged));
	log_to(NULL);
	text_free(&logged);
	boss_end(&b);
}

Case(helper, one_that_ignores_sigterm_is_killed_after_two_seconds)
{
	struct boss b = boss_of("trap '' TERM; echo up; while :; do sleep 1000; done");
	usec start;

	boss_start(&b);
	rounds_until(b.l, b.line_count == 1);
	start = loop_clock();
	helper_stop(b.h, SLICE("shutdown\n"));
	rounds_until(b.l, b.told[HELPER_OFF] == 1);
	cr_expect(loop_clock() - start >= 2 * USEC_SECOND);
	cr_expect(loop_clock() - start < 4 * USEC_SECOND);
	boss_end(&b);
}

Case(helper, stop_in_any_other_state_ends_off_within_the_call)
{
	struct boss b = boss_of("exit 0");

	b.limits.respawns = 1;
	boss_start(&b);
	rounds_until(b.l, b.told[HELPER_WAITING] == 2);
	helper_stop(b.h, (struct slice){ 0 });
	cr_expect(b.told[HELPER_OFF] == 1 && helper_state_of(b.h) == HELPER_OFF);
	helper_stop(b.h, (struct slice){ 0 });
	cr_expect(b.told[HELPER_OFF] == 2);
	boss_end(&b);
}

Case(helper, may_be_stopped_by_its_own_line)
{
	struct boss b = boss_of("echo a; echo b; cat >/dev/null");

	b.stop_after_line = true;
	boss_start(&b);
	rounds_until(b.l, b.told[HELPER_OFF] == 1);
	lines_are(&b, "a\n");
	boss_end(&b);
}

Case(helper, may_be_freed_by_its_own_line)
{
	struct boss b = boss_of("echo a; echo b; cat >/dev/null");

	b.free_after_line = true;
	boss_start(&b);
	rounds_until(b.l, b.h == NULL);
	lines_are(&b, "a\n");
	boss_end(&b);
}

Case(helper, death_opens_the_channel_and_gives_events_back)
{
	struct boss b = boss_of("sleep 1000");
	struct blob *event = boss_event(100000);

	b.conf.queue_bytes = 1000000;
	b.conf.respawn = false;
	boss_start(&b);
	while (b.shuts == 0) {
		cr_assert(helper_tell(b.h, event, false));
		loop_round(b.l, 0);
	}
	kill(-helper_pid(b.h), SIGKILL);
	rounds_until(b.l, b.told[HELPER_GONE] == 1);
	cr_expect(b.opens == 1 && event->holders == 1 && !helper_tell(b.h, event, false));
	boss_end(&b);
	blob_drop(event);
}
