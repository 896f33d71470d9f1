/*
 * A fuzz target as an ordinary test: its corpus, and every small wrong in what is short there,
 * under any compiler. Arguments: directories.
 */
#include "mutate.h"

#include "base/mem.h"
#include "base/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* Seeds up to this length are mutated too; longer ones would take long. */
#define MUTATE_MOST 512

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
try_bytes(struct slice bytes, const char *what, void *with)
{
	(void)what;
	(void)with;
	(void)LLVMFuzzerTestOneInput(bytes.at, bytes.len);
}

static size_t
replay_bytes(struct slice bytes)
{
	uint8_t *copy;

	if (bytes.len <= MUTATE_MOST)
		return mutate_each(bytes, try_bytes, NULL);
	/* a block of its own: nothing readable stands behind it by promise */
	copy = mem_copy(bytes.at, bytes.len);
	try_bytes(slice_of(copy, bytes.len), "all bytes", NULL);
	mem_free(copy);
	return 1;
}

static size_t
replay_file(const char *directory, const char *name)
{
	struct text path = { 0 };
	struct text bytes = { 0 };
	size_t tried;
	size_t n;
	FILE *f;

	text_format(&path, "%s/%s", directory, name);
	f = fopen(text_chars(&path), "rb");
	if (f == NULL) {
		perror(text_chars(&path));
		exit(1);
	}
	while ((n = fread(text_room(&bytes, 4096), 1, 4096, f)) != 0)
		text_took(&bytes, n);
	(void)fclose(f);
	tried = replay_bytes(text_view(&bytes));
	text_free(&bytes);
	text_free(&path);
	return tried;
}

static size_t
replay_directory(const char *directory)
{
	DIR *d = opendir(directory);
	size_t tried = 0;
	struct dirent *entry;

	if (d == NULL) {
		perror(directory);
		exit(1);
	}
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] != '.')
			tried += replay_file(directory, entry->d_name);
	}
	(void)closedir(d);
	return tried;
}

int
main(int argc, char **argv)
{
	size_t tried = 0;

	for (int i = 1; i < argc; i++)
		tried += replay_directory(argv[i]);
	printf("%zu inputs\n", tried);
	return tried == 0;
}
