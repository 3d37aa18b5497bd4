# A bureau in memory for whoever tests something signed.
add_library(keys_bureau STATIC keys/bureau.c)
target_link_libraries(keys_bureau PUBLIC signer)


foreach(name key trust seal key_file)
	unit_test(keys ${name} keys_bureau OpenSSL::Crypto)
endforeach()
foreach(name signer head)
	unit_test(keys ${name} signer)
endforeach()
