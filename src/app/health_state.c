/* The states of a checked service. */
#include "health.h"

const char *
health_name(enum health_state s)
{
	static const char *const names[HEALTH_STATES] = {
		[HEALTH_INIT] = "INIT",
		[HEALTH_RISING] = "RISING",
		[HEALTH_UP] = "UP",
		[HEALTH_FALLING] = "FALLING",
		[HEALTH_DOWN] = "DOWN",
		[HEALTH_DISABLED] = "DISABLED",
		[HEALTH_EXIT] = "EXIT",
	};

	return names[s];
}

static void
become(struct health *h, enum health_state s)
{
	h->state = s;
	h->checks = 1;
}

/* The first success of a row, or the first failure. A row of one decides at once. */
static void
turn(struct health *h, const struct health_options *o, bool success)
{
	if (success)
		become(h, o->rise <= 1 ? HEALTH_UP : HEALTH_RISING);
	else
		become(h, o->fall <= 1 ? HEALTH_DOWN : HEALTH_FALLING);
}

static void
go_on(struct health *h, uint64_t enough, enum health_state then)
{
	h->checks++;
	if (h->checks >= enough)
		become(h, then);
}

void
health_step(struct health *h, const struct health_options *o, bool disabled, bool success)
{
	if (disabled) {
		become(h, HEALTH_DISABLED);
		return;
	}
	switch (h->state) {
	case HEALTH_DISABLED: become(h, HEALTH_INIT); break;
	case HEALTH_INIT: turn(h, o, success); break;
	case HEALTH_RISING:
		if (success)
			go_on(h, o->rise, HEALTH_UP);
		else
			turn(h, o, false);
		break;
	case HEALTH_FALLING:
		if (success)
			turn(h, o, true);
		else
			go_on(h, o->fall, HEALTH_DOWN);
		break;
	case HEALTH_UP:
		if (!success)
			turn(h, o, false);
		break;
	case HEALTH_DOWN:
		if (success)
			turn(h, o, true);
		break;
	case HEALTH_EXIT:
	case HEALTH_STATES: break;
	}
}

usec
health_wait(const struct health *h, const struct health_options *o)
{
	if (h->state == HEALTH_RISING || h->state == HEALTH_FALLING)
		return o->fast_interval;
	return o->interval;
}
