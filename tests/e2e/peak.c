/*
 * peak COMMAND...: run it and end as it did; the last line on standard error is the most memory it held at once, in KiB.
 * A process of its own, since the kernel counts what a process held before it became another program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct rusage used;
	int status;

	if (argc < 2)
		return EXIT_FAILURE;
	const pid_t child = fork();
	if (child == 0) {
		execv(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) != child || !WIFEXITED(status)) {
		perror("peak");
		return EXIT_FAILURE;
	}
	fprintf(stderr, "%ld\n", used.ru_maxrss);
	return WEXITSTATUS(status);
}
