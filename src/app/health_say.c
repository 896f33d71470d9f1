/* What a health check says to the daemon. */
#include "health.h"

#include <string.h>

static void
say_selector(const struct health_options *o, const char *selector, struct text *to)
{
	if (o->neighbors.count == 0)
		text_format(to, "%s *", selector);
	for (size_t i = 0; i < o->neighbors.count; i++)
		text_format(to, "%s%s %s", i == 0 ? "" : ", ", selector, o->neighbors.at[i]);
}

/* Of service number i; steps may lead down, but to no number that is not a MED. */
static uint64_t
metric_of(const struct health_options *o, enum health_state state, size_t i)
{
	uint64_t first = state == HEALTH_UP ? o->up_metric
	    : state == HEALTH_DISABLED      ? o->disabled_metric
					    : o->down_metric;
	int64_t metric = (int64_t)first + (int64_t)i * o->increase;

	if (metric < 0)
		return 0;
	return metric > UINT32_MAX ? UINT32_MAX : (uint64_t)metric;
}

static const char *
as_path_of(const struct health_options *o, enum health_state state)
{
	const char *own = state == HEALTH_UP ? o->up_as_path
	    : state == HEALTH_DISABLED       ? o->disabled_as_path
					     : o->down_as_path;

	return own != NULL ? own : o->as_path;
}

static void
say_list(const char *word, const char *values, struct text *to)
{
	if (values != NULL)
		text_format(to, " %s [ %s ]", word, values);
}

static void
say_attributes(
    const struct health_options *o, enum health_state state, uint64_t metric, struct text *to)
{
	const char *community = o->community;

	if (state != HEALTH_UP && o->disabled_community != NULL)
		community = o->disabled_community;
	text_format(to, " med %llu", (unsigned long long)metric);
	if (o->has_local_preference)
		text_format(to, " local-preference %llu", (unsigned long long)o->local_preference);
	say_list("community", community, to);
	say_list("extended-community", o->extended_community, to);
	say_list("large-community", o->large_community, to);
	say_list("as-path", as_path_of(o, state), to);
}

void
health_say(const struct health_options *o, enum health_state state, const struct service *services,
    size_t count, const char *selector, struct text *to)
{
	bool withdraw = state == HEALTH_EXIT || (o->withdraw_on_down && state != HEALTH_UP);

	if (state == HEALTH_INIT || state == HEALTH_RISING || state == HEALTH_FALLING)
		return;
	for (size_t i = 0; i < count; i++) {
		say_selector(o, selector, to);
		text_string(to, withdraw ? " withdraw route " : " announce route ");
		prefix_print(to, &services[i].net);
		text_format(to, " next-hop %s", o->next_hop);
		if (!withdraw)
			say_attributes(o, state, metric_of(o, state, i), to);
		if (o->has_path_id)
			text_format(to, " path-information %llu", (unsigned long long)o->path_id);
		text_char(to, '\n');
	}
}
