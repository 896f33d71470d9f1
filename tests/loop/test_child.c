/* Children: told once, reaped all, clean inside. */
#include "rounds.h"

#include "base/mem.h"
#include "base/text.h"
#include "loop/child.h"
#include "loop/descriptors.h"
#include "loop/signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct kid {
	struct child child;
	struct child_pipes pipes;
	unsigned told;
	int status;
	struct kid *victim;
};

static unsigned told;

static void
kid_died(struct child *c, int status)
{
	struct kid *k = owner_of(c, struct kid, child);

	told++;
	k->told++;
	k->status = status;
	if (k->victim != NULL)
		child_stop(&k->victim->child);
}

static int
kid_start(struct kid *k, const char *script)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	struct child_plan plan = { .program = "/bin/sh", .argv = argv, .inherit_stderr = true };

	return child_start(&k->child, &plan, kid_died, &k->pipes);
}

static void
kid_close(struct kid *k)
{
	close(k->pipes.to_stdin);
	close(k->pipes.from_stdout);
}

static struct loop *
manager(void)
{
	struct loop *l = loop_for_case();

	cr_assert(child_manager_start(l) == 0);
	return l;
}

static void
finished(struct loop *l)
{
	cr_expect(child_count() == 0, "%u left", child_count());
	child_manager_stop();
	loop_free(l);
}

/* All that the child writes. */
static struct text
output_of(struct loop *l, const char *script)
{
	struct kid k = { 0 };
	struct text t = { 0 };
	ssize_t n;

	cr_assert(kid_start(&k, script) == 0);
	rounds_until(l, k.told == 1);
	while ((n = read(k.pipes.from_stdout, text_room(&t, 4096), 4096)) > 0)
		text_took(&t, (size_t)n);
	kid_close(&k);
	return t;
}

Case(child, has_the_limit_of_descriptors_that_was_found_and_we_have_all_that_is_allowed)
{
	struct loop *l = manager();
	struct rlimit few = { .rlim_cur = 64, .rlim_max = 200 };
	struct rlimit now;
	struct text t;

	cr_assert(setrlimit(RLIMIT_NOFILE, &few) == 0);
	descriptors_raise();
	cr_expect(getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == 200);
	t = output_of(l, "ulimit -Sn; ulimit -Hn");
	cr_expect(slice_is(text_view(&t), "64\n200\n"), "%s", text_chars(&t));
	cr_expect(getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == 200);
	cr_expect(!descriptors_scarce(149) && descriptors_scarce(150));
	text_free(&t);
	few.rlim_cur = 100; /* set by somebody else since: it stays */
	cr_assert(setrlimit(RLIMIT_NOFILE, &few) == 0);
	t = output_of(l, "ulimit -Sn");
	cr_expect(slice_is(text_view(&t), "64\n"), "%s", text_chars(&t));
	cr_expect(getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == 100);
	text_free(&t);
	finished(l);
}

Case(child, exit_status_and_signal_are_told)
{
	struct loop *l = manager();
	struct kid a = { 0 }, b = { 0 };

	cr_assert(kid_start(&a, "exit 7") == 0);
	cr_assert(kid_start(&b, "kill -9 $$") == 0);
	rounds_until(l, a.told == 1 && b.told == 1);
	cr_expect(WIFEXITED(a.status) && WEXITSTATUS(a.status) == 7);
	cr_expect(WIFSIGNALED(b.status) && WTERMSIG(b.status) == SIGKILL);
	cr_expect(a.child.pid == 0);
	kid_close(&a);
	kid_close(&b);
	finished(l);
}

Case(child, missing_and_not_executable_programs_are_reported_and_nothing_is_left)
{
	static const struct {
		const char *program;
		int error;
	} rows[] = { { "/nonexistent/program", -ENOENT }, { "/etc/passwd", -EACCES },
		{ "/", -EACCES }, { "/etc/passwd/x", -ENOTDIR } };
	struct loop *l = manager();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *argv[] = { "x", NULL };
		struct child_plan plan = { .program = rows[i].program, .argv = argv };
		struct kid k = { 0 };
		int error = child_start(&k.child, &plan, kid_died, &k.pipes);

		cr_expect(error == rows[i].error, "%s: %d", rows[i].program, error);
		cr_expect(child_count() == 0);
	}
	finished(l);
}

Case(child, sees_exactly_0_1_2)
{
	struct loop *l = manager();
	int leak = dup(1); /* inherited by accident: not close-on-exec */
	struct text t = output_of(l, "ls /proc/self/fd | tr '\\n' ' '");

	close(leak);
	/* 3 is the directory that ls reads */
	cr_expect(slice_is(text_view(&t), "0 1 2 3 "), "%s", text_chars(&t));
	text_free(&t);
	finished(l);
}

static void
nothing_heard(void *owner, int number)
{
	(void)owner;
	(void)number;
}

Case(child, has_no_mask_and_no_ignored_signal)
{
	static const int numbers[] = { SIGTERM, SIGHUP, 0 };
	/* no shell: it would put that right by itself */
	const char *argv[] = { "grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status", NULL };
	struct child_plan plan = { .program = "/bin/grep", .argv = argv, .inherit_stderr = true };
	struct loop *l = manager();
	struct kid k = { 0 };
	char got[200] = "";
	const char *ignored;
	int error = 0;
	struct signals *s = signals_start(l, numbers, nothing_heard, NULL, &error);

	cr_assert(s != NULL);
	cr_assert(child_start(&k.child, &plan, kid_died, &k.pipes) == 0);
	rounds_until(l, k.told == 1);
	cr_assert(read(k.pipes.from_stdout, got, sizeof(got) - 1) > 0);
	cr_expect(strstr(got, "SigBlk:\t0000000000000000\n") != NULL, "%s", got);
	ignored = strstr(got, "SigIgn:");
	cr_assert(ignored != NULL);
	/* 32 and 33 are libc's own; nobody may touch them */
	cr_expect((strtoull(ignored + 7, NULL, 16) & ~UINT64_C(0x180000000)) == 0, "%s", got);
	kid_close(&k);
	signals_stop(s);
	finished(l);
}

