#include "boss.h"

#include "base/mem.h"
#include "loop/child.h"

#include <signal.h>
#include <sys/wait.h>

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

const struct helper_hooks boss_hooks = {
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

void
boss_start(struct boss *b)
{
	b->h = helper_new(b->l, &b->conf, &b->limits, &boss_hooks, b);
	cr_assert(helper_start(b->h) == 0);
}

/* Returns when it stands: until then it may read on another processor. */
void
boss_pause(struct boss *b)
{
	siginfo_t stopped;

	cr_assert(kill(helper_pid(b->h), SIGSTOP) == 0);
	cr_assert(waitid(P_PID, (id_t)helper_pid(b->h), &stopped, WSTOPPED | WNOWAIT) == 0);
}

struct boss
boss_of(const char *script)
{
	struct boss b;

	boss_make(&b, script);
	return b;
}

void
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

struct blob *
boss_event(size_t len)
{
	struct blob *event = blob_room(len);

	memset(event->bytes, 'x', len);
	return event;
}
