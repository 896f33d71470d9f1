/* Where the installation is. */
#pragma once

/* In front of /etc/exabgp and /run: EXABGP_ROOT, else what the program's folder is below, if it has
 * an etc/exabgp of its own; empty for all others. */
const char *root_path(void);
const char *root_program_folder(void); /* of this program */