Case(child, has_its_own_group_environment_and_directory)
{
	static const char *const environment[] = { "A=b", NULL };
	const char *argv[] = { "sh", "-c", "echo $A; pwd; cut -d' ' -f5 /proc/$$/stat; echo $$",
		NULL };
	struct child_plan plan = {
		.program = "/bin/sh", .argv = argv, .environ = environment, .directory = "/usr"
	};
	struct loop *l = manager();
	struct kid k = { 0 };
	struct text want = { 0 };
	char got[200] = "";

	text_format(&want, "b\n/usr\n");
	cr_assert(child_start(&k.child, &plan, kid_died, &k.pipes) == 0);
	text_format(&want, "%d\n%d\n", (int)k.child.pid, (int)k.child.pid);
	rounds_until(l, k.told == 1);
	cr_assert(read(k.pipes.from_stdout, got, sizeof(got) - 1) > 0);
	cr_expect(strcmp(got, want.at) == 0, "%s", got);
	cr_expect(k.pipes.from_stderr >= 0 && read(k.pipes.from_stderr, got, 1) == 0);
	close(k.pipes.from_stderr);
	kid_close(&k);
	text_free(&want);
	finished(l);
}

Case(child, our_ends_never_block_and_theirs_do)
{
	struct loop *l = manager();
	struct kid k = { 0 };
	char block[4096] = { 0 };

	cr_assert(kid_start(&k, "read x; exit 0") == 0);
	cr_expect(read(k.pipes.from_stdout, block, 1) < 0 && errno == EAGAIN);
	cr_expect(fcntl(k.pipes.to_stdin, F_GETFL) & O_NONBLOCK);
	cr_expect(fcntl(k.pipes.to_stdin, F_GETFD) & FD_CLOEXEC);
	cr_assert(write(k.pipes.to_stdin, "\n", 1) == 1);
	rounds_until(l, k.told == 1);
	cr_expect(k.status == 0, "its read() failed");
	kid_close(&k);
	finished(l);
}

#define MANY 1000

Case(child, a_thousand_that_die_at_once_are_told_once_each)
{
	struct loop *l = manager();
	struct kid *k = mem_zero(MANY, sizeof(*k));
	unsigned wrong = 0;

	for (int i = 0; i < MANY; i++) {
		const char *argv[] = { "sleep", "1000", NULL };
		struct child_plan plan = {
			.program = "/bin/sleep", .argv = argv, .inherit_stderr = true
		};

		cr_assert(child_start(&k[i].child, &plan, kid_died, &k[i].pipes) == 0);
		kid_close(&k[i]);
	}
	cr_expect(child_count() == MANY);
	for (int i = 0; i < MANY; i++)
		child_signal(&k[i].child, SIGKILL);
	rounds_until(l, told == MANY);
	for (int i = 0; i < MANY; i++)
		wrong += k[i].told != 1;
	cr_expect(wrong == 0, "%u", wrong);
	mem_free(k);
	finished(l);
}

Case(child, a_forgotten_one_is_reaped_and_not_told)
{
	struct loop *l = manager();
	struct kid k = { 0 };

	cr_assert(kid_start(&k, "exit 1") == 0);
	kid_close(&k);
	child_stop(&k.child);
	cr_expect(child_count() == 1);
	rounds_until(l, child_count() == 0);
	cr_expect(k.told == 0);
	finished(l);
}

Case(child, one_stopped_by_another_s_call_is_not_told)
{
	struct loop *l = manager();
	struct kid a = { 0 }, b = { 0 };

	a.victim = &b;
	b.victim = &a;
	cr_assert(kid_start(&a, "exit 0") == 0 && kid_start(&b, "exit 0") == 0);
	kid_close(&a);
	kid_close(&b);
	/* both are dead before the loop looks */
	for (int i = 0; i < 2; i++) {
		siginfo_t info;

		cr_assert(waitid(P_PID, (id_t)(i == 0 ? a.child.pid : b.child.pid), &info,
			      WEXITED | WNOWAIT) == 0);
	}
	rounds_until(l, told == 1);
	loop_round(l, 0);
	cr_expect(told == 1 && child_count() == 0);
	finished(l);
}

Case(child, a_stranger_is_reaped_without_harm)
{
	struct loop *l = manager();
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	rounds_until(l, kill(pid, 0) != 0);
	finished(l);
}

Case(child, a_signal_reaches_the_whole_group)
{
	struct loop *l = manager();
	struct kid k = { 0 };
	char c;

	cr_assert(kid_start(&k, "sleep 1000 & echo x; wait") == 0);
	rounds_until(l, read(k.pipes.from_stdout, &c, 1) == 1);
	child_signal(&k.child, SIGKILL);
	rounds_until(l, k.told == 1);
	/* the pipe ends only when the grandchild is gone too */
	rounds_until(l, read(k.pipes.from_stdout, &c, 1) == 0);
	kid_close(&k);
	finished(l);
}
