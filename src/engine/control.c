/*
 * The control socket and the control pipes: opened, and clients taken, any number at once up to a
 * limit.
 */
#include "house.h"

#include "base/log.h"
#include "loop/local.h"
#include "loop/net.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define FULL_PAUSE USEC_SECOND

/* Room again for who waits. */
void
control_room(struct engine *e)
{
	if (e->control_fd >= 0 && e->client_count < e->conf.control_clients)
		watch_want(&e->control, LOOP_IN);
}

static void
control_again(struct timer *t)
{
	control_room(owner_of(t, struct engine, control_full));
}

/* Who can't be taken stays in the backlog, readable for ever: not looked at for a while. */
static void
control_pause(struct engine *e, int error)
{
	log_say(LOG_ERROR, LOG_PROCESSES, "control client not accepted zone=%s error=\"%s\"",
	    zone_name(ZONE_EXTRACT), strerror(-error));
	engine_failed(e, ZONE_EXTRACT);
	watch_want(&e->control, 0);
	timer_start(&e->control_full, e->loop, loop_now(e->loop) + FULL_PAUSE, control_again,
	    "control full");
}

static void
control_ready(struct watch *w, uint32_t ready)
{
	struct engine *e = owner_of(w, struct engine, control);
	struct addr nobody;
	uint16_t port;
	int error;
	int fd;

	(void)ready;
	/* over the limit the others wait in the backlog until one leaves */
	if (e->client_count < e->conf.control_clients) {
		error = net_accept(e->control_fd, &fd, &nobody, &port);
		if (error != 0 && error != -EAGAIN)
			control_pause(e, error);
		if (error == 0) {
			engine_fine(e, ZONE_EXTRACT);
			client_new(e, fd, fd, false);
		}
	}
	if (e->client_count >= e->conf.control_clients)
		watch_want(&e->control, 0);
}

static void
open_socket(struct engine *e)
{
	const char *path = e->conf.control_socket;
	int error = local_listen(path, 0640, &e->control_fd);

	if (error == 0)
		error = watch_start(
		    &e->control, e->loop, e->control_fd, LOOP_IN, control_ready, "control");
	if (error != 0)
		log_say(LOG_WARN, LOG_PROCESSES, "no control socket path=%s error=\"%s\"", path,
		    strerror(-error));
	else
		log_say(LOG_INFO, LOG_PROCESSES, "control socket path=%s", path);
}

static void
open_pipes(struct engine *e)
{
	int in = -1;
	int out = -1;
	int error = local_pipe(e->conf.control_in, &in);

	if (error == 0)
		error = local_pipe(e->conf.control_out, &out);
	if (error == 0) {
		client_new(e, in, out, true);
		log_say(LOG_INFO, LOG_PROCESSES, "control pipes in=%s out=%s", e->conf.control_in,
		    e->conf.control_out);
		return;
	}
	if (in >= 0)
		(void)close(in);
	log_say(LOG_WARN, LOG_PROCESSES, "no control pipes in=%s error=\"%s\"", e->conf.control_in,
	    strerror(-error));
}

void
control_open(struct engine *e)
{
	if (e->conf.control_socket != NULL)
		open_socket(e);
	if (e->conf.control_in != NULL)
		open_pipes(e);
}

/* The directory may not be ours any more. */
static void
unlink_socket(struct engine *e)
{
	if (unlink(e->conf.control_socket) == 0 || errno == ENOENT)
		return;
	log_say(LOG_ERROR, LOG_NETWORK, "control socket stays zone=%s path=%s error=\"%s\"",
	    zone_name(ZONE_CLEANUP), e->conf.control_socket, strerror(errno));
	engine_failed(e, ZONE_CLEANUP);
}

void
control_close(struct engine *e)
{
	list_each (link, &e->clients)
		client_close(link);
	if (e->control_fd < 0)
		return;
	watch_stop(&e->control);
	timer_stop(&e->control_full);
	(void)close(e->control_fd);
	unlink_socket(e);
	e->control_fd = -1;
}
