unit_test(registry uscc registry_codes PkgConfig::jansson)
