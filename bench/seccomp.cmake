# bench/seccomp.cpp needs libseccomp to compare with, and with it glibc.
find_library(LIBSECCOMP seccomp)
if(LIBSECCOMP AND CAISSON_LIBC STREQUAL "glibc")
  set(seccomp_tests ${CMAKE_SOURCE_DIR}/tests/unit/security)
  add_executable(bench_seccomp ${CMAKE_CURRENT_LIST_DIR}/seccomp.cpp ${seccomp_tests}/profiles.cpp ${seccomp_tests}/libseccomp_oracle.cpp)
  target_compile_definitions(bench_seccomp PRIVATE CAISSON_SECURITY_TEST_DATA="${seccomp_tests}")
  target_include_directories(bench_seccomp PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(bench_seccomp PRIVATE caisson::security ${LIBSECCOMP} caisson_warnings)
endif()
