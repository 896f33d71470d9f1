/* Helpers that are real children of /bin/sh. */
#include "rounds.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "helper/helper.h"
#include "loop/child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct boss {
	struct loop *l;
	struct helper *h;
	struct helper_conf conf;
	struct helper_limits limits;
	char **argv;
	struct text lines; /* each with its newline */
	unsigned line_count;
	unsigned told[HELPER_GONE + 1];
	unsigned shuts;
	unsigned opens;
	bool hold_after_line;
	bool free_after_line;
	bool stop_after_line;
	bool ack_each_line;
};

static void
boss_line(struct helper *h, struct slice line)
{
	struct boss *b = helper_owner(h);

	text_slice(&b->lines, line);
	text_char(&b->lines, '\n');
	b->line_count++;
	if (b->ack_each_line)
		helper_ack(h, true);
	if (b->hold_after_line)
		helper_hold(h);
	if (b->stop_after_line)
		helper_stop(h, (struct slice){ 0 });
	if (b->free_after_line) {
		helper_free(h);
		b->h = NULL;
	}
}

static void
boss_changed(struct helper *h, enum helper_state now)
{
	struct boss *b = helper_owner(h);

	b->told[now]++;
}

static void
boss_shut(struct helper *h)
{
	struct boss *b = helper_owner(h);

	b->shuts++;
}

static void
boss_open(struct helper *h)
{
	struct boss *b = helper_owner(h);

	b->opens++;
}

static const struct helper_hooks hooks = {
	.line = boss_line, .changed = boss_changed, .shut = boss_shut, .open = boss_open
};

static void
boss_make(struct boss *b, const char *script)
{
	static char sh[] = "/bin/sh", dash_c[] = "-c", name[] = "h";

	*b = (struct boss){ .l = loop_for_case() };
	cr_assert(child_manager_start(b->l) == 0);
	b->argv = mem_zero(4, sizeof(char *));
	b->argv[0] = sh;
	b->argv[1] = dash_c;
	b->argv[2] = mem_string(script, strlen(script));
	b->conf = (struct helper_conf){
		.name = name, .argv = b->argv, .program = sh, .respawn = true, .ack = true
	};
	b->limits.respawn = true;
}

static void
boss_start(struct boss *b)
{
	b->h = helper_new(b->l, &b->conf, &b->limits, &hooks, b);
	cr_assert(helper_start(b->h) == 0);
}

/* Returns when it stands: until then it may read on another processor. */
static void
boss_pause(struct boss *b)
{
	siginfo_t stopped;

	cr_assert(kill(helper_pid(b->h), SIGSTOP) == 0);
	cr_assert(waitid(P_PID, (id_t)helper_pid(b->h), &stopped, WSTOPPED | WNOWAIT) == 0);
}

static struct boss
boss_of(const char *script)
{
	struct boss b;

	boss_make(&b, script);
	return b;
}

static void
boss_end(struct boss *b)
{
	helper_free(b->h);
	rounds_until(b->l, child_count() == 0);
	loop_round(b->l, 0);
	child_manager_stop();
	loop_free(b->l);
	mem_free(b->argv[2]);
	mem_free(b->argv);
	text_free(&b->lines);
}

#define lines_are(b, s)                                                                            \
	cr_expect(slice_is(text_view(&(b)->lines), s), "got %s", text_chars(&(b)->lines))

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
	b.h = helper_new(b.l, &b.conf, &b.limits, &hooks, &b);
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

Case(helper, one_that_never_reads_gets_a_million_acks_for_a_counter)
{
	struct boss b = boss_of("yes | head -n 1000000; read x; sleep 1000");
	size_t bytes;

	b.ack_each_line = true;
	boss_start(&b);
	rounds_until(b.l, b.line_count == 1000000);
	for (int i = 0; i < 10; i++)
		loop_round(b.l, 0);
	cr_expect(helper_queued(b.h, &bytes) <= 4, "%zu", helper_queued(b.h, NULL));
	cr_expect(bytes < 200000 && b.shuts == 0, "%zu", bytes);
	boss_end(&b);
}

Case(helper, every_ack_arrives_in_order_and_no_event_holds_it_up)
{
	struct boss b =
	    boss_of("head -n 300002 | uniq -c | while read n w; do echo $n $w; done; read x");
	struct blob *event = blob_new(SLICE("event\n"));

	boss_start(&b);
	cr_expect(helper_tell(b.h, event, false));
	helper_answer(b.h, SLICE("answer\n"));
	for (int i = 0; i < 300000; i++) {
		helper_ack(b.h, i < 250000);
		if (i % 1000 == 999)
			loop_round(b.l, 0);
	}
	rounds_until(b.l, b.line_count == 5);
	lines_are(&b, "1 answer\n1000 done\n1 event\n249000 done\n50000 error\n");
	boss_end(&b);
	blob_drop(event);
}

