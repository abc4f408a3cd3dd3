# The freestanding programs: linked by a script of their own and embedded into the runtime (launch/image.S). The trampoline is the last
# program before a payload, the supervisor the same for a container of services, the monitor the parent of a detached container.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)
set(freestanding_dir ${CMAKE_SOURCE_DIR}/src/launch/trampoline)

# GCC would make a call of memset of our memset's loop; clang knows better, and has no position-independent default for -static.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(freestanding_options -fno-tree-loop-distribute-patterns -no-pie)
endif()

function(caisson_freestanding name)
  set(elf ${CMAKE_BINARY_DIR}/generated/${name}.elf)
  file(GLOB headers CONFIGURE_DEPENDS ${freestanding_dir}/*.hpp ${CMAKE_SOURCE_DIR}/src/launch/monitor/*.hpp)
  add_custom_command(
    OUTPUT ${elf}
    COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -Oz -ffreestanding -nostdlib -static -fno-exceptions -fno-rtti -fno-stack-protector
            -fno-asynchronous-unwind-tables -fno-pic -fno-threadsafe-statics -ffunction-sections -fdata-sections
            ${freestanding_options} -Wall -Wextra -Werror -Wno-missing-field-initializers
            -I${CMAKE_SOURCE_DIR}/src -Wl,-T,${freestanding_dir}/layout.ld -Wl,--build-id=none -Wl,--gc-sections
            -Wl,-z,noexecstack -Wl,-e,_start -s -o ${elf} ${ARGN}
    DEPENDS ${ARGN} ${headers} ${freestanding_dir}/layout.ld ${CMAKE_SOURCE_DIR}/src/sys/raw_syscall.hpp
            ${CMAKE_SOURCE_DIR}/src/base/calendar.hpp
    VERBATIM COMMENT "Linking the ${name}")
  add_custom_target(caisson_${name} DEPENDS ${elf})
endfunction()

file(GLOB supervisor_sources CONFIGURE_DEPENDS ${freestanding_dir}/*.cpp)
set(trampoline_sources ${supervisor_sources})
list(REMOVE_ITEM supervisor_sources ${freestanding_dir}/payload.cpp)
list(FILTER trampoline_sources EXCLUDE REGEX "/(supervisor|service)[a-z_]*\\.cpp$")
caisson_freestanding(trampoline ${trampoline_sources})
caisson_freestanding(supervisor ${supervisor_sources})
file(GLOB monitor_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/launch/monitor/*.cpp)
caisson_freestanding(monitor ${monitor_sources} ${freestanding_dir}/freestanding.cpp)
