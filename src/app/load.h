/* A configuration file, read and parsed with what surrounds it. */
#pragma once

#include "api/dialect.h"
#include "config/config.h"
#include "engine/engine.h"
#include "env.h"

#include <sys/types.h>

/* NULL with *why ("FILE: line ..."). name may be "-": standard input. uid, gid: of the daemon when
 * it starts helpers. first: nothing runs yet, so sections that are open at the end are taken (with
 * a warning); a reload may see a file that is being written, and waits for none: it has to be a
 * regular one. Borrows nothing of its arguments. */
struct config *load_config(const char *name, bool first, const struct env *s, uid_t uid, gid_t gid,
    struct text *why, struct text *warnings);
/* The same in steps. */
struct loading *load_begin(const char *name, bool first, const struct env *s, uid_t uid, gid_t gid);
/* The same out of words: no file, and the programs of its processes are not looked for. */
struct config *load_words(struct slice words, const struct env *s, struct text *why);
/* The path of a configuration named on the command line: as given, with etc/exabgp and ~ replaced,
 * or below the configuration directory. */
void load_path(const char *name, struct text *to);
/* The version that is reported to routers and helpers. */
const char *load_version(void);
/* How events are told: api.dialect, else what api.version asks for, else 5.0. */
const struct dialect *load_dialect(const struct env *s);
