# Whole roads with the programs people use. Sanitizers cannot be part of what strace, another clock or thousands of
# processes are needed for: these steps use the released programs, which ./check builds.
set(QUALCERT_RELEASED ${CMAKE_SOURCE_DIR}/build/release/bin CACHE PATH "folder of the released programs")

function(e2e_test name timeout_s)
	add_test(NAME e2e.${name} COMMAND sh ${CMAKE_SOURCE_DIR}/tests/e2e/${name}.sh ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${QUALCERT_RELEASED})
	set_tests_properties(e2e.${name} PROPERTIES TIMEOUT ${timeout_s})
endfunction()

# Programs in Python, with the released programs alone. They keep all processors busy.
function(e2e_program name timeout_s)
	add_test(NAME e2e.${name} COMMAND ${CMAKE_SOURCE_DIR}/tests/e2e/${name} ${QUALCERT_RELEASED})
	set_tests_properties(e2e.${name} PROPERTIES TIMEOUT ${timeout_s} PROCESSORS ${processors})
endfunction()

# The helper as released: with sanitizers it would give up some pictures by its limit of time.
add_test(NAME print.helper COMMAND /usr/bin/python3 -B ${CMAKE_SOURCE_DIR}/tests/print/helper.py $<TARGET_FILE:pages>
	${QUALCERT_RELEASED}/../libexec/qualverify-decode)
set_tests_properties(print.helper PROPERTIES TIMEOUT 600)

add_executable(any_byte e2e/any_byte.c)
target_link_libraries(any_byte PRIVATE verifier)
# A stranger's program; library.sh builds it once more, as a stranger would.
add_executable(library e2e/library.c)
target_include_directories(library PRIVATE ${CMAKE_SOURCE_DIR}/verifier)
target_link_libraries(library PRIVATE libqualverify)
add_executable(thousand e2e/thousand.c)
target_link_libraries(thousand PRIVATE issuer)
add_executable(peak e2e/peak.c)

# issuer and verifier in one program: a test may what they may not
unit_test(e2e two_clocks workshop daemon)

e2e_test(readers 300)
e2e_test(layouts 300)
e2e_test(verdicts 600)
e2e_test(pictures 600)
set_tests_properties(e2e.pictures PROPERTIES PROCESSORS ${processors}) # a helper is given up after 15 s
e2e_test(application 600)
e2e_test(refusals 300)
e2e_program(tampering 600)
e2e_program(text 600)
e2e_test(policies 300)
e2e_test(licence 300)
e2e_test(accounts 300)
e2e_test(privacy 900)
e2e_program(durability 900)
e2e_program(root 300)
e2e_test(daemon 300)
e2e_program(revocation 300)
e2e_test(contract 600)
e2e_test(reload 300)
e2e_test(modes 300)
e2e_test(edge 300)
e2e_test(units 300)
e2e_test(demonstration 600)
e2e_test(threats 300)
e2e_test(auditor 600)
e2e_test(versions 300)
e2e_test(restore 600)
e2e_test(loss 600)
e2e_test(stamps 600)
e2e_test(update 900)
e2e_test(library 300)
e2e_test(evidence 300)

add_test(NAME e2e.batch
	COMMAND ${CMAKE_SOURCE_DIR}/tests/e2e/batch --helpers ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${QUALCERT_RELEASED})
set_tests_properties(e2e.batch PROPERTIES TIMEOUT 900 PROCESSORS ${processors})

add_test(NAME e2e.guesses
	COMMAND ${CMAKE_SOURCE_DIR}/tests/e2e/guesses --helpers ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${QUALCERT_RELEASED})
set_tests_properties(e2e.guesses PROPERTIES TIMEOUT 300 PROCESSORS ${processors})