Case(helper, the_high_mark_shuts_and_half_of_it_opens)
{
	struct boss b = boss_of("read x; echo reading; cat >/dev/null");
	struct blob *event = blob_room(1000);
	unsigned told = 0;

	memset(event->bytes, 'x', 999);
	event->bytes[999] = '\n';
	b.conf.queue_bytes = 1000000;
	boss_start(&b);
	boss_pause(&b);
	while (b.shuts == 0 && told < 100000) {
		cr_assert(helper_tell(b.h, event, false));
		if (++told % 100 == 0)
			loop_round(b.l, 0);
	}
	cr_expect(told >= 1000 && helper_shut(b.h) && b.opens == 0, "%u", told);
	for (int i = 0; i < 10; i++)
		loop_round(b.l, 0);
	cr_expect(!loop_round(b.l, 0), "full and quiet");
	cr_expect(event->holders > 1000, "queued by reference");
	kill(helper_pid(b.h), SIGCONT);
	rounds_until(b.l, b.opens == 1);
	cr_expect(!helper_shut(b.h) && b.shuts == 1);
	rounds_until(b.l, helper_queued(b.h, NULL) == 0);
	cr_expect(event->holders == 1);
	boss_end(&b);
	blob_drop(event);
}

Case(helper, what_is_over_twice_the_mark_is_refused)
{
	struct boss b = boss_of("sleep 1000");
	struct blob *event = blob_room(1000);
	size_t bytes;
	unsigned told = 0;

	memset(event->bytes, 'x', 1000);
	b.conf.queue_bytes = 100000;
	boss_start(&b);
	while (helper_tell(b.h, event, false) && told < 100000)
		if (++told % 100 == 0)
			loop_round(b.l, 0);
	cr_expect(told < 100000);
	for (int i = 0; i < 100000; i++)
		helper_answer(b.h, SLICE("error: what\n"));
	(void)helper_queued(b.h, &bytes);
	cr_expect(bytes < 500000, "%zu", bytes);
	for (int i = 0; i < 100000; i++)
		helper_ack(b.h, i % 2 == 0);
	(void)helper_queued(b.h, &bytes);
	cr_expect(bytes < 600000, "acknowledgements are kept, at a bit each: %zu", bytes);
	boss_end(&b);
	blob_drop(event);
}

Case(helper, one_that_stalls_lets_everybody_go_and_may_come_back)
{
	struct boss b = boss_of("exec cat >/dev/null");
	struct blob *event = blob_room(1000);
	struct helper_counts counts;

	memset(event->bytes, 'x', 1000);
	b.conf.queue_bytes = 100000;
	b.conf.stall_limit = 100 * USEC_MSEC;
	boss_start(&b);
	boss_pause(&b);
	while (b.shuts == 0) {
		cr_assert(helper_tell(b.h, event, false));
		loop_round(b.l, 0);
	}
	rounds_until(b.l, b.opens == 1);
	cr_expect(!helper_shut(b.h));
	for (int i = 0; i < 300; i++)
		cr_expect(helper_tell(b.h, event, false), "the oldest make room");
	helper_count(b.h, &counts);
	cr_expect(counts.lost[HELPER_LOST_OLDEST] > 100 && counts.bytes <= 200000);
	kill(helper_pid(b.h), SIGCONT);
	rounds_until(b.l, helper_queued(b.h, NULL) == 0);
	cr_expect(helper_tell(b.h, event, false));
	boss_end(&b);
	blob_drop(event);
}

Case(helper, unread_answers_hold_its_commands_and_nothing_else_does)
{
	struct boss b = boss_of("while :; do echo x; done");
	unsigned lines;

	b.conf.queue_bytes = 100000;
	boss_start(&b);
	boss_pause(&b);
	for (int i = 0; i < 20 || !helper_full(b.h); i++) { /* until its pipe is full too */
		while (!helper_full(b.h))
			helper_answer(b.h, SLICE("what was asked for\n"));
		loop_round(b.l, 0);
	}
	for (int i = 0; i < 100000; i++)
		helper_explain(b.h, SLICE("error: what\n"));
	kill(helper_pid(b.h), SIGCONT);
	for (int i = 0; i < 10; i++)
		loop_round(b.l, 5 * USEC_MSEC);
	lines = b.line_count;
	loop_round(b.l, 50 * USEC_MSEC);
	cr_expect(b.line_count == lines && helper_full(b.h), "not read");
	boss_end(&b);

	b = boss_of("while :; do echo x; done");
	b.conf.queue_bytes = 100000;
	boss_start(&b);
	for (int i = 0; i < 100000; i++) {
		helper_explain(b.h, SLICE("error: what\n"));
		helper_ack(b.h, i % 2 == 0);
	}
	cr_expect(!helper_full(b.h), "what is explained and acknowledged fills nothing");
	for (lines = b.line_count; b.line_count < lines + 10;)
		loop_round(b.l, 50 * USEC_MSEC);
	boss_end(&b);
}

