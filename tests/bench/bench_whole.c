/*
 * bench_whole N COMMAND...: run the command, which does N things, and tell of the whole process, from its start to its
 * end: {"n":1,"wall_s":0.1,"cpu_s":0.1,"rss_kb":9000}. What it prints on stdout is not shown; rss_kb is the largest
 * resident set it, or a child it waited for, had. Ends as the command does.
 */
#include "tests/bench/measure.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	int status = 0;
	struct rusage used = { 0 };

	if (argc < 3)
		return EXIT_FAILURE;
	const double begun = measure_clock(CLOCK_MONOTONIC);
	const pid_t child = fork();
	if (child == 0) {
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) != child)
		return EXIT_FAILURE;
	printf("{\"n\":%s,\"wall_s\":%.6f,\"cpu_s\":%.6f,\"rss_kb\":%ld}\n", argv[1],
	    measure_clock(CLOCK_MONOTONIC) - begun, seconds(used.ru_utime) + seconds(used.ru_stime),
	    used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
