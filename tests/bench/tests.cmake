# What tests/bench/run measures with.
add_library(bench_life STATIC bench/life.c)
target_compile_definitions(bench_life PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
target_link_libraries(bench_life PUBLIC test_bureau)

function(bench_program name)
	add_executable(bench_${name} bench/bench_${name}.c)
	target_compile_definitions(bench_${name} PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
	target_link_libraries(bench_${name} PRIVATE ${ARGN})
endfunction()
bench_program(acts bench_life registry_store core_file)
bench_program(audit registry_store core_file)
bench_program(take registry_store core_file)
bench_program(verify OpenSSL::Crypto)
bench_program(append bench_life registry_store PkgConfig::sqlite3)
bench_program(issue workshop)
bench_program(status test_bureau verifier registry_sql PkgConfig::sqlite3)
target_sources(bench_status PRIVATE bench/bench_lookup.c)
bench_program(large test_desk)
bench_program(lists workshop ZLIB::ZLIB)
bench_program(libcrypto core_file OpenSSL::Crypto)
bench_program(haru ${HARU} PkgConfig::libqrencode)
bench_program(whole)
bench_program(epoll core_file)
bench_program(microhttpd core_file PkgConfig::libmicrohttpd)
bench_program(ask core_file)
bench_program(busy workshop)
add_custom_target(bench DEPENDS qualcert qualverify qualverifyd bench_acts bench_append bench_ask bench_audit bench_busy bench_epoll
	bench_haru bench_issue bench_large bench_libcrypto bench_lists bench_microhttpd bench_status bench_take bench_verify bench_whole)

# That the bench works; nothing is timed.
add_test(NAME bench.smoke COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/bench/run --smoke
	--programs ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} --json ${CMAKE_CURRENT_BINARY_DIR}/bench.json)
