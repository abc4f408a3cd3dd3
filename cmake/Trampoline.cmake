# The trampoline: a freestanding program of its own, linked by its own script and embedded into the runtime (launch/image.S).
set(trampoline_dir ${CMAKE_SOURCE_DIR}/src/launch/trampoline)
set(trampoline_elf ${CMAKE_BINARY_DIR}/generated/trampoline.elf)
file(GLOB trampoline_sources CONFIGURE_DEPENDS ${trampoline_dir}/*.cpp)
file(GLOB trampoline_headers CONFIGURE_DEPENDS ${trampoline_dir}/*.hpp)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)
add_custom_command(
  OUTPUT ${trampoline_elf}
  COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -Os -ffreestanding -nostdlib -static -fno-exceptions -fno-rtti -fno-stack-protector
          -fno-asynchronous-unwind-tables -fno-pic -no-pie -fno-threadsafe-statics -ffunction-sections -fdata-sections
          -fno-tree-loop-distribute-patterns -Wall -Wextra -Werror -Wno-missing-field-initializers
          -I${CMAKE_SOURCE_DIR}/src -Wl,-T,${trampoline_dir}/layout.ld -Wl,--build-id=none -Wl,--gc-sections -Wl,-z,noexecstack
          -Wl,-e,_start -s -o ${trampoline_elf} ${trampoline_sources}
  DEPENDS ${trampoline_sources} ${trampoline_headers} ${trampoline_dir}/layout.ld ${CMAKE_SOURCE_DIR}/src/sys/raw_syscall.hpp
  VERBATIM COMMENT "Linking the trampoline")
add_custom_target(caisson_trampoline DEPENDS ${trampoline_elf})