Case(helper, a_slow_reader_has_not_stalled)
{
	struct boss b =
	    boss_of("while dd bs=65536 count=1 of=/dev/null 2>/dev/null; do sleep 0.02; done");
	struct blob *event = blob_room(2000000);
	size_t bytes;

	memset(event->bytes, 'x', 2000000);
	b.conf.queue_bytes = 6000000;
	b.conf.stall_limit = 200 * USEC_MSEC;
	boss_start(&b);
	while (b.shuts == 0)
		cr_assert(helper_tell(b.h, event, false));
	rounds_until(b.l, b.opens == 1);
	(void)helper_queued(b.h, &bytes);
	cr_expect(bytes < 4500000, "opened by age, %zu bytes wait", bytes);
	boss_end(&b);
	blob_drop(event);
}

Case(helper, both_pipes_full_block_nobody)
{
	struct boss b = boss_of("yes | head -n 500000; cat >/dev/null");
	struct blob *event = blob_room(100000);

	memset(event->bytes, 'x', 100000);
	boss_start(&b);
	helper_hold(b.h);
	for (int i = 0; i < 20; i++)
		helper_tell(b.h, event, false);
	for (int i = 0; i < 10; i++)
		loop_round(b.l, 10 * USEC_MSEC);
	cr_expect(b.line_count == 0 && helper_queued(b.h, NULL) > 0);
	helper_release(b.h);
	rounds_until(b.l, b.line_count == 500000 && helper_queued(b.h, NULL) == 0);
	boss_end(&b);
	blob_drop(event);
}

Case(helper, a_hold_in_a_line_stops_at_that_line_also_over_its_death)
{
	struct boss b = boss_of("echo a; echo b; echo c; exit 0");

	b.conf.respawn = false;
	b.hold_after_line = true;
	boss_start(&b);
	for (unsigned i = 1; i <= 3; i++) {
		rounds_until(b.l, b.line_count == i);
		for (int j = 0; j < 5; j++)
			loop_round(b.l, 5 * USEC_MSEC);
		cr_expect(b.line_count == i);
		helper_release(b.h);
	}
	rounds_until(b.l, b.told[HELPER_GONE] == 1);
	lines_are(&b, "a\nb\nc\n");
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
	cr_expect(loop_clock() - start < 4 * USEC_SECOND);
	lines_are(&b, "mine\n");
	kill(-group, SIGKILL);
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
	usec start = loop_clock();

	log_to(log_kept);
	boss_start(&b);
	helper_answer(b.h, SLICE("a\n"));
	helper_stop(b.h, SLICE("b\n"));
	cr_expect(helper_state_of(b.h) == HELPER_STOPPING && b.told[HELPER_STOPPING] == 1);
	helper_stop(b.h, SLICE("twice\n"));
	cr_expect(helper_start(b.h) == -EBUSY);
	rounds_until(b.l, b.told[HELPER_OFF] == 1);
	cr_expect(loop_clock() - start < 2 * USEC_SECOND);
	cr_expect(b.told[HELPER_STOPPING] == 1 && b.told[HELPER_WAITING] == 0);
	cr_expect(strstr(text_chars(&logged), "status=7") != NULL, "%s", text_chars(&logged));
	log_to(NULL);
	text_free(&logged);
	boss_end(&b);
}

Case(helper, stop_terminates_the_group_of_one_that_does_not_end)
{
	struct boss b = boss_of("sleep 1000 & echo up; wait");
	usec start = loop_clock();

	boss_start(&b);
	rounds_until(b.l, b.line_count == 1);
	helper_stop(b.h, (struct slice){ 0 });
	rounds_until(b.l, b.told[HELPER_OFF] == 1);
	cr_expect(loop_clock() - start < 1500 * USEC_MSEC);
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
	cr_expect(loop_clock() - start < 3500 * USEC_MSEC);
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
	struct blob *event = blob_room(100000);

	memset(event->bytes, 'x', 100000);
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
