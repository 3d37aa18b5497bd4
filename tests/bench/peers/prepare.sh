#!/bin/sh
# prepare.sh FOLDER - what the peers that make PDFs are started with, once: the text of a code of 600 characters and its
# modules, a key with its certificate, and PdfBox.class. What is not installed is not prepared, and its peer is missing.
#
# Each makes N certificates of one page (four lines in an embedded subset of FONT, the code as rectangles) in an empty
# folder OUT, and is measured from its start to its end, the JVM's and Python's own included, by bench_whole:
#
#	bench_whole N java -cp FOLDER:$JARS PdfBox FOLDER FONT N OUT      signed (CMS, P-256)     needs javac, pdfbox2.jar, qrencode
#	bench_whole N reportlab_peer.py FOLDER FONT N OUT                 unsigned                needs reportlab, qrencode
#	bench_whole N bench_haru FONT FOLDER/text N OUT                   unsigned                built with the bench
#
# FONT is ours, lxgw-wenkai/LXGWWenKai-Regular.ttf of 15 MB, or for those who would rather have a small one gbsn00lp.ttf of
# fonts-arphic-gbsn00lp, 5 MB; a TrueType with glyf outlines in any case. JARS are listed below.
set -eu
folder=$1
here=$(cd "$(dirname "$0")" && pwd)
java=/usr/share/java
JARS=$java/pdfbox2.jar:$java/fontbox2.jar:$java/commons-logging.jar:$java/bcprov.jar:$java/bcpkix.jar:$java/bcutil.jar

mkdir -p "$folder"
printf 'HTTPS://V.EXAMPLE/Q/1/%0578d' 7 | tr 0 3 >"$folder/text"
if command -v qrencode >/dev/null; then
	qrencode -t ASCII -m 0 -l M -r "$folder/text" -o "$folder/modules"
fi
openssl ecparam -name prime256v1 -genkey -noout -out "$folder/key.pem"
openssl req -x509 -key "$folder/key.pem" -days 30 -subj /CN=bench -outform DER -out "$folder/certificate"
openssl pkcs8 -topk8 -nocrypt -in "$folder/key.pem" -outform DER -out "$folder/key"
if command -v javac >/dev/null && [ -e $java/pdfbox2.jar ]; then
	javac -cp "$JARS" -d "$folder" "$here/PdfBox.java"
fi
