/* Options that stand in front of a subcommand, or anywhere where there is none. */
#pragma once

/* argv[1] as one of them: how many words it takes, with its value; 0: it is none, -1: its value is
 * missing. */
int lead_option(int argc, char **argv);
/* Takes all of them out, up to --run, behind which stands what is the helper's. The new argc, or
 * -1. */
int lead_options(int argc, char **argv);
