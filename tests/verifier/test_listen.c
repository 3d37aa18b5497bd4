/* Where the daemon listens: addresses people type, and sockets systemd hands over. */
#include "verifier/daemon/listen.h"

#include "tests/test.h"
#include "verifier/daemon/systemd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static int
new_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/qualcert-listen.XXXXXX");
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static void
only_addresses_are_addresses(void **state)
{
	static const char *const good[] = { "127.0.0.1:8080", "[::1]:8080", ":8080", "0.0.0.0:0",
		"[::]:65535", "unix:/run/x.sock" };
	static const char *const bad[] = { "", ":", "8080", "127.0.0.1", "127.0.0.1:", "::1:8080",
		"127.0.0.1:65536", "127.0.0.1:http", "localhost:8080", "127.0.0.1:80 ",
		"unix:", "unix:run/x.sock", "systemd:site" };
	struct err err = { 0 };
	(void)state;

	for (size_t i = 0; i < COUNT_OF(good); i++)
		CHECK_ROW(listen_is_address(good[i], &err), good[i]);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		CHECK_ROW(!listen_is_address(bad[i], &err) && err.code == ERR_USAGE, bad[i]);
	for (int length = 107; length <= 108; length++) { /* as long as a name may be, and longer */
		char path[128];
		snprintf(path, sizeof path, "unix:/%0*d", length - 1, 0);
		assert_int_equal(listen_is_address(path, &err), length == 107);
	}
}

/* As the system sees it: where one listens, the other is refused or not. */
static void
two_listeners_need_two_addresses(void **state)
{
	static const struct {
		const char *one, *other;
		bool taken;
	} rows[] = {
		{ "127.0.0.1", "127.0.0.1", true },
		{ "0.0.0.0", "127.0.0.1", true },
		{ "", "127.0.0.2", true },
		{ "[::]", "127.0.0.1", true },
		{ "[::]", "[::1]", true },
		{ "[::1]", "[0:0:0:0:0:0:0:1]", true },
		{ "127.0.0.1", "127.0.0.2", false },
		{ "127.0.0.1", "[::1]", false },
		{ "0.0.0.0", "[::1]", false },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct listen_address free_one, a, b;
		struct err err = { 0 };
		char one[80], other[80], port[8] = "";
		assert_true(listen_on(&free_one, "127.0.0.1:0", &err));
		sscanf(free_one.url, "http://127.0.0.1:%7[0-9]", port);
		listen_close(&free_one);
		snprintf(one, sizeof one, "%s:%s", rows[i].one, port);
		snprintf(other, sizeof other, "%s:%s", rows[i].other, port);
		assert_true(listen_on(&a, one, &err));
		CHECK_ROW(listen_on(&b, other, &err) == !rows[i].taken, other);
		CHECK_ROW(listen_is_taken(one, other) == rows[i].taken, other);
		CHECK_ROW(listen_is_taken(other, one) == rows[i].taken, other);
		listen_close(&a);
		listen_close(&b);
	}
	assert_true(listen_is_taken("unix:/a", "unix:/a"));
	assert_false(listen_is_taken("unix:/a", "unix:/b"));
	assert_false(listen_is_taken("unix:/a", "127.0.0.1:80"));
	assert_false(listen_is_taken("127.0.0.1:80", "127.0.0.1:81"));
	assert_false(listen_is_taken("127.0.0.1:0", "127.0.0.1:0")); /* any free one, twice */
}

static void
the_address_it_really_has_is_told(void **state)
{
	static const struct {
		const char *address, *url;
	} rows[] = {
		{ "127.0.0.1:0", "http://127.0.0.1:" },
		{ "[::1]:0", "http://[::1]:" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct listen_address a, again;
		struct err err = { 0 };
		char same[80];
		assert_true(listen_on(&a, rows[i].address, &err));
		CHECK_ROW(strncmp(a.url, rows[i].url, strlen(rows[i].url)) == 0, rows[i].address);
		assert_string_not_equal(a.url + strlen(rows[i].url), "0/");
		snprintf(same, sizeof same, "%.*s", (int)strlen(a.url) - 8, a.url + 7);
		assert_false(listen_on(&again, same, &err)); /* it is taken */
		listen_close(&a);
	}
}

static int
connect_to(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
	const int failed = connect(fd, (struct sockaddr *)(void *)&at, sizeof at) != 0 ? errno : 0;
	close(fd);
	return failed;
}

static void
a_local_socket_lets_the_proxy_in_and_goes_with_its_owner(void **state)
{
	struct listen_address a, other;
	struct err err = { 0 };
	struct stat st;
	char path[96], address[112];
	(void)state;

	snprintf(path, sizeof path, "%s/site", folder);
	snprintf(address, sizeof address, "unix:%s", path);
	assert_true(listen_on(&a, address, &err));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0666);
	assert_int_equal(connect_to(path), 0);
	assert_false(listen_on(&other, address, &err)); /* somebody lives there */
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_int_equal(connect_to(path), 0);
	listen_close(&a);
	assert_int_equal(connect_to(path), ENOENT);
}

