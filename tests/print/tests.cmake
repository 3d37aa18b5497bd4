# The certificate as third parties meet it: printed, folded, stamped, copied and photographed.
add_executable(pages print/pages.c)
target_link_libraries(pages PRIVATE issuer_pdf core_file PkgConfig::cmocka)
target_compile_definitions(pages PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
add_test(NAME print.scan COMMAND /usr/bin/python3 -B ${CMAKE_CURRENT_SOURCE_DIR}/print/scan.py $<TARGET_FILE:pages>)
set_tests_properties(print.scan PROPERTIES TIMEOUT 600)
