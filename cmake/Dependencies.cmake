# SPDX-License-Identifier: Apache-2.0
# Third-party packages, all Debian 12's. deploy-scripts/setup.sh installs them by name.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(CLI11 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(date REQUIRED)
# Its package file also looks for civetweb, which we neither use nor link.
find_package(prometheus-cpp REQUIRED)

# SOCI and its clients come without CMake files.
foreach(NAME soci_core soci_sqlite3 soci_postgresql sqlite3 pq)
  find_library(RM_LIB_${NAME} ${NAME} REQUIRED)
endforeach()
find_path(RM_PQ_INCLUDE libpq-fe.h PATH_SUFFIXES postgresql REQUIRED)
add_library(rm_soci INTERFACE)
add_library(rm::soci ALIAS rm_soci)
target_include_directories(rm_soci SYSTEM INTERFACE ${RM_PQ_INCLUDE})
target_link_libraries(rm_soci INTERFACE
  ${RM_LIB_soci_sqlite3} ${RM_LIB_soci_postgresql} ${RM_LIB_soci_core} ${RM_LIB_sqlite3} ${RM_LIB_pq})
