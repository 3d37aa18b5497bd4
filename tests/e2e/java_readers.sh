#!/bin/sh
# java_readers.sh SEAL CA PDF...: Readers.java with the Debian packages it needs; one start for all the PDFs.
jars=/usr/share/java
exec java -XX:TieredStopAtLevel=1 -Djava.awt.headless=true -cp "$jars/pdfbox2.jar:$jars/fontbox2.jar:$jars/preflight.jar:$jars/xmpbox.jar:$jars/commons-logging.jar:$jars/bcprov.jar:$jars/bcpkix.jar:$jars/bcutil.jar:$jars/jaxb-api.jar:$jars/javax.activation.jar" \
	"$(dirname "$0")/Readers.java" "$@"
