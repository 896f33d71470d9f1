/* What the cases of a reload share: pieces of files, and steps. */
#pragma once

#include "stage.h"

#include <sys/types.h>

#define HEAD1                                                                                      \
	"neighbor 127.0.0.1 {\n"                                                                   \
	"  router-id 10.0.0.1; local-address 127.0.0.1; local-as 65001; peer-as 65002;\n"
#define HEAD2                                                                                      \
	"neighbor 127.0.0.2 {\n"                                                                   \
	"  router-id 10.0.0.2; local-address 127.0.0.1; local-as 65001; peer-as 65003;\n"
#define H1    "process h1 { run /bin/cat; encoder json; }\n"
#define H2    "process h2 { run /bin/cat; encoder json; }\n"
#define API   "api { processes [ h1 ]; }\n"
#define BASIC H1 HEAD1 API "}\n" HEAD2 API "}\n"

/* Until cond holds, or the case fails. */
#define until(s, cond)                                                                             \
	do {                                                                                       \
		for (int n_ = 0; n_ < 1000 && !(cond); n_++)                                       \
			(void)loop_round((s)->loop, 10 * USEC_MSEC);                               \
		cr_assert(cond, "never came true: %s", #cond);                                     \
	} while (0)

/* This file is read; did it become that of the engine? helpers: changed ones start again. */
bool reload(struct stage *s, const char *file, bool helpers);
/* NULL: there is none that stays. */
struct crew *crew_named(struct stage *s, const char *name);
pid_t pid_of(struct stage *s, const char *name); /* 0: it does not run */
void all_end(struct stage *s);
