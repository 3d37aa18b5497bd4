# A bureau on disk for the verifier's tests.
add_library(test_fixture STATIC verifier/fixture.c)
target_compile_definitions(test_fixture PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
target_link_libraries(test_fixture PUBLIC keys_bureau registry registry_sql core_file PkgConfig::cmocka)

unit_test(verifier verify test_fixture verifier)
