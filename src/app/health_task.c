/* Commands of a shell: their output, their limit, their end. */
#include "health_task.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "loop/child.h"
#include "loop/stream.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#define SAID_MOST 4096 /* bytes of output that are kept */

struct task {
	struct list link; /* in the host's */
	struct task_host *host;
	struct child child;
	struct stream output;
	const char *what; /* "the check", "a hook" */
	struct timer limit;
	struct grave grave;
	struct text said; /* the last of its output */
	bool late;
	bool dead;  /* with output that was not read yet */
	int status; /* of wait(2), when dead */
	void (*done)(struct task_host *h, bool success);
};

static void
task_buried(struct grave *g)
{
	struct task *t = owner_of(g, struct task, grave);

	text_free(&t->said);
	mem_free(t);
}

static void
say_failure(const struct task *t)
{
	struct slice rest = text_view(&t->said);
	struct text line = { 0 };

	if (WIFEXITED(t->status))
		text_format(&line, "%s failed: exit status %d", t->what, WEXITSTATUS(t->status));
	else
		text_format(&line, "%s failed: signal %d", t->what, WTERMSIG(t->status));
	t->host->say(t->host, LOG_WARNING, text_chars(&line));
	while (rest.len > 0) {
		struct slice one = rest;
		struct slice tail = { NULL, 0 };

		(void)word_cut(rest, '\n', &one, &tail); /* false: the last line */
		rest = tail;
		text_clear(&line);
		text_format(&line, "%s said: %.*s", t->what, (int)one.len, (const char *)one.at);
		t->host->say(t->host, LOG_INFO, text_chars(&line));
	}
	text_free(&line);
}

static void
task_over(struct task *t)
{
	bool success = !t->late && WIFEXITED(t->status) && WEXITSTATUS(t->status) == 0;

	if (!success)
		say_failure(t);
	timer_stop(&t->limit);
	stream_close(&t->output);
	list_cut(&t->link);
	loop_bury(&t->grave, t->host->loop, task_buried);
	if (t->done != NULL)
		t->done(t->host, success);
}

/* Its last words may still be in the pipe, and one read takes all that a pipe holds. The end of the
 * pipe is not waited for: somebody it left behind may keep that open. */
static void
task_died(struct child *child, int status)
{
	struct task *t = owner_of(child, struct task, child);

	t->dead = true;
	t->status = status;
	if (!stream_waiting(&t->output))
		task_over(t);
}

static void
task_late(struct timer *timer)
{
	struct task *t = owner_of(timer, struct task, limit);

	if (t->dead)
		return;
	t->late = true;
	t->host->say(t->host, LOG_ERR, "the command took too long");
	task_kill(t);
}

static size_t
task_bytes(struct stream *s, struct slice in)
{
	struct task *t = owner_of(s, struct task, output);

	if (t->said.len + in.len > SAID_MOST)
		text_clear(&t->said);
	if (in.len <= SAID_MOST)
		text_bytes(&t->said, in.at, in.len);
	if (t->dead)
		task_over(t);
	return in.len;
}

static void
task_ended(struct stream *s, int error, struct slice rest)
{
	struct task *t = owner_of(s, struct task, output);

	(void)error;
	(void)rest;
	if (t->dead)
		task_over(t);
}

static const struct stream_hooks task_hooks = { .bytes = task_bytes, .ended = task_ended };

struct task *
task_start(struct task_host *h, const char *what, const char *command, uint64_t seconds,
    void (*done)(struct task_host *h, bool success))
{
	const char *const argv[] = { "/bin/sh", "-c", command, NULL };
	struct child_plan plan = { .program = "/bin/sh", .argv = argv, .inherit_stderr = true };
	struct task *t = mem_zero(1, sizeof(*t));
	struct child_pipes pipes;
	int error = child_start(&t->child, &plan, task_died, &pipes);

	if (error != 0) {
		h->say(h, LOG_ERR, strerror(-error));
		mem_free(t);
		return NULL;
	}
	(void)close(pipes.to_stdin);
	t->host = h;
	t->what = what;
	t->done = done;
	list_add(&h->running, &t->link);
	stream_start(&t->output, h->loop, pipes.from_stdout, -1, &task_hooks, "check");
	if (seconds > 0)
		timer_start(&t->limit, h->loop, loop_now(h->loop) + (usec)seconds * USEC_SECOND,
		    task_late, "check limit");
	return t;
}

void
task_kill(struct task *t)
{
	child_signal(&t->child, SIGKILL);
}

static void
task_forget(struct task *t)
{
	child_stop(&t->child);
	timer_stop(&t->limit);
	stream_close(&t->output);
	list_cut(&t->link);
	text_free(&t->said);
	mem_free(t);
}

void
tasks_forget(struct task_host *h)
{
	list_each (link, &h->running)
		task_forget(owner_of(link, struct task, link));
}
