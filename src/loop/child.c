/* Children: posix_spawn with pipes; all that died are reaped before anybody is told. */
#include "loop/child.h"

#include "inside.h"

#include "base/map.h"
#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

/* More than a pipe has by default: fewer wake-ups on both sides. Not getting it is no fault. */
#define PIPE_SIZE (256 * 1024)

static struct signals *manager;
static struct map living;                   /* pid -> struct child, or &forgotten */
static struct child forgotten;              /* stands for those nobody wants to hear of */
static struct list dead = { &dead, &dead }; /* reaped, not told yet */

static struct slice
key_of(const pid_t *pid)
{
	return slice_of(pid, sizeof(*pid));
}

static void
reap(void)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct child *c = map_cut(&living, key_of(&pid));

		if (c == NULL || c == &forgotten)
			continue;
		c->pid = 0; /* the number may be given to another process from now on */
		c->status = status;
		list_add(&dead, &c->link);
	}
}

static void
child_died(void *owner, int number)
{
	(void)owner;
	(void)number;
	reap();
	while (!list_empty(&dead)) {
		struct child *c = owner_of(dead.next, struct child, link);

		list_cut(&c->link);
		c->fn(c, c->status);
	}
}

int
child_manager_start(struct loop *l)
{
	static const int numbers[] = { SIGCHLD, 0 };
	/* inherited as ignored, it would make the kernel reap behind our back */
	struct sigaction as_usual = { .sa_handler = SIG_DFL };
	int error = 0;

	MUST(manager == NULL);
	(void)sigaction(SIGCHLD, &as_usual, NULL); /* can't fail for this number */
	manager = signals_open(l, numbers, child_died, NULL, &error);
	return manager == NULL ? error : 0;
}

void
child_manager_stop(void)
{
	struct slice key;
	void *value;

	if (manager == NULL)
		return;
	signals_stop(manager);
	manager = NULL;
	reap();
	for (size_t at = 0; map_next(&living, &at, &key, &value);)
		if (value != &forgotten)
			list_init(&((struct child *)value)->link);
	map_free(&living);
	while (!list_empty(&dead))
		list_cut(dead.next);
}

unsigned
child_count(void)
{
	return (unsigned)living.count;
}

#define STDIO   3
#define HIGHEST (STDIO + 2 * CHILD_LANES) /* what a child may have is below */

struct pipes { /* [0] is read from, [1] is written to */
	int in[2];
	int out[2];
	int err[2];
	int lane_in[CHILD_LANES][2];
	int lane_out[CHILD_LANES][2];
};

static void
close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* What the child has, or everything. */
static void
close_ends(struct pipes *p, bool ours_too)
{
	int *const theirs[] = { &p->in[0], &p->out[1], &p->err[1], &p->lane_in[0][0],
		&p->lane_out[0][1], &p->lane_in[1][0], &p->lane_out[1][1] };
	int *const ours[] = { &p->in[1], &p->out[0], &p->err[0], &p->lane_in[0][1],
		&p->lane_out[0][0], &p->lane_in[1][1], &p->lane_out[1][0] };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		close_one(theirs[i]);
		if (ours_too)
			close_one(ours[i]);
	}
}

/* A daemon may run without 0, 1, 2, and the numbers of lanes may be ours: what the child gets there
 * must come from above. */
static int
raise_above(int *fd)
{
	int higher;

	if (*fd >= HIGHEST)
		return 0;
	higher = fcntl(*fd, F_DUPFD_CLOEXEC, HIGHEST);
	if (higher < 0)
		return -errno;
	close(*fd);
	*fd = higher;
	return 0;
}

static int
open_pipe(int ends[2], int ours)
{
	int error;

	if (pipe2(ends, O_CLOEXEC) != 0) {
		ends[0] = ends[1] = -1;
		return -errno;
	}
	error = raise_above(&ends[0]);
	if (error == 0)
		error = raise_above(&ends[1]);
	if (error != 0)
		return error;
	(void)fcntl(ends[ours], F_SETPIPE_SZ, PIPE_SIZE); /* may be over the user's share */
	return fcntl(ends[ours], F_SETFL, O_NONBLOCK) == 0 ? 0 : -errno;
}

