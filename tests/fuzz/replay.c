/* Feeds every file of the folders named on the command line to a fuzz target, without libFuzzer. */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The file in a heap block of exactly its size, so that the sanitizer sees a read past its end. */
static void
replay(const char *path, size_t size)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(size > 0 ? size : 1);
	if (f == NULL || data == NULL || fread(data, 1, size, f) != size) {
		perror(path);
		exit(1);
	}
	fclose(f);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

static size_t
replay_folder(const char *folder)
{
	char path[4096];
	struct stat st;
	struct dirent *entry;
	size_t files = 0;

	DIR *dir = opendir(folder);
	if (dir == NULL) {
		perror(folder);
		exit(1);
	}
	while ((entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
			continue;
		replay(path, (size_t)st.st_size);
		files++;
	}
	closedir(dir);
	return files;
}

int
main(int argc, char **argv)
{
	size_t files = 0;
	for (int i = 1; i < argc; i++)
		files += replay_folder(argv[i]);
	printf("%zu inputs\n", files);
	return files > 0 ? 0 : 1; /* an empty corpus tests nothing */
}
