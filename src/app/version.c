/* peerpipe version: ours, the one whose words we understand, and the machine. */
#include "app.h"

#include "load.h"
#include "root.h"

#include <stdio.h>
#include <sys/utsname.h>

#ifndef PEERPIPE_VERSION
#define PEERPIPE_VERSION "unknown"
#endif

int
app_version(int argc, char **argv)
{
	struct utsname u;

	(void)argv;
	if (argc > 1)
		return 2;
	printf("ExaBGP : %s\n", load_version()); /* the line that other people's suites look for */
	printf("peerpipe : %s\n", PEERPIPE_VERSION);
	if (uname(&u) == 0)
		printf("Uname  : %s %s %s %s %s\n", u.sysname, u.nodename, u.release, u.version,
		    u.machine);
	printf("From   : %s\n", root_program_folder());
	return 0;
}