static int
open_pipes(struct pipes *p, const struct child_plan *plan)
{
	int error = 0;

	memset(p, -1, sizeof(*p)); /* no descriptor: all bits are set */
	if (plan->lanes == 0)
		error = open_pipe(p->in, 1);
	if (error == 0)
		error = open_pipe(p->out, 0);
	if (error == 0 && !plan->inherit_stderr)
		error = open_pipe(p->err, 0);
	for (unsigned i = 0; error == 0 && i < plan->lanes; i++) {
		error = open_pipe(p->lane_in[i], 1);
		if (error == 0)
			error = open_pipe(p->lane_out[i], 0);
	}
	return error;
}

static int
set_lanes(posix_spawn_file_actions_t *actions, const struct pipes *p, unsigned lanes)
{
	int error = 0;

	for (unsigned i = 0; error == 0 && i < lanes; i++) {
		int fd = STDIO + 2 * (int)i; /* two lanes at most */

		error = posix_spawn_file_actions_adddup2(actions, p->lane_in[i][0], fd);
		if (error == 0)
			error =
			    posix_spawn_file_actions_adddup2(actions, p->lane_out[i][1], fd + 1);
	}
	return error;
}

static int
set_actions(
    posix_spawn_file_actions_t *actions, const struct pipes *p, const struct child_plan *plan)
{
	int error = plan->lanes == 0
	    ? posix_spawn_file_actions_adddup2(actions, p->in[0], 0)
	    : posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);

	if (error == 0)
		error = posix_spawn_file_actions_adddup2(actions, p->out[1], 1);
	if (error == 0 && p->err[1] >= 0)
		error = posix_spawn_file_actions_adddup2(actions, p->err[1], 2);
	if (error == 0)
		error = set_lanes(actions, p, plan->lanes);
	if (error == 0 && plan->directory != NULL)
		error = posix_spawn_file_actions_addchdir_np(actions, plan->directory);
	if (error == 0) /* ours close themselves; those that we inherited may not */
		error =
		    posix_spawn_file_actions_addclosefrom_np(actions, STDIO + 2 * (int)plan->lanes);
	return error;
}

static int
set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	/* none of these can fail for values that exist */
	(void)posix_spawnattr_setsigmask(attributes, &none);
	(void)posix_spawnattr_setsigdefault(attributes, &all);
	(void)posix_spawnattr_setpgroup(attributes, 0);
	return posix_spawnattr_setflags(
	    attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

/* The argument vectors of exec are not const for history only. */
static char *const *
vector(const char *const *words)
{
	union {
		const char *const *from;
		char *const *to;
	} u = { words };

	return u.to;
}

static int
spawn(pid_t *pid, const struct child_plan *plan, const struct pipes *p)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error = posix_spawn_file_actions_init(&actions);

	if (error != 0)
		return -error;
	error = posix_spawnattr_init(&attributes);
	if (error == 0) {
		error = set_actions(&actions, p, plan);
		if (error == 0)
			error = set_attributes(&attributes);
		descriptors_for_child(true);
		if (error == 0)
			error = posix_spawn(pid, plan->program, &actions, &attributes,
			    vector(plan->argv),
			    plan->environ == NULL ? environ : vector(plan->environ));
		descriptors_for_child(false);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return -error;
}

int
child_start(struct child *c, const struct child_plan *plan, child_fn *fn, struct child_pipes *pipes)
{
	struct pipes p;
	pid_t pid = 0;
	int error = open_pipes(&p, plan);

	MUST(manager != NULL);
	if (error == 0)
		error = spawn(&pid, plan, &p);
	if (error != 0) {
		close_ends(&p, true);
		return error;
	}
	close_ends(&p, false);
	*pipes = (struct child_pipes){
		.to_stdin = p.in[1],
		.from_stdout = p.out[0],
		.from_stderr = p.err[0],
		.to_lane = { p.lane_in[0][1], p.lane_in[1][1] },
		.from_lane = { p.lane_out[0][0], p.lane_out[1][0] },
	};
	*c = (struct child){ .pid = pid, .fn = fn };
	map_put(&living, key_of(&pid), c);
	return 0;
}

void
child_signal(struct child *c, int number)
{
	if (c->pid > 0)
		(void)kill(-c->pid, number); /* a group that just ended is what we want */
}

void
child_stop(struct child *c)
{
	if (c->pid > 0)
		map_put(&living, key_of(&c->pid), &forgotten);
	c->pid = 0;
	list_cut(&c->link);
}
