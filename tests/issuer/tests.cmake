unit_test(issuer application issuer_application PkgConfig::jansson)
unit_test(issuer review issuer_application PkgConfig::jansson)
unit_test(issuer rules issuer_application core_file PkgConfig::jansson)
fuzz_target(paper issuer_application)
