/* migrate: its parts, and the names of versions. */
#include "migrate.h"

#include "app.h"

#include <stdio.h>
#include <string.h>

enum version
version_of(const char *word)
{
	static const char *const words[VERSIONS] = {
		[VERSION_3_4] = "3.4",
		[VERSION_4] = "4",
		[VERSION_5] = "5",
		[VERSION_MAIN] = "main",
	};
	enum version v = VERSION_3_4;

	while (v < VERSIONS && strcmp(word, words[v]) != 0)
		v++;
	return v;
}

int
migrate_usage(bool asked)
{
	fputs("usage: peerpipe migrate conf -f 3.4|4|5 -t 4|5|main [-n] [-v] [-w] [-i | -o FILE] "
	      "CONFIGURATION\n"
	      "       peerpipe migrate api -f 4|5 -t 5|main [-e PROGRAM...]\n",
	    asked ? stdout : stderr);
	return asked ? 0 : 2;
}

int
app_migrate(int argc, char **argv)
{
	if (argc < 2)
		return migrate_usage(false);
	if (strcmp(argv[1], "conf") == 0)
		return migrate_conf(argc - 1, argv + 1);
	if (strcmp(argv[1], "api") == 0)
		return migrate_api(argc - 1, argv + 1);
	return migrate_usage(strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0);
}
