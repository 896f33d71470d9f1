/* Where the installation is. */
#include "root.h"

#include "base/text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char found[PATH_MAX];

const char *
root_program_folder(void)
{
	ssize_t n = readlink("/proc/self/exe", found, sizeof(found) - 1);
	char *cut;

	found[n < 0 ? 0 : n] = '\0';
	cut = strrchr(found, '/');
	if (cut != NULL)
		*cut = '\0';
	return found;
}

/* "/usr/local/bin" is below /usr/local, "/usr/bin" below the root of all. */
static void
cut_folder(char *path)
{
	char *cut = strrchr(path, '/');

	if (cut != NULL && (strcmp(cut, "/bin") == 0 || strcmp(cut, "/sbin") == 0))
		*cut = '\0';
	else
		path[0] = '\0';
	if (strcmp(path, "/usr") == 0)
		path[0] = '\0';
}

static bool
has_etc(const char *path)
{
	struct text etc = { 0 };
	struct stat st;
	bool has;

	text_format(&etc, "%s/etc/exabgp", path);
	has = stat(text_chars(&etc), &st) == 0 && S_ISDIR(st.st_mode);
	text_free(&etc);
	return has;
}

const char *
root_path(void)
{
	const char *given = getenv("EXABGP_ROOT");

	if (given != NULL)
		return given;
	(void)root_program_folder(); /* into found */
	cut_folder(found);
	if (!has_etc(found))
		found[0] = '\0';
	return found;
}
