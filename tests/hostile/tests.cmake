# Altered files of every kind: none is VALID, none stops the verifier, none costs much.
add_executable(judge hostile/judge.c)
target_link_libraries(judge PRIVATE verifier)
add_test(NAME hostile.altered
	COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/hostile/hostile ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${QUALCERT_RELEASED})
set_tests_properties(hostile.altered PROPERTIES TIMEOUT 900 PROCESSORS ${processors})
