option(QUALCERT_TESTS "build the tests" OFF)
option(QUALCERT_SANITIZE "address and undefined-behaviour sanitizers" OFF)
option(QUALCERT_FUZZ "libFuzzer targets (clang)" OFF)
option(QUALCERT_WERROR "warnings are errors" OFF)

add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
	-Wvla -Wpointer-arith -Wformat=2 -fno-common)
add_compile_definitions(_GNU_SOURCE)
include_directories(${CMAKE_SOURCE_DIR})
if(QUALCERT_WERROR)
	add_compile_options(-Werror)
endif()
if(QUALCERT_SANITIZE)
	add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
	add_link_options(-fsanitize=address,undefined)
endif()
if(QUALCERT_FUZZ)
	add_compile_options(-fsanitize=fuzzer-no-link)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON) # a shared library is made of the same objects as the programs
# No -DNDEBUG: a broken promise of our own stops a released program too.
set(CMAKE_C_FLAGS_RELEASE "-O2 -g")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
	add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong
		-fstack-clash-protection -fcf-protection=full)
	add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)
	include(CheckPIESupported)
	check_pie_supported()
endif()
