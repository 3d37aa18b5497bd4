unit_test(issuer application issuer_application PkgConfig::jansson)
unit_test(issuer change issuer_application PkgConfig::jansson)
unit_test(issuer review issuer_application PkgConfig::jansson)
unit_test(issuer calendar issuer_application core_file)
unit_test(issuer scoring issuer_application core_file PkgConfig::jansson)
unit_test(issuer clock issuer_application core_file test_bureau)
unit_test(issuer rules issuer_application core_file PkgConfig::jansson)
fuzz_target(paper issuer_application)

# The page of the certificate.
foreach(name face font layout qr pdf)
	unit_test(issuer ${name} issuer_pdf core_file)
endforeach()
unit_test(issuer template issuer_pdf core_file PkgConfig::jansson)
# what other programs make of it: qpdf, poppler-utils, zbar-tools
unit_test(issuer pdf_readers issuer_pdf core_file)

# A whole bureau on disk, and the road out of it.
add_library(workshop STATIC issuer/workshop.c issuer/workshop_keys.c issuer/cosigners.c issuer/made.c issuer/shop.c)
target_compile_definitions(workshop PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
target_link_libraries(workshop PUBLIC issuer keys_bureau core_file PkgConfig::jansson PkgConfig::cmocka)
foreach(name act_make auditor backup bureau_init claims_make draft inbox inbox_exact issue issue_crash issue_page publish publish_cosign reissue renewal theft validity)
	unit_test(issuer ${name} workshop)
endforeach()
unit_test(issuer archive issuer)
unit_test(issuer bureau_conf issuer)
fuzz_target(draft issuer)
fuzz_target(bureau_conf issuer)
fuzz_target(archive issuer)
