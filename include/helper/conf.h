/* What the configuration says of one helper program. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum helper_encoder { HELPER_JSON, HELPER_TEXT };

struct helper_conf {
	char *name;
	char **argv; /* ends in NULL; argv[0] is the word of the file */
	char *program; /* resolved path */
	enum helper_encoder encoder;
	bool respawn;
	bool ack;        /* answer with done and error */
	char *dialect;   /* NULL: the default */
};
