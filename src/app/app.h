/* Subcommands of the program. argv[0] is the subcommand's own name; gives the exit status. */
#pragma once

int app_decode(int argc, char **argv);
int app_encode(int argc, char **argv);
int app_mrt(int argc, char **argv);
