#!/bin/sh
# public_only.sh LIBKEYS - the public side neither makes signatures nor opens private keys.
set -eu
private='EVP_(Digest|PKEY_)[Ss]ign|_sign_init|_sign_ex|[Kk]eygen|EVP_EC_gen|PKCS8|Priv(ate)?Key|CMS_|RAND_'
private="$private|[[:space:]](signer|key_file|passphrase|secret_file|seal|x509)_"

symbols=$(nm "$1")
if [ "$(echo "$symbols" | grep -c 'EVP_PKEY_verify')" -eq 0 ]; then
	echo "$1: no EVP_PKEY_verify among its symbols: is this the library?"
	exit 1
fi
if echo "$symbols" | grep -E "$private"; then
	echo "$1: code for private keys in what the verifier links"
	exit 1
fi
