# The page in a browser. Its pictures stay in the build folder, to be looked at.
add_test(NAME page.walk COMMAND sh ${CMAKE_SOURCE_DIR}/tests/page/page.sh ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${QUALCERT_RELEASED}
	${CMAKE_BINARY_DIR}/page)
set_tests_properties(page.walk PROPERTIES TIMEOUT 900)
