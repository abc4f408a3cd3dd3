# The pure parts of the programs above the module itself: tables, and what options mean.
target_sources(unit_app PRIVATE
  ${CMAKE_SOURCE_DIR}/src/app/caisson/grammar.cpp
  ${CMAKE_SOURCE_DIR}/src/app/caisson_oci/grammar.cpp
  ${CMAKE_SOURCE_DIR}/src/app/caisson/enter_options.cpp
  ${CMAKE_SOURCE_DIR}/src/app/caisson_oci/exec_process.cpp
  ${CMAKE_SOURCE_DIR}/src/app/caisson_oci/create_request.cpp
  ${CMAKE_SOURCE_DIR}/src/app/caisson_oci/global_options.cpp
  ${CMAKE_SOURCE_DIR}/src/app/caisson/unshare_wish.cpp)
target_link_libraries(unit_app PRIVATE caisson::host caisson::process caisson::security caisson::cgroup
  caisson::plan)
target_compile_definitions(unit_app PRIVATE CAISSON_COMPLETIONS="${CMAKE_SOURCE_DIR}/completions")
