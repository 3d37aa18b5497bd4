# A bureau on disk for the verifier's tests, and questions to it.
add_library(test_fixture STATIC verifier/fixture.c verifier/fixture_lookup.c verifier/asked.c)
target_compile_definitions(test_fixture PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
target_link_libraries(test_fixture PUBLIC keys_bureau verifier registry_sql core_file PkgConfig::cmocka)

foreach(name verify clocks memory screen advice answer_json evidence)
	unit_test(verifier ${name} test_fixture)
endforeach()

target_compile_definitions(test_verifier_screen PRIVATE SCREENS_KEPT="${CMAKE_CURRENT_SOURCE_DIR}/verifier/screens"
	SCREENS_NOW="${CMAKE_CURRENT_BINARY_DIR}/screens")

unit_test(verifier scan test_fixture)

# Many inputs.
foreach(name batch bidders inputs)
	unit_test(verifier ${name} verifier_cli)
endforeach()
fuzz_target(bidders verifier_cli)

unit_test(verifier timestamp test_fixture keys_authority)
unit_test(verifier usual test_fixture)
unit_test(verifier update test_fixture verifier_fetch)
target_sources(test_verifier_update PRIVATE ${CMAKE_SOURCE_DIR}/verifier/update_words.c)

# The network: the helper against a server, and qualverify against helpers that lie.
foreach(name helper fetch)
	unit_test(verifier ${name} verifier_fetch)
endforeach()
add_test(NAME verifier.fetch_helper
	COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/verifier/fetch_helper.py $<TARGET_FILE:qualverify-fetch>)
set_tests_properties(verifier.fetch_helper PROPERTIES TIMEOUT 300)
fuzz_target(fetch verifier_fetch)

# The decoder's helper, and who asks it.
add_library(test_codes STATIC verifier/codes.c)
target_link_libraries(test_codes PUBLIC decode PkgConfig::libqrencode PkgConfig::cmocka)
unit_test(verifier decode test_codes)
unit_test(verifier picture test_codes verifier)
add_dependencies(test_verifier_picture qualverify-decode)
fuzz_target(codes verifier)
fuzz_target(ppm decode)
fuzz_target(picture decode)
target_link_options(fuzz_picture PRIVATE -Wl,--wrap=raster_new)

# The same desk as a thief or a careless mirror would lay it.
add_library(test_desk STATIC verifier/desk.c)
target_link_libraries(test_desk PUBLIC keys_bureau verifier PkgConfig::cmocka)
unit_test(verifier hostile test_desk)
unit_test(verifier stale test_desk)
unit_test(verifier believed test_desk)
unit_test(verifier handed test_desk PkgConfig::libqrencode)
add_dependencies(test_verifier_handed qualverify-decode)
unit_test(verifier theft test_desk)
unit_test(verifier no_memory test_desk)
target_link_options(test_verifier_no_memory PRIVATE -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc)

# The daemon, most of it without a socket.
add_library(test_caller STATIC verifier/caller.c)
target_link_libraries(test_caller PUBLIC test_fixture daemon)
foreach(name daemon_conf listen upkeep feed route page client api accept kept log pool)
	unit_test(verifier ${name} test_caller)
endforeach()
add_library(test_house STATIC
	verifier/house.c
	verifier/wire.c)
target_link_libraries(test_house PUBLIC test_caller)
unit_test(verifier httpd test_house)
unit_test(verifier crowd test_house test_codes)
add_dependencies(test_verifier_crowd qualverify-decode)
set_tests_properties(verifier.crowd PROPERTIES PROCESSORS ${processors}) # helpers are given up after 15 s
add_library(test_posted STATIC verifier/posted.c)
target_link_libraries(test_posted PUBLIC daemon)
unit_test(verifier upload test_posted)
fuzz_target(upload test_posted)
fuzz_target(daemon_conf daemon)
fuzz_target(verify test_desk)
fuzz_target(request test_caller)
fuzz_target(memory test_desk)
fuzz_target(evidence verifier)

add_test(NAME verifier.links
	COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/verifier/links.sh $<TARGET_FILE:qualverify> $<TARGET_FILE:qualverifyd>
	$<TARGET_FILE:qualkey>)

add_test(NAME verifier.findings COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/verifier/findings.py
	${CMAKE_SOURCE_DIR}/verifier/verdict.h ${CMAKE_SOURCE_DIR}/docs/findings.md)
