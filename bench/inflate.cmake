# bench/inflate.cpp compares with libraries, which are there where libisal-dev, libdeflate-dev and zlib1g-dev are installed.
find_library(LIBISAL isal)
find_library(LIBDEFLATE deflate)
find_library(LIBZ z)
if(LIBISAL AND LIBDEFLATE AND LIBZ AND CAISSON_LIBC STREQUAL "glibc")
  set(image ${CMAKE_SOURCE_DIR}/src/image)
  add_executable(bench_inflate EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/inflate.cpp)
  foreach(part inflate deflate_codes bit_source crc32 crc32_processor decompress_gzip)
    target_sources(bench_inflate PRIVATE ${image}/${part}.cpp)
  endforeach()
  target_compile_options(bench_inflate PRIVATE -O2)  # as these files are in a release
  target_link_libraries(bench_inflate PRIVATE caisson::sys caisson::base ${LIBISAL} ${LIBDEFLATE} ${LIBZ} caisson_warnings)
endif()
