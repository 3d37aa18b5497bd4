#!/bin/sh
# links.sh QUALVERIFY QUALVERIFYD QUALKEY - what the verifier's programs link, and that neither can sign;
# the third can, to show that it would be noticed.
set -eu
failed=0

fail() {
	echo "$*"
	failed=1
}

# needed PROGRAM - the shared objects it asks for, without version and sanitizers.
needed() {
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(lib[a-z0-9_]*\)[-.].*/\1/p' | grep -vxE 'lib(asan|ubsan)' | sort
}

# only PROGRAM NAME...
only() {
	program=$1
	shift
	for library in $(needed "$program"); do
		case " $* " in
		*" $library "*) ;;
		*) fail "$program links $library" ;;
		esac
	done
}

only "$1" libc libm libcrypto libcbor libz libutf8proc libjansson
only "$2" libc libm libcrypto libcbor libz libutf8proc libjansson libmicrohttpd libsqlite3 libinih

can_sign() {
	nm -D --undefined-only "$1" |
		grep -E ' (PEM_(read|ASN1_read)[A-Za-z0-9_]*|PKCS8_decrypt|EVP_(Digest)?Sign[A-Za-z_]*|EVP_PKEY_(sign|Q_keygen|keygen)[a-z_]*|ECDSA_(do_)?sign|CMS_sign)(@|$)' ||
		nm "$1" | grep -E ' [Tt] (signer_|seal_make|key_file_|registry_(open|append)|lookup_update|credential_sign)'
}

# threat_24: nothing here opens a private key, signs, or writes a register. threat_40: qualverify opens no
# socket, so it fetches nothing that a document names.
for program in "$1" "$2"; do
	if can_sign "$program"; then
		fail "$program can sign"
	fi
done
if nm -D --undefined-only "$1" | grep -E ' (socket|connect|bind|listen|getaddrinfo)(@|$)'; then
	fail "$1 opens sockets"
fi
can_sign "$3" >/dev/null || fail "a program that signs is not noticed"
exit "$failed"
