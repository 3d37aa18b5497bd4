/*
 * bench_whole N RUNS COMMAND...: run the command, which does N things, RUNS times one after the other, and tell of whole
 * processes, from their start to their end: {"n":1,"wall_s":0.1,"cpu_s":0.1,"rss_kb":9000}, n and the times of all runs
 * together. What it prints on stdout is not shown; rss_kb is the largest resident set one of them, or a child it waited
 * for, had. Ends with the first run that fails, and as that does.
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

/* Its exit code, and what it used on top of what is there. */
static int
run(char **command, double *cpu_s, long *rss_kb)
{
	int status = 0;
	struct rusage used = { 0 };

	const pid_t child = fork();
	if (child == 0) {
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
		execvp(command[0], command);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) != child)
		return EXIT_FAILURE;
	*cpu_s += seconds(used.ru_utime) + seconds(used.ru_stime);
	if (used.ru_maxrss > *rss_kb)
		*rss_kb = used.ru_maxrss;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	double cpu_s = 0;
	long rss_kb = 0;
	int code = EXIT_SUCCESS;

	if (argc < 4)
		return EXIT_FAILURE;
	const unsigned long runs = strtoul(argv[2], NULL, 10);
	const double begun = measure_clock(CLOCK_MONOTONIC);
	for (unsigned long i = 0; i < runs && code == EXIT_SUCCESS; i++)
		code = run(argv + 3, &cpu_s, &rss_kb);
	printf("{\"n\":%lu,\"wall_s\":%.6f,\"cpu_s\":%.6f,\"rss_kb\":%ld}\n",
	    strtoul(argv[1], NULL, 10) * runs, measure_clock(CLOCK_MONOTONIC) - begun, cpu_s,
	    rss_kb);
	return code;
}