/* After a crash it lies there still. */
static void
a_socket_nobody_listens_on_is_replaced_and_another_file_is_not(void **state)
{
	struct listen_address a;
	struct err err = { 0 };
	char path[96], address[112];
	(void)state;

	snprintf(path, sizeof path, "%s/site", folder);
	snprintf(address, sizeof address, "unix:%s", path);
	assert_true(listen_on(&a, address, &err));
	close(a.fd);
	assert_int_equal(connect_to(path), ECONNREFUSED);
	assert_true(listen_on(&a, address, &err));
	assert_int_equal(connect_to(path), 0);
	listen_close(&a);

	close(open(path, O_CREAT | O_WRONLY, 0600));
	assert_false(listen_on(&a, address, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_int_equal(unlink(path), 0);
}

/* ---- systemd ---- */

/* In a process whose descriptors 3 and so on are these sockets, under these names: 0 if `name` is found at `want`. */
static int
handed(int n, const char *names, bool listening, const char *name, int want)
{
	const pid_t child = fork();
	int status = -1;

	if (child == 0) {
		struct err err = { 0 };
		char text[16];
		int fd = -2;
		for (int i = 0; i < n; i++) {
			struct listen_address a;
			if (listening && !listen_on(&a, "127.0.0.1:0", &err))
				_exit(4);
			dup2(listening ? a.fd : socket(AF_UNIX, SOCK_STREAM, 0), 20 + i);
		}
		for (int i = 0; i < n; i++)
			dup2(20 + i, 3 + i);
		snprintf(text, sizeof text, "%d", getpid());
		setenv("LISTEN_PID", text, 1);
		snprintf(text, sizeof text, "%d", n);
		setenv("LISTEN_FDS", text, 1);
		setenv("LISTEN_FDNAMES", names, 1);
		const bool ok = systemd_socket(&fd, name, &err);
		if (fd >= 0 && (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0)
			_exit(3); /* a helper would hold it */
		_exit((want == -2 ? ok : !ok || fd != want) ? 1 : 0);
	}
	waitpid(child, &status, 0);
	return status;
}

static void
sockets_are_found_by_their_names(void **state)
{
	struct err err = { 0 };
	int fd = 0;
	(void)state;

	assert_int_equal(handed(1, "site", true, "site", 3), 0);
	assert_int_equal(handed(2, "admin:site", true, "site", 4), 0);
	assert_int_equal(handed(2, "admin:site", true, "admin", 3), 0);
	assert_int_equal(handed(1, "site", true, "admin", -1), 0);
	assert_int_equal(handed(1, "qualverifyd.socket", true, "site", -2), 0);
	assert_int_equal(handed(2, "site", true, "site", -2), 0);
	assert_int_equal(handed(2, "site:site", true, "site", -2), 0);
	assert_int_equal(handed(1, "site", false, "site", -2), 0);
	setenv("LISTEN_PID", "1", 1); /* another process's */
	setenv("LISTEN_FDS", "1", 1);
	assert_true(systemd_socket(&fd, "site", &err));
	assert_int_equal(fd, -1);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
}

static void
systemd_is_told_how_the_service_stands(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	char got[128] = "";
	(void)state;

	systemd_tell("READY=1"); /* nobody listens */
	snprintf(at.sun_path, sizeof at.sun_path, "%s/notify", folder);
	assert_int_equal(bind(fd, (struct sockaddr *)(void *)&at, sizeof at), 0);
	setenv("NOTIFY_SOCKET", at.sun_path, 1);
	systemd_tell("READY=1");
	assert_int_equal(recv(fd, got, sizeof got, MSG_DONTWAIT), 7);
	assert_memory_equal(got, "READY=1", 7);
	systemd_tell_reloading();
	assert_true(recv(fd, got, sizeof got - 1, MSG_DONTWAIT) > 27);
	assert_memory_equal(got, "RELOADING=1\nMONOTONIC_USEC=", 27);
	unsetenv("NOTIFY_SOCKET");
	close(fd);
	unlink(at.sun_path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_addresses_are_addresses),
		cmocka_unit_test(two_listeners_need_two_addresses),
		cmocka_unit_test(the_address_it_really_has_is_told),
		cmocka_unit_test(a_local_socket_lets_the_proxy_in_and_goes_with_its_owner),
		cmocka_unit_test(a_socket_nobody_listens_on_is_replaced_and_another_file_is_not),
		cmocka_unit_test(sockets_are_found_by_their_names),
		cmocka_unit_test(systemd_is_told_how_the_service_stands),
	};
	return cmocka_run_group_tests(tests, new_folder, remove_folder);
}
