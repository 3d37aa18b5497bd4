#include "verifier/decode/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MEMORY_BYTES (512u << 20) /* 40 million pixels, as their file has them and made otherwise */
#define CPU_S 10                  /* of the 15 s that are waited for an answer */
#define DESCRIPTORS 64            /* pdftoppm has a few fonts open */

/* ---- resources ---- */

static bool
limit(int what, rlim_t to, struct err *err)
{
	const struct rlimit both = { to, to };
	return setrlimit((__rlimit_resource_t)what, &both) == 0 || err_errno(err, "setrlimit");
}

/* The address sanitizer reserves terabytes of addresses that it never fills. */
static bool
limit_memory(struct err *err)
{
#ifdef QUALCERT_SANITIZED
	(void)err;
	return true;
#else
	return limit(RLIMIT_AS, MEMORY_BYTES, err);
#endif
}

static bool
limits(struct err *err)
{
	return limit_memory(err) && limit(RLIMIT_CPU, CPU_S, err) && limit(RLIMIT_FSIZE, 0, err) &&
	    limit(RLIMIT_CORE, 0, err) && limit(RLIMIT_NPROC, 0, err) &&
	    limit(RLIMIT_NOFILE, DESCRIPTORS, err);
}

/* ---- paths ---- */

#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE)

/* A path that is not there allows nothing. */
static bool
allow_path(int rules, const char *path, struct err *err)
{
	const int fd = open(path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr rule = { .allowed_access = READ, .parent_fd = fd };
	struct stat st;
	bool ok = true;

	if (fd < 0)
		return true;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
	if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
		ok = err_errno(err, "landlock: %s", path);
	close(fd);
	return ok;
}

/* Nothing but these paths, a list ended by NULL. */
static bool
landlock(const char *const *paths, struct err *err)
{
	struct landlock_ruleset_attr all = { .handled_access_fs = LANDLOCK_ACCESS_FS_REFER - 1 };
	const long version =
	    syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (version < 1)
		return true; /* an older kernel, or one that is told to do without */
	if (version >= 2)
		all.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
	const int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
	if (rules < 0)
		return err_errno(err, "landlock");
	bool ok = true;
	for (; ok && *paths != NULL; paths++)
		ok = allow_path(rules, *paths, err);
	if (ok && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		ok = err_errno(err, "landlock");
	close(rules);
	return ok;
}

/* ---- system calls ---- */

/* Memory, the descriptors that are there, a child's end, and one's own. */
static const char *const always[] = { "read", "write", "writev", "lseek", "close", "brk", "mmap",
	"munmap", "mremap", "mprotect", "madvise", "futex", "rt_sigaction", "rt_sigprocmask",
	"rt_sigreturn", "sigaltstack", "restart_syscall", "sched_yield", "clock_gettime",
	"gettimeofday", "getpid", "gettid", "getrandom", "wait4", "exit", "exit_group", NULL };

/* To become a program, and what that asks of files; opening is allowed apart, for reading only. */
static const char *const reading[] = { "execve", "arch_prctl", "set_tid_address", "set_robust_list",
	"rseq", "pread64", "readv", "fstat", "newfstatat", "statx", "access", "faccessat",
	"faccessat2", "readlink", "readlinkat", "getdents64", "fstatfs", "statfs", "getcwd",
	"uname", "getuid", "geteuid", "getgid", "getegid", "sched_getaffinity", "sysinfo", NULL };

static bool
fault(int negative, const char *what, struct err *err)
{
	if (negative == 0)
		return true;
	errno = -negative;
	return err_errno(err, "seccomp: %s", what);
}

/* A name that this machine does not have cannot be called on it. */
static bool
allow(scmp_filter_ctx filter, const char *const *names, struct err *err)
{
	for (; *names != NULL; names++) {
		const int call = seccomp_syscall_resolve_name(*names);
		if (call >= 0 &&
		    !fault(seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0), *names, err))
			return false;
	}
	return true;
}

static bool
allow_open_to_read(scmp_filter_ctx filter, struct err *err)
{
	const scmp_datum_t writes = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
	return fault(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
			 SCMP_A2(SCMP_CMP_MASKED_EQ, writes, 0)),
	    "openat", err);
}

/* One's own limits, to be read: those of another process of the same user could be set. */
static bool
allow_own_limits(scmp_filter_ctx filter, struct err *err)
{
	return fault(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
			 SCMP_A0(SCMP_CMP_EQ, 0, 0), SCMP_A2(SCMP_CMP_EQ, 0, 0)),
	    "prlimit64", err);
}

/* Of a descriptor, its flags; not whom it sends signals to. */
static bool
allow_flags(scmp_filter_ctx filter, struct err *err)
{
	static const int commands[] = { F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL };
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof commands / sizeof commands[0]; i++)
		ok = fault(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
			       SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)commands[i], 0)),
		    "fcntl", err);
	return ok;
}

static bool
seccomp(bool files, struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));

	if (filter == NULL)
		return err_set(err, ERR_MEMORY, "seccomp: out of memory");
	const bool ok = allow(filter, always, err) &&
	    (!files ||
		(allow(filter, reading, err) && allow_open_to_read(filter, err) &&
		    allow_own_limits(filter, err) && allow_flags(filter, err))) &&
	    fault(seccomp_load(filter), "load", err);
	seccomp_release(filter);
	return ok;
}

static bool
enter(const char *const *paths, bool files, struct err *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_errno(err, "no_new_privs");
	return landlock(paths, err) && limits(err) && seccomp(files, err);
}

bool
sandbox_decoder(struct err *err)
{
	static const char *const none[] = { NULL };
	return enter(none, false, err);
}

/* Programs, libraries, fonts and their lists. */
bool
sandbox_renderer(struct err *err)
{
	static const char *const paths[] = { "/usr", "/lib", "/lib64", "/etc/ld.so.cache",
		"/etc/fonts", "/var/cache/fontconfig", NULL };
	return enter(paths, true, err);
}
