# SPDX-License-Identifier: Apache-2.0
# The house rule in one table: which folder of controller/ may use which. A library is linked to these and no
# others, and tests/unit/layers_test.cpp fails when an #include goes another way. The table only points
# upwards, so there can be no cycle; change it together with docs/decisions/0002-layers.md.
set(RM_LAYERS core telemetry config net store docker observe decide deploy watch analyze notify serve app)

set(RM_USES_core)
set(RM_USES_telemetry core)
set(RM_USES_config core)
set(RM_USES_net core)
set(RM_USES_store core)
set(RM_USES_docker core config net)
set(RM_USES_observe core config net docker)
set(RM_USES_decide core config)
set(RM_USES_deploy core config net store docker decide)
set(RM_USES_watch core config store docker)
set(RM_USES_analyze core config store observe decide)
set(RM_USES_notify core config net store)
set(RM_USES_serve core telemetry config store decide)
set(RM_USES_app core telemetry config net store docker observe decide deploy watch analyze notify serve)

# rm_library(net SOURCES a.cpp b.cpp [PUBLIC lib...] [PRIVATE lib...])
# The static library of one folder, with the layers it may use and third-party libraries.
function(rm_library NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(rm_${NAME} STATIC ${ARG_SOURCES})
  add_library(rm::${NAME} ALIAS rm_${NAME})
  target_include_directories(rm_${NAME} PUBLIC ${PROJECT_SOURCE_DIR}/controller)
  target_link_libraries(rm_${NAME} PUBLIC ${ARG_PUBLIC} PRIVATE rm::settings ${ARG_PRIVATE})
  foreach(USED IN LISTS RM_USES_${NAME})
    if(TARGET rm_${USED})
      target_link_libraries(rm_${NAME} PUBLIC rm::${USED})
    endif()
  endforeach()
endfunction()

# Writes the table for the test that reads the #includes.
set(RM_LAYERS_TEXT "")
foreach(LAYER IN LISTS RM_LAYERS)
  list(JOIN RM_USES_${LAYER} " " USED)
  string(APPEND RM_LAYERS_TEXT "${LAYER}: ${USED}\n")
endforeach()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/layers.txt CONTENT "${RM_LAYERS_TEXT}")
