# libseccomp is the oracle of the differential tests; nothing that is shipped links it.
find_library(LIBSECCOMP seccomp REQUIRED)
target_sources(unit_security PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/unit/security/libseccomp_oracle.cpp
                                     ${CMAKE_CURRENT_SOURCE_DIR}/unit/security/profiles.cpp)
target_compile_definitions(unit_security PRIVATE CAISSON_SECURITY_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/unit/security")
target_link_libraries(unit_security PRIVATE ${LIBSECCOMP})
