/* What the settings ask of the engine. */
#pragma once

#include "engine/engine.h"
#include "env.h"

/* All but the places of the control socket and pipes. conf->binds is the caller's. False with *why:
 * an address of tcp.bind is none. */
bool server_conf(const struct env *s, struct engine_conf *conf, struct text *why);
