# An invented bureau and what its officers sign, for every test that needs signed acts.
add_library(test_bureau STATIC registry/bureau.c registry/road.c)
target_compile_definitions(test_bureau PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
target_link_libraries(test_bureau PUBLIC registry PkgConfig::cmocka PRIVATE OpenSSL::Crypto)
unit_test(registry policy test_bureau)
unit_test(registry case test_bureau)
unit_test(registry licence test_bureau)
unit_test(registry quorum test_bureau)
unit_test(registry judge test_bureau)
