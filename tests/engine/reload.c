/* Steps of a reload. */
#include "reload.h"

#include "house.h"

#include <string.h>

bool
reload(struct stage *s, const char *file, bool helpers)
{
	const struct config *before = s->engine->config;

	stage_file(s, file);
	engine_request(s->engine, helpers ? ENGINE_RELOAD_ALL : ENGINE_RELOAD);
	stage_settle(s);
	return s->engine->config != before;
}

struct crew *
crew_named(struct stage *s, const char *name)
{
	struct crew *c;

	for (size_t i = 0; (c = engine_crew(s->engine, i)) != NULL; i++) {
		if (!c->leaving && strcmp(c->conf->name, name) == 0)
			return c;
	}
	return NULL;
}

pid_t
pid_of(struct stage *s, const char *name)
{
	struct crew *c = crew_named(s, name);

	return c == NULL ? 0 : helper_pid(c->helper);
}

void
all_end(struct stage *s)
{
	engine_stop(s->engine);
	until(s, s->ended == 1);
	stage_done(s);
}
