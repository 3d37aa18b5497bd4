# A bureau in memory for whoever tests something signed.
add_library(keys_bureau STATIC keys/bureau.c)
target_link_libraries(keys_bureau PUBLIC signer)

# An authority that time-stamps.
add_library(keys_authority STATIC keys/authority.c)
target_link_libraries(keys_authority PUBLIC keys_bureau OpenSSL::Crypto)

foreach(name key signatures trust trust_signed key_file signer)
	unit_test(keys ${name} keys_bureau OpenSSL::Crypto)
endforeach()
unit_test(keys seal keys_authority)
unit_test(keys timestamp keys_authority)
unit_test(keys head signer)
unit_test(keys enrolment qualkey_parts signer)
add_test(NAME keys.public_only
	COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/keys/public_only.sh $<TARGET_FILE:keys>)

add_executable(make_seal keys/make_seal.c)
target_link_libraries(make_seal PRIVATE signer)
add_test(NAME keys.qualkey COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/keys/qualkey.py
	$<TARGET_FILE:qualkey> $<TARGET_FILE:make_seal> ${CMAKE_SOURCE_DIR}/templates)

fuzz_target(key_spki keys)
fuzz_target(seal keys_authority)
fuzz_target(timestamp keys_authority)
