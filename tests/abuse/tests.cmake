# The sanitized daemon under requests nobody honest sends; the slow ones take as long as the daemon's deadlines.
add_test(NAME abuse.requests COMMAND ${CMAKE_SOURCE_DIR}/tests/abuse/abuse ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
set_tests_properties(abuse.requests PROPERTIES TIMEOUT 600)

# The released daemon under everything at once, for less than a minute; a release is tried for half an hour.
add_test(NAME abuse.soak COMMAND ${CMAKE_SOURCE_DIR}/tests/abuse/soak ${QUALCERT_RELEASED})
set_tests_properties(abuse.soak PROPERTIES TIMEOUT 300 PROCESSORS ${processors})
