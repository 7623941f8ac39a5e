# SPDX-License-Identifier: Apache-2.0
# How our own targets are compiled and linked. Everything is target-scoped in `rm_settings`,
# so that third-party headers and a parent project keep their own flags.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# What one checkout compiled, another one has: paths below the checkout are hashed, and written, as relative ones.
find_program(RM_CCACHE ccache)
if(RM_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_ABSSTDERR=1 ${RM_CCACHE})
endif()

add_library(rm_settings INTERFACE)
add_library(rm::settings ALIAS rm_settings)

target_compile_options(rm_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch-enum -Werror)
target_compile_definitions(rm_settings INTERFACE
  RM_VERSION="${PROJECT_VERSION}" BOOST_ERROR_CODE_HEADER_ONLY)

# The version of g++ here warns about code inside the standard library when it inlines with a sanitizer on, and, when
# it optimises, calls the value of an empty std::optional uninitialised where one is copied.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(rm_settings INTERFACE -Wno-restrict -Wno-dangling-pointer
    $<$<CONFIG:Release>:-Wno-maybe-uninitialized>)
endif()

# With CMAKE_UNITY_BUILD (the presets of the sanitizers, of clang-tidy, fuzzing and releases) several sources are
# compiled as one: a fraction of the time, as most of it goes into headers. Their unnamed namespaces become one
# too, so helpers of a library need names of their own; a local variable that is called as one of them is harmless.
if(CMAKE_UNITY_BUILD)
  target_compile_options(rm_settings INTERFACE -Wno-shadow)
endif()

find_program(RM_MOLD mold)
if(RM_MOLD)
  target_link_options(rm_settings INTERFACE -fuse-ld=mold)
endif()

if(RM_SANITIZE)
  target_compile_options(rm_settings INTERFACE -fsanitize=${RM_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(rm_settings INTERFACE -fsanitize=${RM_SANITIZE})
  if(RM_SANITIZE MATCHES "undefined")
    target_compile_options(rm_settings INTERFACE -fno-sanitize-recover=all)
  endif()
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT RM_SANITIZE)
  target_compile_options(rm_settings INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS
    -fstack-protector-strong -fstack-clash-protection)
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    target_compile_options(rm_settings INTERFACE -fcf-protection)
  endif()
  target_link_options(rm_settings INTERFACE
    -Wl,-z,relro -Wl,-z,now -Wl,--gc-sections -pie)
  target_compile_options(rm_settings INTERFACE -ffunction-sections -fdata-sections)
endif()
