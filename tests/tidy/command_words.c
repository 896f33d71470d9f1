/* The words of all commands, a line each. */
#include "call.h"

#include <stdio.h>

int
main(void)
{
	const struct command *row;

	for (size_t i = 0; (row = command_at(i)) != NULL; i++)
		puts(row->words);
	return 0;
}
