#!/bin/sh
# packages.sh SECTION... - install the Debian packages that packages.txt names in these sections and
# that are missing. Says first what it will install. With nothing missing it needs neither root nor
# network.
set -eu
list=$(dirname "$0")/../packages.txt

wanted() {
	for section in "$@"; do
		sed -n "/^\[$section\]/,/^\[/ { /^[a-z]/p }" "$list"
	done | sort -u
}

installed() {
	# shellcheck disable=SC2016 # dpkg-query fills these in
	# Names it does not know are an error to dpkg-query and simply missing to us.
	wanted "$@" | xargs dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null |
		sed -n 's/ installed$//p' | sort -u
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		echo "packages.sh: installing needs root or sudo" >&2
		return 1
	fi
}

# dpkg's maintainer scripts need the system folders, which the path of a user or a chroot may lack.
apt() {
	as_root env DEBIAN_FRONTEND=noninteractive PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" \
		apt-get -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@"
}

have=$(installed "$@" || true)
missing=$(wanted "$@" | grep -vxF -e "$have" || true)
[ -n "$missing" ] || exit 0

echo "Debian packages to be installed:"
echo "$missing" | sed 's/^/  /'
# A foreign source that does not answer need not stop us; the installation then tells.
apt update || echo "packages.sh: apt-get update did not fully succeed" >&2
# shellcheck disable=SC2086 # one word a package
apt install -y --no-install-recommends $missing
