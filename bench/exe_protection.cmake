# bench/exe_protection.cpp plays the shipped runtime, so it is linked like it: static, with musl.
if(CAISSON_LIBC STREQUAL "musl")
  add_executable(exe_protection EXCLUDE_FROM_ALL exe_protection.cpp)
  target_link_libraries(exe_protection PRIVATE caisson::launch caisson_libc_support caisson_warnings)
  target_link_options(exe_protection PRIVATE -static -Wl,--gc-sections)
endif()
