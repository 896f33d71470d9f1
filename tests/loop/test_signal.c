/* Signals become calls. */
#include "rounds.h"

#include "loop/signal.h"

#include <signal.h>
#include <unistd.h>

struct heard {
	struct signals *signals;
	unsigned calls[65];
	bool stop;
};

static void
heard_one(void *owner, int number)
{
	struct heard *h = owner;

	h->calls[number]++;
	if (h->stop)
		signals_stop(h->signals);
}

Case(signals, become_calls_and_the_mask_comes_back)
{
	static const int numbers[] = { SIGUSR1, SIGTERM, SIGHUP, 0 };
	struct loop *l = loop_for_case();
	struct heard h = { 0 };
	sigset_t before, after;
	int error = 0;

	sigprocmask(SIG_BLOCK, NULL, &before);
	h.signals = signals_start(l, numbers, heard_one, &h, &error);
	cr_assert(h.signals != NULL, "%d", error);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGTERM);
	rounds_until(l, h.calls[SIGUSR1] == 1 && h.calls[SIGTERM] == 1);
	cr_expect(h.calls[SIGHUP] == 0);
	signals_stop(h.signals);
	sigprocmask(SIG_BLOCK, NULL, &after);
	for (int n = 1; n < 32; n++)
		cr_expect(sigismember(&before, n) == sigismember(&after, n), "signal %d", n);
	loop_free(l);
}

Case(signals, may_be_stopped_by_their_own_call)
{
	static const int numbers[] = { SIGUSR1, SIGUSR2, 0 };
	struct loop *l = loop_for_case();
	struct heard h = { .stop = true };
	int error = 0;

	h.signals = signals_start(l, numbers, heard_one, &h, &error);
	cr_assert(h.signals != NULL);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR2);
	rounds_until(l, h.calls[SIGUSR1] + h.calls[SIGUSR2] == 1);
	loop_free(l);
}
