# caisson_module(NAME DEPS...): one static library per folder of src/, with exactly the modules it may include.
# The order of the folders is the layer rule of ARCHITECTURE.md; tests/lint checks the includes against the same list.
function(caisson_module name)
  set_property(GLOBAL APPEND PROPERTY CAISSON_MODULES caisson::${name})  # for programs that link every module
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)  # headers only
    add_library(caisson_${name} INTERFACE)
    add_library(caisson::${name} ALIAS caisson_${name})
    target_include_directories(caisson_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    foreach(dep ${ARGN})
      target_link_libraries(caisson_${name} INTERFACE caisson::${dep})
    endforeach()
    return()
  endif()
  add_library(caisson_${name} STATIC ${sources})
  add_library(caisson::${name} ALIAS caisson_${name})
  target_include_directories(caisson_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(caisson_${name} PRIVATE caisson_warnings caisson_hardening)
  foreach(dep ${ARGN})
    target_link_libraries(caisson_${name} PUBLIC caisson::${dep})
  endforeach()
  if(CAISSON_FAULT_POINTS)
    target_compile_definitions(caisson_${name} PUBLIC CAISSON_FAULT_POINTS)
  endif()
endfunction()

# For --version; a source archive has no history and says so.
execute_process(COMMAND git -c safe.directory=${CMAKE_SOURCE_DIR} -C ${CMAKE_SOURCE_DIR} rev-parse --short=12 HEAD
                OUTPUT_VARIABLE CAISSON_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT CAISSON_COMMIT)
  set(CAISSON_COMMIT unknown)
endif()

# caisson_program(NAME DIR DEPS...): a fully static executable.
function(caisson_program name dir)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*.cpp)
  add_executable(${name} ${sources})
  foreach(dep ${ARGN})
    target_link_libraries(${name} PRIVATE caisson::${dep})
  endforeach()
  target_link_libraries(${name} PRIVATE caisson_warnings caisson_hardening caisson_libc_support)
  target_compile_definitions(${name} PRIVATE CAISSON_VERSION="${PROJECT_VERSION}" CAISSON_COMMIT="${CAISSON_COMMIT}")
  if(NOT CAISSON_SANITIZE AND NOT CAISSON_COVERAGE)
    # The map says which objects of libstdc++ were linked and why; tests/lint reads it.
    target_link_options(${name} PRIVATE -static -Wl,--gc-sections -Wl,-Map=$<TARGET_FILE:${name}>.map)
  endif()
  if(CAISSON_LIBC STREQUAL "musl")
    order_functions(${name})
  endif()
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()
