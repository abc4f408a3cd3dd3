# Which C library the programs are linked with. The shipped binaries use musl: a static glibc program spends a sixth of a
# container start on probing the CPU (docs/adr/0002-musl.md). Debian has no C++ compiler for musl, so its g++ and libstdc++ are
# used with musl's headers and libc; toolchain/musl says what makes that sound.
if(CAISSON_LIBC STREQUAL "musl")
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    message(FATAL_ERROR "CAISSON_LIBC=musl needs g++: the musl specs file is GCC's")
  endif()
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-multiarch OUTPUT_VARIABLE CAISSON_MULTIARCH OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REPLACE "-linux-gnu" "-linux-musl" musl_triplet ${CAISSON_MULTIARCH})
  set(musl_specs /usr/lib/${musl_triplet}/musl-gcc.specs)
  if(NOT EXISTS ${musl_specs})
    message(FATAL_ERROR "${musl_specs} not found: install musl-tools, or configure with -DCAISSON_LIBC=glibc")
  endif()
  string(REGEX MATCH "^[0-9]+" gxx_major ${CMAKE_CXX_COMPILER_VERSION})
  # Kernel and header-only library headers by name only, so that no glibc header is ever found.
  set(musl_include ${CMAKE_BINARY_DIR}/musl-include)
  file(MAKE_DIRECTORY ${musl_include})
  foreach(header linux asm-generic rapidjson)
    file(CREATE_LINK /usr/include/${header} ${musl_include}/${header} SYMBOLIC)
  endforeach()
  file(CREATE_LINK /usr/include/${CAISSON_MULTIARCH}/asm ${musl_include}/asm SYMBOLIC)
  # The libraries that undo compression need nothing of a C library but memory and its contents, which is the same in both.
  foreach(header zstd.h lzma.h lzma)
    unset(header_place CACHE)
    find_path(header_place ${header} PATHS /usr/include /usr/include/${CAISSON_MULTIARCH} NO_DEFAULT_PATH REQUIRED)
    file(CREATE_LINK ${header_place}/${header} ${musl_include}/${header} SYMBOLIC)
  endforeach()
  add_compile_options(-specs=${musl_specs})
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-include${CMAKE_SOURCE_DIR}/toolchain/musl/libstdcxx_compat.hpp>")
  foreach(dir /usr/include/c++/${gxx_major} /usr/include/${CAISSON_MULTIARCH}/c++/${gxx_major} /usr/include/c++/${gxx_major}/backward)
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-isystem ${dir}>")
  endforeach()
  # After the C++ headers, whose include_next must find them.
  add_compile_options("SHELL:-isystem /usr/include/${musl_triplet}" "SHELL:-isystem ${musl_include}")
  add_link_options(-specs=${musl_specs} -static -Wl,--eh-frame-hdr)
  add_library(caisson_libc_support OBJECT ${CMAKE_SOURCE_DIR}/toolchain/musl/gcc_support.c
              ${CMAKE_SOURCE_DIR}/toolchain/musl/program_memory.cpp
              ${CMAKE_SOURCE_DIR}/toolchain/musl/short_blocks.cpp
              ${CMAKE_SOURCE_DIR}/toolchain/musl/exception_memory.cpp)
  target_include_directories(caisson_libc_support PRIVATE ${CMAKE_SOURCE_DIR}/src)
  # GCC would make a call of calloc of our calloc's malloc and memset, and of memcpy of our memcpy's loop.
  set_source_files_properties(
    ${CMAKE_SOURCE_DIR}/toolchain/musl/program_memory.cpp ${CMAKE_SOURCE_DIR}/toolchain/musl/short_blocks.cpp
    PROPERTIES COMPILE_OPTIONS "-fno-builtin;-fno-tree-loop-distribute-patterns")
else()
  add_library(caisson_libc_support INTERFACE)
endif()
