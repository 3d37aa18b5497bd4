unit_test(issuer application issuer_application PkgConfig::jansson)
unit_test(issuer review issuer_application PkgConfig::jansson)
unit_test(issuer rules issuer_application core_file PkgConfig::jansson)
fuzz_target(paper issuer_application)

# The page of the certificate.
foreach(name face font layout qr pdf)
	unit_test(issuer ${name} issuer_pdf core_file)
endforeach()
unit_test(issuer template issuer_pdf core_file PkgConfig::jansson)
# what other programs make of it: qpdf, poppler-utils, zbar-tools
unit_test(issuer pdf_readers issuer_pdf core_file)
