/* Scripts that let shells complete words: subcommands, and commands of helpers, out of their rows.
 */
#pragma once

#include "base/text.h"

#define SHELL_MARK "# made by peerpipe shell\n" /* in every script: a file with it is ours */

struct shell {
	const char *name;
	const char *variable; /* of the environment: where its folder is below; may be NULL */
	const char *parent;   /* the same without the variable, below the home */
	const char *folder;
	const char *files[4]; /* a script for all, under each of the names; NULL ends them */
	const char *hint;     /* what the user has to do with the folder; NULL: nothing */
	const char *head;
	const char *list; /* %s is its name */
	const char *list_end;
	const char *body;
};

/* NULL: none of this name. */
const struct shell *shell_of(const char *name);
void shell_script(const struct shell *s, struct text *to);
