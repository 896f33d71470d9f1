/* The subcommand "mrt" as a program of its own, for comparisons. */
#include "app.h"

int
main(int argc, char **argv)
{
	return app_mrt(argc, argv);
}
