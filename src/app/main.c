/* The program: which subcommand, and the names it was called by. */
#include <stdio.h>

int
main(void)
{
	puts("peerpipe");
	return 0;
}
