# The sanitized daemon under requests nobody honest sends; the slow ones take as long as the daemon's deadlines.
add_test(NAME abuse.requests COMMAND ${CMAKE_SOURCE_DIR}/tests/abuse/abuse ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
set_tests_properties(abuse.requests PROPERTIES TIMEOUT 600)
