target_include_directories(unit_base PRIVATE ${CMAKE_SOURCE_DIR}/toolchain/musl)  # short_blocks.hpp
