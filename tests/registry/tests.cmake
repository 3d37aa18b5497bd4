# An invented bureau and what its officers sign, for every test that needs signed acts.
add_library(test_bureau STATIC registry/bureau.c registry/road.c)
target_compile_definitions(test_bureau PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
target_link_libraries(test_bureau PUBLIC registry PkgConfig::cmocka PRIVATE OpenSSL::Crypto)
unit_test(registry policy test_bureau)
unit_test(registry case test_bureau)
unit_test(registry licence test_bureau)
unit_test(registry quorum test_bureau)
foreach(rules act person licence claims)
	unit_test(registry judge_${rules} test_bureau)
endforeach()

# A register on disk with the acts of that bureau in it.
add_library(test_ledger STATIC registry/ledger.c)
target_link_libraries(test_ledger PUBLIC test_bureau registry_store registry_sql core_file)
unit_test(registry registry test_ledger)
unit_test(registry registry_crash test_ledger)
